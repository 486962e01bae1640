//! An access token and how long it lasts.

use std::fmt;
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret as _, SecretString};

/// An access token. It is never shown, and its text is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    expires_on: Option<SystemTime>,
}

impl AccessToken {
    /// A token of which nobody knows how long it lasts: it is used until the service answers 401.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: SecretString::from(secret.into()),
            expires_on: None,
        }
    }

    /// Says how long it lasts from now on (`expires_in` of a token answer).
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        let expires_on = SystemTime::now().checked_add(lifetime);
        Self { expires_on, ..self }
    }

    /// Says when it ends.
    #[must_use]
    pub fn expires_on(self, time: SystemTime) -> Self {
        Self {
            expires_on: Some(time),
            ..self
        }
    }

    /// When it ends, if that is known.
    #[must_use]
    pub fn expiry(&self) -> Option<SystemTime> {
        self.expires_on
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// How long it has to live.
    pub(crate) fn lifetime(&self) -> Duration {
        match self.expires_on {
            Some(time) => time.duration_since(SystemTime::now()).unwrap_or_default(),
            None => Duration::MAX,
        }
    }

    /// Whether it will have ended when so much time has passed.
    pub(crate) fn ends_within(&self, margin: Duration) -> bool {
        let Some(expires_on) = self.expires_on else {
            return false;
        };
        match SystemTime::now().checked_add(margin) {
            Some(then) => expires_on <= then,
            None => true,
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("expires_on", &self.expires_on)
            .finish_non_exhaustive()
    }
}
