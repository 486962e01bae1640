//! Decodes responses: fast if they are valid, tolerant of unreadable strings and numbers, and with the location of an
//! error if they are not JSON.
//!
//! ```
//! use graph_client_runtime::{Page, Value, json};
//!
//! let page: Page<Value> = json::decode(br#"{"value":[{"id":"1"},{"id":"\ud83d"}]}"#)?;
//! assert_eq!(page.value[0]["id"], "1");
//! // Half a surrogate pair is not a string; its raw form is available.
//! assert_eq!(page.value[1]["id"][json::UNREADABLE], r#""\ud83d""#);
//!
//! let error = json::decode::<Page<Value>>(br#"{"value":[{"id":tru}]}"#).unwrap_err();
//! assert_eq!(error.path(), "value[0].id");
//! # Ok::<(), json::DecodeError>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::read::{Budget, Tolerant, Whole, escaped};
use super::slot::Slot;
use super::wire::Wire;

pub use super::unreadable::UNREADABLE;

/// The reason and the location of a decoding error.
#[derive(Debug)]
pub struct DecodeError {
    path: String,
    source: serde_json::Error,
    is_broken: bool,
    is_limit: bool,
}

impl DecodeError {
    fn limit(source: serde_json::Error) -> Self {
        Self {
            path: ".".to_owned(),
            source,
            is_broken: false,
            is_limit: true,
        }
    }

    /// Returns the JSON path of the value that could not be read, such as `value[3].alerts[0].evidence`; `.` for the
    /// whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.source.line()
    }

    /// The column, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.source.column()
    }

    /// Returns whether the text ends in the middle of the value.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.source.is_eof()
    }

    /// Returns whether the text begins as JSON and does not continue as JSON: it is truncated, or something else
    /// follows.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Returns whether the value would exceed the memory limit.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.is_limit
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at `{}`: {}", self.path, self.source)
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Decodes JSON text as one of the types of responses; a leading byte order mark is skipped.
///
/// An unreadable string or number affects only its own property; see [`UNREADABLE`].
///
/// # Errors
///
/// Returns an error for a text that is not JSON, continues after the value, is nested more than 127 levels deep, or has
/// another kind of value than `T`.
pub fn decode<T: Wire>(text: &[u8]) -> Result<T, DecodeError> {
    let mut slot = None;
    decode_into(text, &mut slot, usize::MAX)?;
    slot.ok_or_else(|| DecodeError {
        path: ".".to_owned(),
        source: serde::de::Error::custom("there is no value"),
        is_broken: false,
        is_limit: false,
    })
}

/// Decodes JSON text into a place, without knowing its type.
///
/// After an error, the place may contain a page with the complete items before it.
pub(crate) fn decode_into(
    text: &[u8],
    slot: &mut dyn Slot,
    most_bytes: usize,
) -> Result<(), DecodeError> {
    let text = without_mark(text);
    let budget = Budget::new(most_bytes);
    // The text is validated once, and not string by string.
    let checked = std::str::from_utf8(text);
    if let Ok(text) = checked {
        match read_text(text, slot, &budget) {
            Ok(()) => return Ok(()),
            Err(source) if budget.is_exceeded() => return Err(DecodeError::limit(source)),
            Err(_) => {}
        }
    }
    let readable = match checked {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(escaped(text)),
    };
    let raw = serde_json::from_str::<&RawValue>(&readable);
    let is_broken =
        raw.is_err() && matches!(readable.trim_start().bytes().next(), Some(b'{' | b'['));
    if let Ok(raw) = raw {
        let budget = Budget::new(most_bytes);
        match Whole::read_within(slot, Tolerant::new(raw), &budget) {
            Ok(()) => return Ok(()),
            Err(source) if budget.is_exceeded() => return Err(DecodeError::limit(source)),
            Err(_) => {}
        }
    }
    // The path is found by reading again: tracking it would cost a tenth of the time, and most texts are valid.
    let mut source = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut source, &mut track);
    let budget = Budget::new(most_bytes);
    let (path, source) = match Whole::read_within(slot, tracked, &budget) {
        Err(error) => (track.path().to_string(), error),
        // Only what follows the value is wrong.
        Ok(()) => match source.end() {
            Err(error) => (".".to_owned(), error),
            Ok(()) => return Ok(()),
        },
    };
    Err(DecodeError {
        path,
        source,
        is_broken,
        is_limit: false,
    })
}

fn read_text(text: &str, slot: &mut dyn Slot, budget: &Budget) -> Result<(), serde_json::Error> {
    let mut source = serde_json::Deserializer::from_str(text);
    Whole::read_within(slot, &mut source, budget)?;
    source.end()
}

/// Decodes JSON text as the caller's type; a leading byte order mark is skipped.
///
/// If a string or number is unreadable, the type decides whether that matters: it gets the object that represents it.
pub(crate) fn decode_as<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let text = without_mark(text);
    let error = match serde_json::from_slice(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if error.is_syntax()
        && let Ok(value) = decode::<serde_json::Value>(text)
        && let Ok(value) = serde_json::from_value(value)
    {
        return Ok(value);
    }
    let is_broken =
        error.is_eof() || error.is_syntax() && matches!(text.first(), Some(b'{' | b'['));
    let mut source = serde_json::Deserializer::from_slice(text);
    let (path, source) = match serde_path_to_error::deserialize::<_, T>(&mut source) {
        Err(located) => (located.path().to_string(), located.into_inner()),
        // Only what follows the value is wrong.
        Ok(_) => (".".to_owned(), error),
    };
    Err(DecodeError {
        path,
        source,
        is_broken,
        is_limit: false,
    })
}

/// Some services and proxies add a byte order mark.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_caller_s_own_type_is_read_beside_an_invalid_string() {
        let text = br#"{"a":"x","b":"\ud83d"}"#;
        let read: BTreeMap<String, Value> = decode_as(text).unwrap();
        assert_eq!(read["a"], "x");
        assert_eq!(read["b"][UNREADABLE], r#""\ud83d""#);
        assert!(decode_as::<BTreeMap<String, String>>(text).is_err());
        let error = decode_as::<BTreeMap<String, Value>>(br#"{"a":"\ud83d""#).unwrap_err();
        assert!(error.is_broken(), "{error}");
        let marked = b"\xEF\xBB\xBF{}";
        assert!(
            decode_as::<BTreeMap<String, Value>>(marked)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn an_error_has_its_location_and_says_whether_the_text_is_invalid() {
        type Texts = BTreeMap<String, String>;
        let error = decode_as::<Texts>(b"{\n\n  \"a\": x}").unwrap_err();
        assert_eq!((error.line(), error.is_broken()), (3, true), "{error}");
        // A value of the wrong type, or text that is not JSON at all, is not truncated JSON.
        for text in [&b"{\"a\":1}"[..], b"<html>"] {
            let error = decode_as::<Texts>(text).unwrap_err();
            assert!(!error.is_broken(), "{error}");
        }
    }
}
