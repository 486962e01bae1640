//! A person who signs in on another device, and stays signed in.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use super::patience::Patience;
use super::registration::{Http, Registration};
use super::token_response::{self, Granted};
use super::{AccessToken, BoxError, TokenFuture, TokenRequest, TokenSource};
use crate::Cloud;
use crate::error::{Error, Kind};
use crate::retry::RetryPolicy;

/// The grant of a device code.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How long a code is good for where nothing is said.
const USUAL_LIFETIME: Duration = Duration::from_secs(900);
/// A code that claims to be good for longer is waited for no longer.
const LONGEST_LIFETIME: Duration = Duration::from_secs(86_400);
/// Between two questions where nothing is said, and by how much it grows where that was too often.
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
/// No shorter, whatever is said.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// What a person has to do to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub url: String,
    /// The code to enter there.
    pub code: String,
    /// How long the code is good for.
    pub expires_in: Duration,
}

type Prompt = Box<dyn Fn(&DevicePrompt) + Send + Sync>;

/// A person who signs in on another device (device code).
///
/// Signing in takes as long as the person takes, which is longer than a call may take: call
/// [`sign_in`](Self::sign_in) before the first call. Later tokens come from the refresh token, without the person; the
/// person is asked again only where the identity provider refuses that token.
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
    prompt: Prompt,
    http: Http,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// A token of `sign_in` that nobody has asked for yet.
    fresh: Option<AccessToken>,
    refresh: Option<SecretString>,
}

impl DeviceCode {
    /// Creates a source for a person of a tenant of the public cloud. `prompt` shows what to do.
    ///
    /// # Errors
    ///
    /// Returns an error for a tenant or a client id that cannot be one.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let registration = Registration::new(tenant.into(), client_id.into());
        registration.check()?;
        Ok(Self {
            registration,
            prompt: Box::new(prompt),
            http: Http::default(),
            kept: Mutex::default(),
        })
    }

    /// Signs in to another cloud. Default: the public one. Whoever was signed in is not any more.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.registration.set_cloud(cloud);
        self.kept = Mutex::default();
        self
    }

    /// Signs in somewhere else than at a cloud's own address, such as `http://127.0.0.1:8080`. For tests. Whoever was
    /// signed in is not any more.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.registration.authority = url.into();
        self.kept = Mutex::default();
        self
    }

    /// Announces that this program understands claims challenges (capability `cp1`); see
    /// [`ClientCredentials`](super::ClientCredentials::continuous_access_evaluation). Default: false.
    #[must_use]
    pub fn continuous_access_evaluation(mut self, is_on: bool) -> Self {
        self.registration.is_capable = is_on;
        self
    }

    /// Signs in over another HTTP client than the calls are sent over; [`sign_in`](Self::sign_in) knows no other.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.0 = Some(client);
        self
    }

    /// Waits until the person has signed in.
    ///
    /// # Errors
    ///
    /// Returns an error where the person declines, the code expires, or the identity provider refuses.
    pub async fn sign_in(&self) -> Result<(), Error> {
        let mut kept = self.kept.lock().await;
        let token = self.ask_the_person(&mut kept, &TokenRequest::new()).await?;
        kept.fresh = Some(token);
        Ok(())
    }

    async fn next_token(&self, request: &TokenRequest) -> Result<AccessToken, Error> {
        let mut kept = self.kept.lock().await;
        let fresh = kept
            .fresh
            .take()
            .filter(|_| request.refused_with().is_none());
        if let Some(token) = fresh.filter(|token| !token.ends_within(SHORTEST_INTERVAL)) {
            return Ok(token);
        }
        if let Some(refresh) = kept.refresh.clone() {
            match self.refresh(&refresh, &mut kept, request).await {
                Err(error) if needs_the_person(&error) => kept.refresh = None,
                result => return result,
            }
        }
        self.ask_the_person(&mut kept, request).await
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
        Ok(keep(granted, kept))
    }

    async fn ask_the_person(
        &self,
        kept: &mut Kept,
        request: &TokenRequest,
    ) -> Result<AccessToken, Error> {
        let http = self.http.of(request)?;
        let members = self.device_code(&http, request).await?;
        let code = Code::read(&members)?;
        (self.prompt)(&code.prompt);
        let granted = self.poll(&http, code, request).await?;
        Ok(keep(granted, kept))
    }

    /// Asks for a code, again where what failed may pass.
    async fn device_code(
        &self,
        http: &reqwest::Client,
        request: &TokenRequest,
    ) -> Result<Map<String, Value>, Error> {
        let url = self.registration.url("devicecode")?;
        let scope = self.scope();
        let fields = [("scope", scope.as_str())];
        let policy = RetryPolicy::default();
        let mut patience = Patience::new(&policy, Instant::now());
        loop {
            let error = match self.registration.post(http, &url, &fields, request).await {
                Ok(members) => return Ok(members),
                Err(error) => error,
            };
            sleep(patience.next(&error).ok_or(error)?).await;
        }
    }

    /// Asks whether the person has signed in, until the code expires.
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
                // The person may be at it meanwhile.
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

/// A device code and how to ask for its token.
struct Code {
    prompt: DevicePrompt,
    secret: SecretString,
    interval: Duration,
}

impl Code {
    fn read(members: &Map<String, Value>) -> Result<Self, Error> {
        let text = |names: &[&str]| {
            let found = names
                .iter()
                .find_map(|name| token_response::text(members, name));
            found.map(str::to_owned).ok_or_else(|| {
                let message = format!("identity provider: the response has no `{}`", names[0]);
                Error::new(Kind::Token, message)
            })
        };
        let seconds = |name| token_response::seconds(members, name);
        let lifetime = seconds("expires_in").unwrap_or(USUAL_LIFETIME);
        let interval = seconds("interval").unwrap_or(USUAL_INTERVAL);
        Ok(Self {
            prompt: DevicePrompt {
                url: text(&["verification_uri", "verification_url"])?,
                code: text(&["user_code"])?,
                expires_in: lifetime.min(LONGEST_LIFETIME),
            },
            secret: SecretString::from(text(&["device_code"])?),
            interval: interval.max(SHORTEST_INTERVAL),
        })
    }
}

/// Whether a refresh token is of no more use, so that only the person can help. What passes is no reason to ask.
fn needs_the_person(error: &Error) -> bool {
    matches!(
        error.code(),
        Some("invalid_grant" | "interaction_required" | "login_required" | "consent_required")
    )
}

fn keep(granted: Granted, kept: &mut Kept) -> AccessToken {
    if granted.refresh.is_some() {
        kept.refresh = granted.refresh;
    }
    granted.token
}

impl TokenSource for DeviceCode {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.next_token(&request).await.map_err(BoxError::from) })
    }

    fn check(&self) -> Result<(), Error> {
        self.registration.check()
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
