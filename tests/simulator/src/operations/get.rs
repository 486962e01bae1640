//! Gets one incident, with its alerts if they are requested.

use axum::http::StatusCode;
use serde_json::Value;

use super::Context;
use super::alerts::expand;
use crate::error::Refusal;
use crate::object::{Object, parsed};
use crate::response::Response;

pub(crate) fn incident(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    let view = context.view("Incident")?;
    let expands = context.options.expands(Some("alerts"), "Incident")?;
    let seen = context
        .service
        .store
        .get(id, context.freshness())
        .ok_or_else(|| Refusal::incident_not_found(id))?;
    let text = if expands {
        let mut incident: Object = parsed(&seen.text);
        expand(context, id, &mut incident);
        view.apply("Incident", &mut incident);
        Value::Object(incident).to_string().into()
    } else {
        view.incident(&seen)
    };
    Ok(Response::json_bytes(
        StatusCode::OK,
        with_context(&context.metadata("security/incidents/$entity"), &text),
    ))
}

/// Adds `@odata.context` to a serialized object.
pub(super) fn with_context(metadata: &str, text: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(text.len() + metadata.len() + 20);
    body.extend_from_slice(br#"{"@odata.context":""#);
    body.extend_from_slice(metadata.as_bytes());
    body.push(b'"');
    match text.get(1..) {
        Some(b"}") | None => body.push(b'}'),
        Some(rest) => {
            body.push(b',');
            body.extend_from_slice(rest);
        }
    }
    body
}
