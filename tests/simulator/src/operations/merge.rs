//! Merges incidents: one remains and receives the alerts, the others are redirected to it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::comment::append;
use crate::error::Refusal;
use crate::object::text_of;
use crate::profile::MergeTarget;
use crate::response::Response;
use crate::store::Merged;
use crate::time::Ticks;

pub(crate) fn incidents(context: &Context<'_>) -> Result<Response, Refusal> {
    let body = context.body("MergeIncidentsRequest", None)?;
    let mut ids: Vec<&str> = body
        .get("incidentIds")
        .and_then(Value::as_array)
        .map(|ids| ids.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let named = ids.clone();
    ids.sort_unstable();
    ids.dedup();
    let target = target(context, &named)?;
    if ids.len() < 2 {
        return Err(
            Refusal::bad_request("'incidentIds' must name at least two incidents")
                .at("incidentIds"),
        );
    }
    let comment = text_of(&body, "incidentComment");
    let sources: Vec<&str> = ids.into_iter().filter(|id| *id != target).collect();
    let author = context.caller.name();
    let merged = context
        .service
        .store
        .merge(&sources, target, |incident, is_target, at| {
            if !is_target {
                // C: incidents that were redirected to it before keep their target, so that chains form.
                incident.insert("status".to_owned(), json!("redirected"));
                incident.insert("redirectIncidentId".to_owned(), json!(target));
            } else if let Some(comment) = comment {
                append(incident, comment, &author, &at.to_string());
            }
            incident.insert("lastModifiedBy".to_owned(), json!(author));
        })?;
    for Merged { id, at } in merged {
        let change = if id == target {
            Value::Object(body.clone())
        } else {
            json!({"status": "redirected", "redirectIncidentId": target})
        };
        context.record(at, &id, change);
    }
    Ok(Response::json(
        StatusCode::OK,
        &json!({
            "@odata.context": context.metadata("microsoft.graph.security.mergeResponse"),
            "targetIncidentId": target,
        }),
    ))
}

/// The incident that remains; all must exist, and none may be redirected already.
fn target<'a>(context: &Context<'_>, ids: &[&'a str]) -> Result<&'a str, Refusal> {
    let mut candidates: Vec<(Ticks, &str)> = Vec::new();
    for id in ids {
        let incident = context
            .service
            .store
            .object(id)
            .ok_or_else(|| Refusal::incident_not_found(id))?;
        if text_of(&incident, "status") == Some("redirected") {
            return Err(Refusal::bad_request(format!(
                "incident '{id}' is already merged into another"
            ))
            .at("incidentIds"));
        }
        let created = text_of(&incident, "createdDateTime").and_then(Ticks::parse);
        candidates.push((created.unwrap_or(Ticks(0)), id));
    }
    let survivor = match context.profile.merge_target {
        MergeTarget::First => candidates.first(),
        MergeTarget::Oldest => candidates.iter().min(),
        MergeTarget::Newest => candidates.iter().max(),
    };
    survivor
        .map(|(_, id)| *id)
        .ok_or_else(|| Refusal::bad_request("'incidentIds' is empty").at("incidentIds"))
}
