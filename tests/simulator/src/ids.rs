//! The ids of a request.

use axum::http::HeaderMap;
use uuid::Uuid;

/// The two ids of every request: the service's, and the caller's.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    pub(crate) request: String,
    pub(crate) client: String,
}

impl Ids {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let request = Uuid::from_u128(fastrand::u128(..)).to_string();
        let client = headers
            .get("client-request-id")
            .and_then(|value| value.to_str().ok())
            .map_or_else(|| request.clone(), str::to_owned);
        Self { request, client }
    }
}
