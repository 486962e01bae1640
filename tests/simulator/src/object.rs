//! JSON objects: as values, and as serialized text.

use bytes::Bytes;
use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The text of a property with an object.
pub(crate) fn text_of<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// The usual length of an incident or alert; longer ones take more.
const USUAL_BYTES: usize = 1_024;

pub(crate) fn serialised(object: &Object) -> Bytes {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    // A JSON object can always be serialized, and memory takes all of it.
    let _ = serde_json::to_writer(&mut text, object);
    text.into()
}

/// This text was serialized here, so it can be parsed.
pub(crate) fn parsed(text: &[u8]) -> Object {
    // It is checked as a whole, and not string by string.
    let text = str::from_utf8(text).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}
