//! A value of the wrong kind is found wherever it stands: ignoring it would ignore what its author meant.

use serde_json::{Value, json};

use super::TICKETS;
use crate::lint::check;
use crate::load::parse;

/// What any JSON can follow.
const DATA: [&str; 3] = ["default", "example", "value"];

/// The pointers of all values that are not data.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                if DATA.contains(&key.as_str()) && !inner.is_array() {
                    continue;
                }
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(inner, &format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointers(inner, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn is_of_the_same_kind(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

#[test]
fn a_value_of_the_wrong_kind_is_found_wherever_it_stands() {
    let whole = parse("a.yaml", TICKETS).unwrap().root.to_json();
    let mut places = Vec::new();
    pointers(&whole, "", &mut places);
    let mut silent = Vec::new();
    let mut tried = 0;
    for place in &places {
        for wrong in [
            json!("yes"),
            json!(5),
            json!(true),
            json!([]),
            json!({}),
            json!(null),
        ] {
            let mut document = whole.clone();
            let value = document.pointer_mut(place).unwrap();
            // A schema may stand where a flag does, and the other way around.
            let is_open = place.ends_with("/additionalProperties")
                && (wrong.is_object() || wrong.is_boolean());
            if is_of_the_same_kind(value, &wrong) || is_open {
                continue;
            }
            *value = wrong.clone();
            let read = parse("a.yaml", &document.to_string());
            tried += 1;
            if read.is_ok_and(|document| check(&document).is_empty()) {
                silent.push(format!("{place}: {wrong}"));
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(silent.is_empty(), "{silent:#?}");
}
