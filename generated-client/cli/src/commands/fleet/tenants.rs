//! `incidents fleet tenants`: the tenants in Redis.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use graph_incidents_fleet::{Secrets, Storage, Tenant, TenantSet};

use super::{SettingsOptions, failure};
use crate::exit::{self, Failure};
use crate::output::safe;

/// The command on the tenants in Redis.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantsCommand {
    /// List the tenants
    List(SettingsOptions),
    /// Add or change a tenant; workers notice within seconds
    Add(Add),
    /// Remove a tenant; if added again, it continues from its cursor
    Remove(Remove),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    settings: SettingsOptions,
    /// The tenant's name in the fleet
    name: String,
    /// The application to sign in as
    #[arg(long = "application", value_name = "ID", requires = "secret")]
    application: Option<String>,
    /// Where workers find the application's secret: `env:NAME`, `file:PATH`
    #[arg(long, value_name = "REFERENCE")]
    secret: Option<String>,
    /// Where workers find a token, instead of signing in as an application
    #[arg(long, value_name = "REFERENCE", conflicts_with_all = ["application", "secret", "directory"])]
    token: Option<String>,
    /// The domain or id of the tenant to sign in to [default: the name]
    #[arg(long, value_name = "TENANT")]
    directory: Option<String>,
    /// Another base URL of the service
    #[arg(long, value_name = "URL")]
    service: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    settings: SettingsOptions,
    /// The tenant's name in the fleet
    name: String,
}

pub(super) async fn run(command: &TenantsCommand) -> Result<ExitCode, Failure> {
    match command {
        TenantsCommand::List(options) => {
            for (name, tenant) in set(options).await?.all().await.map_err(failure)? {
                let text = serde_json::to_string(&tenant)
                    .map_err(|error| Failure::other(format!("failed to write JSON: {error}")))?;
                println!("{name}  {}", safe::line(&text));
            }
        }
        TenantsCommand::Add(add) => {
            let mut tenant = match (&add.application, &add.secret, &add.token) {
                (Some(id), Some(secret), _) => Tenant::with_secret(id, secret),
                (_, _, Some(token)) => Tenant::with_token(token),
                _ => {
                    return Err(Failure::usage(
                        "pass --application and --secret, or --token",
                    ));
                }
            };
            tenant.directory = add.directory.clone();
            tenant.base_url = add.service.clone();
            set(&add.settings)
                .await?
                .add(&add.name, &tenant)
                .await
                .map_err(failure)?;
        }
        TenantsCommand::Remove(remove) => {
            if !set(&remove.settings)
                .await?
                .remove(&remove.name)
                .await
                .map_err(failure)?
            {
                let name = safe::line(&remove.name).into_owned();
                return Err(Failure::new(
                    exit::NOT_FOUND,
                    format!("there is no tenant `{name}` in Redis"),
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(options: &SettingsOptions) -> Result<TenantSet, Failure> {
    let settings = options.load()?;
    match settings
        .storage(&Secrets::default())
        .await
        .map_err(failure)?
    {
        Storage::Redis(link) => Ok(TenantSet::new(link)),
        _ => Err(Failure::usage(
            "the tenants are in a file: edit it, and the workers will read it again",
        )
        .help("to keep tenants in Redis, pass its address with --redis")),
    }
}
