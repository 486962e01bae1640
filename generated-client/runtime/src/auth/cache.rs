//! Caches the last token: one renewal serves many calls, before it expires, and once more if the service refuses it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use super::patience::SignInPatience;
use super::token::ends_within;
use super::{AccessToken, TokenRequest, TokenSource};
use crate::error::{Error, Kind};
use crate::telemetry;

/// A token is renewed when its remaining lifetime is at most this long, and at most a quarter of the whole.
const AHEAD: Duration = Duration::from_secs(300);

/// A token with at most this remaining lifetime is renewed before it is sent: it could expire on the way.
const TOO_LATE: Duration = Duration::from_secs(5);

/// After an early renewal has failed, the next one waits this long: the old token is still valid.
const PAUSE_AHEAD: Duration = Duration::from_secs(30);

/// The minimum time between renewals for missing roles.
const BETWEEN_ROLES: Duration = Duration::from_secs(300);

pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    http: reqwest::Client,
    current: RwLock<Option<Current>>,
    /// The number of finished renewals.
    finished: AtomicU64,
    /// The lock of the call that renews.
    renewal: Mutex<Renewals>,
}

/// A token, ready to be sent.
#[derive(Clone)]
pub(crate) struct Bearer {
    /// The value of the header, marked as sensitive, so that it is not shown.
    pub(crate) header: HeaderValue,
    /// The number of tokens before it.
    generation: u64,
    acquired: Instant,
    expires_on: Option<SystemTime>,
}

impl Bearer {
    /// Whether it must no longer be sent.
    pub(crate) fn has_expired(&self) -> bool {
        ends_within(self.expires_on, Duration::ZERO)
    }

    /// Whether it existed at this moment.
    pub(crate) fn is_older_than(&self, moment: Instant) -> bool {
        self.acquired < moment
    }
}

struct Current {
    token: AccessToken,
    bearer: Bearer,
    /// How long before its expiry it is renewed.
    ahead: Duration,
}

/// The results of the last renewals.
#[derive(Default)]
struct Renewals {
    failure: Option<Error>,
    /// The earliest time of the next early renewal.
    ahead_after: Option<Instant>,
    for_roles: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(source: Box<dyn TokenSource>, http: reqwest::Client) -> Self {
        Self {
            source,
            http,
            current: RwLock::new(None),
            finished: AtomicU64::new(0),
            renewal: Mutex::default(),
        }
    }

    /// The current token, if it need not be renewed.
    pub(crate) fn ready(&self) -> Option<Bearer> {
        self.lasting(None)
    }

    /// A valid token.
    pub(crate) async fn bearer(&self, patience: SignInPatience<'_>) -> Result<Bearer, Error> {
        if let Some(bearer) = self.lasting(None) {
            return Ok(bearer);
        }
        if let Some(bearer) = self.lasting(Some(TOO_LATE)) {
            return Ok(self.renewed_ahead().await.unwrap_or(bearer));
        }
        let finished = self.finished.load(Ordering::Acquire);
        let mut renewals = self.renewal.lock().await;
        if let Some(bearer) = self.lasting(Some(TOO_LATE)) {
            // Another call has renewed it while this one waited.
            return Ok(bearer);
        }
        if finished != self.finished.load(Ordering::Acquire)
            && let Some(failure) = &renewals.failure
        {
            // Another call failed while this one waited: another attempt would only queue for the same failure.
            return Err(failure.again());
        }
        self.renew(&mut renewals, TokenRequest::new(), Some(patience))
            .await
    }

    /// Renews the token before it expires: the first caller renews it once, and all others continue.
    async fn renewed_ahead(&self) -> Option<Bearer> {
        let mut renewals = self.renewal.try_lock().ok()?;
        if renewals
            .ahead_after
            .is_some_and(|moment| Instant::now() < moment)
        {
            return None;
        }
        let renewed = self.renew(&mut renewals, TokenRequest::new(), None).await;
        renewals.ahead_after = match renewed {
            Ok(_) => None,
            Err(_) => Instant::now().checked_add(PAUSE_AHEAD),
        };
        renewed.ok()
    }

    /// A different token after a 401; none if the source has no other.
    pub(crate) async fn bearer_after(
        &self,
        refused: &Bearer,
        claims: Option<String>,
        patience: SignInPatience<'_>,
    ) -> Result<Option<Bearer>, Error> {
        let mut renewals = self.renewal.lock().await;
        if let Some(bearer) = self.renewed_since(refused) {
            return Ok(Some(bearer));
        }
        let request = TokenRequest {
            claims,
            refused_with: Some(401),
            http: None,
        };
        let bearer = self.renew(&mut renewals, request, Some(patience)).await?;
        Ok((bearer.header != refused.header).then_some(bearer))
    }

