//! A second way to read JSON, for text that is valid by the grammar but contains unreadable values: half a surrogate
//! pair, bytes that are not UTF-8, a number that no double can represent.
//!
//! serde_json reads the same text value by value as raw JSON; a value that it cannot convert is passed on as an object
//! with one property, [`UNREADABLE`], and only affects its own property.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _, MapAccess,
    SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::unreadable::UNREADABLE;

/// The maximum depth of values, the same as serde_json's.
const DEPTH: u8 = 127;

/// A value as raw JSON.
#[derive(Clone, Copy)]
pub(crate) struct Tolerant<'de> {
    raw: &'de RawValue,
    depth: u8,
}

impl<'de> Tolerant<'de> {
    pub(crate) fn new(raw: &'de RawValue) -> Self {
        Self { raw, depth: DEPTH }
    }

    fn nested<V>(self, visitor: V) -> Result<Nested<V>, serde_json::Error> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Nested { visitor, depth }),
            None => Err(serde_json::Error::custom("recursion limit exceeded")),
        }
    }
}

impl<'de> Deserializer<'de> for Tolerant<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let text = self.raw.get();
        let mut source = serde_json::Deserializer::from_str(text);
        match text.as_bytes().first() {
            Some(b'{') => source.deserialize_map(self.nested(visitor)?),
            Some(b'[') => source.deserialize_seq(self.nested(visitor)?),
            _ => match Value::deserialize(&mut source) {
                Ok(value) => value.deserialize_any(visitor),
                Err(_) => {
                    visitor.visit_map(MapDeserializer::new(std::iter::once((UNREADABLE, text))))
                }
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.raw.get() {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Passes the parts of an object or a list on as raw JSON.
struct Nested<T> {
    visitor: T,
    depth: u8,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Nested<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Parts {
            source: map,
            depth: self.depth,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(Parts {
            source: sequence,
            depth: self.depth,
        })
    }
}

struct Parts<A> {
    source: A,
    depth: u8,
}

impl<A> Parts<A> {
    fn read<'de, S: DeserializeSeed<'de>, E: serde::de::Error>(
        &self,
        seed: S,
        raw: &'de RawValue,
    ) -> Result<S::Value, E> {
        let depth = self.depth;
        seed.deserialize(Tolerant { raw, depth }).map_err(E::custom)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let Some(raw) = self.source.next_key::<&'de RawValue>()? else {
            return Ok(None);
        };
        let name = serde_json::from_str(raw.get())
            .unwrap_or_else(|_| raw.get().trim_matches('"').to_owned());
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let raw = self.source.next_value()?;
        self.read(seed, raw)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        match self.source.next_element()? {
            Some(raw) => self.read(seed, raw).map(Some),
            None => Ok(None),
        }
    }
}

/// A text in which every byte that is not UTF-8 is replaced by an escape that no string can contain, so that the string
/// with it is unreadable and still shows the byte: `\ufffd\udcff` for `0xFF`.
///
/// The leading replacement character keeps the escape from joining half a surrogate pair before it.
pub(crate) fn escaped(text: &[u8]) -> String {
    let mut escaped = String::with_capacity(text.len() + 64);
    for chunk in text.utf8_chunks() {
        escaped.push_str(chunk.valid());
        // A backslash before the byte would combine with that of the escape, and make the text readable.
        let slashes = escaped
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\\')
            .count();
        for byte in chunk.invalid() {
            match slashes % 2 {
                0 => escaped.push_str(&format!("\\ufffd\\udc{byte:02x}")),
                _ => escaped.push(char::REPLACEMENT_CHARACTER),
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_means_no_value_for_an_option() {
        for (text, expected) in [("null", None), ("[1]", Some(vec![1]))] {
            let raw: &RawValue = serde_json::from_str(text).unwrap();
            let read = Option::<Vec<u8>>::deserialize(Tolerant::new(raw));
            assert_eq!(read.unwrap(), expected);
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_never_becomes_readable_text() {
        for (text, expected) in [
            (&b"\"\xff\""[..], r#""\ufffd\udcff""#),
            (b"\"\\ud83d\xb0\"", r#""\ud83d\ufffd\udcb0""#),
            (b"\"a\\\\\xff\"", r#""a\\\ufffd\udcff""#),
        ] {
            let escaped = escaped(text);
            assert_eq!(escaped, expected);
            assert!(serde_json::from_str::<&RawValue>(&escaped).is_ok());
            assert!(serde_json::from_str::<String>(&escaped).is_err());
        }
        let broken = escaped(b"\"a\\\xff\"");
        assert!(serde_json::from_str::<&RawValue>(&broken).is_err());
    }
}
