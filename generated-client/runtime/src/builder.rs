//! Builders of clients and their cores.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::auth::{AccessToken, FixedToken, TokenCache, TokenSource};
use crate::budget::RateBudget;
use crate::cloud::{ApiVersion, Cloud};
use crate::core::{Address, Core, ServiceClock, Shared};
use crate::error::Error;
use crate::http::HttpSettings;
use crate::limits::Limits;
use crate::product::{Product, ServiceClient};
use crate::retry::RetryPolicy;

/// Builds a client: a [`Core`], or a generated client around one.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::{ApiVersion, Cloud, Core};
///
/// let core = Core::builder()
///     .token("secret")
///     .cloud(Cloud::UsGovernmentL4)
///     .api_version(ApiVersion::V1)
///     .user_agent_suffix("triage/1.2")
///     .build()?;
/// assert_eq!(core.base_url(), "https://graph.microsoft.us/v1.0");
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder<C = Core> {
    client: PhantomData<fn() -> C>,
    source: Option<Box<dyn TokenSource>>,
    cloud: Cloud,
    version: Option<ApiVersion>,
    base_url: Option<String>,
    allow_plain_http: bool,
    http: Option<reqwest::Client>,
    settings: HttpSettings,
    limits: Limits,
    retry: RetryPolicy,
    budget: RateBudget,
    user_agent_suffix: Option<String>,
    unknown_members: bool,
}

impl Core {
    /// Builds a core alone, for requests to any path; a generated client has its own builder.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::default()
    }
}

