//! Creates the client of a tenant.

use std::sync::Arc;
use std::time::Duration;

use graph_incidents::auth::{AccessToken, ClientCredentials, FixedToken};
use graph_incidents::runtime::BudgetSource;
use graph_incidents::{Client, Cloud, RateBudget};

use super::board::{Counted, TenantBoard};
use crate::secret::Secrets;
use crate::tenants::Tenant;

/// Creates the HTTP client that all tenants share.
pub(super) fn http() -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| format!("failed to initialize TLS: {error}"))
}

/// Creates a client; on failure, the reason says what to correct, and contains no secret.
pub(super) async fn client(
    name: &str,
    tenant: &Tenant,
    secrets: &Secrets,
    http: reqwest::Client,
    budget: impl BudgetSource + 'static,
    board: Arc<TenantBoard>,
) -> Result<Client, String> {
    let cloud: Cloud = match &tenant.cloud {
        Some(cloud) => cloud.parse().map_err(|error| format!("{error}"))?,
        None => Cloud::default(),
    };
    let mut builder = Client::builder()
        .cloud(cloud)
        .http_client(http)
        .budget(RateBudget::from_source(Counted { budget, board }))
        .user_agent_suffix(concat!("fleet/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = &tenant.base_url {
        builder = builder.base_url(url);
    }
    builder = match (&tenant.client_id, &tenant.secret, &tenant.token) {
        (Some(id), Some(secret), _) => {
            let directory = tenant.directory.as_deref().unwrap_or(name);
            let secret = secrets.read(secret).await?;
            let source =
                ClientCredentials::new(directory, id, secret).map_err(|error| error.to_string())?;
            let source = source.cloud(cloud);
            builder.token_source(match &tenant.authority {
                Some(url) => source.authority(url),
                None => source,
            })
        }
        (_, _, Some(token)) => {
            let token = secrets.read(token).await?;
            builder.token_source(FixedToken::new(AccessToken::new(token)))
        }
        _ => {
            return Err(
                "the tenant has neither an application with a secret nor a token".to_owned(),
            );
        }
    };
    builder.build().map_err(|error| error.to_string())
}
