//! The instructions for a person to sign in, and how long to wait.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::token_response;
use crate::error::{Error, Kind};

/// The default lifetime of a code.
const USUAL_LIFETIME: Duration = Duration::from_secs(900);
/// The maximum lifetime of a code.
const LONGEST_LIFETIME: Duration = Duration::from_secs(86_400);
/// The default interval between two polls, and its increase after `slow_down`.
pub(super) const USUAL_INTERVAL: Duration = Duration::from_secs(5);
/// The minimum interval.
pub(super) const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// Instructions for a person to sign in.
///
/// `url` and `code` are shown as the identity provider sent them: escape control characters before you print them to a
/// terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub url: String,
    /// The code to enter there.
    pub code: String,
    /// The lifetime of the code.
    pub expires_in: Duration,
}

/// A device code and how to poll for its token.
pub(super) struct Code {
    pub(super) prompt: DevicePrompt,
    pub(super) secret: SecretString,
    pub(super) interval: Duration,
}

impl Code {
    pub(super) fn read(members: &Map<String, Value>) -> Result<Self, Error> {
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
