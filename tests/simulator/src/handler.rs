//! Operations that the user's own code handles instead of the simulator.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::error::Refusal;
use crate::ids::Ids;
use crate::profile::Profile;
use crate::response::Response;

/// Handles an operation.
pub(crate) type Handler = Arc<dyn Fn(&HandlerRequest) -> HandlerResponse + Send + Sync>;

/// A request for an operation with a custom handler. Its token, permissions and query options are already checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HandlerRequest {
    /// The operation, named as in the contract.
    pub operation: String,
    /// The values of the path parameters, in order.
    pub parameters: Vec<String>,
    /// The query options, decoded.
    pub query: Vec<(String, String)>,
    /// The body if it is a JSON object; otherwise null.
    pub body: Value,
}

/// The response of a handler.
#[derive(Clone, Debug)]
pub struct HandlerResponse {
    status: u16,
    headers: Vec<(String, String)>,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
enum Outcome {
    Body(Value),
    Nothing,
    Error(String, String),
}

impl HandlerResponse {
    /// Creates a response with a status and a JSON body.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, Outcome::Body(body))
    }

    /// Creates a response with 204 and no body.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(204, Outcome::Nothing)
    }

    /// Creates an error in the service's format.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::new(status, Outcome::Error(code.to_owned(), message.to_owned()))
    }

    /// Adds a header; one that HTTP does not allow is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The response, with an error in the service's format.
    pub(crate) fn response(self, ids: &Ids, profile: &Profile) -> Response {
        let HandlerResponse {
            status,
            headers,
            outcome,
        } = self;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let response = match outcome {
            Outcome::Body(body) => Response::json(status, &body),
            Outcome::Nothing => Response::text(status, ""),
            Outcome::Error(code, message) => {
                Refusal::new(status, code, message).response(ids, profile)
            }
        };
        headers
            .into_iter()
            .fold(response, |response, (name, value)| {
                match (
                    HeaderName::from_bytes(name.as_bytes()),
                    HeaderValue::from_str(&value),
                ) {
                    (Ok(name), Ok(value)) => response.with(name, value),
                    _ => response,
                }
            })
    }

    fn new(status: u16, outcome: Outcome) -> Self {
        Self {
            status,
            headers: Vec::new(),
            outcome,
        }
    }
}
