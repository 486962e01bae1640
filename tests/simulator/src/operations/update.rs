//! Updates an incident: omitted properties keep their values, null clears, lists are replaced as a whole.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::get::with_context;
use crate::error::Refusal;
use crate::response::Response;

pub(crate) fn incident(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    if !context.service.store.contains(id) {
        return Err(Refusal::incident_not_found(id));
    }
    let changes = context.body("IncidentUpdate", Some("Incident"))?;
    let written = context.service.store.write(id, |incident, _| {
        incident.extend(changes.clone());
        incident.insert(
            "lastModifiedBy".to_owned(),
            // C: a write leaves this name, whomever the application acts for.
            json!(format!("API-App:{}", context.caller.application)),
        );
        Ok(())
    })?;
    context.record(written.at, id, Value::Object(changes));
    if context.profile.update_returns_no_content {
        return Ok(Response::text(StatusCode::NO_CONTENT, ""));
    }
    let text = context.view("Incident")?.incident(&written.seen);
    Ok(Response::json_bytes(
        StatusCode::OK,
        with_context(&context.metadata("security/incidents/$entity"), &text),
    ))
}
