//! Random edits of any node of a document, and what says the same in another layout.

use serde_json::{Map, Value, json};

use crate::random_documents::{Dice, NAMES};

/// The pointers of all nodes below one.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let below = format!("{pointer}/{}", escape(key));
                all.push(below.clone());
                pointers(inner, &below, all);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let below = format!("{pointer}/{index}");
                all.push(below.clone());
                pointers(inner, &below, all);
            }
        }
        _ => {}
    }
}

/// Changes one node, wherever it is; `None` where the edit asks for nothing.
pub(crate) fn edit(dice: &mut Dice, base: &Value) -> Option<(Value, String)> {
    let mut all = Vec::new();
    pointers(base, "", &mut all);
    let pointer = dice.pick(&all);
    let mut head = base.clone();
    let what = match dice.below(4) {
        0 => {
            let (parent, key) = pointer.rsplit_once('/')?;
            let key = key.replace("~1", "/").replace("~0", "~");
            match head.pointer_mut(parent)? {
                Value::Object(map) => drop(map.remove(&key)?),
                Value::Array(items) => drop(items.remove(key.parse().ok()?)),
                _ => return None,
            }
            "removed"
        }
        1 => {
            let node = head.pointer_mut(&pointer)?;
            *node = other(dice, node)?;
            "changed"
        }
        2 => {
            let key = dice.pick(&[
                "x-new",
                "description",
                "maxLength",
                "zebra",
                "deprecated",
                "required",
                "enum",
                "default",
                "oneOf",
            ]);
            let map = head.pointer_mut(&pointer)?.as_object_mut()?;
            if map.contains_key(key) {
                return None;
            }
            let value = match key {
                "maxLength" => json!(5),
                "deprecated" => json!(true),
                "required" | "enum" => json!(["zebra"]),
                "oneOf" => json!([{"type": "string"}, {"type": "object"}]),
                _ => json!("new"),
            };
            map.insert(key.to_owned(), value);
            "added"
        }
        _ => {
            let items = head.pointer_mut(&pointer)?.as_array_mut()?;
            let twin = items.first()?.clone();
            items.push(match twin {
                Value::String(text) => json!(format!("{text}More")),
                other => other,
            });
            "longer"
        }
    };
    Some((head, format!("{what} {pointer}")))
}

fn other(dice: &mut Dice, node: &Value) -> Option<Value> {
    Some(match node {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_i64()? + 1 + dice.below(3) as i64),
        Value::String(text) => match text.as_str() {
            "string" => json!("boolean"),
            "integer" | "number" | "boolean" => json!("string"),
            "oauth2" | "apiKey" => json!("http"),
            text if text.starts_with("#/") => {
                json!(format!("#/components/schemas/{}", dice.pick(&NAMES)))
            }
            text => json!(format!("{text}x")),
        },
        Value::Object(_) => json!({}),
        Value::Array(_) | Value::Null => return None,
    })
}

/// What says the same in another layout: defaults left out, sets sorted, twice the same once.
pub(crate) fn normalised(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            let mut normal = Map::new();
            for (key, inner) in map {
                let is_default = matches!(
                    (key.as_str(), inner),
                    (
                        "required"
                            | "deprecated"
                            | "nullable"
                            | "readOnly"
                            | "writeOnly"
                            | "allowEmptyValue"
                            | "allowReserved"
                            | "uniqueItems",
                        Value::Bool(false)
                    )
                ) || (key == "additionalProperties"
                    && (inner == &json!(true) || inner == &json!({})))
                    || (key == "items" && inner == &json!({}))
                    || (key == "schema" && inner == &json!({}))
                    || (matches!(
                        key.as_str(),
                        "required"
                            | "tags"
                            | "security"
                            | "headers"
                            | "links"
                            | "parameters"
                            | "callbacks"
                            | "properties"
                            | "encoding"
                            | "variables"
                            | "examples"
                            | "schemas"
                    ) && (inner == &json!([]) || inner == &json!({})));
                if !is_default {
                    normal.insert(key.clone(), normalised(inner, key));
                }
            }
            // One value is written in one way, whatever `explode` says.
            let schema = normal.get("schema").cloned().unwrap_or_default();
            if ["string", "integer", "number", "boolean"]
                .iter()
                .any(|kind| schema["type"] == *kind)
            {
                normal.remove("explode");
            }
            Value::Object(normal)
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| normalised(item, "")).collect();
            if matches!(
                key,
                "required"
                    | "enum"
                    | "tags"
                    | "oneOf"
                    | "anyOf"
                    | "allOf"
                    | "parameters"
                    | "servers"
                    | "security"
                    | "read"
                    | "key"
                    | "sign"
            ) {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            Value::Array(items)
        }
        value => value.clone(),
    }
}
