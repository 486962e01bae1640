//! Creates a comment: it is appended, and the response has the whole list.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use crate::error::Refusal;
use crate::object::{Object, text_of};
use crate::response::Response;

pub(crate) fn create(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    if !context.service.store.contains(id) {
        return Err(Refusal::incident_not_found(id));
    }
    let body = context.body("IncidentCommentCreate", None)?;
    let text = text_of(&body, "comment").unwrap_or_default();
    let written = context.service.store.write(id, |incident, at| {
        Ok(append(
            incident,
            text,
            &context.caller.name(),
            &at.to_string(),
        ))
    })?;
    context.record(written.at, id, json!({"comment": text}));
    all(
        context,
        &format!("security/incidents('{id}')"),
        written.result,
    )
}

/// The response to a comment: all comments of the incident or alert.
pub(super) fn all(
    context: &Context<'_>,
    subject: &str,
    mut comments: Vec<Value>,
) -> Result<Response, Refusal> {
    let view = context.view("AlertComment")?;
    for comment in &mut comments {
        if let Value::Object(comment) = comment {
            view.apply("AlertComment", comment);
        }
    }
    Ok(Response::json(
        StatusCode::OK,
        &json!({
            "@odata.context": context.metadata(&format!("{subject}/comments")),
            "value": comments,
        }),
    ))
}

/// Appends a comment, and returns all of them.
pub(super) fn append(incident: &mut Object, text: &str, author: &str, at: &str) -> Vec<Value> {
    let mut comments = match incident.remove("comments") {
        Some(Value::Array(comments)) => comments,
        _ => Vec::new(),
    };
    comments.push(json!({
        "@odata.type": "#microsoft.graph.security.alertComment",
        "comment": text,
        "createdByDisplayName": author,
        "createdDateTime": at,
    }));
    incident.insert("comments".to_owned(), Value::Array(comments.clone()));
    comments
}
