//! Descriptions that are equivalent in another layout: the README of the package lists them under "Equivalent
//! descriptions".

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

/// Keywords that can be omitted if they are empty.
const MAY_BE_EMPTY: [&str; 11] = [
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
];

/// Flags that are false by default.
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

/// A document without redundant keywords, and with sorted lists where the order has no meaning.
pub(crate) fn normalised(value: &Value) -> Value {
    let mut document = normal(value, "");
    for key in ["security", "servers"] {
        let of_all = document.get(key).cloned().unwrap_or(json!([]));
        for part in ["paths", "webhooks", "components"] {
            without_what_holds_anyway(&mut document[part], key, &of_all);
        }
        // For an operation, an empty value differs from none.
        if of_all == json!([])
            && let Some(root) = document.as_object_mut()
        {
            root.remove(key);
        }
    }
    document
}

/// An operation that repeats the document's requirements.
fn without_what_holds_anyway(value: &mut Value, key: &str, of_all: &Value) {
    match value {
        Value::Object(map) => {
            let is_operation = map.contains_key("responses") || key == "servers";
            if is_operation && map.get(key) == Some(of_all) {
                map.remove(key);
            }
            let parts = map.iter_mut().filter(|(name, _)| !is_data(name));
            parts.for_each(|(_, inner)| without_what_holds_anyway(inner, key, of_all));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|inner| without_what_holds_anyway(inner, key, of_all)),
        _ => {}
    }
}

/// Whether a key contains values, in which nothing is a keyword.
pub(super) fn is_data(key: &str) -> bool {
    key.starts_with("x-") || matches!(key, "example" | "examples" | "default" | "enum" | "const")
}

fn normal(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, inner)| !is_default(key, inner));
            // The order of the tags of the whole description is the order of its chapters.
            let is_root = map.contains_key("openapi");
            let name = |key: &String| match is_root && key == "tags" {
                true => String::new(),
                false => key.clone(),
            };
            let mut same: Map<String, Value> = kept
                .map(|(key, inner)| (key.clone(), normal(inner, &name(key))))
                .collect();
            without_what_is_plain(&mut same, map.contains_key("schema"));
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
                ("security", [only]) if *only == json!({}) => json!([]),
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

/// Redundant keywords: the serialization of a single value, the default style, the type of members.
fn without_what_is_plain(same: &mut Map<String, Value>, has_schema: bool) {
    let schema = same.get("schema").cloned().unwrap_or_default();
    let plain = ["string", "integer", "number", "boolean"];
    let members = schema["enum"].as_array();
    let all_are_plain = members.is_some_and(|all| all.iter().all(|one| !one.is_object()));
    if all_are_plain || plain.iter().any(|kind| schema["type"] == *kind) {
        same.remove("explode");
    }
    let place = same.get("in").and_then(Value::as_str).unwrap_or("header");
    let usual = match place {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let is_in_path = place == "path";
    if has_schema || same.contains_key("content") {
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
    let has_null = members.is_some_and(|all| all.iter().any(Value::is_null));
    let all_are = |test: fn(&Value) -> bool| {
        members.is_some_and(|all| !all.is_empty() && all.iter().all(test))
    };
    let kinds: &[&str] = match (all_are(Value::is_string), all_are(Value::is_i64)) {
        (true, _) => &["string"],
        (_, true) => &["integer", "number"],
        _ => &[],
    };
    if kinds
        .iter()
        .any(|kind| same.get("type") == Some(&json!(kind)))
    {
        same.remove("type");
    }
    if same.get("modelAsString") == Some(&json!(false)) {
        same.remove("modelAsString");
    }
    if has_null {
        same.remove("nullable");
    }
    // Microsoft writes this beside all properties.
    if same.contains_key("properties")
        && same.get("additionalProperties") == Some(&json!({"type": "object"}))
    {
        same.remove("additionalProperties");
    }
    if let Some(Value::Array(parts)) = same.get_mut("allOf") {
        tightest(parts);
    }
}

/// Of several bounds in parts that all apply, the narrowest counts, and the rest of a part may be redundant.
fn tightest(parts: &mut Vec<Value>) {
    for (key, is_upper) in [
        ("maxLength", true),
        ("minLength", false),
        ("maximum", true),
        ("minimum", false),
        ("maxItems", true),
        ("minItems", false),
    ] {
        let bounds = parts.iter().filter_map(|part| part[key].as_i64());
        let tight = if is_upper { bounds.min() } else { bounds.max() };
        let mut is_said = false;
        for part in parts.iter_mut() {
            if let (Some(tight), Value::Object(map)) = (tight, part)
                && let Some(bound) = map.get(key)
            {
                if is_said || *bound != json!(tight) {
                    map.remove(key);
                } else {
                    is_said = true;
                }
            }
        }
    }
    let says_type = |part: &Value| {
        part.as_object()
            .is_some_and(|map| map.len() == 1 && map.contains_key("type"))
    };
    // Parts with more content come first, so that a repeated bare type is removed.
    let (bare, mut kept): (Vec<Value>, Vec<Value>) = parts.drain(..).partition(says_type);
    for part in bare {
        if !kept.iter().any(|other| other["type"] == part["type"]) {
            kept.push(part);
        }
    }
    kept.sort_by_key(Value::to_string);
    *parts = kept;
}
