//! The managed identity of an app or a machine in Azure: by App Service's endpoint, or that of the machine (IMDS).

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::absent::Absent;
use super::endpoint::{self, Reply, TIME};
use super::{AccessToken, BoxError, TokenFuture, TokenKey, TokenSource, Variables, token_response};
use crate::Cloud;
use crate::core::Address;
use crate::error::Error;
use crate::http::HttpSettings;

/// The address at which every machine in Azure has its metadata.
const MACHINE: &str = "http://169.254.169.254";
/// The endpoint is local and responds fast.
const CONNECT_TIME: Duration = Duration::from_secs(1);

/// A managed identity: an app (App Service, Functions, Container Apps) or a machine in Azure, without a secret.
///
/// An app has `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`; if they are not set, the machine's endpoint (IMDS,
/// `169.254.169.254`) is used. Requests to either never use a proxy, not even that of
/// [`ClientBuilder::proxy`](crate::ClientBuilder::proxy) or the environment, and follow no redirects.
///
/// After a claims challenge (continuous access evaluation), the token is requested again without the claims: these
/// endpoints accept none, and may return the same token for up to 24 hours. Then the call fails, and
/// [`Error::claims`](crate::Error::claims) has the claims.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::ManagedIdentity;
///
/// let source = ManagedIdentity::system_assigned();
/// let client = Core::builder().token_source(source).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[must_use]
pub struct ManagedIdentity {
    client_id: Option<String>,
    scope: String,
    host: Host,
}

enum Host {
    Machine {
        url: String,
    },
    App {
        url: String,
        header: SecretString,
    },
    /// A source that cannot be used, with the reason.
    Unusable(String),
}

impl ManagedIdentity {
    /// Uses the system-assigned identity of this app or virtual machine.
    pub fn system_assigned() -> Self {
        Self::of(&Variables::of_process(), None)
    }

    /// Uses a user-assigned identity of this app or virtual machine, by its client id.
    pub fn user_assigned(client_id: impl Into<String>) -> Self {
        Self::of(&Variables::of_process(), Some(client_id.into()))
    }

    /// Uses the endpoint of the variables `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`, or else the machine's.
    pub fn of(variables: &Variables, client_id: Option<String>) -> Self {
        let endpoint = variables.get("IDENTITY_ENDPOINT");
        let header = variables.get("IDENTITY_HEADER");
        let readable = variables.check(&["IDENTITY_ENDPOINT", "IDENTITY_HEADER"]);
        let host = match (readable, endpoint, header) {
            (Err(error), _, _) => Host::Unusable(error.message().to_owned()),
            (Ok(()), Some(url), Some(header)) => Host::App {
                url: url.to_owned(),
                header: SecretString::from(header),
            },
            (Ok(()), Some(_), None) => {
                Host::Unusable("IDENTITY_ENDPOINT is set without IDENTITY_HEADER".to_owned())
            }
            (Ok(()), None, _) => Host::Machine {
                url: MACHINE.to_owned(),
            },
        };
        Self {
            client_id: client_id.filter(|id| !id.is_empty()),
            scope: Cloud::default().default_scope(),
            host,
        }
    }

