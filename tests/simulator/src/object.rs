//! JSON objects: as values, and as serialized text.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
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
    let _ = serde_json::to_writer(&mut text, &Ordered(object));
    text.into()
}

/// An object whose annotations and `id` come first, as in the service's responses; a client that looks for the id need
/// not read the rest.
struct Ordered<'a>(&'a Object);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let comes_first = |name: &str| name.starts_with('@') || name == "id";
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        // The names are sorted, and `@` comes before the letters.
        for is_first in [true, false] {
            for (name, value) in self.0 {
                if comes_first(name) == is_first {
                    map.serialize_entry(name, value)?;
                }
            }
        }
        map.end()
    }
}

/// This text was serialized here, so it can be parsed.
pub(crate) fn parsed(text: &[u8]) -> Object {
    // It is checked as a whole, and not string by string.
    let text = str::from_utf8(text).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn annotations_and_the_id_come_first_in_a_response() {
        let object =
            json!({"assignedTo": null, "id": "7", "@odata.type": "#t", "status": "active"});
        let text = serialised(object.as_object().unwrap());
        assert_eq!(
            text,
            br##"{"@odata.type":"#t","id":"7","assignedTo":null,"status":"active"}"##.as_slice()
        );
        assert_eq!(Value::Object(parsed(&text)), object);
    }
}
