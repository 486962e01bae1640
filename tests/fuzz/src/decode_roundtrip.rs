//! Whatever decodes can be serialized, and decodes again to an equal value: no member is lost.

use std::collections::BTreeSet;

use graph_incidents::runtime::Page;
use graph_incidents::runtime::generated_code::Wire;
use graph_incidents::runtime::json::{UNREADABLE, decode};
use graph_incidents::types::{Alert, AlertEvidence, Incident};
use serde::Serialize;
use serde_json::{Map, Value};

/// Decodes the input as every type that the service sends.
///
/// # Panics
///
/// Panics if a decoded value does not serialize to JSON that decodes to an equal value, or if a member is lost.
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
    let written = serde_json::to_string(&value).expect("a decoded value can be serialized");
    let again: T = decode(written.as_bytes())
        .unwrap_or_else(|error| panic!("what was written is not read: {error}: {written}"));
    assert_eq!(again, value, "another value was read from {written}");
    let twice = serde_json::to_string(&again).expect("a decoded value can be serialized");
    assert_eq!(
        twice, written,
        "it is serialized differently the second time"
    );
    // Members of what serde_json does not read, such as 1e400, cannot be compared.
    let without_mark = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    if let Ok(before) = serde_json::from_slice::<Value>(without_mark) {
        let after = serde_json::from_str(&written).expect("serialized values are JSON");
        has_all(&before, &after, &written);
    }
}

/// Whether each member and item of one value is in the other; the case of names does not matter.
fn has_all(before: &Value, after: &Value, written: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let lost: Vec<_> = names(before).difference(&names(after)).cloned().collect();
            assert!(lost.is_empty(), "{lost:?} is not in {written}");
            for (name, value) in before {
                // If two names differ only in case, one of them counts.
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
        // Dates, ids and enumeration members may be spelled differently.
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
