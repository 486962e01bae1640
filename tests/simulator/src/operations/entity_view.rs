//! An entity as its caller sees it, and the times that the service sets.

use axum::http::StatusCode;
use axum::http::header::ETAG;
use serde_json::{Value, json};

use super::Context;
use super::entity_location::{EntityLocation, with};
use crate::contract::{ObjectSchema, Shape};
use crate::entities::{Below, Item};
use crate::error::Refusal;
use crate::object::{Object, text_of};
use crate::response::Response;
use crate::time::Ticks;

/// The names in `$expand`, each of which is below the entity.
pub(super) fn expanded(
    context: &Context<'_>,
    place: &EntityLocation<'_>,
) -> Result<Vec<String>, Refusal> {
    let names = context.options.list("$expand")?;
    for name in &names {
        if context
            .service
            .catalogue
            .below(&place.entity.collection, name)
            .is_none()
        {
            return Err(Refusal::bad_request(format!(
                "Could not find a navigation property named '{name}' on type '{}'.",
                crate::validate::type_name(&place.entity.schema)
            ))
            .at("$expand"));
        }
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// A thing as its caller sees it.
pub(super) fn shown(
    context: &Context<'_>,
    place: &EntityLocation<'_>,
    item: Item,
    expanded: &[String],
) -> Result<Object, Refusal> {
    let etag = item.etag();
    let mut object = item.object;
    let id = text_of(&object, "id").unwrap_or_default().to_owned();
    let mut view = context.view(&place.entity.schema)?;
    for name in expanded {
        let below = format!("{}/{id}/{name}", place.path);
        let value = match context
            .service
            .catalogue
            .below(&place.entity.collection, name)
        {
            Some(Below::Many) => context
                .service
                .entities
                .all(&below)
                .into_iter()
                .map(|item| Value::Object(item.object))
                .collect(),
            Some(Below::One) => context
                .service
                .entities
                .get(&below, "", context.freshness())
                .map_or(Value::Null, |item| Value::Object(item.object)),
            None => Value::Null,
        };
        object.insert(name.clone(), value);
        view.expanded.push(name.clone());
    }
    view.apply(&place.entity.schema, &mut object);
    object.insert("@odata.etag".to_owned(), json!(etag));
    Ok(object)
}

/// The response to a write: the entity, or nothing if the contract says so.
pub(super) fn written_response(
    context: &Context<'_>,
    place: &EntityLocation<'_>,
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

/// The times that the service sets, if the schema has them.
pub(super) fn stamp(
    context: &Context<'_>,
    place: &EntityLocation<'_>,
    object: &mut Object,
    is_new: bool,
) {
    let now = json!(Ticks::now().to_string());
    for (name, applies) in [
        ("createdDateTime", is_new),
        ("lastModifiedDateTime", true),
        ("lastUpdateDateTime", true),
    ] {
        if applies && has(schema(context, place), name) {
            object.insert(name.to_owned(), now.clone());
        }
    }
}

pub(super) fn schema<'a>(
    context: &'a Context<'_>,
    place: &EntityLocation<'_>,
) -> Option<&'a ObjectSchema> {
    context.service.contract.object(&place.entity.schema)
}

pub(super) fn has(schema: Option<&ObjectSchema>, name: &str) -> bool {
    schema.is_some_and(|schema| {
        schema.properties.get(name).is_some_and(|property| {
            matches!(property.shape, Shape::String { .. } | Shape::Integer { .. })
        })
    })
}
