//! Create a comment: appended, and answered with the whole list.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body;
use crate::answer::Answer;
use crate::error::Refusal;
use crate::service::Context;

pub(crate) fn create(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let body = body(context.call)?;
    let text = match body.get("comment") {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        _ => return Err(Refusal::bad_request("'comment' is missing or not a text").at("comment")),
    };
    let written = context.service.store.write(id, |incident, at| {
        let comment = json!({
            "@odata.type": "#microsoft.graph.security.alertComment",
            "comment": text,
            "createdByDisplayName": context.caller.name,
            "createdDateTime": at.to_string(),
        });
        let comments = incident.entry("comments").or_insert_with(|| json!([]));
        if !comments.is_array() {
            *comments = json!([]);
        }
        if let Value::Array(list) = comments {
            list.push(comment);
        }
        Ok(comments.clone())
    })?;
    context.service.ledger.write(
        written.at,
        context.operation,
        id,
        &context.ids.request,
        json!({"comment": text}),
    );
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"value": written.result}),
    ))
}
