//! Bearer tokens: who calls, what they were granted, and until when.

pub(crate) mod endpoint;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use parking_lot::RwLock;
use tokio::time::Instant;
use uuid::Uuid;

use crate::contract::Permissions;
use crate::error::Refusal;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The application (client) id.
    pub(crate) application: String,
    /// The person on whose behalf it calls; none when it calls for itself.
    pub(crate) user: Option<String>,
    /// Scopes of a person's token, roles of an application's.
    pub(crate) permissions: Vec<String>,
}

impl Caller {
    /// How the caller is named in comments and in `lastModifiedBy`.
    pub(crate) fn name(&self) -> String {
        match &self.user {
            Some(user) => user.clone(),
            None => format!("API-App:{}", self.application),
        }
    }

    /// Whether one of the permissions that an operation asks for was granted.
    pub(crate) fn may(&self, required: &Permissions) -> Result<(), Refusal> {
        let (required, what, kind) = match self.user {
            Some(_) => (&required.delegated, "scopes", "scopes"),
            None => (&required.application, "application roles", "roles"),
        };
        if required.iter().any(|name| self.permissions.contains(name)) {
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

struct Granted {
    caller: Arc<Caller>,
    expires: Option<Instant>,
}

/// The tokens that are valid.
#[derive(Default)]
pub(crate) struct Tokens {
    known: RwLock<HashMap<String, Granted>>,
}

impl Tokens {
    /// A new token, random unless it is given; without a lifetime it never expires.
    pub(crate) fn issue(
        &self,
        token: Option<String>,
        caller: Caller,
        lifetime: Option<Duration>,
    ) -> String {
        let token = token
            .unwrap_or_else(|| format!("sim-{}", Uuid::from_u128(fastrand::u128(..)).simple()));
        let now = Instant::now();
        let mut known = self.known.write();
        known.retain(|_, granted| granted.expires.is_none_or(|expires| expires > now));
        known.insert(
            token.clone(),
            Granted {
                caller: Arc::new(caller),
                expires: lifetime.map(|lifetime| now + lifetime),
            },
        );
        token
    }

    /// Makes all tokens invalid.
    pub(crate) fn revoke(&self) {
        self.known.write().clear();
    }

    /// Who calls, or the refusal that a missing, unknown or expired token earns.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Arc<Caller>, Refusal> {
        let unauthorized = |message: &str| {
            Refusal::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                message,
            )
        };
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
        match known.get(token) {
            None => Err(unauthorized("the access token is not known here")),
            Some(granted)
                if granted
                    .expires
                    .is_some_and(|expires| expires <= Instant::now()) =>
            {
                Err(unauthorized("the access token has expired"))
            }
            Some(granted) => Ok(Arc::clone(&granted.caller)),
        }
    }
}
