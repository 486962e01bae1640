//! Values that do not fit the type of their property, and strings and numbers that cannot be read at all.

use std::fmt;

use serde_json::Value;

/// The only property of the object that represents an unreadable JSON value: a string with half a surrogate pair or
/// bytes that are not UTF-8, or a number that no double can represent. Its value is the raw JSON.
pub const UNREADABLE: &str = "@client.unreadable";

/// A declared property whose value does not fit its type.
///
/// The property is `None`; no request is made from it, and none that would silently replace it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Unreadable<'a> {
    /// The property's name on the wire.
    pub property: &'a str,
    /// What the service sent.
    pub value: &'a Value,
    /// What was expected, such as `a date-time`.
    pub expected: &'static str,
}

impl<'a> Unreadable<'a> {
    /// Returns the raw JSON if it cannot be converted to a value: a string with half a surrogate pair (`"\ud83d"`) or
    /// with bytes that are not UTF-8 (each is shown as `\ufffd\udcNN`), or a number that no double can represent
    /// (`1e400`).
    #[must_use]
    pub fn raw(&self) -> Option<&'a str> {
        raw(self.value)
    }
}

impl fmt::Display for Unreadable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}`: expected {}, found {}",
            self.property,
            self.expected,
            kind(self.value)
        )
    }
}

/// The raw JSON of an unreadable value.
fn raw(value: &Value) -> Option<&str> {
    let object = value.as_object()?;
    match object.len() {
        1 => object.get(UNREADABLE)?.as_str(),
        _ => None,
    }
}

/// The kind of a JSON value, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => match raw(value) {
            Some(raw) if raw.starts_with('"') => "a string that is not valid Unicode",
            Some(_) => "a number that is too large",
            None => "an object",
        },
    }
}
