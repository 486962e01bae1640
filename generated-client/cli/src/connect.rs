//! Makes a client of settings: where it sends requests, and how it signs in.

use graph_incidents::auth::{AccessToken, ClientCredentials, DeviceCode};
use graph_incidents::{Client, ClientBuilder, Cloud};

use crate::arguments::Global;
use crate::exit::{Failure, SIGN_IN};
use crate::profile::{Setting, Settings};
use crate::simulated::Simulated;

/// A client, and what people may want to know of how it was made.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) settings: Settings,
    /// How it signs in, in words.
    pub(crate) sign_in: String,
    /// Kept as long as the client, for it stops when it is dropped.
    _simulated: Option<Simulated>,
}

/// Connects with what flags, environment and profile say.
pub(crate) async fn connect(global: &Global) -> Result<Connection, Failure> {
    let settings = Settings::load(global)?;
    if let Some(simulated) = Simulated::start(global).await? {
        let client = simulated.client()?;
        return Ok(Connection {
            client,
            settings,
            sign_in: "the token of the embedded simulator".to_owned(),
            _simulated: Some(simulated),
        });
    }
    let cloud = cloud(&settings)?;
    let mut builder = Client::builder()
        .cloud(cloud)
        .user_agent_suffix(concat!("incidents/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = &settings.base_url {
        builder = builder.base_url(&url.value);
    }
    let (builder, sign_in) = signed_in(builder, &settings, cloud)?;
    Ok(Connection {
        client: builder.build()?,
        settings,
        sign_in,
        _simulated: None,
    })
}

fn cloud(settings: &Settings) -> Result<Cloud, Failure> {
    let Some(Setting { value, origin }) = &settings.cloud else {
        return Ok(Cloud::default());
    };
    value
        .parse()
        .map_err(|error| Failure::usage(format!("{error} ({origin})")))
}

/// The first source of tokens that is configured; one that is configured and refused is never passed over.
fn signed_in(
    builder: ClientBuilder,
    settings: &Settings,
    cloud: Cloud,
) -> Result<(ClientBuilder, String), Failure> {
    if let Some(token) = variable("GRAPH_TOKEN") {
        let builder = builder.token_source(graph_incidents::auth::FixedToken::new(
            AccessToken::new(token),
        ));
        return Ok((builder, "the token in GRAPH_TOKEN".to_owned()));
    }
    let tenant = settings
        .tenant
        .as_ref()
        .map(|setting| setting.value.as_str());
    let client_id = settings
        .client_id
        .as_ref()
        .map(|setting| setting.value.as_str());
    match (tenant, client_id, variable("AZURE_CLIENT_SECRET")) {
        (Some(tenant), Some(id), Some(secret)) => {
            let source = ClientCredentials::new(tenant, id, secret)?.cloud(cloud);
            let words = format!("the secret in AZURE_CLIENT_SECRET, as application {id} in {tenant}");
            Ok((builder.token_source(source), words))
        }
        (Some(tenant), Some(id), None) => {
            let source = DeviceCode::new(tenant, id, |prompt| {
                eprintln!("To sign in, open {} and enter the code {}", prompt.url, prompt.code);
            })?
            .cloud(cloud);
            let words = format!("a device code, as application {id} in {tenant}");
            Ok((builder.token_source(source), words))
        }
        _ => Err(Failure::new(SIGN_IN, "there is nothing to sign in with").help(
            "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or GRAPH_TOKEN, or try `--simulator`",
        )),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
