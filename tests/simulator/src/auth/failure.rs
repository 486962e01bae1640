//! Errors of the sign-in protocol, in the token endpoint's format.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::response::Response;
use crate::time::Ticks;

/// A protocol error: its name, the service's number, and its description.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) name: Cow<'static, str>,
    pub(crate) number: u32,
    pub(crate) status: StatusCode,
    pub(crate) message: Cow<'static, str>,
}

impl Failure {
    pub(crate) fn new(
        name: &'static str,
        number: u32,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            name: name.into(),
            number,
            status: Self::usual_status(name),
            message: message.into(),
        }
    }

    /// An error on demand.
    pub(crate) fn named(name: &str, status: StatusCode) -> Self {
        let number = match name {
            "temporarily_unavailable" => 90_033,
            "authorization_pending" => 70_016,
            "authorization_declined" => 70_018,
            "bad_verification_code" => 70_019,
            "expired_token" => 70_020,
            "invalid_grant" => 700_082,
            "invalid_client" => 7_000_215,
            "interaction_required" => 50_076,
            "unauthorized_client" => 700_016,
            "invalid_scope" => 70_011,
            _ => 90_000,
        };
        Self {
            name: name.to_owned().into(),
            number,
            status,
            message: "the request failed on demand".into(),
        }
    }

    /// The status of an error.
    pub(crate) fn usual_status(name: &str) -> StatusCode {
        match name {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(crate) fn response(&self) -> Response {
        Response::json(
            self.status,
            &json!({
                "error": self.name,
                "error_description": format!("AADSTS{}: {}", self.number, self.message),
                "error_codes": [self.number],
                "timestamp": Ticks::now().utc().format("%Y-%m-%d %H:%M:%SZ").to_string(),
                "trace_id": Uuid::from_u128(fastrand::u128(..)).to_string(),
                "correlation_id": Uuid::from_u128(fastrand::u128(..)).to_string(),
            }),
        )
    }
}
