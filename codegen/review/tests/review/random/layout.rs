//! What says the same in another layout: the README of the package lists it under "What means the same".

use serde_json::{Map, Value, json};

/// Lists without an order.
const SETS: [&str; 13] = [
    "values",
    "required",
    "enum",
    "tags",
    "type",
    "oneOf",
    "anyOf",
    "allOf",
    "parameters",
    "servers",
    "security",
    "key",
    "sign",
];

/// What may be left out where it is empty.
const MAY_BE_EMPTY: [&str; 12] = [
    "required",
    "tags",
    "headers",
    "links",
    "parameters",
    "callbacks",
    "properties",
    "encoding",
    "variables",
    "examples",
    "schemas",
    "security",
];

/// What is false where nothing is said.
const FLAGS: [&str; 8] = [
    "required",
    "deprecated",
    "nullable",
    "readOnly",
    "writeOnly",
    "allowEmptyValue",
    "allowReserved",
    "uniqueItems",
];

/// A document with what is true anyway left out, and what has no order sorted.
pub(crate) fn normalised(value: &Value) -> Value {
    let mut document = normal(value, "");
    for key in ["security", "servers"] {
        let of_all = document.get(key).cloned().unwrap_or(json!([]));
        for part in ["paths", "webhooks", "components"] {
            without_what_holds_anyway(&mut document[part], key, &of_all);
        }
    }
    document
}

/// An operation that asks for what all ask for says nothing.
fn without_what_holds_anyway(value: &mut Value, key: &str, of_all: &Value) {
    match value {
        Value::Object(map) => {
            if map.get(key) == Some(of_all) {
                map.remove(key);
            }
            map.values_mut()
                .for_each(|inner| without_what_holds_anyway(inner, key, of_all));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|inner| without_what_holds_anyway(inner, key, of_all)),
        _ => {}
    }
}

/// The same with what a reference to a simple schema leads to in its place.
pub(crate) fn resolved(value: &Value) -> Value {
    let mut document = normalised(value);
    let schemas = document["components"]["schemas"].clone();
    resolve(&mut document, &schemas);
    normalised(&document)
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
    match value {
        Value::Object(map) => map.values_mut().for_each(|inner| resolve(inner, schemas)),
        Value::Array(items) => items.iter_mut().for_each(|inner| resolve(inner, schemas)),
        _ => {}
    }
}

fn normal(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, inner)| !is_default(key, inner));
            let mut same: Map<String, Value> = kept
                .map(|(key, inner)| (key.clone(), normal(inner, key)))
                .collect();
            without_what_is_plain(&mut same);
            Value::Object(same)
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| normal(item, "")).collect();
            if SETS.contains(&key) {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            match (key, items.as_slice()) {
                ("type", [only]) => only.clone(),
                _ => Value::Array(items),
            }
        }
        value => value.clone(),
    }
}

fn is_default(key: &str, value: &Value) -> bool {
    let is_empty = value == &json!([]) || value == &json!({});
    let says_nothing = matches!(key, "additionalProperties" | "items" | "schema")
        && (value == &json!(true) || value == &json!({}));
    (FLAGS.contains(&key) && value == &json!(false))
        || (MAY_BE_EMPTY.contains(&key) && is_empty)
        || says_nothing
}

/// What follows from the rest: how one value is written, the style of a place, the type of members.
fn without_what_is_plain(same: &mut Map<String, Value>) {
    let schema = same.get("schema").cloned().unwrap_or_default();
    let plain = ["string", "integer", "number", "boolean"];
    if plain.iter().any(|kind| schema["type"] == *kind) {
        same.remove("explode");
    }
    let place = same.get("in").and_then(Value::as_str).unwrap_or("header");
    let usual = match place {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let is_in_path = place == "path";
    if same.contains_key("schema") {
        let is_form = same
            .get("style")
            .map_or(usual == "form", |style| style == "form");
        if same.get("explode") == Some(&json!(is_form)) {
            same.remove("explode");
        }
        if same.get("style") == Some(&json!(usual)) {
            same.remove("style");
        }
    }
    if is_in_path {
        same.remove("required");
    }
    let members = same.get("enum").and_then(Value::as_array);
    let all_are_texts =
        members.is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_string));
    if all_are_texts && same.get("type") == Some(&json!("string")) {
        same.remove("type");
    }
    if let Some(Value::Array(parts)) = same.get_mut("allOf") {
        tightest(parts);
    }
}

/// Of several bounds in parts that all hold the tightest one counts, and what is left of a part may say nothing.
fn tightest(parts: &mut Vec<Value>) {
    for (key, is_upper) in [
        ("maxLength", true),
        ("minLength", false),
        ("maximum", true),
        ("minimum", false),
    ] {
        let bounds = parts.iter().filter_map(|part| part[key].as_i64());
        let tight = if is_upper { bounds.min() } else { bounds.max() };
        for part in parts.iter_mut() {
            if let (Some(tight), Value::Object(map)) = (tight, part)
                && map.get(key).is_some_and(|bound| bound != tight)
            {
                map.remove(key);
            }
        }
    }
    let types: Vec<Value> = parts.iter().map(|part| part["type"].clone()).collect();
    let is_typed = |index: usize| {
        let others = types.iter().enumerate();
        others
            .filter(|(other, _)| *other != index)
            .any(|(_, kind)| *kind == types[index])
    };
    let mut index = 0;
    parts.retain(|part| {
        index += 1;
        !(part.as_object().is_some_and(|map| map.len() == 1) && is_typed(index - 1))
    });
}
