//! The path of an operation's entity, and the headers for its version.

use axum::http::header::{HeaderName, IF_MATCH};
use axum::http::{HeaderValue, StatusCode};

use super::Context;
use crate::entities::{Entity, Item};
use crate::error::Refusal;
use crate::response::Response;

/// The path of an operation's entity.
pub(super) struct EntityLocation<'a> {
    pub(super) entity: &'a Entity,
    /// The collection's concrete path.
    pub(super) path: String,
    pub(super) id: String,
}

/// Replaces the parameters of the path; every entity on the way must exist.
pub(super) fn locate<'a>(
    context: &Context<'_>,
    entity: &'a Entity,
    parameters: &[String],
) -> Result<EntityLocation<'a>, Refusal> {
    let service = context.service;
    let mut values = parameters.iter();
    let (mut template, mut path) = (String::new(), String::new());
    for segment in entity.collection.trim_start_matches('/').split('/') {
        if segment.starts_with('{') {
            let id = values.next().map_or("", String::as_str);
            let known = service.catalogue.schema_of(&template).is_some();
            if known && !service.entities.contains(&path, id) {
                return Err(not_found(id));
            }
            path = format!("{path}/{id}");
        } else {
            path = format!("{path}/{segment}");
        }
        template = format!("{template}/{segment}");
    }
    Ok(EntityLocation {
        entity,
        path,
        id: values.next().cloned().unwrap_or_default(),
    })
}

/// D: a write with `If-Match` applies to that version only.
pub(super) fn check_match(context: &Context<'_>, current: Option<&Item>) -> Result<(), Refusal> {
    let Some(wanted) = header(context, IF_MATCH) else {
        return Ok(());
    };
    let fits = current.is_some_and(|item| wanted == "*" || wanted == item.etag());
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::PRECONDITION_FAILED,
        "PreconditionFailed",
        "the ETag in 'If-Match' is not the current one",
    ))
}

pub(super) fn header<'a>(context: &'a Context<'_>, name: HeaderName) -> Option<&'a str> {
    context
        .call
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
}

pub(super) fn with(response: Response, name: HeaderName, value: &str) -> Response {
    match HeaderValue::from_str(value) {
        Ok(value) => response.with(name, value),
        Err(_) => response,
    }
}

pub(super) fn not_found(id: &str) -> Refusal {
    Refusal::not_found(format!("'{id}' does not exist"))
}