    /// Requests tokens for another cloud. Default: the public one.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.scope = cloud.default_scope();
        self
    }

    /// Sets another address for the machine's endpoint, for tests.
    pub fn machine_endpoint(mut self, url: impl Into<String>) -> Self {
        self.host = Host::Machine { url: url.into() };
        self
    }

    async fn next_token(&self) -> Result<AccessToken, BoxError> {
        let (what, request, http) = self.request()?;
        let is_machine = matches!(self.host, Host::Machine { .. });
        let reply = match endpoint::exchange(&http, request, what, TIME).await {
            Err(error) if is_machine && error.is_unreachable() => {
                return Err(Absent::new(format!("{error}: not a machine in Azure")).into());
            }
            reply => reply?,
        };
        let members = reply
            .members(what)
            .map_err(|error| self.judged(error, &reply))?;
        Ok(token_response::read(&members, what)?.token)
    }

    /// The error of a source: the machine has no identity ([`Absent`]), or one was refused.
    fn judged(&self, error: Error, reply: &Reply) -> BoxError {
        if !matches!(self.host, Host::Machine { .. }) || error.is_transient() {
            return error.into();
        }
        match (reply.status, error.code()) {
            // Something else has this address: a machine of another cloud, or a network that intercepts all requests.
            (_, None) => Absent::new(format!("{error}: not a machine in Azure")).into(),
            // A machine without an identity. If a missing one was named, the name is wrong.
            (400, Some(_)) if self.client_id.is_none() => Absent::new(error.to_string()).into(),
            // The endpoint is being restarted.
            (404 | 410, Some(_)) => error.transient().into(),
            _ => error.into(),
        }
    }

    fn request(&self) -> Result<(&'static str, reqwest::Request, reqwest::Client), Error> {
        let resource = self.scope.trim_end_matches("/.default");
        let (what, url, version) = match &self.host {
            Host::Machine { url } => (
                "managed identity endpoint of the machine",
                format!(
                    "{}/metadata/identity/oauth2/token",
                    url.trim_end_matches('/')
                ),
                "2018-02-01",
            ),
            Host::App { url, .. } => (
                "managed identity endpoint of the app",
                url.clone(),
                "2019-08-01",
            ),
            Host::Unusable(reason) => return Err(Error::configuration(reason)),
        };
        let invalid = "invalid URL of a managed identity endpoint";
        let mut url: url::Url = url
            .parse()
            .map_err(|error| Error::configuration(invalid).with_source(error))?;
        url.query_pairs_mut()
            .append_pair("api-version", version)
            .append_pair("resource", resource)
            .extend_pairs(self.client_id.iter().map(|id| ("client_id", id)));
        let http = client()?;
        let request = match &self.host {
            Host::App { header, .. } => {
                // The header is a secret.
                Address::check_endpoint(url.as_str())?;
                http.get(url)
                    .header("x-identity-header", header.expose_secret())
            }
            _ => http.get(url).header("metadata", "true"),
        };
        let request = request
            .build()
            .map_err(|error| Error::configuration(invalid).with_source(error.without_url()))?;
        Ok((what, request, http))
    }
}

/// An HTTP client without proxy and redirects.
fn client() -> Result<reqwest::Client, Error> {
    let settings = HttpSettings {
        connect_time: CONNECT_TIME,
        is_direct: true,
        ..HttpSettings::default()
    };
    settings.client()
}

impl TokenSource for ManagedIdentity {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.next_token())
    }

    fn key(&self) -> Option<TokenKey> {
        let (Host::Machine { url } | Host::App { url, .. }) = &self.host else {
            return None;
        };
        let id = self.client_id.as_deref().unwrap_or("system-assigned");
        Some(TokenKey::new(url, "", id, &self.scope))
    }
}

impl fmt::Debug for ManagedIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ManagedIdentity")
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shared_only_for_the_same_identity_and_endpoint() {
        let identity =
            |id: Option<&str>| ManagedIdentity::of(&Variables::default(), id.map(str::to_owned));
        let key = |identity: ManagedIdentity| identity.key().unwrap();
        assert_eq!(key(identity(None)), key(identity(Some(""))));
        assert_ne!(key(identity(None)), key(identity(Some("id"))));
        let elsewhere = identity(None).machine_endpoint("http://127.0.0.1:1");
        assert_ne!(key(identity(None)), key(elsewhere));
        let other_cloud = identity(None).cloud(Cloud::UsGovernmentL4);
        assert_ne!(key(identity(None)), key(other_cloud));
        // An app without its header has no identity.
        let half = Variables::default().with("IDENTITY_ENDPOINT", "http://127.0.0.1:1");
        assert_eq!(ManagedIdentity::of(&half, None).key(), None);
        let shown = format!("{:?}", identity(Some("id")));
        assert!(shown.contains("client_id: Some(\"id\")"), "{shown}");
    }
}
