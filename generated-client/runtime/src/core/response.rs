//! Reads responses within limits, and reports errors with the reason and the JSON path.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::promise;
use crate::auth;
use crate::data::json::{self, DecodeError};
use crate::data::slot::Slot;
use crate::error::{Effect, Error, Kind, ServiceError, identifier};
use crate::limits::Limits;
use crate::operation::Operation;
use crate::retry;

/// The maximum number of bytes of an error's body that are read.
const ERROR_BYTES: usize = 64 << 10;

/// A complete response.
#[derive(Debug, Clone)]
pub struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    /// The service's id of the request.
    pub(crate) fn request_id(&self) -> Option<String> {
        request_id(&self.headers)
    }

    /// Whether there is no body, and none is expected: the operation returns nothing.
    pub(crate) fn may_be_empty(&self, operation: &Operation) -> bool {
        let returns_nothing =
            self.status == 204 || operation.is_write() || operation.method() == "HEAD";
        self.body.is_empty() && returns_nothing
    }

    /// A response with an unread body.
    pub(super) fn begun(response: &reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        }
    }

    /// Reads the whole response; an error status is an error.
    pub(super) async fn read(
        response: &mut reqwest::Response,
        operation: &Operation,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if status.is_success() {
            let body = body(response, limits.response_bytes).await;
            return match body {
                Ok(body) => Ok(Self {
                    status: status.as_u16(),
                    headers,
                    body,
                }),
                Err(error) => Err(applied(error, operation)
                    .with_status(status.as_u16())
                    .with_request_id(request_id(&headers))),
            };
        }
        let body = beginning(response).await;
        Err(error_of(status.as_u16(), &headers, &body, operation))
    }
}

/// Reads a body completely. A body in one piece is not copied.
async fn body(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, Error> {
    let expected = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if expected.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let Some(first) = piece(response, limit).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = piece(response, limit - first.len()).await? else {
        return Ok(first);
    };
    // The memory for a claimed length is limited to this.
    let claimed = expected.unwrap_or_default().min(1 << 20);
    let mut body = Vec::with_capacity(claimed.max(2 * (first.len() + second.len())));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(next) = piece(response, limit - body.len()).await? {
        body.extend_from_slice(&next);
    }
    Ok(body.into())
}

/// The start of an error's body. An error is reported even if its body cannot be read completely.
async fn beginning(response: &mut reqwest::Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() >= ERROR_BYTES {
            body.truncate(ERROR_BYTES);
            break;
        }
    }
    body
}

/// The next piece of a body, up to a number of bytes.
async fn piece(response: &mut reqwest::Response, left: usize) -> Result<Option<Bytes>, Error> {
    let piece = response.chunk().await.map_err(|error| {
        Error::new(Kind::Lost, "the response ended early").with_source(error.without_url())
    })?;
    match piece {
        Some(piece) if piece.len() > left => Err(too_large()),
        piece => Ok(piece),
    }
}

fn too_large() -> Error {
    Error::new(
        Kind::Limit,
        "the response is larger than `Limits::response_bytes` allows",
    )
}

/// Converts an error status.
pub(crate) fn error_of(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    operation: &Operation,
) -> Error {
    if (300..400).contains(&status) {
        return Error::new(
            Kind::CrossOrigin,
            "the service redirects; redirections are not followed",
        )
        .with_status(status)
        .with_request_id(request_id(headers));
    }
    let effect = match status >= 500 {
        true => promise::possible(operation),
        false => Effect::NotApplied,
    };
    let body = ServiceError::read(body);
    let asked = retry::retry_after(headers).or_else(|| retry::in_words(&body.message));
    Error::new(Kind::Service, "")
        .with_status(status)
        .with_request_id(request_id(headers))
        .with_retry_after(asked)
        .with_effect(effect)
        .with_body(body)
        .with_claims(match status {
            401 => auth::claims(headers),
            _ => None,
        })
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    identifier(headers.get("request-id")?.to_str().ok()?)
}

/// The error of an unreadable response to a write that was carried out.
fn applied(error: Error, operation: &Operation) -> Error {
    error.with_effect(promise::applied(operation))
}

/// Reads a body into a place.
pub(crate) fn value(
    response: &Response,
    operation: &Operation,
    limits: &Limits,
    slot: &mut dyn Slot,
) -> Result<(), Error> {
    json::decode_into(&response.body, slot, limits.memory_bytes)
        .map_err(|error| unreadable(response, operation, error))
}

/// Reads a body as the caller's type.
pub(crate) fn typed<T: DeserializeOwned>(
    response: &Response,
    operation: &Operation,
) -> Result<T, Error> {
    let body: &[u8] = match response.may_be_empty(operation) {
        true => b"null",
        false => &response.body,
    };
    json::decode_as(body).map_err(|error| unreadable(response, operation, error))
}

fn unreadable(response: &Response, operation: &Operation, error: DecodeError) -> Error {
    let described = if response.body.is_empty() {
        Error::new(Kind::Decode, "the response has no body")
    } else if error.is_limit() {
        Error::new(
            Kind::Limit,
            format!("the response takes more memory than `Limits::memory_bytes` allows, {error}"),
        )
    } else if error.is_cut_off() {
        Error::new(Kind::Lost, format!("the response ended early {error}"))
    } else if error.is_broken() {
        Error::new(Kind::Decode, format!("the response is damaged {error}")).transient()
    } else {
        Error::new(
            Kind::Decode,
            format!("the response has an unexpected form, {error}"),
        )
    };
    applied(described, operation)
        .with_source(error)
        .with_status(response.status)
        .with_request_id(response.request_id())
}

/// Reads a body as an integer; some proxies add a byte order mark.
pub(crate) fn number(response: &Response, operation: &Operation) -> Result<i64, Error> {
    let text = String::from_utf8_lossy(&response.body);
    text.trim_start_matches('\u{feff}')
        .trim()
        .parse()
        .map_err(|error: std::num::ParseIntError| {
            let shown: String = text.chars().take(50).collect();
            applied(
                Error::new(
                    Kind::Decode,
                    format!("the response is not an integer: {shown:?}"),
                ),
                operation,
            )
            .with_source(error)
            .with_status(response.status)
            .with_request_id(response.request_id())
        })
}

/// Whether an update was carried out without a response body, so that its result must be read.
pub(crate) fn is_updated_without_content(operation: &Operation, error: &Error) -> bool {
    operation.method() == "PATCH" && error.status() == Some(204)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_response_without_content_can_be_empty() {
        let may = |status: u16, method: &'static str, body: &'static str| {
            let response = Response {
                status,
                headers: HeaderMap::new(),
                body: Bytes::from_static(body.as_bytes()),
            };
            response.may_be_empty(&Operation::new("x", method, "/x", &[]))
        };
        assert!(may(204, "GET", "") && !may(200, "GET", ""));
        assert!(may(200, "PATCH", "") && may(200, "HEAD", ""));
        assert!(!may(204, "GET", "{}") && !may(200, "PATCH", "{}"));
    }
}
