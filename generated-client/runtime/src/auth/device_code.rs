//! A person who signs in on another device, and stays signed in.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use super::absent::Absent;
use super::device_prompt::{Code, DevicePrompt, SHORTEST_INTERVAL, USUAL_INTERVAL};
use super::patience::SignInPatience;
use super::refresh_tokens::RefreshTokens;
use super::registration::{Http, Registration};
use super::token_response::Granted;
use super::{AccessToken, BoxError, TokenFuture, TokenKey, TokenRequest, TokenSource};
use crate::Cloud;
use crate::error::{Error, Kind};
use crate::retry::RetryPolicy;
use crate::telemetry;

/// The grant type of a device code.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
type Prompt = Box<dyn Fn(&DevicePrompt) + Send + Sync>;

/// A person who signs in on another device (device code).
///
/// Signing in takes as long as the person takes, which is longer than a call may take: call [`sign_in`](Self::sign_in)
/// before the first call. Later tokens come from the refresh token, without the person; the person is asked again only
/// if the identity provider refuses that token.
///
/// # Examples
///
/// ```no_run
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::DeviceCode;
///
/// # async fn example() -> Result<(), graph_client_runtime::Error> {
/// let source = DeviceCode::new("contoso.onmicrosoft.com", "client id", |prompt| {
///     println!("open {} and enter {}", prompt.url, prompt.code);
/// })?;
/// source.sign_in().await?;
/// let client = Core::builder().token_source(source).build()?;
/// # Ok(())
/// # }
/// ```
pub struct DeviceCode {
    registration: Registration,
    /// Without it, nobody is asked.
    prompt: Option<Prompt>,
    account: Option<String>,
    remembered: Option<Box<dyn RefreshTokens>>,
    http: Http,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// A token of `sign_in` that no call has used yet.
    fresh: Option<AccessToken>,
    refresh: Option<SecretString>,
    /// Whether the store was read.
    is_loaded: bool,
}

