//! Entities of any contract: create, read, update, delete, list, count, delta, content.

use axum::http::StatusCode;
use axum::http::header::{ETAG, IF_NONE_MATCH, LOCATION};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entity_location::{EntityLocation, check_match, header, locate, not_found, with};
use super::entity_view::{expanded, shown, stamp, written_response};
use super::page::{self, ListPage};
use super::{Context, content, list};
use crate::entities::{Entity, EntityOperation, Item};
use crate::error::Refusal;
use crate::object::{Object, serialised, text_of};
use crate::response::Response;
use crate::time::Ticks;

/// A: the largest `$top`.
const LARGEST: usize = 999;

pub(super) fn respond(
    context: &Context<'_>,
    entity: &Entity,
    parameters: &[String],
) -> Result<Response, Refusal> {
    let place = locate(context, entity, parameters)?;
    match entity.kind {
        EntityOperation::List => items(context, &place),
        EntityOperation::Count => count(context, &place),
        EntityOperation::Delta => super::delta::respond(context, entity, &place.path),
        EntityOperation::Create => create(context, &place),
        EntityOperation::Get => get(context, &place),
        EntityOperation::Update | EntityOperation::Replace => write(context, &place),
        EntityOperation::Delete => delete(context, &place),
        EntityOperation::GetContent => content::get(context, &place),
        EntityOperation::PutContent => content::put(context, &place),
    }
}

fn items(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let schema = place.entity.schema.as_str();
    let expanded = expanded(context, place)?;
    let query = context.list_query(schema)?;
    let top = match query.top {
        Some(0) => return Err(Refusal::bad_request("$top is below 1").at("$top")),
        Some(top) if top > LARGEST => {
            return Err(Refusal::bad_request(list::limit_exceeded(LARGEST, top)).at("$top"));
        }
        top => top.unwrap_or(context.profile.entity_page_size).max(1),
    };
    let entities = &context.service.entities;
    let found = entities.page(&place.path, &query, top, context.freshness());
    let items = found
        .items
        .into_iter()
        .map(|item| shown(context, place, item, &expanded).map(|object| serialised(&object)))
        .collect::<Result<_, _>>()?;
    Ok(page::respond(
        context,
        ListPage {
            context: place.path.trim_start_matches('/').to_owned(),
            items,
            total: query.count.then_some(found.total),
            start: query.start(),
            next: found.next,
        },
    ))
}

fn count(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    list::takes_text(context)?;
    let query = context.list_query(&place.entity.schema)?;
    let entities = &context.service.entities;
    let found = entities.page(&place.path, &query, 1, context.freshness());
    Ok(Response::text(StatusCode::OK, found.total.to_string()))
}

fn create(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let mut object = body(context, place)?;
    let id = match text_of(&object, "id") {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => Uuid::from_u128(fastrand::u128(..)).to_string(),
    };
    object.insert("id".to_owned(), json!(id));
    stamp(context, place, &mut object, true);
    let change = Value::Object(object.clone());
    let written = context
        .service
        .entities
        .write(&place.path, &id, |current| match current {
            Some(_) => Err(Refusal::new(
                StatusCode::CONFLICT,
                "Conflict",
                format!("'{id}' exists already"),
            )),
            None => Ok(Some(Item::new(object))),
        })?;
    context.record(Ticks::now(), &id, change);
    let location = format!("{}{}/{id}", context.call.origin, context.call.path);
    let response = written_response(context, place, written, StatusCode::CREATED)?;
    Ok(with(response, LOCATION, &location))
}

fn get(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let expanded = expanded(context, place)?;
    let item = context
        .service
        .entities
        .get(&place.path, &place.id, context.freshness())
        .ok_or_else(|| not_found(&place.id))?;
    let etag = item.etag();
    if header(context, IF_NONE_MATCH).is_some_and(|given| given == "*" || given == etag) {
        let response = Response::text(StatusCode::NOT_MODIFIED, "");
        return Ok(with(response, ETAG, &etag));
    }
    let object = shown(context, place, item, &expanded)?;
    let response = Response::json(StatusCode::OK, &Value::Object(object));
    Ok(with(response, ETAG, &etag))
}

fn write(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    let replaces = place.entity.kind == EntityOperation::Replace;
    let changes = body(context, place)?;
    if let Some(id) = changes.get("id")
        && !place.entity.is_single
        && *id != place.id
    {
        return Err(Refusal::bad_request("'id' cannot be changed").at("id"));
    }
    let mut is_new = false;
    let written = context
        .service
        .entities
        .write(&place.path, &place.id, |current| {
            check_match(context, current)?;
            let mut item = match current {
                Some(item) => item.clone(),
                None if replaces => Item::new(Object::new()),
                None => return Err(not_found(&place.id)),
            };
            is_new = current.is_none();
            if replaces {
                item.object.clear();
                if !place.entity.is_single {
                    item.object.insert("id".to_owned(), json!(place.id));
                }
            }
            item.object.extend(changes.clone());
            stamp(context, place, &mut item.object, is_new);
            Ok(Some(item))
        })?;
    context.record(Ticks::now(), &place.id, Value::Object(changes));
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    written_response(context, place, written, status)
}

fn delete(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Response, Refusal> {
    context
        .service
        .entities
        .write(&place.path, &place.id, |current| {
            check_match(context, current)?;
            match current {
                Some(_) => Ok(None),
                None => Err(not_found(&place.id)),
            }
        })?;
    context.record(Ticks::now(), &place.id, Value::Null);
    Ok(Response::text(StatusCode::NO_CONTENT, ""))
}

/// The body, validated against the schema of the request.
fn body(context: &Context<'_>, place: &EntityLocation<'_>) -> Result<Object, Refusal> {
    let schema = context
        .operation
        .request
        .as_ref()
        .and_then(|request| request.schema.as_deref())
        .unwrap_or(&place.entity.schema);
    context.body(schema, Some(&place.entity.schema))
}
