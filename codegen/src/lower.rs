//! Lowers a model to the small part of OpenAPI that progenitor and typify turn into correct code.
//!
//! What they get wrong is not shown to them: inheritance is flattened or cut at a polymorphic base, null is
//! expressed by leaving a property out of `required`, enumerations and polymorphic types are placeholders that
//! `emit` replaces by types of our own, responses are one JSON value, bounds are gone (they would become
//! `NonZeroU32`), and `additionalProperties` is never written (typify reads two of them as a type without values).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::{
    Content, Kind, Location, Model, Object, Operation, ParameterKind, Property, Shape, Usage,
};

/// What `emit` needs: a description, and the types that are not typify's to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// An OpenAPI 3.0 document.
    pub document: Value,
    /// Rust types by the name of the component that stands for them.
    pub replacements: BTreeMap<String, String>,
}

/// Lowers a model.
#[must_use]
pub fn lower(model: &Model, usage: &Usage) -> Lowered {
    let mut schemas = Map::new();
    let mut replacements = BTreeMap::new();
    for (type_name, schema) in &model.schemas {
        if usage.errors.contains(type_name) {
            continue;
        }
        let lowered = match &schema.kind {
            Kind::Enumeration(enumeration) => {
                let replacement = match enumeration.flags {
                    true => format!("runtime::Flags<{type_name}>"),
                    false => type_name.clone(),
                };
                replacements.insert(type_name.clone(), replacement);
                json!({"type": "string"})
            }
            Kind::Open => {
                replacements.insert(type_name.clone(), "JsonMap".to_owned());
                json!({"type": "object"})
            }
            Kind::Page(_) => {
                replacements.insert(type_name.clone(), page_type(model, type_name));
                json!({"type": "object"})
            }
            Kind::Object(object) if model.is_polymorphic(type_name) => {
                replacements.insert(type_name.clone(), type_name.clone());
                schemas.insert(
                    crate::plan::base_type_name(type_name),
                    self_contained(model, usage, type_name, object),
                );
                json!({"type": "object"})
            }
            Kind::Object(object) => self_contained(model, usage, type_name, object),
        };
        schemas.insert(type_name.clone(), lowered);
    }
    let document = json!({
        "openapi": "3.0.3",
        // Fixed texts: neither a header nor a doc comment of ours comes from here.
        "info": {"title": "lowered", "version": "0"},
        "paths": paths(model),
        "components": {"schemas": schemas},
    });
    Lowered {
        document,
        replacements,
    }
}

fn page_type(model: &Model, type_name: &str) -> String {
    match model.schema(type_name).map(|schema| &schema.kind) {
        Some(Kind::Page(item)) => format!("runtime::Page<{}>", rust_type(model, item)),
        _ => type_name.to_owned(),
    }
}

/// The Rust type of a value in an answer.
#[must_use]
pub fn rust_type(model: &Model, shape: &Shape) -> String {
    match shape {
        Shape::Text => "String".to_owned(),
        Shape::Boolean => "bool".to_owned(),
        Shape::Integer32 => "i32".to_owned(),
        Shape::Integer64 => "i64".to_owned(),
        Shape::Number => "f64".to_owned(),
        Shape::DateTime => "DateTime<Utc>".to_owned(),
        Shape::Uuid => "Uuid".to_owned(),
        Shape::Any => "runtime::Value".to_owned(),
        Shape::List(item) => format!("Vec<{}>", rust_type(model, item)),
        Shape::Named(name) => match model.schema(name).map(|schema| &schema.kind) {
            Some(Kind::Page(item)) => format!("runtime::Page<{}>", rust_type(model, item)),
            Some(Kind::Open) => "JsonMap".to_owned(),
            Some(Kind::Enumeration(enumeration)) if enumeration.flags => {
                format!("runtime::Flags<{name}>")
            }
            _ => name.clone(),
        },
    }
}

/// An object without references to other objects' properties.
fn self_contained(model: &Model, usage: &Usage, type_name: &str, object: &Object) -> Value {
    let is_body = usage.bodies.contains(type_name) && !usage.patches.contains(type_name);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for property in model.struct_properties(type_name, object) {
        // `required` of what the service sends is not trusted; of what is sent to it, it is.
        if property.key || (is_body && property.required) {
            required.push(property.name.clone());
        }
        properties.insert(property.name.clone(), property_schema(property, is_body));
    }
    json!({"type": "object", "properties": properties, "required": required})
}

fn property_schema(property: &Property, is_body: bool) -> Value {
    let mut schema = shape_schema(&property.shape);
    // Without this an absent list and an empty one would be the same to typify.
    if matches!(property.shape, Shape::List(_)) && !(is_body && property.required) {
        schema["nullable"] = Value::Bool(true);
    }
    schema
}

fn shape_schema(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Integer32 => json!({"type": "integer", "format": "int32"}),
        Shape::Integer64 => json!({"type": "integer", "format": "int64"}),
        Shape::Number => json!({"type": "number", "format": "double"}),
        Shape::DateTime => json!({"type": "string", "format": "date-time"}),
        Shape::Uuid => json!({"type": "string", "format": "uuid"}),
        Shape::Any => json!({}),
        Shape::Named(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
        Shape::List(item) => json!({"type": "array", "items": shape_schema(item)}),
    }
}

fn paths(model: &Model) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in &model.operations {
        let item = paths
            .entry(lowered_path(operation))
            .or_insert_with(|| json!({}));
        item[operation.method.to_lowercase()] = operation_object(operation);
    }
    Value::Object(paths)
}

/// The path with our names in its braces: progenitor makes arguments of them.
fn lowered_path(operation: &Operation) -> String {
    let in_path = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path);
    in_path.fold(operation.path.clone(), |path, parameter| {
        let (theirs, ours) = (&parameter.name, &parameter.field_name);
        path.replace(&format!("{{{theirs}}}"), &format!("{{{ours}}}"))
    })
}

fn operation_object(operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let (place, required) = match parameter.location {
                Location::Path => ("path", true),
                Location::Query => ("query", parameter.required),
                Location::Header => ("header", parameter.required),
            };
            let schema = match parameter.kind {
                ParameterKind::Integer if parameter.minimum.is_some_and(|minimum| minimum >= 0) => {
                    json!({"type": "integer", "format": "uint32"})
                }
                ParameterKind::Integer => json!({"type": "integer", "format": "int32"}),
                ParameterKind::Boolean => json!({"type": "boolean"}),
                // A list is joined by us: progenitor would send `$select=a&$select=b`, which OData does not read.
                ParameterKind::Text | ParameterKind::List => json!({"type": "string"}),
            };
            // Our names again; `harden` puts back those of the wire.
            json!({"name": parameter.field_name, "in": place, "required": required, "schema": schema})
        })
        .collect();
    let content = match &operation.success.content {
        Content::Nothing => json!({"description": "nothing"}),
        Content::Number => response(json!({"type": "integer", "format": "int64"})),
        Content::Json(shape) => response(shape_schema(shape)),
    };
    let status = if operation.success.content == Content::Nothing {
        "204"
    } else {
        "200"
    };
    let mut lowered = json!({
        "operationId": operation.method_name,
        "parameters": parameters,
        "responses": {status: content},
    });
    if let Some(body) = &operation.body {
        lowered["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {"schema": shape_schema(&body.shape)}},
        });
    }
    lowered
}

fn response(schema: Value) -> Value {
    json!({"description": "success", "content": {"application/json": {"schema": schema}}})
}
