//! A request as the service sees it, however it was sent.

use std::borrow::Cow;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::error::Refusal;
use crate::object::Object;

/// A request with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The raw, percent-encoded path, with its leading slash.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Scheme and authority of the request, which links repeat.
    pub(crate) origin: String,
}

impl Call {
    /// Path and query of the request line.
    pub(crate) fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Whether it is for beta, and not for v1.0.
    pub(crate) fn is_beta(&self) -> bool {
        !self.path.starts_with("/v1.0/")
    }

    /// Whether the caller sent a preference.
    pub(crate) fn prefers(&self, preference: &str) -> bool {
        self.headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|stated| stated.trim().eq_ignore_ascii_case(preference))
    }

    /// The decoded segments of the path.
    pub(crate) fn segments(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        let path = self.path.trim_start_matches('/');
        let mut segments = Vec::with_capacity(8);
        for segment in path.split('/') {
            segments.push(decoded(segment)?);
        }
        Ok(segments)
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
                    decoded(&name.replace('+', " "))?.into_owned(),
                    decoded(&value.replace('+', " "))?.into_owned(),
                ))
            })
            .collect()
    }

    /// The body of a request as an object, which is required.
    pub(crate) fn object(&self) -> Result<Object, Refusal> {
        let is_json = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value
                    .trim_start()
                    .to_ascii_lowercase()
                    .starts_with("application/json")
            });
        if !is_json {
            return Err(
                Refusal::bad_request("the content type is not application/json").at("Content-Type"),
            );
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(Refusal::bad_request("the body is not a JSON object")),
            Err(error) => Err(Refusal::bad_request(format!(
                "the body cannot be read as JSON: {error}"
            ))),
        }
    }
}

fn decoded(text: &str) -> Result<Cow<'_, str>, Refusal> {
    // Nearly always there is nothing to decode.
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| Refusal::bad_request("the decoded URL is not valid UTF-8"))
}
