//! Parses token responses leniently: numbers as strings, names in another case, additional members.

use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::AccessToken;
use crate::error::{Error, Kind};
use crate::telemetry;

/// A token, and the refresh token that renews it.
pub(super) struct Granted {
    pub(super) token: AccessToken,
    pub(super) refresh: Option<SecretString>,
}

/// Parses a token response. `what` names the endpoint in errors.
pub(super) fn read(members: &Map<String, Value>, what: &str) -> Result<Granted, Error> {
    let invalid = |reason: &str| Error::new(Kind::Token, format!("{what}: {reason}"));
    let secret = text(members, "access_token")
        .ok_or_else(|| invalid("the response has no `access_token`"))?;
    let kind = text(members, "token_type");
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(invalid("the token is not a bearer token"));
    }
    let token = AccessToken::new(secret);
    let expires_on = seconds(members, "expires_on")
        .and_then(|moment| SystemTime::UNIX_EPOCH.checked_add(moment));
    let token = match (seconds(members, "expires_in"), expires_on) {
        (Some(lifetime), _) => token.expires_in(lifetime),
        (None, Some(moment)) => token.expires_on(moment),
        (None, None) => {
            let mut names = ["expires_in", "expires_on"].into_iter();
            let is_there = |name| members.get(name).is_some_and(|value| !value.is_null());
            if names.any(is_there) {
                telemetry::unreadable_lifetime(what);
            }
            token
        }
    };
    if token.ends_within(Duration::ZERO) {
        return Err(invalid("the token has already expired"));
    }
    Ok(Granted {
        token,
        refresh: text(members, "refresh_token").map(SecretString::from),
    })
}

/// A non-empty string.
pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = members.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// Seconds as a number or as text, with or without a fraction. Negative values count as zero.
pub(super) fn seconds(members: &Map<String, Value>, name: &str) -> Option<Duration> {
    let seconds: f64 = match members.get(name)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    if seconds.is_nan() {
        return None;
    }
    Some(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::telemetry::counted;

    fn granted(body: Value) -> Result<Granted, Error> {
        let Value::Object(members) = body else {
            panic!("no object")
        };
        read(&members, "identity provider")
    }

    #[test]
    fn lifetimes_are_read_from_numbers_and_strings() {
        for lifetime in [
            json!(3600),
            json!("3600"),
            json!(" 3600 "),
            json!(3600.9),
            json!("3600.0"),
        ] {
            let token = granted(json!({"access_token": "a", "expires_in": lifetime, "more": [1]}))
                .unwrap()
                .token;
            assert!(
                (3590..=3601).contains(&token.lifetime().as_secs()),
                "{lifetime}"
            );
        }
        let then = SystemTime::now() + Duration::from_secs(600);
        let then = then
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        for moment in [json!(then), json!(then.to_string())] {
            let token = granted(json!({"access_token": "a", "expires_on": moment}))
                .unwrap()
                .token;
            assert!(
                (590..=601).contains(&token.lifetime().as_secs()),
                "{moment}"
            );
        }
        for lifetime in [json!(null), json!("soon"), json!(1e300), json!([1])] {
            let token = granted(json!({"access_token": "a", "expires_in": lifetime}))
                .unwrap()
                .token;
            assert_eq!(token.expiry(), None, "{lifetime}");
        }
    }

    #[test]
    fn a_lifetime_that_cannot_be_read_is_a_warning() {
        for (name, lifetime, warnings) in [
            ("expires_in", json!("soon"), 1),
            ("expires_on", json!("2026-11-26 19:00:00"), 1),
            ("expires_in", json!([1]), 1),
            ("expires_in", json!(null), 0),
            ("expires_in", json!(5), 0),
            ("other", json!(5), 0),
        ] {
            let body = json!({"access_token": "a", name: lifetime});
            let found = counted::warnings(|| drop(granted(body.clone())));
            assert_eq!(found, warnings, "{body}");
        }
    }

    #[test]
    fn an_expired_token_is_an_error() {
        for lifetime in [json!(0), json!("0"), json!(-5), json!("-1")] {
            let error = granted(json!({"access_token": "a", "expires_in": lifetime}))
                .err()
                .unwrap();
            assert!(error.to_string().contains("already expired"), "{error}");
            assert!(error.is_unauthenticated());
        }
    }

    #[test]
    fn the_type_is_bearer_in_any_case_or_absent() {
        for kind in [json!("bearer"), json!("BEARER"), json!(null), json!("")] {
            assert!(
                granted(json!({"access_token": "a", "token_type": kind})).is_ok(),
                "{kind}"
            );
        }
        assert!(granted(json!({"access_token": "a", "token_type": "pop"})).is_err());
        assert!(granted(json!({"access_token": "", "token_type": "Bearer"})).is_err());
        assert!(granted(json!({"access_token": 7})).is_err());
    }
}
