//! JSON objects: as values, and as the text that is sent.

use bytes::Bytes;
use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The text of a property that holds one.
pub(crate) fn text_of<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

pub(crate) fn serialised(object: &Object) -> Bytes {
    // A JSON object always serialises.
    serde_json::to_vec(object).unwrap_or_default().into()
}

/// What was serialised here reads back.
pub(crate) fn parsed(text: &[u8]) -> Object {
    serde_json::from_slice(text).unwrap_or_default()
}
