//! Keeps the last token: one renewal for many calls, ahead of expiry, and once more where the service refuses it.

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

/// A token is renewed when it has no more than this to live, and no more than a quarter of its life.
const AHEAD: Duration = Duration::from_secs(300);

/// A token that has no more than this to live is renewed before it is sent: it could end on the way.
const TOO_LATE: Duration = Duration::from_secs(5);

/// After a renewal ahead of expiry has failed, the next one waits for this long: the old token is good meanwhile.
const PAUSE_AHEAD: Duration = Duration::from_secs(30);

/// Renewals for missing roles are at least this far apart.
const BETWEEN_ROLES: Duration = Duration::from_secs(300);

pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    http: reqwest::Client,
    current: RwLock<Option<Current>>,
    /// How many renewals have come to an end.
    finished: AtomicU64,
    /// Held by the one that renews.
    renewal: Mutex<Renewals>,
}

/// A token, ready to be sent.
#[derive(Clone)]
pub(crate) struct Bearer {
    /// The value of the header. It is marked as sensitive, so that it is not shown.
    pub(crate) header: HeaderValue,
    /// How many tokens there were before it.
    generation: u64,
    acquired: Instant,
    expires_on: Option<SystemTime>,
}

impl Bearer {
    /// Whether it must not be sent any more.
    pub(crate) fn has_expired(&self) -> bool {
        ends_within(self.expires_on, Duration::ZERO)
    }

    /// Whether it was there already at this moment.
    pub(crate) fn is_older_than(&self, moment: Instant) -> bool {
        self.acquired < moment
    }
}

struct Current {
    token: AccessToken,
    bearer: Bearer,
    /// How long before its end it is renewed.
    ahead: Duration,
}

/// What the last renewals have come to.
#[derive(Default)]
struct Renewals {
    failure: Option<Error>,
    /// No renewal ahead of expiry before this.
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

    /// The token that is there, if it need not be renewed.
    pub(crate) fn ready(&self) -> Option<Bearer> {
        self.lasting(None)
    }

    /// A token that lasts.
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
            // Another call has asked in vain while this one waited: to ask again would be to queue for one failure.
            return Err(failure.again());
        }
        self.renew(&mut renewals, TokenRequest::new(), Some(patience))
            .await
    }

    /// Another token ahead of the old one's expiry: whoever comes first renews it, once, and all others go on.
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

    /// Another token than the one that the service refused with 401; none where the source has no other.
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

    /// Another token than one that lacks a role: it may have been granted since. At most one in five minutes, for all
    /// calls together; none where the source has no other, or fails: the 403 says more then.
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

    /// The token, if it lasts for so long; without a margin, if it need not be renewed yet.
    fn lasting(&self, margin: Option<Duration>) -> Option<Bearer> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        let margin = margin.unwrap_or(current.ahead);
        (!current.token.ends_within(margin)).then(|| current.bearer.clone())
    }

    /// Asks the source, and remembers what came of it.
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

    /// Asks the source, again where what failed may pass; once without patience.
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

    /// Makes a token the current one. A token that cannot or must not be sent is an error.
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
    // The error of the header would not say more, and must not say what the token is.
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
