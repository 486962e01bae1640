//! Sign-in with Microsoft Entra (feature `oauth`): an application by its secret, a person by a device code.

use std::fmt;
use std::time::Duration;

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, RefreshToken, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, TokenResponse as _, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::{AccessToken, BoxError, TokenFuture, TokenSource};
use crate::Cloud;
use crate::error::{Error, Kind};
use crate::http::http_client;
use crate::path;

/// How long a connection to the identity provider may take, and how long an answer.
const TIME: Duration = Duration::from_secs(30);
/// More of an answer than this is not read.
const ANSWER_BYTES: usize = 1 << 20;

/// Where to sign in, and as what.
#[derive(Debug, Clone)]
struct Registration {
    authority: String,
    tenant: String,
    client_id: String,
    scope: String,
}

impl Registration {
    fn new(tenant: String, client_id: String) -> Self {
        let cloud = Cloud::default();
        Self {
            authority: cloud.token_url().to_owned(),
            tenant,
            client_id,
            scope: cloud.default_scope(),
        }
    }

    fn set_cloud(&mut self, cloud: Cloud) {
        self.authority = cloud.token_url().to_owned();
        self.scope = cloud.default_scope();
    }

    fn url(&self, endpoint: &str) -> Result<String, Error> {
        let tenant = path::segment("tenant", &self.tenant)?;
        let authority = self.authority.trim_end_matches('/');
        // The secret must not travel unencrypted.
        crate::core::Address::parse(authority, false)?;
        Ok(format!("{authority}/{tenant}/oauth2/v2.0/{endpoint}"))
    }

    fn client(&self) -> Result<OauthClient, Error> {
        let token_url = TokenUrl::new(self.url("token")?).map_err(no_address)?;
        let device_url =
            DeviceAuthorizationUrl::new(self.url("devicecode")?).map_err(no_address)?;
        Ok(BasicClient::new(ClientId::new(self.client_id.clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(token_url)
            .set_device_authorization_url(device_url))
    }
}

type OauthClient =
    BasicClient<EndpointNotSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn no_address(error: impl Into<BoxError>) -> Error {
    Error::configuration("the address of the identity provider cannot be parsed").with_source(error)
}

/// An application that signs in by itself (client credentials).
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::ClientCredentials;
///
/// let source = ClientCredentials::new("contoso.onmicrosoft.com", "client id", "client secret")?;
/// assert!(!format!("{source:?}").contains("client secret"));
/// let client = Core::builder().token_source(source).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
pub struct ClientCredentials {
    registration: Registration,
    secret: SecretString,
    http: reqwest::Client,
}

impl ClientCredentials {
    /// An application of a tenant of the public cloud. The secret is wiped from memory when this is dropped.
    ///
    /// # Errors
    ///
    /// Where no TLS can be had.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            registration: Registration::new(tenant.into(), client_id.into()),
            secret: SecretString::from(client_secret.into()),
            http: http_client(TIME)?,
        })
    }

    /// Signs in to another cloud.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.registration.set_cloud(cloud);
        self
    }

    /// Signs in somewhere else than at a cloud's own address, such as `http://127.0.0.1:8080`. For tests.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.registration.authority = url.into();
        self
    }

    async fn sign_in(&self) -> Result<AccessToken, Error> {
        let client = self
            .registration
            .client()?
            .set_client_secret(ClientSecret::new(self.secret.expose_secret().to_owned()));
        let http = |request| exchange(self.http.clone(), request);
        let answer = client
            .exchange_client_credentials()
            .add_scope(Scope::new(self.registration.scope.clone()))
            .request_async(&http)
            .await;
        answer.map(|answer| access_token(&answer)).map_err(refusal)
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { self.sign_in().await.map_err(BoxError::from) })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientCredentials")
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}

/// What a person has to do to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub url: String,
    /// The code to type in there.
    pub code: String,
    /// How long the code is good for.
    pub expires_in: Duration,
}

type Prompt = Box<dyn Fn(&DevicePrompt) + Send + Sync>;

/// A person who signs in on another device (device code).
///
/// Signing in takes as long as the person takes, which is longer than a call may take: call
/// [`sign_in`](Self::sign_in) before the first call. Later tokens are had by the refresh token, without the person.
///
/// # Examples
///
/// ```no_run
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::DeviceCode;
///
/// # async fn example() -> Result<(), graph_client_runtime::Error> {
/// let source = DeviceCode::new("contoso.onmicrosoft.com", "client id", |prompt| {
///     println!("open {} and type in {}", prompt.url, prompt.code);
/// })?;
/// source.sign_in().await?;
/// let client = Core::builder().token_source(source).build()?;
/// # Ok(())
/// # }
/// ```
pub struct DeviceCode {
    registration: Registration,
    prompt: Prompt,
    http: reqwest::Client,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// A token of `sign_in` that nobody has asked for yet.
    fresh: Option<AccessToken>,
    refresh: Option<SecretString>,
}