impl<C> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self {
            client: PhantomData,
            source: None,
            cloud: Cloud::default(),
            version: None,
            base_url: None,
            allow_plain_http: false,
            http: None,
            settings: HttpSettings::default(),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            budget: RateBudget::adaptive(),
            user_agent_suffix: None,
            unknown_members: true,
        }
    }
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// Uses a fixed token, which is never renewed.
    pub fn token(self, token: impl Into<String>) -> Self {
        self.token_source(FixedToken::new(AccessToken::new(token)))
    }

    /// Sets the token source; see [`auth`](crate::auth).
    pub fn token_source(mut self, source: impl TokenSource + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// Sets the cloud. Default: the public one.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Sets the version of the API. Default: that of the client's description.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// Sends requests to another address than that of a cloud, for tests and gateways, such as
    /// `https://gateway.example/graph/beta`: it includes the version of the API, and a trailing slash does not matter.
    /// The token is sent to this host only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows the token to be sent unencrypted to other hosts than this machine. Only for test networks.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Sends calls and sign-ins with your own HTTP client. It is used unchanged, so
    /// [`connect_timeout`](Self::connect_timeout) does not affect it, and it should follow no redirects: this crate
    /// refuses the response of another host, but cannot prevent such a client from sending a request there.
    ///
    /// `reqwest` is part of this method's public API: a new minor version of it requires one of this crate. The client
    /// needs its own TLS, as with the default features of `reqwest`.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Sends calls and sign-ins over a proxy, such as `http://user:password@proxy.contoso.example:8080`. Default: the
    /// proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`). Requests to managed identities never use a proxy.
    ///
    /// # Examples
    ///
    /// A proxy that intercepts TLS needs its own certificate authority to be trusted:
    ///
    #[cfg_attr(feature = "oauth", doc = "```no_run")]
    #[cfg_attr(not(feature = "oauth"), doc = "```ignore")]
    /// use graph_client_runtime::Core;
    /// use graph_client_runtime::auth::ClientCredentials;
    ///
    /// let sign_in = ClientCredentials::new("contoso.onmicrosoft.com", "client id", "client secret")?;
    /// let client = Core::builder()
    ///     .token_source(sign_in)
    ///     .proxy("http://proxy.contoso.example:8080")
    ///     .certificate_authority(std::fs::read("/etc/ssl/contoso-proxy.pem")?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxy = Some(url.into());
        self
    }

    /// Trusts a certificate authority in addition to the system's, for calls and sign-ins: PEM text with one or more
    /// certificates.
    pub fn certificate_authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.authorities.push(pem.into());
        self
    }

    /// Sets the timeout for establishing a connection. Default: 10 s. [`Limits::attempt_time`] and
    /// [`RetryPolicy::total_time`] limit other times.
    pub fn connect_timeout(mut self, time: Duration) -> Self {
        self.settings.connect_time = time;
        self
    }

    /// Sets limits on responses.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets when a call is retried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the rate limits. Default: [`RateBudget::adaptive`].
    pub fn budget(mut self, budget: RateBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Names the calling application, such as `triage/1.2`: it follows this crate's name in `User-Agent`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets whether to request members of enumerations that were added later (`Prefer: include-unknown-enum-members`).
    /// Default: true. Otherwise `awaitingAction` arrives as `unknownFutureValue`.
    pub fn unknown_enum_members(mut self, include: bool) -> Self {
        self.unknown_members = include;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid address, a missing token source, an invalid token, and if TLS cannot be
    /// initialized.
    pub fn build(self) -> Result<C, Error> {
        let product = C::PRODUCT;
        if let Some(reason) = product.refusal(self.cloud) {
            return Err(Error::configuration(reason));
        }
        let source = self.source.ok_or_else(|| {
            Error::configuration("a client needs a token: call `token` or `token_source`")
        })?;
        let version = self.version.unwrap_or(product.version);
        let base_url = self
            .base_url
            .unwrap_or_else(|| format!("{}/{version}", self.cloud.graph_url()));
        let address = Address::parse(&base_url, self.allow_plain_http)?;
        address.check_version(self.version)?;
        if let Some(reason) = product.refusal_of_host(address.host()) {
            return Err(Error::configuration(reason));
        }
        let user_agent = match &self.user_agent_suffix {
            Some(suffix) => format!("{} {suffix}", product.user_agent),
            None => product.user_agent.to_owned(),
        };
        let user_agent = HeaderValue::from_str(&user_agent).map_err(|error| {
            Error::configuration("the user agent suffix has characters that headers cannot contain")
                .with_source(error)
        })?;
        source.check()?;
        let http = match self.http {
            Some(_) if self.settings.are_of_use() => {
                return Err(Error::configuration(
                    "`proxy` and `certificate_authority` do not apply to your own `http_client`: set them on it",
                ));
            }
            Some(client) => client,
            None => self.settings.client()?,
        };
        let shared = Shared {
            address,
            tokens: TokenCache::new(source, http.clone()),
            http,
            budget: self.budget,
            limits: self.limits,
            user_agent,
            unknown_members: self.unknown_members,
            clock: ServiceClock::default(),
        };
        Ok(C::from_core(Core::new(shared, self.retry)))
    }
}

impl ServiceClient for Core {
    const PRODUCT: Product = Product::new(
        concat!("graph-client-runtime/", env!("CARGO_PKG_VERSION")),
        ApiVersion::Beta,
    );

    fn from_core(core: Core) -> Self {
        core
    }

    fn core(&self) -> &Core {
        self
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("cloud", &self.cloud)
            .field("version", &self.version)
            .field("base_url", &self.base_url)
            .field("retry", &self.retry)
            .field("budget", &self.budget)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_changes_nothing_but_itself() {
        let builder = Core::builder()
            .token("seeded-token")
            .base_url("http://simulator:8080/beta")
            .limits(Limits::default().pages(7));
        let shown = format!("{builder:?}");
        assert!(
            shown.contains("http://simulator:8080/beta") && shown.contains("pages: 7"),
            "{shown}"
        );
        assert!(!shown.contains("seeded-token"), "{shown}");
        let builder = builder.connect_timeout(Duration::from_secs(3));
        assert_eq!(builder.settings.connect_time, Duration::from_secs(3));
        let core = builder.allow_plain_http(true).build().unwrap();
        assert_eq!(core.base_url(), "http://simulator:8080/beta");
        assert_eq!(core.limits(), &Limits::default().pages(7));
        let shown = format!("{core:?}");
        assert!(shown.contains("http://simulator:8080/beta"), "{shown}");
    }
}