impl DeviceCode {
    /// Creates a source for a person in a tenant of the public cloud. `prompt` shows the instructions.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid tenant or client id.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let source = Self::remembered(tenant, client_id)?;
        Ok(Self {
            prompt: Some(Box::new(prompt)),
            ..source
        })
    }

    /// Creates a source for a person who has signed in before, with a [store](Self::remembering). Nobody is asked:
    /// without a refresh token, the source is [absent](super::Absent), and a refused one is an error.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid tenant or client id.
    pub fn remembered(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
    ) -> Result<Self, Error> {
        let registration = Registration::new(tenant.into(), client_id.into());
        registration.check()?;
        Ok(Self {
            registration,
            prompt: None,
            account: None,
            remembered: None,
            http: Http::default(),
            kept: Mutex::default(),
        })
    }

    /// Signs in to another cloud. Default: the public one. It discards an earlier sign-in.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.registration.set_cloud(cloud);
        self.kept = Mutex::default();
        self
    }

    /// Sets another identity provider, such as `http://127.0.0.1:8080`, for tests. It discards an earlier sign-in.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.registration.authority = url.into();
        self.kept = Mutex::default();
        self
    }

    /// Announces that this program handles claims challenges (capability `cp1`); see
    /// [`ClientCredentials`](super::ClientCredentials::continuous_access_evaluation). Default: false.
    #[must_use]
    pub fn continuous_access_evaluation(mut self, is_on: bool) -> Self {
        self.registration.is_capable = is_on;
        self
    }

    /// Stores the sign-in: the refresh token is loaded from this store, and saved whenever it changes.
    #[must_use]
    pub fn remembering(mut self, store: impl RefreshTokens + 'static) -> Self {
        self.remembered = Some(Box::new(store));
        self
    }

    /// Names the person, so that [`SharedTokens`](super::SharedTokens) can share the tokens. Default: they are not
    /// shared, because another client could belong to another person.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets a separate HTTP client for signing in, which [`sign_in`](Self::sign_in) requires.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.0 = Some(client);
        self
    }

    /// Waits until the person has signed in.
    ///
    /// # Errors
    ///
    /// Returns an error if the person declines, the code expires, or the identity provider refuses.
    pub async fn sign_in(&self) -> Result<(), Error> {
        let mut kept = self.kept.lock().await;
        let token = self.ask_the_person(&mut kept, &TokenRequest::new()).await?;
        kept.fresh = Some(token);
        Ok(())
    }

    async fn next_token(&self, request: &TokenRequest) -> Result<AccessToken, BoxError> {
        let mut kept = self.kept.lock().await;
        let fresh = kept
            .fresh
            .take()
            .filter(|_| request.refused_with().is_none());
        if let Some(token) = fresh.filter(|token| !token.ends_within(SHORTEST_INTERVAL)) {
            return Ok(token);
        }
        self.look_up(&mut kept)?;
        if let Some(refresh) = kept.refresh.clone() {
            match self.refresh(&refresh, &mut kept, request).await {
                Err(error) if needs_the_person(&error) && self.prompt.is_some() => {
                    kept.refresh = None;
                }
                result => return result.map_err(BoxError::from),
            }
        }
        if self.prompt.is_none() {
            return Err(Absent::new("no sign-in is remembered").into());
        }
        Ok(self.ask_the_person(&mut kept, request).await?)
    }

    /// Loads the stored token, once.
    fn look_up(&self, kept: &mut Kept) -> Result<(), BoxError> {
        let Some(store) = self.remembered.as_ref().filter(|_| !kept.is_loaded) else {
            return Ok(());
        };
        if kept.refresh.is_none() {
            let refresh = store.load().map_err(|error| {
                Error::new(Kind::Token, "failed to look up the remembered sign-in")
                    .with_source(error)
            })?;
            kept.refresh = refresh.map(SecretString::from);
        }
        kept.is_loaded = true;
        Ok(())
    }

    /// Keeps the granted tokens, also in the store.
    fn keep(&self, granted: Granted, kept: &mut Kept) -> AccessToken {
        if let Some(refresh) = granted.refresh {
            if let Some(store) = &self.remembered
                && let Err(error) = store.save(refresh.expose_secret())
            {
                telemetry::not_remembered(&*error);
            }
            kept.refresh = Some(refresh);
        }
        granted.token
    }

    async fn refresh(
        &self,
        refresh: &SecretString,
        kept: &mut Kept,
        request: &TokenRequest,
    ) -> Result<AccessToken, Error> {
        let scope = self.scope();
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
            ("scope", scope.as_str()),
        ];
        let http = self.http.of(request)?;
        let granted = self.registration.token(&http, &fields, request).await?;
        Ok(self.keep(granted, kept))
    }

    async fn ask_the_person(
        &self,
        kept: &mut Kept,
        request: &TokenRequest,
    ) -> Result<AccessToken, Error> {
        let http = self.http.of(request)?;
        let members = self.device_code(&http, request).await?;
        let code = Code::read(&members)?;
        if let Some(prompt) = &self.prompt {
            prompt(&code.prompt);
        }
        let granted = self.poll(&http, code, request).await?;
        Ok(self.keep(granted, kept))
    }

    /// Requests a code, with retries of transient failures.
    async fn device_code(
        &self,
        http: &reqwest::Client,
        request: &TokenRequest,
    ) -> Result<Map<String, Value>, Error> {
        let url = self.registration.url("devicecode")?;
        let scope = self.scope();
        let fields = [("scope", scope.as_str())];
        let policy = RetryPolicy::default();
        let mut patience = SignInPatience::new(&policy, Instant::now());
        loop {
            let error = match self.registration.post(http, &url, &fields, request).await {
                Ok(members) => return Ok(members),
                Err(error) => error,
            };
            sleep(patience.next(&error).ok_or(error)?).await;
        }
    }

    /// Polls until the person has signed in or the code expires.
    async fn poll(
        &self,
        http: &reqwest::Client,
        code: Code,
        request: &TokenRequest,
    ) -> Result<Granted, Error> {
        let fields = [
            ("grant_type", DEVICE_GRANT),
            ("device_code", code.secret.expose_secret()),
        ];
        let ends = Instant::now() + code.prompt.expires_in;
        let mut interval = code.interval;
        loop {
            let left = ends.saturating_duration_since(Instant::now());
            sleep(interval.min(left)).await;
            let error = match self.registration.token(http, &fields, request).await {
                Ok(granted) => return Ok(granted),
                Err(error) => error,
            };
            match error.code() {
                Some("authorization_pending") => {}
                Some("slow_down") => interval = interval.saturating_add(USUAL_INTERVAL),
                // The person may be signing in meanwhile.
                _ if error.is_transient() => {
                    interval = interval.max(error.retry_after().unwrap_or_default());
                }
                _ => return Err(error),
            }
            if Instant::now() >= ends {
                let message = format!(
                    "the device code expired after {} s, before the person had signed in",
                    code.prompt.expires_in.as_secs()
                );
                return Err(Error::new(Kind::Token, message));
            }
        }
    }

    fn scope(&self) -> String {
        format!("{} offline_access", self.registration.scope)
    }
}

/// Whether a refresh token is no longer usable, so that the person must sign in. A transient failure is no reason to
/// ask.
fn needs_the_person(error: &Error) -> bool {
    matches!(
        error.code(),
        Some("invalid_grant" | "interaction_required" | "login_required" | "consent_required")
    )
}

impl TokenSource for DeviceCode {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.next_token(&request).await })
    }

    fn check(&self) -> Result<(), Error> {
        self.registration.check()
    }

    fn key(&self) -> Option<TokenKey> {
        let account = self.account.as_ref()?;
        Some(self.registration.key().of_account(account))
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
