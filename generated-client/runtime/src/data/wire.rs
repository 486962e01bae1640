//! Reading and writing single values, so that a value that does not fit spoils its property and nothing else.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::object::kind;

/// A type that stands in a property.
///
/// Each method takes one of the forms that a JSON value can have. Those that a type leaves out do not fit it.
pub trait Wire: Sized {
    /// What is expected, with its article: `a date-time`.
    const EXPECTED: &'static str;

    /// Reads a text.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// Reads a text that may be kept, or gives it back.
    ///
    /// # Errors
    ///
    /// The text, where it does not fit.
    fn from_owned_text(text: String) -> Result<Self, String> {
        Self::from_text(&text).ok_or(text)
    }

    /// Reads a truth value.
    fn from_bool(_flag: bool) -> Option<Self> {
        None
    }

    /// Reads a whole number that may be negative.
    fn from_i64(_number: i64) -> Option<Self> {
        None
    }

    /// Reads a whole number that is not negative.
    fn from_u64(number: u64) -> Option<Self> {
        i64::try_from(number).ok().and_then(Self::from_i64)
    }

    /// Reads a number with a fraction or an exponent.
    fn from_f64(_number: f64) -> Option<Self> {
        None
    }

    /// Reads null where it is an item of a list. Where it is a property, null is no value.
    fn from_null_item() -> Option<Self> {
        None
    }

    /// Reads an object.
    ///
    /// # Errors
    ///
    /// Those of the input: broken syntax, not a value that does not fit.
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Fit::Misfit)
    }

    /// Reads a list.
    ///
    /// # Errors
    ///
    /// Those of the input: broken syntax, not a value that does not fit.
    fn from_seq<'de, A: SeqAccess<'de>>(sequence: A) -> Result<Fit<Self>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(sequence)).map(Fit::Misfit)
    }

    /// Writes the value.
    ///
    /// # Errors
    ///
    /// Those of the output.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A value as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit<T> {
    /// It fits its type.
    Fits(T),
    /// It is null.
    Null,
    /// It does not fit, and is kept as it came.
    Misfit(Value),
}

impl<T> Fit<T> {
    fn or_text(fit: Option<T>, text: &str) -> Self {
        fit.map_or_else(|| Self::Misfit(Value::from(text)), Self::Fits)
    }

    fn or(fit: Option<T>, value: impl Into<Value>) -> Self {
        fit.map_or_else(|| Self::Misfit(value.into()), Self::Fits)
    }
}

impl<'de, T: Wire> Deserialize<'de> for Fit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FitVisitor(PhantomData))
    }
}

struct FitVisitor<T>(PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for FitVisitor<T> {
    type Value = Fit<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_str<E>(self, text: &str) -> Result<Fit<T>, E> {
        Ok(Fit::or_text(T::from_text(text), text))
    }

    fn visit_string<E>(self, text: String) -> Result<Fit<T>, E> {
        Ok(match T::from_owned_text(text) {
            Ok(value) => Fit::Fits(value),
            Err(text) => Fit::Misfit(Value::String(text)),
        })
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Fit<T>, E> {
        Ok(Fit::or(T::from_bool(flag), flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Fit<T>, E> {
        Ok(Fit::or(T::from_i64(number), number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Fit<T>, E> {
        Ok(Fit::or(T::from_u64(number), number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Fit<T>, E> {
        Ok(Fit::or(T::from_f64(number), number))
    }

    fn visit_unit<E>(self) -> Result<Fit<T>, E> {
        Ok(Fit::Null)
    }

    fn visit_none<E>(self) -> Result<Fit<T>, E> {
        Ok(Fit::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        Fit::deserialize(deserializer)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fit<T>, A::Error> {
        T::from_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Fit<T>, A::Error> {
        T::from_seq(sequence)
    }
}

/// Reads a value that has to fit: for types that stand alone, or in the body of a request.
///
/// # Errors
///
/// What was expected and what was found; and those of the input.
pub fn strict<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let found = match Fit::deserialize(deserializer)? {
        Fit::Fits(value) => return Ok(value),
        Fit::Null => kind(&Value::Null),
        Fit::Misfit(value) => kind(&value),
    };
    Err(D::Error::custom(format_args!(
        "expected {}, found {found}",
        T::EXPECTED
    )))
}

/// A value on its way out.
pub(crate) struct Written<'a, T>(pub(crate) &'a T);

impl<T: Wire> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// A key of an object, borrowed from the input where it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(name.to_owned())))
    }

    fn visit_string<E>(self, name: String) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(name)))
    }
}
