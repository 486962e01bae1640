//! Promise: decoded values serialize to equal JSON, with unknown properties at every level.
//!
//! Only spelling may differ: the case of known members, and trailing zeros of a second's fraction.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fmt::Debug;

use graph_incidents::runtime::Page;
use graph_incidents::types::{Alert, AlertEvidence, Incident};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// Makes strings equal that differ only in spelling.
fn without_spelling(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(plain(text).to_lowercase()),
        Value::Array(items) => items.iter().map(without_spelling).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), without_spelling(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A date without the zeros at the end of its fraction.
fn plain(text: &str) -> String {
    let is_date =
        text.len() > 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z') && text.contains('.');
    match is_date {
        true => format!(
            "{}Z",
            text.trim_end_matches('Z')
                .trim_end_matches('0')
                .trim_end_matches('.')
        ),
        false => text.to_owned(),
    }
}

/// Adds unknown properties to every object and unknown members to enumerations.
fn with_unknown_things(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(with_unknown_things),
        Value::Object(entries) => {
            entries.values_mut().for_each(with_unknown_things);
            for name in [
                "status",
                "verdict",
                "severity",
                "healthStatus",
                "serviceSource",
            ] {
                if entries.contains_key(name) {
                    entries.insert(name.to_owned(), json!("Brand New"));
                }
            }
            entries.insert(
                "unknownObject".to_owned(),
                json!({"a": [1, null, {"b": 12_345_678_901_234_567_890_u64}]}),
            );
            entries.insert("unknownNull".to_owned(), Value::Null);
            entries.insert("@odata.unknown".to_owned(), json!("annotation"));
        }
        _ => {}
    }
}

/// The requirements on a tested type.
trait Tested: DeserializeOwned + Serialize + Clone + PartialEq + Debug {}

impl<T: DeserializeOwned + Serialize + Clone + PartialEq + Debug> Tested for T {}

/// The pointers to every property, including those of nested objects.
fn properties(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                properties(item, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(entries) => {
            for (name, value) in entries {
                found.push((pointer.to_owned(), name.clone()));
                properties(value, &format!("{pointer}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// A copy is equal, and a value without any one property is not.
fn is_copied_and_compared<T: Tested>(fixture: &str) {
    let json: Value = serde_json::from_str(fixture).unwrap();
    let original: T = from_value(json.clone()).unwrap();
    let copy = original.clone();
    assert_eq!(copy, original);
    assert_eq!(to_value(&copy).unwrap(), to_value(&original).unwrap());
    let mut found = Vec::new();
    properties(&json, "", &mut found);
    assert!(!found.is_empty());
    for (pointer, name) in found {
        let mut less = json.clone();
        let object = less.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
        object.remove(&name);
        let less: T = from_value(less).unwrap();
        let is_written_alike = to_value(&less).unwrap() == to_value(&original).unwrap();
        assert_eq!(less == original, is_written_alike, "{pointer}/{name}");
        assert_eq!(less.clone(), less, "{pointer}/{name}");
    }
}

fn survives<T: Tested>(fixture: &str) {
    let json: Value = serde_json::from_str(fixture).unwrap();
    let mut changed = json.clone();
    with_unknown_things(&mut changed);
    for json in [json, changed] {
        let text = serde_json::to_string(&json).unwrap();
        let from_text: T = serde_json::from_str(&text).unwrap();
        assert_eq!(
            without_spelling(&to_value(&from_text).unwrap()),
            without_spelling(&json)
        );
        let from_tree: T = from_value(json.clone()).unwrap();
        assert_eq!(to_value(&from_tree).unwrap(), to_value(&from_text).unwrap());
        let written = serde_json::to_string(&from_text).unwrap();
        let again: T = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), written);
    }
}

#[test]
fn copies_are_equal_and_every_property_is_compared() {
    is_copied_and_compared::<Incident>(include_str!("../fixtures/update_response.json"));
    is_copied_and_compared::<Page<Incident>>(include_str!("../fixtures/expanded_incident.json"));
    is_copied_and_compared::<Incident>(include_str!("../fixtures/field_record.json"));
    is_copied_and_compared::<Alert>(include_str!("../fixtures/unclassified_alert.json"));
    is_copied_and_compared::<Vec<AlertEvidence>>(include_str!("../fixtures/every_evidence.json"));
}

#[test]
fn the_response_of_the_update_page() {
    survives::<Incident>(include_str!("../fixtures/update_response.json"));
}

#[test]
fn the_incident_of_the_list_page() {
    survives::<Page<Incident>>(include_str!("../fixtures/expanded_incident.json"));
}

#[test]
fn a_record_from_the_field() {
    survives::<Incident>(include_str!("../fixtures/field_record.json"));
}

#[test]
fn an_unclassified_alert() {
    survives::<Alert>(include_str!("../fixtures/unclassified_alert.json"));
}

#[test]
fn every_type_of_evidence() {
    survives::<Vec<AlertEvidence>>(include_str!("../fixtures/every_evidence.json"));
}
