//! Traces by OpenTelemetry's conventions for HTTP clients: no bodies, no queries, no secrets.
//!
//! One span for each call, and one event for each call that was retried, throttled or failed; the README of this
//! package lists levels and fields. Without a subscriber, nothing is allocated.

use std::time::Duration;

use tracing::field::Empty;
use tracing::{Span, debug, info, warn};

use crate::core::{Address, Response, subject_of};
use crate::error::{Error, line};
use crate::operation::Operation;

/// The maximum length of a traced identifier, in characters.
const LONGEST_ID: usize = 100;

/// The result of a call.
pub(crate) struct CallOutcome<'a> {
    pub(crate) attempts: u32,
    pub(crate) client_request_id: &'a str,
    pub(crate) elapsed: Duration,
    /// Whether it had to wait: the service responded with 429, or the rate limiter was full.
    pub(crate) is_throttled: bool,
}

/// The span of a call.
pub(crate) fn span(operation: &Operation, url: &url::Url, address: &Address) -> Span {
    let span = tracing::info_span!(
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
        graph.id = Empty,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        graph.request_id = Empty,
        graph.client_request_id = Empty,
        error.type = Empty,
    );
    if !span.is_disabled()
        && let Some(id) = subject_of(operation, url, address)
    {
        span.record("graph.id", line(&id, LONGEST_ID));
    }
    span
}

/// Reports a requested delay in a form that is not known.
pub(crate) fn unreadable_delay(header: &str, value: &str) {
    warn!(
        target: "graph_client",
        header,
        value = %line(value, LONGEST_ID),
        "the delay that the service asks for cannot be read: the usual one applies"
    );
}

/// Reports a token whose lifetime is in a form that is not known.
#[cfg(feature = "oauth")]
pub(crate) fn unreadable_lifetime(what: &str) {
    warn!(
        target: "graph_client",
        "the lifetime of the token from the {what} cannot be read: it is used until the service refuses it"
    );
}

/// Records that the call ended with a response.
pub(crate) fn succeeded(span: &Span, response: &Response, outcome: &CallOutcome<'_>) {
    if span.is_disabled() {
        return;
    }
    let request_id = response.request_id();
    record(span, Some(response.status), request_id.as_deref(), outcome);
    let (attempts, elapsed_ms) = (outcome.attempts, millis(outcome.elapsed));
    span.in_scope(|| match (outcome.is_throttled, attempts) {
        (true, _) => {
            info!(target: "graph_client", attempts, elapsed_ms, "succeeded after throttling");
        }
        (false, 2..) => {
            info!(target: "graph_client", attempts, elapsed_ms, "succeeded after repetition");
        }
        (false, _) => {}
    });
}

/// Records that the call failed.
pub(crate) fn failed(span: &Span, error: &Error, outcome: &CallOutcome<'_>) {
    if span.is_disabled() {
        return;
    }
    record(span, error.status(), error.request_id(), outcome);
    span.record("otel.status_code", "ERROR");
    match (error.code(), error.status()) {
        (Some(code), _) => span.record("error.type", line(code, LONGEST_ID)),
        (None, Some(status)) => span.record("error.type", status),
        (None, None) => span.record("error.type", tracing::field::debug(error.kind())),
    };
    let (attempts, elapsed_ms) = (outcome.attempts, millis(outcome.elapsed));
    span.in_scope(|| warn!(target: "graph_client", attempts, elapsed_ms, %error, "failed"));
}

fn record(span: &Span, status: Option<u16>, request_id: Option<&str>, outcome: &CallOutcome<'_>) {
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    if outcome.attempts > 1 {
        span.record("http.request.resend_count", outcome.attempts - 1);
    }
    if let Some(id) = request_id {
        span.record("graph.request_id", line(id, LONGEST_ID));
    }
    span.record("graph.client_request_id", outcome.client_request_id);
}

/// Records that an attempt failed and will be retried.
pub(crate) fn repeated(error: &Error, attempt: u32, delay: Duration) {
    debug!(
        target: "graph_client",
        attempt,
        delay_ms = millis(delay),
        http.response.status_code = error.status(),
        %error,
        "repeating the request"
    );
}

/// Records that a sign-in failed and will be retried.
pub(crate) fn sign_in_repeated(error: &Error, attempt: u32, delay: Duration) {
    debug!(target: "graph_client", attempt, delay_ms = millis(delay), %error, "repeating the sign-in");
}

/// Records that a sign-in succeeded after retries.
pub(crate) fn sign_in_succeeded(attempts: u32) {
    info!(target: "graph_client", attempts, "signed in after repetition");
}

/// Records that a chain has found its credential.
#[cfg(feature = "oauth")]
pub(crate) fn chosen(source: &str) {
    debug!(target: "graph_client", source, "credential found");
}

/// Records that the next run needs a new sign-in.
#[cfg(feature = "oauth")]
pub(crate) fn not_remembered(error: &dyn std::error::Error) {
    warn!(target: "graph_client", %error, "failed to remember the sign-in");
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Counts warnings, for tests.
#[cfg(test)]
pub(crate) mod counted {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    #[derive(Clone, Default)]
    struct Warnings(Arc<AtomicUsize>);

    impl Subscriber for Warnings {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() == Level::WARN
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, _: &Event<'_>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// The number of warnings of some work on this thread.
    pub(crate) fn warnings(work: impl FnOnce()) -> usize {
        let counted = Warnings::default();
        tracing::subscriber::with_default(counted.clone(), work);
        counted.0.load(Ordering::Relaxed)
    }
}
