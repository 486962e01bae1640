//! Faults of the token endpoints.

use serde_json::Value;

use super::Fault;
use super::responses::{Instead, status_of, transport, with_retry_after};
use crate::auth::failure::Failure;
use crate::response::Response;

/// The response with which a fault replaces the endpoint's.
pub(crate) fn instead(fault: &Fault) -> Option<Instead> {
    let (response, applied) = match fault {
        Fault::Status {
            status,
            retry_after,
            retry_after_form,
            applied,
        } => {
            let response = Failure::named("temporarily_unavailable", status_of(*status)).response();
            (
                with_retry_after(response, *retry_after, *retry_after_form),
                *applied,
            )
        }
        Fault::TokenError { error } => {
            let status = Failure::usual_status(error);
            (Failure::named(error, status).response(), false)
        }
        Fault::ErrorInSuccess { applied } => {
            let failure = Failure::named("temporarily_unavailable", status_of(200));
            (failure.response(), *applied)
        }
        Fault::EmptyObject => (
            Response::json(status_of(200), &Value::Object(serde_json::Map::new())),
            true,
        ),
        other => transport(other)?,
    };
    Some(Instead { response, applied })
}

/// Alters the endpoint's response.
pub(crate) fn spoil(fault: &Fault, response: &mut Response) {
    if *fault == Fault::ExpiresInText
        && let Ok(Value::Object(mut body)) = serde_json::from_slice(&response.body)
        && let Some(seconds) = body.get("expires_in").and_then(Value::as_u64)
    {
        body.insert("expires_in".to_owned(), Value::from(seconds.to_string()));
        response.body = Value::Object(body).to_string().into();
    }
    super::responses::spoil(fault, response);
}
