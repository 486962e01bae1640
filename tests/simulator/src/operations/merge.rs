//! Merge incidents: the first one named is the target, the others are redirected to it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body;
use crate::answer::Answer;
use crate::error::Refusal;
use crate::service::Context;

pub(crate) fn incidents(context: &Context<'_>) -> Result<Answer, Refusal> {
    let body = body(context.call)?;
    let ids: Vec<&str> = body
        .get("incidentIds")
        .and_then(Value::as_array)
        .map(|ids| ids.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let [target, sources @ ..] = ids.as_slice() else {
        return Err(Refusal::bad_request("'incidentIds' names no incident").at("incidentIds"));
    };
    for id in &ids {
        if context.service.store.get(id).is_none() {
            return Err(Refusal::incident_not_found(id));
        }
    }
    for source in sources {
        let written = context.service.store.write(source, |incident, _| {
            incident.insert("status".to_owned(), json!("redirected"));
            incident.insert("redirectIncidentId".to_owned(), json!(target));
            Ok(())
        })?;
        context.service.ledger.write(
            written.at,
            context.operation,
            source,
            &context.ids.request,
            json!({"status": "redirected", "redirectIncidentId": target}),
        );
    }
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"targetIncidentId": target}),
    ))
}
