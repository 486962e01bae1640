//! Moves alerts to another incident, or to a new one if `incidentId` is null.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::comment::append;
use crate::contract::Permissions;
use crate::error::Refusal;
use crate::object::{Object, text_of};
use crate::response::Response;
use crate::store::{Move, Moved};
use crate::time::Ticks;

/// D: moving also needs the right to write incidents.
const INCIDENTS: &str = "SecurityIncident.ReadWrite.All";

pub(crate) fn alerts(context: &Context<'_>) -> Result<Response, Refusal> {
    context.caller.may(&Permissions {
        delegated: vec![INCIDENTS.to_owned()],
        application: vec![INCIDENTS.to_owned()],
    })?;
    let body = context.body("MoveAlertsRequest", None)?;
    // A: only an explicit null opens a new incident.
    let target = match body.get("incidentId") {
        Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.as_str()),
        _ => {
            let problem = "'incidentId' is missing: name an incident, or null for a new one";
            return Err(Refusal::bad_request(problem).at("incidentId"));
        }
    };
    let ids = body.get("alertIds").and_then(Value::as_array);
    let ids: Vec<&str> = ids
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let comment = text_of(&body, "alertComment");
    let author = context.caller.name();
    let note = |alert: &mut Object, at: Ticks| {
        if let Some(comment) = comment {
            append(alert, comment, &author, &at.to_string());
        }
    };
    let (target, moved) = context.service.store.move_alerts(&Move {
        alerts: &ids,
        target,
        author: &author,
        note: &note,
    })?;
    for Moved {
        incident,
        alert,
        at,
    } in moved
    {
        let change = json!({"incidentId": target});
        match alert {
            Some(alert) => context.record_alert(at, &incident, &alert, change),
            None => context.record(
                at,
                &incident,
                json!({"alertIds": ids, "incidentId": target}),
            ),
        }
    }
    Ok(Response::json(
        StatusCode::OK,
        &json!({
            "@odata.context": context.metadata("microsoft.graph.security.mergeResponse"),
            "targetIncidentId": target,
        }),
    ))
}
