//! Faults that replace a response, or disturb its delivery.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use serde_json::json;

use super::Fault;
use crate::error::Refusal;
use crate::ids::Ids;
use crate::profile::{Profile, RetryAfter};
use crate::response::Response;
use crate::retry_after;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>A gateway could not reach the service</h1></body></html>";

/// The noncharacter that represents half of a surrogate pair until the body is bytes.
pub(crate) const LONE_SURROGATE: &str = "\u{fdd0}";

/// A response that replaces the service's own.
pub(crate) struct Instead {
    pub(crate) response: Response,
    /// Whether the request is carried out first.
    pub(crate) applied: bool,
}

/// The response with which a fault replaces the service's.
pub(crate) fn instead(fault: &Fault, ids: &Ids, profile: &Profile) -> Option<Instead> {
    let (mut response, applied) = match fault {
        Fault::Status {
            status,
            retry_after,
            retry_after_form,
            applied,
        } => {
            let status = status_of(*status);
            let response = Refusal::new(status, code_of(status), "the request failed on demand")
                .response(ids, profile);
            (
                with_retry_after(response, *retry_after, *retry_after_form),
                *applied,
            )
        }
        Fault::UnknownError => {
            let refusal = Refusal::new(StatusCode::NOT_FOUND, "UnknownError", "");
            (refusal.response(ids, profile), false)
        }
        Fault::ErrorInSuccess { applied } => {
            let refusal = Refusal::new(
                StatusCode::OK,
                "InternalServerError",
                "the request failed on demand",
            );
            (refusal.response(ids, profile), *applied)
        }
        Fault::EmptyObject => (Response::json(StatusCode::OK, &json!({})), true),
        other => transport(other)?,
    };
    response.is_fault = true;
    Some(Instead { response, applied })
}

/// Responses of intermediaries, and whether the request is carried out first.
pub(super) fn transport(fault: &Fault) -> Option<(Response, bool)> {
    let html = |status| Response::bytes(status, "text/html", PAGE);
    Some(match fault {
        Fault::HtmlError { status } => (html(status_of(*status)), false),
        Fault::EmptyError { status } => (Response::text(status_of(*status), ""), false),
        Fault::HtmlSuccess => (html(StatusCode::OK), false),
        Fault::EmptySuccess => (Response::json_bytes(StatusCode::OK, ""), true),
        Fault::ResetBefore => {
            let mut response = Response::text(StatusCode::OK, "");
            response.delivery.reset = true;
            (response, false)
        }
        _ => return None,
    })
}

pub(super) fn with_retry_after(
    response: Response,
    seconds: Option<u64>,
    form: RetryAfter,
) -> Response {
    let value = seconds.and_then(|seconds| retry_after::value(form, Duration::from_secs(seconds)));
    match value {
        Some(value) => response.with(RETRY_AFTER, value),
        None => response,
    }
}

/// Disturbs the delivery of a response.
pub(crate) fn spoil(fault: &Fault, response: &mut Response) {
    let delivery = &mut response.delivery;
    match fault {
        Fault::LateResponse { milliseconds } => {
            delivery.delay = delivery
                .delay
                .saturating_add(Duration::from_millis(*milliseconds));
        }
        Fault::ResetAfter => delivery.reset = true,
        Fault::TruncatedBody { fraction } => {
            let length = response.body.len() as f64 * fraction.clamp(0.0, 1.0);
            delivery.cut_at = Some((length as usize).min(response.body.len().saturating_sub(1)));
        }
        Fault::SlowBody {
            chunk,
            pause_milliseconds,
        } => {
            delivery.trickle = Some(((*chunk).max(1), Duration::from_millis(*pause_milliseconds)));
        }
        Fault::WrongContentType { content_type } => {
            response.content_type = HeaderValue::from_str(content_type)
                .unwrap_or(HeaderValue::from_static("text/plain"));
        }
        Fault::ByteOrderMark => {
            response.body = [b"\xef\xbb\xbf", response.body.as_ref()].concat().into();
        }
        Fault::LoneSurrogates => {
            let text = String::from_utf8_lossy(&response.body);
            response.body = Bytes::from(text.replace(LONE_SURROGATE, "\\ud83d"));
        }
        _ => {}
    }
}

pub(super) fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The code for a status, as far as reports show it.
fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BadRequest",
        401 => "InvalidAuthenticationToken",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        412 => "PreconditionFailed",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => "UnknownError",
    }
}
