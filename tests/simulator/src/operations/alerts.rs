//! The alerts of an incident.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::error::Refusal;
use crate::service::Context;

pub(crate) fn list(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let alerts = all(context, id)?;
    Ok(Answer::json(StatusCode::OK, &json!({"value": alerts})))
}

pub(crate) fn get(context: &Context<'_>, id: &str, alert: &str) -> Result<Answer, Refusal> {
    let found = all(context, id)?
        .into_iter()
        .find(|candidate| candidate["id"] == alert)
        .ok_or_else(|| {
            Refusal::not_found(format!(
                "alert '{alert}' does not belong to incident '{id}'"
            ))
        })?;
    Ok(Answer::json(StatusCode::OK, &found))
}

fn all(context: &Context<'_>, id: &str) -> Result<Vec<Value>, Refusal> {
    let alerts = context
        .service
        .store
        .alerts(id)
        .ok_or_else(|| Refusal::incident_not_found(id))?;
    Ok(alerts
        .iter()
        .filter_map(|text| serde_json::from_slice(text).ok())
        .collect())
}
