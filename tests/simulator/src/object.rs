//! JSON objects: as values, and as serialized text.

use bytes::Bytes;
use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The text of a property with an object.
pub(crate) fn text_of<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

pub(crate) fn serialised(object: &Object) -> Bytes {
    // A JSON object can always be serialized.
    serde_json::to_vec(object).unwrap_or_default().into()
}

/// This text was serialized here, so it can be parsed.
pub(crate) fn parsed(text: &[u8]) -> Object {
    serde_json::from_slice(text).unwrap_or_default()
}
