//! Operations that a program carries out itself, in the place of the simulator.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::error::Refusal;
use crate::ids::Ids;
use crate::profile::Profile;
use crate::response::Response;

/// What carries out an operation.
pub(crate) type Handler = Arc<dyn Fn(&HandlerRequest) -> HandlerResponse + Send + Sync>;

/// A request for an operation that a program carries out itself. Its token, its permissions and its query options were
/// checked already.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HandlerRequest {
    /// The operation, named as in the contract.
    pub operation: String,
    /// What stood in the path, in order.
    pub parameters: Vec<String>,
    /// The query options, decoded.
    pub query: Vec<(String, String)>,
    /// The body, where it is a JSON object; otherwise null.
    pub body: Value,
}

/// What a handler returns.
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
    /// A status with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, Outcome::Body(body))
    }

    /// 204 without a body.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(204, Outcome::Nothing)
    }

    /// An error in the service's form.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::new(status, Outcome::Error(code.to_owned(), message.to_owned()))
    }

    /// With a header; one that HTTP does not allow is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The response, with an error in the service's form.
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
