//! The body of an error: in the service's format, in that of an intermediary, or a text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::ErrorDetail;

/// The maximum number of shown characters of a body in another format.
const SHOWN: usize = 200;
/// The maximum length of an identifier; a longer text is not one of the service's.
const LONGEST_ID: usize = 100;

const SAYS_NOTHING: &str = "an error without code and message";

/// The content of an error body.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) details: Vec<ErrorDetail>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
}

impl ServiceError {
    /// Reads a body in any format.
    pub(crate) fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        // A gateway may wrap the message that it received.
        let json = text.find('{').and_then(|start| text.get(start..));
        let found = json.and_then(|json| {
            let (members, is_whole) = members(json);
            Self::find(&members).filter(|found| is_whole || found.message != SAYS_NOTHING)
        });
        found.or_else(|| tagged(text)).unwrap_or_else(|| Self {
            message: beginning(text),
            ..Self::default()
        })
    }

    /// Whether a member with that name can be part of an error.
    pub(crate) fn is_member(name: &str) -> bool {
        const NAMES: [&str; 10] = [
            "error",
            "odata.error",
            "errors",
            "errorCode",
            "code",
            "message",
            "error_description",
            "errorMessage",
            "title",
            "detail",
        ];
        NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The error that an object describes, if it describes one.
    pub(crate) fn find(body: &Map<String, Value>) -> Option<Self> {
        let nested = ["odata.error", "error", "errors"];
        let mut nested = nested.iter().filter_map(|name| get(body, name));
        let object = nested.find_map(|value| match value {
            Value::Array(all) => all.first().and_then(Value::as_object),
            value => value.as_object(),
        });
        if let Some(error) = object {
            return Some(Self::of_object(error));
        }
        let code = text(body, &["errorCode", "code", "error"]);
        let message = text(
            body,
            &[
                "error_description",
                "errorMessage",
                "message",
                "detail",
                "title",
            ],
        );
        let (code, message) = match (code, message) {
            (None, None) => return None,
            // A sentence is not a code.
            (Some(code), None) if code.contains(' ') => (None, code),
            (code, message) => (code, message.unwrap_or_else(|| "no message".to_owned())),
        };
        Some(Self {
            code,
            message,
            ..Self::default()
        })
    }

    /// The object under `error`. `innerError` used to be `innererror`; `code` may be empty.
    pub(crate) fn of_object(error: &Map<String, Value>) -> Self {
        let inner = get(error, "innerError").and_then(Value::as_object);
        let inner_id = |name| {
            inner
                .and_then(|inner| text(inner, &[name]))
                .and_then(|id| identifier(&id))
        };
        let code = text(error, &["code", "errorCode"]);
        let message = text(error, &["message", "error_description"]);
        Self {
            message: message.unwrap_or_else(|| match &code {
                Some(_) => "no message".to_owned(),
                None => SAYS_NOTHING.to_owned(),
            }),
            code,
            details: get(error, "details")
                .and_then(Value::as_array)
                .map(|details| details.iter().filter_map(detail).collect())
                .unwrap_or_default(),
            request_id: inner_id("request-id"),
            client_request_id: inner_id("client-request-id"),
        }
    }
}

/// An identifier for a log: up to the first invalid character, with a limited length.
pub(crate) fn identifier(text: &str) -> Option<String> {
    let id: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_graphic)
        .take(LONGEST_ID)
        .collect();
    (!id.is_empty()).then_some(id)
}

fn detail(value: &Value) -> Option<ErrorDetail> {
    let detail = value.as_object()?;
    Some(ErrorDetail {
        code: text(detail, &["code"]).unwrap_or_default(),
        message: text(detail, &["message"]).unwrap_or_default(),
        target: text(detail, &["target"]),
    })
}

/// A member by its name, in any case.
fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        let mut members = object.iter();
        let found = members.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// The first of these members with a value; a number counts as its digits, `{lang, value}` as its value.
fn text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match get(object, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => match get(inner, "value")? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        },
        _ => None,
    })
}

/// The members of an object and of the objects in it, as far as the text is complete, and whether it is: a truncated
/// error still has the code at its start.
fn members(json: &str) -> (Map<String, Value>, bool) {
    let mut found = Map::new();
    let mut reader = serde_json::Deserializer::from_str(json);
    let members = Members {
        found: &mut found,
        depth: 2,
    };
    let is_whole = members.deserialize(&mut reader).is_ok();
    (found, is_whole)
}

struct Members<'m> {
    found: &'m mut Map<String, Value>,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let is_nested = ["error", "odata.error"]
                .iter()
                .any(|nested| nested.eq_ignore_ascii_case(&name));
            if is_nested && self.depth > 1 {
                let mut inner = Map::new();
                let nested = Nested(Members {
                    found: &mut inner,
                    depth: self.depth - 1,
                });
                let read = map.next_value_seed(nested);
                let value = match &read {
                    Ok(Some(value)) => value.clone(),
                    _ => Value::Object(inner),
                };
                self.found.insert(name, value);
                read?;
            } else if ServiceError::is_member(&name) || self.depth == 1 {
                self.found.insert(name, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// An object, member by member; any other value as a whole.
struct Nested<'m>(Members<'m>);

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = Option<Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.visit_map(map).map(|()| None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::String(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.into()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Bool(flag)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(Value::Null))
    }
}

/// `<code>` and `<message>`, as in the XML of older services, with any prefix.
fn tagged(text: &str) -> Option<ServiceError> {
    let code = element(text, "code");
    let message = element(text, "message")?;
    Some(ServiceError {
        code,
        message,
        ..ServiceError::default()
    })
}

fn element(text: &str, name: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(start) = lower.get(from..)?.find('<').map(|place| from + place) {
        let end = start + lower.get(start..)?.find('>')?;
        let tag = lower.get(start + 1..end)?;
        let tag = tag.split_whitespace().next().unwrap_or_default();
        if tag.rsplit(':').next() == Some(name) {
            let inside = text.get(end + 1..)?.split('<').next()?.trim();
            return (!inside.is_empty()).then(|| inside.to_owned());
        }
        from = end + 1;
    }
    None
}

/// The start of a body in another format; for a page, its title first.
fn beginning(text: &str) -> String {
    let text = text
        .char_indices()
        .nth(SHOWN * 4)
        .map_or(text, |(end, _)| &text[..end]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.is_empty() {
        return "no body".to_owned();
    }
    let title = element(text, "title").map(|title| format!("{title}: "));
    let title = title.unwrap_or_default();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{title}not the service's error shape: {}…", &line[..end]),
        None => format!("{title}not the service's error shape: {line}"),
    }
}

#[cfg(test)]
mod tests;
