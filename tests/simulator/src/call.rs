//! A request as the service sees it, whichever way it came in.

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::error::Refusal;

/// The two names that every request has: the service's, and the caller's own.
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

/// A request with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Raw, percent-encoded, from the slash on.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Scheme and authority under which the caller reached the service: links lead back there.
    pub(crate) origin: String,
}

impl Call {
    /// Path and query as they stood in the request line.
    pub(crate) fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Whether it is for beta, which has what v1.0 lacks.
    pub(crate) fn is_beta(&self) -> bool {
        !self.path.starts_with("/v1.0/")
    }

    /// Whether the caller states a preference.
    pub(crate) fn prefers(&self, preference: &str) -> bool {
        self.headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|stated| stated.trim().eq_ignore_ascii_case(preference))
    }

    /// The decoded segments of the path.
    pub(crate) fn segments(&self) -> Result<Vec<String>, Refusal> {
        self.path
            .trim_start_matches('/')
            .split('/')
            .map(decoded)
            .collect()
    }

    /// The decoded query options, in order.
    pub(crate) fn options(&self) -> Result<Vec<(String, String)>, Refusal> {
        self.query
            .iter()
            .flat_map(|query| query.split('&'))
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((
                    decoded(&name.replace('+', " "))?,
                    decoded(&value.replace('+', " "))?,
                ))
            })
            .collect()
    }
}

fn decoded(text: &str) -> Result<String, Refusal> {
    percent_decode_str(text)
        .decode_utf8()
        .map(|text| text.into_owned())
        .map_err(|_| Refusal::bad_request("the address is not valid UTF-8 once it is decoded"))
}
