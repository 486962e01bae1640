//! The content of a description, independent of its references and parts.

use serde_json::{Value, json};

use super::layout::{is_data, normalised};

/// The same with references to simple schemas replaced by their targets.
pub(crate) fn resolved(value: &Value) -> Value {
    let mut document = normalised(value);
    let components = document["components"].clone();
    named_headers(&mut document, &components["headers"]);
    // The target of a reference may have no content, so that the part that refers to it has none either.
    for _ in 0..2 {
        resolve(&mut document, &components["schemas"]);
        document = normalised(&document);
    }
    document
}

/// A shared header in place of its reference.
fn named_headers(value: &mut Value, headers: &Value) {
    let reference = value.get("$ref").and_then(Value::as_str);
    let name = reference.and_then(|text| text.strip_prefix("#/components/headers/"));
    if let Some(target) = name.and_then(|name| headers.get(name)) {
        *value = target.clone();
    }
    match value {
        Value::Object(map) => {
            let parts = map.iter_mut().filter(|(name, _)| !is_data(name));
            parts.for_each(|(_, inner)| named_headers(inner, headers));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|inner| named_headers(inner, headers)),
        _ => {}
    }
}

fn resolve(value: &mut Value, schemas: &Value) {
    let reference = value.get("$ref").and_then(Value::as_str);
    let name = reference.and_then(|text| text.strip_prefix("#/components/schemas/"));
    if let Some(target) = name.and_then(|name| schemas.get(name))
        && !target.to_string().contains("$ref")
    {
        let repeats_type = value.get("type") == target.get("type");
        let allowed = if repeats_type { 2 } else { 1 };
        if value.as_object().is_some_and(|map| map.len() <= allowed) {
            *value = target.clone();
            return;
        }
    }
    without_explode(value);
    one_of_several_parts(value, schemas);
    without_type_of_alternatives(value, schemas);
    match value {
        Value::Object(map) => map.values_mut().for_each(|inner| resolve(inner, schemas)),
        Value::Array(items) => items.iter_mut().for_each(|inner| resolve(inner, schemas)),
        _ => {}
    }
}

/// A single value has only one serialization, also if parts make it single.
fn without_explode(value: &mut Value) {
    let plain = ["string", "integer", "number", "boolean"];
    let parts = value["schema"]["allOf"].as_array();
    let is_plain = parts.is_some_and(|parts| {
        let mut kinds = parts.iter().filter_map(|part| part["type"].as_str());
        kinds.any(|kind| plain.contains(&kind))
    });
    if let (true, Some(map)) = (is_plain, value.as_object_mut()) {
        map.remove("explode");
    }
}

/// Whether a schema is an object, by itself or by its bases.
fn is_object(schema: &Value, schemas: &Value, room: usize) -> bool {
    let reference = schema
        .get("$ref")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let name = reference.rsplit('/').next().unwrap_or_default();
    let parts = schema.get("allOf").and_then(Value::as_array);
    schema["type"] == "object"
        || (room > 0
            && (schemas
                .get(name)
                .is_some_and(|target| is_object(target, schemas, room - 1))
                || parts.is_some_and(|parts| {
                    parts.iter().any(|part| is_object(part, schemas, room - 1))
                })))
}

/// Content of an `allOf`'s parts that the whole repeats: the type object, and required names.
fn one_of_several_parts(value: &mut Value, schemas: &Value) {
    let is_whole_object = is_object(value, schemas, 8);
    let Some(map) = value.as_object_mut() else {
        return;
    };
    let mut required = map.get("required").and_then(Value::as_array).cloned();
    let Some(Value::Array(parts)) = map.get_mut("allOf") else {
        return;
    };
    for part in parts.iter_mut().filter_map(Value::as_object_mut) {
        if part.get("type") == Some(&json!("object")) {
            part.remove("type");
        }
        if let Some(Value::Array(names)) = part.remove("required") {
            required.get_or_insert_default().extend(names);
        }
    }
    parts.retain(|part| *part != json!({}));
    shared_members(parts);
    if parts.is_empty() {
        map.remove("allOf");
    }
    if let Some(mut required) = required {
        required.sort_by_key(Value::to_string);
        required.dedup();
        map.insert("required".to_owned(), json!(required));
    }
    if is_whole_object {
        map.insert("type".to_owned(), json!("object"));
    }
}

/// Of several lists of members, the intersection counts.
fn shared_members(parts: &mut [Value]) {
    let list = |part: &Value| match (part.get("enum"), part.get("const")) {
        (Some(Value::Array(members)), _) => Some(members.clone()),
        (_, Some(only)) => Some(vec![only.clone()]),
        _ => None,
    };
    let lists: Vec<Vec<Value>> = parts.iter().filter_map(list).collect();
    let [first, others @ ..] = lists.as_slice() else {
        return;
    };
    if others.is_empty() {
        return;
    }
    let is_shared = |member: &&Value| others.iter().all(|list| list.contains(member));
    let shared: Vec<Value> = first.iter().filter(is_shared).cloned().collect();
    let mut maps = parts.iter_mut().filter_map(Value::as_object_mut);
    if let Some(first) = maps.next() {
        first.insert("enum".to_owned(), json!(shared));
        first.remove("const");
    }
    for map in maps {
        map.remove("enum");
        map.remove("const");
    }
}

/// A choice of objects is an object, and null in one alternative makes the whole nullable.
fn without_type_of_alternatives(value: &mut Value, schemas: &Value) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(alternatives)) = value.get_mut(keyword) else {
            continue;
        };
        let are_objects = alternatives.iter().all(|one| is_object(one, schemas, 8));
        let mut has_null = false;
        for one in alternatives.iter_mut().filter_map(Value::as_object_mut) {
            has_null |= one.remove("nullable") == Some(json!(true));
            for key in ["enum", "type"] {
                if let Some(Value::Array(items)) = one.get_mut(key) {
                    let before = items.len();
                    items.retain(|item| !(item.is_null() || key == "type" && item == "null"));
                    has_null |= items.len() < before;
                }
            }
        }
        if has_null {
            value["nullable"] = json!(true);
        }
        if are_objects {
            value["type"] = json!("object");
        }
    }
}
