//! An access token and its lifetime.

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
    /// Wraps a token with an unknown lifetime: it is used until the service responds with 401.
    ///
    /// The text is the token only, without `Bearer`: an invalid text is refused by
    /// [`ClientBuilder::build`](crate::ClientBuilder::build), or by the first call if it comes from a source.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: SecretString::from(secret.into()),
            expires_on: None,
        }
    }

    /// Sets its lifetime from now on (`expires_in` of a token response).
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        let expires_on = SystemTime::now().checked_add(lifetime);
        Self { expires_on, ..self }
    }

    /// Sets when it expires.
    #[must_use]
    pub fn expires_on(self, time: SystemTime) -> Self {
        Self {
            expires_on: Some(time),
            ..self
        }
    }

    /// Returns when it expires, if known.
    #[must_use]
    pub fn expiry(&self) -> Option<SystemTime> {
        self.expires_on
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Why this text cannot be sent as a token, if it cannot. The reason never shows the text.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let text = self.expose();
        if text.trim().is_empty() {
            return Some("the token is empty");
        }
        let scheme = text.trim_start().get(..7);
        if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer ")) {
            return Some("the token begins with `Bearer`: pass the token alone");
        }
        if text.contains(['\n', '\r']) {
            return Some("the token contains a line break: pass the token alone");
        }
        if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
            return Some("the token begins or ends with a space: pass the token alone");
        }
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Some("the token contains a character that is not allowed in tokens");
        }
        None
    }

    /// Its remaining lifetime.
    pub(crate) fn lifetime(&self) -> Duration {
        match self.expires_on {
            Some(time) => time.duration_since(SystemTime::now()).unwrap_or_default(),
            None => Duration::MAX,
        }
    }

    /// Whether it will have expired after this time.
    pub(crate) fn ends_within(&self, margin: Duration) -> bool {
        ends_within(self.expires_on, margin)
    }
}

/// Whether a moment is at most this far away.
pub(super) fn ends_within(expires_on: Option<SystemTime>, margin: Duration) -> bool {
    let Some(expires_on) = expires_on else {
        return false;
    };
    match SystemTime::now().checked_add(margin) {
        Some(then) => expires_on <= then,
        None => true,
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

#[cfg(test)]
mod tests {
    use super::AccessToken;

    #[test]
    fn a_string_that_cannot_be_a_token_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "empty"),
            (" \n", "empty"),
            ("Bearer abc", "begins with `Bearer`"),
            ("bearer abc", "begins with `Bearer`"),
            ("abc\n", "line break"),
            ("abc\r\ndef", "line break"),
            (" abc", "space"),
            ("abc\t", "space"),
            ("ab\u{0}c", "character"),
            ("äbc", "character"),
        ] {
            let problem = AccessToken::new(text).problem().unwrap();
            assert!(problem.contains(reason), "{text:?}: {problem}");
        }
        assert_eq!(AccessToken::new("eyJ0.eyJh-_~+/.c2ln==").problem(), None);
        assert_eq!(AccessToken::new("BearerX").problem(), None);
    }
}
