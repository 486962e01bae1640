//! Creates a client from settings: its base URL, and its sign-in.

use std::sync::Arc;

use graph_incidents::auth::Chain;
use graph_incidents::runtime::files;
use graph_incidents::{Client, ClientBuilder, Cloud};

use crate::exit::Failure;
use crate::global::Global;
use crate::profile::{Setting, Settings};
use crate::sign_in;
use crate::simulated::EmbeddedSimulator;

/// A client, and facts about its creation for the user.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) settings: Settings,
    pub(crate) cloud: Cloud,
    /// The source of its tokens; the embedded simulator has its own token.
    pub(crate) chain: Option<Arc<Chain>>,
    /// Kept as long as the client, because it stops when it is dropped.
    _simulated: Option<EmbeddedSimulator>,
}

impl Connection {
    /// The way of signing in, as text.
    pub(crate) fn sign_in(&self) -> String {
        match &self.chain {
            Some(chain) => sign_in::described(chain, &self.settings),
            None => "the token of the embedded simulator".to_owned(),
        }
    }

    /// The owner for `me`, or the named one.
    pub(crate) fn owner(&self, name: &str) -> Result<String, Failure> {
        match (name, &self.settings.me) {
            ("me", Some(me)) => Ok(me.value.clone()),
            ("me", None) => Err(Failure::usage("`me` is not set").help(
                "set `me` in the profile, or INCIDENTS_ME, to the name that the queue shows",
            )),
            _ => Ok(name.to_owned()),
        }
    }
}

/// Connects with the settings from flags, environment and profile.
pub(crate) async fn connect(global: &Global) -> Result<Connection, Failure> {
    let settings = Settings::load(global)?;
    let cloud = cloud(&settings)?;
    if let Some(simulated) = EmbeddedSimulator::start(global).await? {
        return Ok(Connection {
            client: simulated.client()?,
            settings,
            cloud,
            chain: None,
            _simulated: Some(simulated),
        });
    }
    let chain = sign_in::chain(global, &settings, cloud)?;
    let client = builder(&settings, cloud)?
        .token_source(Arc::clone(&chain))
        .build()?;
    Ok(Connection {
        client,
        settings,
        cloud,
        chain: Some(chain),
        _simulated: None,
    })
}

/// A client of the settings, before it has a token.
pub(crate) fn builder(settings: &Settings, cloud: Cloud) -> Result<ClientBuilder, Failure> {
    let mut builder = Client::builder()
        .cloud(cloud)
        .user_agent_suffix(concat!("incidents/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = &settings.base_url {
        builder = builder.base_url(&url.value);
    }
    if let Some(Setting { value, origin }) = &settings.ca_file {
        let pem = files::read(value, files::SMALL).map_err(|error| {
            Failure::usage(format!("failed to read {value}: {error} ({origin})"))
        })?;
        builder = builder.certificate_authority(pem);
    }
    Ok(builder)
}

/// The cloud of the settings.
pub(crate) fn cloud(settings: &Settings) -> Result<Cloud, Failure> {
    let Some(Setting { value, origin }) = &settings.cloud else {
        return Ok(Cloud::default());
    };
    value
        .parse()
        .map_err(|error| Failure::usage(format!("{error} ({origin})")))
}