    /// A different token after a 403 for a missing role, which may have been granted since. At most one in five minutes
    /// for all calls together; none if the source has no other, or fails, because the 403 explains more.
    pub(crate) async fn bearer_with_roles(
        &self,
        refused: &Bearer,
        patience: SignInPatience<'_>,
    ) -> Option<Bearer> {
        let mut renewals = self.renewal.lock().await;
        if let Some(bearer) = self.renewed_since(refused) {
            return Some(bearer);
        }
        let now = Instant::now();
        if renewals
            .for_roles
            .is_some_and(|last| now.duration_since(last) < BETWEEN_ROLES)
        {
            return None;
        }
        renewals.for_roles = Some(now);
        let request = TokenRequest {
            refused_with: Some(403),
            ..TokenRequest::new()
        };
        let renewed = self.renew(&mut renewals, request, Some(patience)).await;
        renewed
            .ok()
            .filter(|bearer| bearer.header != refused.header)
    }

    /// The token that another call has acquired since this one was sent.
    fn renewed_since(&self, refused: &Bearer) -> Option<Bearer> {
        self.lasting(Some(TOO_LATE))
            .filter(|bearer| bearer.generation != refused.generation)
    }

    /// The token, if it remains valid for this long; without a margin, if it need not be renewed yet.
    fn lasting(&self, margin: Option<Duration>) -> Option<Bearer> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        let margin = margin.unwrap_or(current.ahead);
        (!current.token.ends_within(margin)).then(|| current.bearer.clone())
    }

    /// Requests a token from the source, and stores the result.
    async fn renew(
        &self,
        renewals: &mut Renewals,
        mut request: TokenRequest,
        patience: Option<SignInPatience<'_>>,
    ) -> Result<Bearer, Error> {
        request.http = Some(self.http.clone());
        let asked = self.ask(request, patience).await;
        let result = asked.and_then(|token| self.keep(token));
        renewals.failure = result.as_ref().err().map(Error::again);
        self.finished.fetch_add(1, Ordering::Release);
        result
    }

    /// Requests a token from the source, with retries of transient failures; without a policy, only once.
    async fn ask(
        &self,
        request: TokenRequest,
        mut patience: Option<SignInPatience<'_>>,
    ) -> Result<AccessToken, Error> {
        loop {
            let error = match self.source.token_for(request.clone()).await {
                Ok(token) => {
                    if let Some(failed) = patience
                        .as_ref()
                        .map(SignInPatience::failed)
                        .filter(|&failed| failed > 0)
                    {
                        telemetry::sign_in_succeeded(failed.saturating_add(1));
                    }
                    return Ok(token);
                }
                Err(error) => Error::token(error),
            };
            let delay = patience.as_mut().and_then(|patience| patience.next(&error));
            let attempts = patience.as_ref().map_or(1, SignInPatience::failed);
            let Some(delay) = delay else {
                return Err(error.of_sign_in(attempts));
            };
            telemetry::sign_in_repeated(&error, attempts, delay);
            sleep(delay).await;
        }
    }

    /// Stores a token as the current one. A token that cannot or must not be sent is an error.
    fn keep(&self, token: AccessToken) -> Result<Bearer, Error> {
        if let Some(problem) = token.problem() {
            return Err(Error::new(
                Kind::Token,
                format!("failed to acquire a token: {problem}"),
            ));
        }
        if token.ends_within(Duration::ZERO) {
            return Err(Error::new(
                Kind::Token,
                "failed to acquire a token: the token source returned a token that has already expired",
            ));
        }
        let header = header(&token)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let bearer = Bearer {
            header,
            generation: current
                .as_ref()
                .map_or(0, |current| current.bearer.generation.wrapping_add(1)),
            acquired: Instant::now(),
            expires_on: token.expiry(),
        };
        *current = Some(Current {
            ahead: (token.lifetime() / 4).clamp(TOO_LATE, AHEAD),
            token,
            bearer: bearer.clone(),
        });
        Ok(bearer)
    }
}

/// `Bearer …`, in memory that is wiped when the last copy of the header is dropped.
fn header(token: &AccessToken) -> Result<HeaderValue, Error> {
    let mut text = Zeroizing::new(Vec::with_capacity("Bearer ".len() + token.expose().len()));
    text.extend_from_slice(b"Bearer ");
    text.extend_from_slice(token.expose().as_bytes());
    // The header's error has no details, and must not show the token.
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| {
        Error::new(
            Kind::Token,
            "the token contains a character that is not allowed in tokens",
        )
    })?;
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
