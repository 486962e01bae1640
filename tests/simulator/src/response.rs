//! A response of the service, before it is sent.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use serde_json::Value;

const JSON: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
);

/// A whole response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content_type: HeaderValue,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
    pub(crate) delivery: Delivery,
    /// The claims of a challenge.
    pub(crate) claims: Option<Box<str>>,
    /// Whether it replaces the service's own.
    pub(crate) is_fault: bool,
}

/// How a response is delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// After a delay.
    pub(crate) delay: Duration,
    /// The connection is reset instead.
    pub(crate) reset: bool,
    /// The body ends after this number of bytes.
    pub(crate) cut_at: Option<usize>,
    /// The body is sent in chunks of this number of bytes, with pauses.
    pub(crate) trickle: Option<(usize, Duration)>,
}

impl Response {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::json_bytes(status, body.to_string())
    }

    pub(crate) fn json_bytes(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::of(status, JSON, body)
    }

    pub(crate) fn text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::bytes(status, "text/plain", body)
    }

    pub(crate) fn bytes(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self::of(status, HeaderValue::from_static(content_type), body)
    }

    fn of(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            headers: Vec::new(),
            body: body.into(),
            delivery: Delivery::default(),
            claims: None,
            is_fault: false,
        }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}