impl DeviceCode {
    /// A person of a tenant of the public cloud. `prompt` shows what to do.
    ///
    /// # Errors
    ///
    /// Where no TLS can be had.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Ok(Self {
            registration: Registration::new(tenant.into(), client_id.into()),
            prompt: Box::new(prompt),
            http: http_client(TIME)?,
            kept: Mutex::default(),
        })
    }

    /// Signs in to another cloud.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.registration.set_cloud(cloud);
        self
    }

    /// Signs in somewhere else than at a cloud's own address, such as `http://127.0.0.1:8080`. For tests.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.registration.authority = url.into();
        self
    }

    /// Waits until the person has signed in.
    ///
    /// # Errors
    ///
    /// Where the person declines, the code expires, or the identity provider refuses.
    pub async fn sign_in(&self) -> Result<(), Error> {
        let mut kept = self.kept.lock().await;
        let token = self.ask_the_person(&mut kept).await?;
        kept.fresh = Some(token);
        Ok(())
    }

    async fn next_token(&self) -> Result<AccessToken, Error> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.fresh.take() {
            return Ok(token);
        }
        if let Some(refresh) = kept.refresh.clone()
            && let Ok(token) = self.refresh(refresh, &mut kept).await
        {
            return Ok(token);
        }
        self.ask_the_person(&mut kept).await
    }

    async fn refresh(&self, refresh: SecretString, kept: &mut Kept) -> Result<AccessToken, Error> {
        let client = self.registration.client()?;
        let http = |request| exchange(self.http.clone(), request);
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let answer = client
            .exchange_refresh_token(&refresh)
            .request_async(&http)
            .await;
        answer.map(|answer| keep(&answer, kept)).map_err(refusal)
    }

    async fn ask_the_person(&self, kept: &mut Kept) -> Result<AccessToken, Error> {
        let client = self.registration.client()?;
        let http = |request| exchange(self.http.clone(), request);
        let details: StandardDeviceAuthorizationResponse = client
            .exchange_device_code()
            .add_scope(Scope::new(self.registration.scope.clone()))
            .add_scope(Scope::new("offline_access".to_owned()))
            .request_async(&http)
            .await
            .map_err(refusal)?;
        (self.prompt)(&DevicePrompt {
            url: details.verification_uri().to_string(),
            code: details.user_code().secret().clone(),
            expires_in: details.expires_in(),
        });
        let answer = client
            .exchange_device_access_token(&details)
            .request_async(&http, tokio::time::sleep, Some(details.expires_in()))
            .await;
        answer.map(|answer| keep(&answer, kept)).map_err(refusal)
    }
}

impl TokenSource for DeviceCode {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { self.next_token().await.map_err(BoxError::from) })
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeviceCode")
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}

fn keep(answer: &BasicTokenResponse, kept: &mut Kept) -> AccessToken {
    if let Some(refresh) = answer.refresh_token() {
        kept.refresh = Some(SecretString::from(refresh.secret().as_str()));
    }
    access_token(answer)
}

fn access_token(answer: &BasicTokenResponse) -> AccessToken {
    let token = AccessToken::new(answer.access_token().secret());
    match answer.expires_in() {
        Some(lifetime) => token.expires_in(lifetime),
        None => token,
    }
}

/// Says why there is no token, without what was sent or received: either may hold a secret.
fn refusal<T: oauth2::ErrorResponse + fmt::Display>(error: RequestTokenError<Error, T>) -> Error {
    match error {
        RequestTokenError::ServerResponse(answer) => Error::new(
            Kind::Token,
            format!("the identity provider refuses: {answer}"),
        ),
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(error, _) => Error::new(
            Kind::Token,
            format!(
                "the identity provider's answer is not what it should be, at `{}`",
                error.path()
            ),
        ),
        RequestTokenError::Other(reason) => Error::new(Kind::Token, reason),
    }
}

/// Sends a request to the identity provider.
async fn exchange(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Error> {
    let lost = |error: reqwest::Error| {
        Error::new(Kind::Token, "the identity provider does not answer")
            .with_source(error.without_url())
    };
    let request = reqwest::Request::try_from(request).map_err(lost)?;
    let work = async {
        let mut response = client.execute(request).await.map_err(lost)?;
        let mut answer = HttpResponse::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if answer.body().len() + chunk.len() > ANSWER_BYTES {
                return Err(Error::new(
                    Kind::Token,
                    "the identity provider's answer is too large",
                ));
            }
            answer.body_mut().extend_from_slice(&chunk);
        }
        Ok(answer)
    };
    tokio::time::timeout(TIME, work).await.unwrap_or_else(|_| {
        Err(Error::new(
            Kind::Token,
            "the identity provider does not answer in time",
        ))
    })
}
