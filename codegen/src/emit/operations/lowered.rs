//! Describes operations to progenitor, in the small part of OpenAPI that it turns into correct functions.
//!
//! progenitor sees no types: a body is a placeholder for a type of the plan, and every response is any JSON value,
//! because the code after the finished request is removed anyway.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::Location;
use crate::plan::{ParameterItem, RequestItem, ResponseKind, RustType};

/// A description, and the types of its placeholders.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lowered {
    /// An OpenAPI 3.0 document.
    pub(super) document: Value,
    /// Rust types by the names of their placeholders.
    pub(super) replacements: BTreeMap<String, String>,
}

/// Describes operations. `version` is the description's version in the functions.
pub(super) fn lower<'i>(requests: impl IntoIterator<Item = &'i RequestItem>) -> Lowered {
    let mut replacements = BTreeMap::new();
    let mut paths: Map<String, Value> = Map::new();
    for item in requests {
        let body = item.body.as_ref().map(|body| {
            let placeholder = format!("Body{}", replacements.len());
            replacements.insert(placeholder.clone(), body.rust_type.to_string());
            placeholder
        });
        let path = paths.entry(item.path.clone()).or_insert_with(|| json!({}));
        path[item.http_method.to_lowercase()] = operation(item, body.as_deref());
    }
    let schemas: Map<String, Value> = replacements
        .keys()
        .map(|name| (name.clone(), json!({"type": "object"})))
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        // Fixed texts: neither headers nor doc comments come from here.
        "info": {"title": "lowered", "version": "0"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    Lowered {
        document,
        replacements,
    }
}

fn operation(item: &RequestItem, body: Option<&str>) -> Value {
    let parameters = item.path_parameters.iter().chain(&item.options);
    let parameters: Vec<Value> = parameters.map(parameter).collect();
    let (status, response) = match item.response_kind {
        // With this, progenitor sends no `Accept` header and accepts any media type.
        ResponseKind::Nothing | ResponseKind::Bytes => ("204", json!({"description": "nothing"})),
        ResponseKind::Number | ResponseKind::Json => {
            let content = json!({"application/json": {"schema": {}}});
            ("200", json!({"description": "any", "content": content}))
        }
    };
    let mut lowered = json!({
        "operationId": item.method.name,
        "parameters": parameters,
        "responses": {status: response},
    });
    if let Some(body) = body {
        let schema = json!({"$ref": format!("#/components/schemas/{body}")});
        lowered["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {"schema": schema}},
        });
    }
    lowered
}

fn parameter(item: &ParameterItem) -> Value {
    let (place, required) = match item.location {
        Location::Path => ("path", true),
        Location::Query => ("query", item.required),
        Location::Header => ("header", item.required),
    };
    let schema = match &item.passed {
        RustType::Known("u32") => json!({"type": "integer", "format": "uint32"}),
        RustType::Known("i32") => json!({"type": "integer", "format": "int32"}),
        RustType::Known("i64") => json!({"type": "integer", "format": "int64"}),
        RustType::Known("bool") => json!({"type": "boolean"}),
        RustType::Known("f64") => json!({"type": "number", "format": "double"}),
        _ => json!({"type": "string"}),
    };
    json!({"name": item.wire, "in": place, "required": required, "schema": schema})
}
