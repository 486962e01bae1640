//! `incidents fleet`: watches many tenants, and shows their state.

mod read;
mod run;
mod simulated;
mod tenants;
mod top;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use graph_incidents::runtime::files;
use graph_incidents_fleet::{FleetSettings, StoreError};

use crate::exit::{self, Failure};
use crate::global::Global;

/// The command on a fleet.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  incidents --simulator fleet run                        two made tenants, state in a folder
  incidents --simulator fleet run --redis redis://127.0.0.1/
  incidents fleet run --tenants tenants.toml             one process, state in a folder
  incidents fleet read --group siem                      a line for each change
  incidents fleet top")]
pub(crate) enum FleetCommand {
    /// Watch the tenants, until Ctrl-C or SIGTERM
    Run(run::Options),
    /// Print the stream of changes, one per line, and acknowledge them
    Read(read::Options),
    /// Show the state of the workers and their tenants
    Top(top::Options),
    /// List, add and remove tenants in Redis while the fleet runs
    #[command(subcommand)]
    Tenants(tenants::TenantsCommand),
}

/// The settings file, and the options that override it.
#[derive(Debug, Clone, Args)]
pub(crate) struct SettingsOptions {
    /// The settings file of the fleet [default: `fleet.toml`, if it exists]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The address of Redis, or `env:NAME`, `file:PATH` [default: a folder keeps the state]
    #[arg(long, value_name = "ADDRESS")]
    redis: Option<String>,
    /// The folder that keeps the state without Redis
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// The file of the tenants, or `redis`
    #[arg(long, value_name = "FILE")]
    tenants: Option<PathBuf>,
}

impl SettingsOptions {
    fn load(&self) -> Result<FleetSettings, Failure> {
        let default = Path::new("fleet.toml");
        let path = self.settings.as_deref().unwrap_or(default);
        let mut settings = match files::read_text(path, files::SMALL) {
            Ok(text) => FleetSettings::from_toml(path, &text).map_err(failure)?,
            Err(error) if self.settings.is_none() && error.kind() == ErrorKind::NotFound => {
                FleetSettings::default()
            }
            Err(error) => {
                return Err(Failure::usage(format!(
                    "failed to read {}: {error}",
                    path.display()
                )));
            }
        };
        settings.redis = self.redis.clone().or(settings.redis);
        settings.state = self.state.clone().unwrap_or(settings.state);
        settings.tenants = self.tenants.clone().unwrap_or(settings.tenants);
        Ok(settings)
    }
}

/// Runs the command.
pub(crate) async fn execute(command: &FleetCommand, global: &Global) -> Result<ExitCode, Failure> {
    match command {
        FleetCommand::Run(options) => run::run(options, global).await,
        FleetCommand::Read(options) => read::run(options).await,
        FleetCommand::Top(options) => top::run(options).await,
        FleetCommand::Tenants(command) => tenants::run(command).await,
    }
}

/// A failure of the fleet, with its exit code.
fn failure(error: StoreError) -> Failure {
    let code = match &error {
        StoreError::Unavailable(_) => exit::NO_CONNECTION,
        StoreError::Invalid(_) => exit::USAGE,
        _ => exit::FAILED,
    };
    Failure::new(code, error.to_string())
}

/// Waits for Ctrl-C, or for SIGTERM if the system has it.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a listener, it runs until it is killed.
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}
