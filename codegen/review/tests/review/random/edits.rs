//! Random edits of any node of a document.

use serde_json::{Value, json};

use super::Dice;
use super::schemas::NAMES;

/// Changes one random node, and describes the change; `None` if the edit changes nothing.
pub(crate) fn edit(dice: &mut Dice, base: &Value) -> Option<(Value, String)> {
    let mut all = Vec::new();
    pointers(base, "", &mut all);
    let pointer = dice.pick(&all);
    let mut head = base.clone();
    let what = match dice.below(6) {
        0 => removed(&mut head, &pointer)?,
        1 => {
            let node = head.pointer_mut(&pointer)?;
            *node = other(dice, node)?;
            "changed"
        }
        2 => added(dice, &mut head, &pointer)?,
        3 => longer(&mut head, &pointer)?,
        4 => replaced(dice, &mut head, &pointer, &all)?,
        _ => renamed(&mut head, &pointer)?,
    };
    Some((head, format!("{what} {pointer}")))
}

/// The pointers of all nodes below one.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let mut below = |key: String, inner: &Value| {
        let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        all.push(below.clone());
        pointers(inner, &below, all);
    };
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, inner)| below(key.clone(), inner)),
        Value::Array(items) => {
            let indexed = items.iter().enumerate();
            indexed.for_each(|(index, inner)| below(index.to_string(), inner));
        }
        _ => {}
    }
}

/// The parent of a node, and its key there.
fn parent<'v>(head: &'v mut Value, pointer: &str) -> Option<(&'v mut Value, String)> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    Some((head.pointer_mut(parent)?, key))
}

fn removed(head: &mut Value, pointer: &str) -> Option<&'static str> {
    match parent(head, pointer)? {
        (Value::Object(map), key) => drop(map.remove(&key)?),
        (Value::Array(items), key) => drop(items.remove(key.parse().ok()?)),
        _ => return None,
    }
    Some("removed")
}

/// Adds a keyword that is valid at many locations.
fn added(dice: &mut Dice, head: &mut Value, pointer: &str) -> Option<&'static str> {
    let (key, value) = dice.pick(&[
        ("x-new", json!("new")),
        ("description", json!("new")),
        ("summary", json!("new")),
        ("zebra", json!("new")),
        ("default", json!("new")),
        ("example", json!("new")),
        ("maxLength", json!(5)),
        ("minProperties", json!(2)),
        ("multipleOf", json!(7)),
        ("pattern", json!("^z")),
        ("format", json!("uuid")),
        ("deprecated", json!(true)),
        ("nullable", json!(true)),
        ("readOnly", json!(true)),
        ("explode", json!(true)),
        ("allowEmptyValue", json!(true)),
        ("required", json!(["zebra"])),
        ("required", json!(true)),
        ("enum", json!(["zebra"])),
        ("type", json!("string")),
        ("oneOf", json!([{"type": "string"}, {"type": "object"}])),
        ("anyOf", json!([{"type": "integer"}, {"type": "boolean"}])),
        ("allOf", json!([{"maxLength": 3}])),
        ("not", json!({"type": "string"})),
        ("items", json!({"type": "string"})),
        ("properties", json!({"zebra": {"type": "string"}})),
        ("additionalProperties", json!(false)),
        ("discriminator", json!({"propertyName": "zebra"})),
        ("servers", json!([{"url": "https://new.example"}])),
        ("security", json!([{"key": []}])),
        ("const", json!("zebra")),
        ("prefixItems", json!([{"type": "boolean"}])),
        ("$comment", json!("new")),
    ]);
    let map = head.pointer_mut(pointer)?.as_object_mut()?;
    if map.contains_key(key) {
        return None;
    }
    map.insert(key.to_owned(), value);
    Some("added to")
}

fn longer(head: &mut Value, pointer: &str) -> Option<&'static str> {
    let items = head.pointer_mut(pointer)?.as_array_mut()?;
    let more = match items.first()? {
        Value::String(text) => json!(format!("{text}More")),
        Value::Number(number) => json!(number.as_i64()? + 40),
        Value::Object(map) if map.contains_key("$ref") || map.contains_key("type") => {
            json!({"type": "string", "maxLength": 77})
        }
        other => other.clone(),
    };
    items.push(more);
    Some("longer")
}

/// Replaces a part by another one of the document with the same key, so that it nearly always fits.
fn replaced(
    dice: &mut Dice,
    head: &mut Value,
    pointer: &str,
    all: &[String],
) -> Option<&'static str> {
    let key = |pointer: &str| pointer.rsplit('/').next().map(str::to_owned);
    let own = key(pointer);
    let fitting: Vec<String> = all
        .iter()
        .filter(|other| key(other) == own && *other != pointer)
        .filter(|other| {
            let kind = |pointer: &str| {
                let text = head.pointer(pointer)?.as_str()?;
                text.strip_prefix("#/components/")?.split('/').next()
            };
            kind(other) == kind(pointer)
        })
        .cloned()
        .collect();
    if fitting.is_empty() {
        return None;
    }
    let other = head.pointer(&dice.pick(&fitting))?.clone();
    let node = head.pointer_mut(pointer)?;
    if *node == other {
        return None;
    }
    *node = other;
    Some("replaced")
}

fn renamed(head: &mut Value, pointer: &str) -> Option<&'static str> {
    let (map, key) = parent(head, pointer)?;
    let map = map.as_object_mut()?;
    let value = map.remove(&key)?;
    map.insert(format!("{key}2"), value);
    Some("renamed")
}

fn other(dice: &mut Dice, node: &Value) -> Option<Value> {
    Some(match node {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_i64()? + 1 + dice.below(3) as i64),
        Value::String(text) => match text.as_str() {
            "string" => json!(dice.pick(&["boolean", "integer", "array"])),
            "integer" | "number" | "boolean" | "array" => json!("string"),
            "object" => json!("string"),
            "oauth2" | "apiKey" => json!("http"),
            text if text.starts_with("#/components/schemas/") => {
                json!(format!("#/components/schemas/{}", dice.pick(&NAMES)))
            }
            text => json!(format!("{text}x")),
        },
        Value::Object(map) if map.contains_key("$ref") => json!({"type": "boolean"}),
        Value::Object(_) => json!({}),
        Value::Array(items) if items.len() > 1 => json!(items.iter().rev().collect::<Vec<_>>()),
        Value::Array(_) | Value::Null => return None,
    })
}
