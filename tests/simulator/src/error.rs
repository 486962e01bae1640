//! Refusals in the service's format.

use std::borrow::Cow;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, RETRY_AFTER};
use serde_json::json;

use crate::ids::Ids;
use crate::profile::Profile;
use crate::response::Response;
use crate::retry_after;
use crate::time::Ticks;

/// A refused request.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) target: Option<Box<str>>,
    /// The allowed methods, for a 405.
    pub(crate) allow: Option<Box<str>>,
    /// The claims that the caller's next token must satisfy.
    pub(crate) claims: Option<Box<str>>,
    /// How long to wait before the next request.
    pub(crate) wait: Option<Duration>,
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            target: None,
            allow: None,
            claims: None,
            wait: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// D: the tenant has used up its quota.
    pub(crate) fn throttled(wait: Duration) -> Self {
        let message = "too many requests were made: wait before the next one";
        Self {
            wait: Some(wait),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        }
    }

    /// Assumed: no source has the body of a 404.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    pub(crate) fn incident_not_found(id: &str) -> Self {
        Self::not_found(format!("incident '{id}' does not exist"))
    }

    pub(crate) fn alert_not_found(id: &str) -> Self {
        Self::not_found(format!("alert '{id}' does not exist"))
    }

    pub(crate) fn at(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into().into_boxed_str());
        self
    }

    pub(crate) fn allowing(mut self, methods: String) -> Self {
        self.allow = Some(methods.into());
        self
    }

    pub(crate) fn challenging(mut self, claims: &str) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// The documented format of an error body.
    pub(crate) fn response(&self, ids: &Ids, profile: &Profile) -> Response {
        let inner = if profile.older_names {
            "innererror"
        } else {
            "innerError"
        };
        let date = Ticks::now().utc().format("%Y-%m-%dT%H:%M:%S").to_string();
        let mut body = json!({"error": {
            "code": self.code,
            "message": self.message,
            inner: {
                "date": date,
                "request-id": ids.request,
                "client-request-id": ids.client,
            },
        }});
        if let Some(target) = &self.target {
            body["error"]["target"] = json!(target);
        }
        let mut response = Response::json(self.status, &body);
        response.claims.clone_from(&self.claims);
        let form = profile.throttling.retry_after;
        let wait = self.wait.and_then(|wait| retry_after::value(form, wait));
        if let Some(wait) = wait {
            response = response.with(RETRY_AFTER, wait);
        }
        match self.allow.as_deref().map(HeaderValue::from_str) {
            Some(Ok(methods)) => response.with(ALLOW, methods),
            _ => response,
        }
    }
}
