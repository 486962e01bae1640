//! Bearer tokens: their caller, permissions and expiry.

mod assertion;
mod device;
pub(crate) mod endpoint;
pub(crate) mod failure;
pub(crate) mod managed;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use parking_lot::RwLock;
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) use assertion::Assertions;

use crate::contract::Permissions;
use crate::error::Refusal;

/// How many revoked tokens are distinguished from unknown ones.
const REMEMBERED: usize = 10_000;

/// The caller of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The application (client) id.
    pub(crate) application: String,
    /// The person on whose behalf it calls; none for the application itself.
    pub(crate) user: Option<String>,
    /// Scopes of a person's token, or roles of an application's.
    pub(crate) permissions: Vec<String>,
}

impl Caller {
    /// The name of the caller in comments and in `lastModifiedBy`.
    pub(crate) fn name(&self) -> String {
        match &self.user {
            Some(user) => user.clone(),
            None => format!("API-App:{}", self.application),
        }
    }

    /// Whether one of an operation's permissions was granted.
    pub(crate) fn may(&self, required: &Permissions) -> Result<(), Refusal> {
        let (required, what, kind) = match self.user {
            Some(_) => (&required.delegated, "scopes", "scopes"),
            None => (&required.application, "application roles", "roles"),
        };
        // An operation without permissions in its description requires none.
        if required.is_empty() || required.iter().any(|name| self.permissions.contains(name)) {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!(
                "Missing {what}. API required {kind}: {}, {what}: {}.",
                required.join(","),
                self.permissions.join(",")
            ),
        ))
    }
}

/// The content of a token.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) caller: Caller,
    /// None if it never expires.
    pub(crate) lifetime: Option<Duration>,
    /// The claims of its request.
    pub(crate) claims: Option<String>,
}

/// A valid token.
pub(crate) struct Granted {
    pub(crate) caller: Caller,
    pub(crate) claims: Option<String>,
    expires: Option<Instant>,
}

/// The valid tokens.
#[derive(Default)]
pub(crate) struct Tokens {
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    valid: HashMap<String, Arc<Granted>>,
    revoked: HashSet<String>,
}

impl Tokens {
    /// Creates a token, random unless it is given.
    pub(crate) fn issue(&self, token: Option<String>, grant: Grant) -> String {
        let token = token
            .unwrap_or_else(|| format!("sim-{}", Uuid::from_u128(fastrand::u128(..)).simple()));
        let now = Instant::now();
        let granted = Granted {
            caller: grant.caller,
            claims: grant.claims,
            // A lifetime beyond any clock is unlimited.
            expires: grant
                .lifetime
                .and_then(|lifetime| now.checked_add(lifetime)),
        };
        let mut known = self.known.write();
        known
            .valid
            .retain(|_, granted| granted.expires.is_none_or(|expires| expires > now));
        known.revoked.remove(&token);
        known.valid.insert(token.clone(), Arc::new(granted));
        token
    }

    /// Revokes all tokens.
    pub(crate) fn revoke(&self) {
        let known = &mut *self.known.write();
        if known.revoked.len() > REMEMBERED {
            known.revoked.clear();
        }
        let tokens = known.valid.drain().map(|(token, _)| token);
        known.revoked.extend(tokens.take(REMEMBERED));
    }

    /// The caller, or the refusal of a missing, unknown, revoked or expired token.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Arc<Granted>, Refusal> {
        let header = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| unauthorized("the access token is empty"))?;
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                unauthorized("the authorization header is not of the form 'Bearer {token}'")
            })?;
        let known = self.known.read();
        match known.valid.get(token) {
            None if known.revoked.contains(token) => {
                Err(unauthorized("the access token was revoked"))
            }
            None => Err(unauthorized("the access token is not known here")),
            Some(granted)
                if granted
                    .expires
                    .is_some_and(|expires| expires <= Instant::now()) =>
            {
                Err(unauthorized("the access token has expired"))
            }
            Some(granted) => Ok(Arc::clone(granted)),
        }
    }
}

pub(crate) fn unauthorized(message: &str) -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        message,
    )
}
