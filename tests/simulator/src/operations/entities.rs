//! Entities of any contract: create, read, update, delete, list, count, delta, content.

use axum::http::header::{ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entity_view::{expanded, shown, stamp};
use super::page::{self, Page};
use super::{Context, content, list};
use crate::entities::{Entity, Item, Kind};
use crate::error::Refusal;
use crate::object::{Object, serialised, text_of};
use crate::response::Response;
use crate::time::Ticks;

/// A: the most that `$top` may ask for.
const LARGEST: usize = 999;

/// Where an operation finds its thing.
pub(super) struct Place<'a> {
    pub(super) entity: &'a Entity,
    /// The collection's concrete path.
    pub(super) path: String,
    pub(super) id: String,
}

pub(super) fn respond(
    context: &Context<'_>,
    entity: &Entity,
    parameters: &[String],
) -> Result<Response, Refusal> {
    let place = place(context, entity, parameters)?;
    match entity.kind {
        Kind::List => items(context, &place),
        Kind::Count => count(context, &place),
        Kind::Delta => super::delta::respond(context, entity, &place.path),
        Kind::Create => create(context, &place),
        Kind::Get => get(context, &place),
        Kind::Update | Kind::Replace => write(context, &place),
        Kind::Delete => delete(context, &place),
        Kind::GetContent => content::get(context, &place),
        Kind::PutContent => content::put(context, &place),
    }
}

/// Puts the parameters into the path; everything on the way has to be there.
fn place<'a>(
    context: &Context<'_>,
    entity: &'a Entity,
    parameters: &[String],
) -> Result<Place<'a>, Refusal> {
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
    Ok(Place {
        entity,
        path,
        id: values.next().cloned().unwrap_or_default(),
    })
}

fn items(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
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
        Page {
            context: place.path.trim_start_matches('/').to_owned(),
            items,
            total: query.count.then_some(found.total),
            start: query.start(),
            next: found.next,
        },
    ))
}

fn count(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
    list::takes_text(context)?;
    let query = context.list_query(&place.entity.schema)?;
    let entities = &context.service.entities;
    let found = entities.page(&place.path, &query, 1, context.freshness());
    Ok(Response::text(StatusCode::OK, found.total.to_string()))
}

fn create(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
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

fn get(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
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

fn write(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
    let replaces = place.entity.kind == Kind::Replace;
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

fn delete(context: &Context<'_>, place: &Place<'_>) -> Result<Response, Refusal> {
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

/// What is sent after a write: the thing, or nothing where the contract says so.
pub(super) fn written_response(
    context: &Context<'_>,
    place: &Place<'_>,
    written: Option<Item>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let Some(item) = written.filter(|_| context.operation.success.schema.is_some()) else {
        return Ok(Response::text(StatusCode::NO_CONTENT, ""));
    };
    let etag = item.etag();
    let object = shown(context, place, item, &[])?;
    let response = Response::json(status, &Value::Object(object));
    Ok(with(response, ETAG, &etag))
}

/// The body, held against the schema of the request.
fn body(context: &Context<'_>, place: &Place<'_>) -> Result<Object, Refusal> {
    let schema = context
        .operation
        .request
        .as_ref()
        .and_then(|request| request.schema.as_deref())
        .unwrap_or(&place.entity.schema);
    context.body(schema, Some(&place.entity.schema))
}

/// D: a write with `If-Match` is carried out on that version only.
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
