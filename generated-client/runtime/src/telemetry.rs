//! Traces, after OpenTelemetry's conventions for HTTP clients: no bodies, no queries, no secrets.
//!
//! One span a call, with the number of repetitions; nothing is allocated when nobody listens.

use std::time::Duration;

use tracing::field::Empty;
use tracing::{Span, debug};

use crate::core::{Address, Response};
use crate::error::Error;
use crate::operation::Operation;

/// The span of a call.
pub(crate) fn span(operation: &Operation, address: &Address) -> Span {
    tracing::info_span!(
        target: "graph_client",
        "request",
        otel.name = format_args!("{} {}", operation.method(), operation.path()),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = operation.method(),
        url.template = operation.path(),
        server.address = address.host(),
        server.port = address.port(),
        graph.operation = operation.id(),
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        graph.request_id = Empty,
        graph.client_request_id = Empty,
        error.type = Empty,
    )
}

/// The call is over and has an answer.
pub(crate) fn succeeded(span: &Span, answer: &Response, attempts: u32, client_request_id: &str) {
    if span.is_disabled() {
        return;
    }
    let request_id = answer.request_id();
    record(
        span,
        Some(answer.status),
        attempts,
        request_id.as_deref(),
        client_request_id,
    );
}

/// The call is over and has failed.
pub(crate) fn failed(span: &Span, error: &Error) {
    if span.is_disabled() {
        return;
    }
    record(
        span,
        error.status(),
        error.attempts(),
        error.request_id(),
        error.client_request_id().unwrap_or_default(),
    );
    span.record("otel.status_code", "ERROR");
    match (error.code(), error.status()) {
        (Some(code), _) => span.record("error.type", code),
        (None, Some(status)) => span.record("error.type", status),
        (None, None) => span.record("error.type", tracing::field::debug(error.kind())),
    };
}

fn record(
    span: &Span,
    status: Option<u16>,
    attempts: u32,
    request_id: Option<&str>,
    client_request_id: &str,
) {
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(id) = request_id {
        span.record("graph.request_id", id);
    }
    span.record("graph.client_request_id", client_request_id);
}

/// An attempt has failed and will be repeated.
pub(crate) fn repeated(error: &Error, attempt: u32, delay: Duration) {
    debug!(
        target: "graph_client",
        attempt,
        delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        http.response.status_code = error.status(),
        graph.request_id = error.request_id(),
        "repeating the request"
    );
}
