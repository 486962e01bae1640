//! Bearer tokens: who calls, and what they were granted.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use parking_lot::RwLock;

use crate::error::Refusal;

/// What a token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The application (client) id.
    pub(crate) app: String,
    /// How the caller is named in comments and in `lastModifiedBy`.
    pub(crate) name: String,
}

/// The tokens that are valid.
#[derive(Default)]
pub(crate) struct Tokens {
    known: RwLock<HashMap<String, Arc<Caller>>>,
}

impl Tokens {
    pub(crate) fn grant(&self, token: impl Into<String>, caller: Caller) {
        self.known.write().insert(token.into(), Arc::new(caller));
    }

    /// Who calls, or the refusal that a missing or unknown token earns.
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
        self.known
            .read()
            .get(token)
            .cloned()
            .ok_or_else(|| unauthorized("the access token is not known or has expired"))
    }
}
