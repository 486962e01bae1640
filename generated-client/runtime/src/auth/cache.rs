//! Keeps the last token: one renewal for many calls, ahead of expiry, and once more after a 401.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use tokio::sync::Mutex;

use super::{AccessToken, TokenSource};
use crate::error::{Error, Kind};

/// A token is renewed when it has no more than this to live, and no more than a quarter of its life.
const AHEAD: Duration = Duration::from_secs(300);

/// A token that has no more than this to live is not sent: it could end on the way.
const TOO_LATE: Duration = Duration::from_secs(5);

pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    current: RwLock<Option<Current>>,
    /// Held by the one that renews.
    renewal: Mutex<()>,
}

/// A token, ready to be sent.
#[derive(Clone)]
pub(crate) struct Bearer {
    /// The value of the header. It is marked as sensitive, so that it is not shown.
    pub(crate) header: HeaderValue,
    /// How many tokens there were before it.
    generation: u64,
}

struct Current {
    token: AccessToken,
    bearer: Bearer,
    /// How long before its end it is renewed.
    ahead: Duration,
}

impl TokenCache {
    pub(crate) fn new(source: Box<dyn TokenSource>) -> Self {
        Self {
            source,
            current: RwLock::new(None),
            renewal: Mutex::new(()),
        }
    }

    /// The token that is there, if it need not be renewed.
    pub(crate) fn ready(&self) -> Option<Bearer> {
        self.lasting(None)
    }

    /// A token that lasts.
    pub(crate) async fn bearer(&self) -> Result<Bearer, Error> {
        if let Some(bearer) = self.lasting(None) {
            return Ok(bearer);
        }
        if let Some(bearer) = self.lasting(Some(TOO_LATE)) {
            // It ends soon: whoever comes first renews it, all others go on with it. If the renewal fails, it is
            // tried again by the next call, as long as the old one lasts.
            return match self.renewal.try_lock() {
                Ok(_renewing) => Ok(self.renew().await.unwrap_or(bearer)),
                Err(_) => Ok(bearer),
            };
        }
        let _renewing = self.renewal.lock().await;
        match self.lasting(Some(TOO_LATE)) {
            // Another call has renewed it while this one waited.
            Some(bearer) => Ok(bearer),
            None => self.renew().await,
        }
    }

    /// Another token than the one that the service did not accept; none where the source has no other.
    pub(crate) async fn bearer_after(&self, refused: &Bearer) -> Result<Option<Bearer>, Error> {
        let _renewing = self.renewal.lock().await;
        if let Some(bearer) = self.lasting(Some(TOO_LATE))
            && bearer.generation != refused.generation
        {
            return Ok(Some(bearer));
        }
        let bearer = self.renew().await?;
        Ok((bearer.header != refused.header).then_some(bearer))
    }

    /// The token, if it lasts for so long; without a margin, if it need not be renewed yet.
    fn lasting(&self, margin: Option<Duration>) -> Option<Bearer> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        let margin = margin.unwrap_or(current.ahead);
        (!current.token.ends_within(margin)).then(|| current.bearer.clone())
    }

    /// Asks the source. Called by the holder of `renewal` only.
    async fn renew(&self) -> Result<Bearer, Error> {
        let token = self.source.token().await.map_err(|error| {
            Error::new(Kind::Token, format!("no token could be had: {error}")).with_source(error)
        })?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let generation = current
            .as_ref()
            .map_or(0, |current| current.bearer.generation + 1);
        let bearer = Bearer {
            header: header(&token)?,
            generation,
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
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
        .map_err(|_| Error::new(Kind::Token, "the token has characters that no token has"))?;
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
