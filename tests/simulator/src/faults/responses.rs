//! Faults that take the place of a response, or spoil how it is delivered.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};

use super::Fault;
use crate::call::Ids;
use crate::error::Refusal;
use crate::profile::{Profile, RetryAfter};
use crate::response::Response;
use crate::time::Ticks;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>Something in between could not reach the service</h1></body></html>";

/// The response that a fault puts in the place of the service's own, and whether the request is carried out first.
pub(crate) fn instead(fault: &Fault, ids: &Ids, profile: &Profile) -> Option<(Response, bool)> {
    match fault {
        Fault::Status {
            status,
            retry_after,
            retry_after_form,
            applied,
        } => {
            let status = status_of(*status);
            let mut response =
                Refusal::new(status, code_of(status), "the request failed on demand")
                    .response(ids, profile);
            if let Some(seconds) = retry_after
                && let Some(value) =
                    retry_after_value(*retry_after_form, Duration::from_secs(*seconds))
            {
                response = response.with(RETRY_AFTER, value);
            }
            Some((response, *applied))
        }
        Fault::HtmlError { status } => Some((
            Response::bytes(status_of(*status), "text/html", PAGE),
            false,
        )),
        Fault::EmptyError { status } => Some((Response::text(status_of(*status), ""), false)),
        Fault::HtmlSuccess => Some((Response::bytes(StatusCode::OK, "text/html", PAGE), false)),
        Fault::ResetBefore => {
            let mut response = Response::text(StatusCode::OK, "");
            response.delivery.reset = true;
            Some((response, false))
        }
        _ => None,
    }
}

/// Spoils the delivery of a response.
pub(crate) fn spoil(fault: &Fault, response: &mut Response) {
    let delivery = &mut response.delivery;
    match fault {
        Fault::LateResponse { milliseconds } => {
            delivery.delay += Duration::from_millis(*milliseconds)
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
        _ => {}
    }
}

/// The header's value in that form.
pub(crate) fn retry_after_value(form: RetryAfter, wait: Duration) -> Option<HeaderValue> {
    // The fraction of a second counts in full: a caller that obeys must be granted.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let text = match form {
        RetryAfter::Absent => return None,
        RetryAfter::Seconds => seconds.to_string(),
        RetryAfter::Date => {
            // A date has whole seconds: rounding up again keeps the promise.
            let until = Ticks(Ticks::now().0 + (seconds as i64 + 1) * Ticks::PER_SECOND);
            until.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
        }
    };
    HeaderValue::from_str(&text).ok()
}

fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The code that goes with a status, as far as reports show it.
fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BadRequest",
        401 => "InvalidAuthenticationToken",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => "UnknownError",
    }
}
