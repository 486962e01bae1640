//! Whatever decodes is written, and what is written decodes to an equal value: no member is lost on the way.

use std::collections::BTreeSet;

use graph_incidents::runtime::Page;
use graph_incidents::runtime::generated_code::Wire;
use graph_incidents::runtime::json::{UNREADABLE, decode};
use graph_incidents::types::{Alert, AlertEvidence, Incident};
use serde::Serialize;
use serde_json::{Map, Value};

/// Decodes the input as everything that the service sends.
///
/// # Panics
///
/// Where a value that was read is not written as a text that reads as an equal one, or lacks a member.
pub fn decode_roundtrip(input: &[u8]) {
    keeps::<Incident>(input);
    keeps::<Alert>(input);
    keeps::<AlertEvidence>(input);
    keeps::<Page<Incident>>(input);
}

fn keeps<T: Wire + Serialize + PartialEq + std::fmt::Debug>(input: &[u8]) {
    let value: T = match decode(input) {
        Ok(value) => value,
        Err(error) => {
            assert!(!error.to_string().is_empty(), "an error without a word");
            return;
        }
    };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    let again: T = decode(written.as_bytes())
        .unwrap_or_else(|error| panic!("what was written is not read: {error}: {written}"));
    assert_eq!(again, value, "another value was read from {written}");
    let twice = serde_json::to_string(&again).expect("what was read can be written");
    assert_eq!(twice, written, "it is not written the same again");
    // What serde_json does not read, such as 1e400, has no members that could be told.
    let without_mark = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    if let Ok(before) = serde_json::from_slice::<Value>(without_mark) {
        let after = serde_json::from_str(&written).expect("what was written is JSON");
        has_all(&before, &after, &written);
    }
}

/// Whether each member and item of the one is in the other; the case of names is no difference.
fn has_all(before: &Value, after: &Value, written: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let lost: Vec<_> = names(before).difference(&names(after)).cloned().collect();
            assert!(lost.is_empty(), "{lost:?} is not in {written}");
            for (name, value) in before {
                // Where two names differ in their case alone, one of the two counts.
                if let (1, Some(other)) = (count(before, name), after.get(name)) {
                    has_all(value, other, written);
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len(), "an item is lost in {written}");
            for (one, other) in before.iter().zip(after) {
                has_all(one, other, written);
            }
        }
        (Value::Object(_) | Value::Array(_), other) => {
            assert!(
                other.get(UNREADABLE).is_some(),
                "{before} became {other} in {written}"
            );
        }
        (Value::Null | Value::Bool(_), other) => assert_eq!(before, other, "in {written}"),
        // Texts and numbers may be spelled otherwise: dates, ids, members of enumerations.
        (_, other) => assert!(!other.is_null(), "{before} became null in {written}"),
    }
}

fn names(object: &Map<String, Value>) -> BTreeSet<String> {
    object.keys().map(|name| name.to_lowercase()).collect()
}

fn count(object: &Map<String, Value>, name: &str) -> usize {
    let same = |other: &&String| other.eq_ignore_ascii_case(name);
    object.keys().filter(same).count()
}
