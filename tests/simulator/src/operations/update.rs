//! Update incident: what is left out keeps its value, null clears, lists are replaced whole.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body;
use crate::answer::{Answer, JSON};
use crate::error::Refusal;
use crate::service::Context;

const ENUMERATIONS: [&str; 4] = ["classification", "determination", "severity", "status"];

pub(crate) fn incident(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let changes = body(context.call)?;
    let written = context.service.store.write(id, |incident, _| {
        for (name, value) in &changes {
            let value = match value {
                Value::String(text) if ENUMERATIONS.contains(&name.as_str()) => json!(camel(text)),
                value => value.clone(),
            };
            incident.insert(name.clone(), value);
        }
        incident.insert(
            "lastModifiedBy".to_owned(),
            json!(format!("API-App:{}", context.caller.app)),
        );
        Ok(())
    })?;
    context.service.ledger.write(
        written.at,
        context.operation,
        id,
        &context.ids.request,
        Value::Object(changes),
    );
    Ok(Answer::bytes(StatusCode::OK, JSON, written.text))
}

fn camel(member: &str) -> String {
    let mut letters = member.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
