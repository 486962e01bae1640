//! The contract: the schemas and operations of the fragment as plain JSON, for programs that share no code with the
//! client.

use serde_json::{Map, Value, json};

use crate::model::{
    Content, Kind, Location, Model, Object, Operation, ParameterKind, Permissions, Property, Shape,
};
use crate::render::Provenance;

/// Returns the contract of a fragment as text that ends in a line feed.
#[must_use]
pub fn contract(model: &Model, provenance: &Provenance) -> String {
    let operations: Vec<Value> = model
        .operations
        .iter()
        .map(|operation| operation_entry(model, operation))
        .collect();
    let schemas: Map<String, Value> = model
        .schemas
        .iter()
        .map(|(name, schema)| (name.clone(), schema_entry(model, name, &schema.kind)))
        .collect();
    let contract = json!({
        "source": {"spec": provenance.file, "command": provenance.command},
        "operations": operations,
        "schemas": schemas,
    });
    // Pretty-printing a `Value` cannot fail.
    let mut text = serde_json::to_string_pretty(&contract).unwrap_or_default();
    text.push('\n');
    text
}

fn operation_entry(model: &Model, operation: &Operation) -> Value {
    let names = |permissions: &Permissions| -> Vec<String> {
        permissions
            .least
            .iter()
            .chain(&permissions.higher)
            .cloned()
            .collect()
    };
    let query: Vec<Value> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Query)
        .map(|parameter| {
            let kind = match parameter.kind {
                ParameterKind::Text
                | ParameterKind::Member(_)
                | ParameterKind::DateTime
                | ParameterKind::Date => "string",
                ParameterKind::Integer | ParameterKind::Integer64 => "integer",
                ParameterKind::Number => "number",
                ParameterKind::Boolean => "boolean",
                ParameterKind::List => "array",
            };
            with_bounds(
                json!({"name": parameter.name, "type": kind}),
                [
                    ("minimum", parameter.minimum),
                    ("maximum", parameter.maximum),
                ],
            )
        })
        .collect();
    let request = operation
        .body
        .as_ref()
        .map(|body| json!({"schema": body.shape().map_or(Value::Null, schema_name), "required": body.required}));
    let (media_type, schema) = match &operation.success.content {
        Content::Nothing => (Value::Null, Value::Null),
        Content::Number => (json!("text/plain"), Value::Null),
        Content::Json(shape) => (json!("application/json"), schema_name(shape)),
        Content::Bytes(media_type) => (json!(media_type), Value::Null),
    };
    json!({
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "permissions": {
            "delegated": names(&operation.access.delegated),
            "application": names(&operation.access.application),
        },
        "query": query,
        "request": request,
        "success": {
            "status": operation.success.status.replace("XX", "00").parse::<u16>().unwrap_or(200),
            "media_type": media_type,
            "schema": schema,
        },
        "error": operation.error.as_ref().filter(|name| model.schema(name).is_some()),
    })
}

fn schema_name(shape: &Shape) -> Value {
    shape.named().map_or(Value::Null, |name| json!(name))
}

fn schema_entry(model: &Model, type_name: &str, kind: &Kind) -> Value {
    match kind {
        Kind::Open => json!({"kind": "open"}),
        Kind::Page(item) => json!({"kind": "page", "items": shape_entry(item)}),
        Kind::Enumeration(enumeration) => {
            let members: Vec<Value> = enumeration
                .members
                .iter()
                .map(|member| {
                    let mut entry = json!({
                        "value": member.value,
                        "evolvable": member.evolvable,
                        "page_only": member.page_only,
                        "guarded": member.guarded,
                    });
                    if member.beta_only {
                        entry["betaOnly"] = json!(true);
                    }
                    entry
                })
                .collect();
            json!({"kind": "enum", "flags": enumeration.flags, "members": members})
        }
        Kind::Object(object) => object_entry(model, type_name, object),
    }
}

fn object_entry(model: &Model, type_name: &str, object: &Object) -> Value {
    let properties = all_properties(model, object);
    let required: Vec<&str> = properties
        .iter()
        .filter(|property| property.required)
        .map(|property| property.name.as_str())
        .collect();
    let entries: Map<String, Value> = properties
        .iter()
        .map(|property| (property.name.clone(), property_entry(property)))
        .collect();
    let mut entry = json!({
        "kind": "object",
        "base": object.base,
        "properties": entries,
        "required": required,
        "closed": object.closed,
    });
    if let Some(discriminator) = &object.discriminator
        && model.is_polymorphic(type_name)
    {
        entry["kind"] = json!("polymorphic");
        entry["discriminator"] = json!(discriminator.property);
        entry["mapping"] = json!(discriminator.mapping);
    }
    if let Some(tag) = model.tag_of(type_name) {
        entry["odata_type"] = json!(tag);
    }
    if let Some(minimum) = object.minimum_properties {
        entry["minProperties"] = json!(minimum);
    }
    entry
}

/// Own and inherited properties, including those of polymorphic bases.
fn all_properties<'a>(model: &'a Model, object: &'a Object) -> Vec<&'a Property> {
    let mut properties = model.flattened(object);
    if let Some(base) = model
        .polymorphic_base(object)
        .and_then(|base| model.object(base))
    {
        properties.extend(model.flattened(base));
    }
    properties.sort_by(|left, right| left.name.cmp(&right.name));
    properties.dedup_by(|left, right| left.name == right.name);
    properties
}

fn property_entry(property: &Property) -> Value {
    let mut entry = shape_entry(&property.shape);
    entry["nullable"] = json!(property.nullable);
    if property.beta_only {
        entry["betaOnly"] = json!(true);
    }
    if let Some(constant) = &property.constant {
        entry["constant"] = json!(constant);
    }
    if let Some(maximum) = property.maximum_length {
        entry["maxLength"] = json!(maximum);
    }
    if property.filled {
        entry["minLength"] = json!(1);
    }
    if let Some(minimum) = property.minimum_items {
        entry["minItems"] = json!(minimum);
    }
    entry
}

fn shape_entry(shape: &Shape) -> Value {
    let scalar = |kind: &str, format: Option<&str>| json!({"type": kind, "format": format});
    match shape {
        Shape::Text => scalar("string", None),
        Shape::DateTime => scalar("string", Some("date-time")),
        Shape::Uuid => scalar("string", Some("uuid")),
        Shape::Boolean => scalar("boolean", None),
        Shape::Integer32 => scalar("integer", Some("int32")),
        Shape::Integer64 => scalar("integer", Some("int64")),
        Shape::Number => scalar("number", Some("double")),
        Shape::Any => scalar("any", None),
        Shape::Named(name) => json!({"type": "ref", "ref": name}),
        Shape::List(item) => json!({"type": "array", "items": shape_entry(item)}),
    }
}

fn with_bounds(mut entry: Value, bounds: [(&str, Option<i64>); 2]) -> Value {
    for (name, bound) in bounds {
        if let Some(bound) = bound {
            entry[name] = json!(bound);
        }
    }
    entry
}
