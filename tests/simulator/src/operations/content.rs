//! The content of an entity: bytes of any type, such as a photo or a file.

use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use serde_json::json;

use super::Context;
use super::entity_location::{EntityLocation, check_match, header, not_found, with};
use super::entity_view::{has, schema, stamp, written_response};
use crate::entities::{Content, Item};
use crate::error::Refusal;
use crate::object::Object;
use crate::response::Response;
use crate::time::Ticks;

pub(super) fn get(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let item = context
        .service
        .entities
        .get(&place.path, &place.id, context.freshness())
        .ok_or_else(|| not_found(&place.id))?;
    let etag = item.etag();
    let content = item
        .content
        .ok_or_else(|| Refusal::not_found(format!("'{}' has no content", place.id)))?;
    let mut response = Response::text(StatusCode::OK, content.bytes);
    response.content_type = HeaderValue::from_str(&content.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    Ok(with(response, ETAG, &etag))
}

/// Content can be put before the entity exists, and creates it.
pub(super) fn put(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let media_type = header(context, CONTENT_TYPE).unwrap_or("application/octet-stream");
    let content = Content {
        media_type: media_type.to_owned(),
        bytes: context.call.body.clone(),
    };
    let mut is_new = false;
    let written = context
        .service
        .entities
        .write(&place.path, &place.id, |current| {
            check_match(context, current)?;
            is_new = current.is_none();
            let mut item = current.cloned().unwrap_or_else(|| Item::new(Object::new()));
            if !place.entity.is_single {
                item.object.insert("id".to_owned(), json!(place.id));
            }
            if has(schema(context, place), "size") {
                item.object
                    .insert("size".to_owned(), json!(content.bytes.len()));
            }
            stamp(context, place, &mut item.object, is_new);
            item.content = Some(content);
            Ok(Some(item))
        })?;
    context.record(Ticks::now(), &place.id, json!({"content": media_type}));
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    written_response(context, place, written, status)
}
