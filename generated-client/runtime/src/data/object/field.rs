//! Fields of objects: values that are read straight into them, and what does not fit, which is kept beside them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::Value;

use super::super::JsonMap;
use super::super::wire::{Fit, Wire, Written};

/// A field that holds a property.
pub trait Field {
    /// The type of the property's value.
    type Value: Wire + fmt::Debug;

    /// Takes a value.
    fn put(&mut self, value: Self::Value);

    /// The value, if there is one.
    fn get(&self) -> Option<&Self::Value>;
}

impl<T: Wire + fmt::Debug> Field for Option<T> {
    type Value = T;

    #[inline]
    fn put(&mut self, value: T) {
        *self = Some(value);
    }

    fn get(&self) -> Option<&T> {
        self.as_ref()
    }
}

/// A key: empty where the service left it out.
impl Field for String {
    type Value = String;

    fn put(&mut self, value: String) {
        *self = value;
    }

    fn get(&self) -> Option<&String> {
        (!self.is_empty()).then_some(self)
    }
}

/// Reads a property into its field, or keeps what does not fit. Says whether it is null.
///
/// # Errors
///
/// Those of the input.
pub fn read_field<'de, F: Field, A: MapAccess<'de>>(
    field: &mut F,
    name: &'static str,
    map: &mut A,
    rest: &mut JsonMap,
) -> Result<bool, A::Error> {
    map.next_value_seed(FieldSeed { field, name, rest })
}

/// Reads a value straight into its field: this is where most of the time of decoding goes.
struct FieldSeed<'a, F> {
    field: &'a mut F,
    name: &'static str,
    rest: &'a mut JsonMap,
}

impl<F: Field> FieldSeed<'_, F> {
    #[inline]
    fn take<E>(
        self,
        value: Option<F::Value>,
        as_it_came: impl FnOnce() -> Value,
    ) -> Result<bool, E> {
        match value {
            Some(value) => self.field.put(value),
            None => self.keep(as_it_came()),
        }
        Ok(false)
    }

    #[inline]
    fn take_fit<E>(self, fit: Fit<F::Value>) -> Result<bool, E> {
        match fit {
            Fit::Fits(value) => self.field.put(value),
            Fit::Null => return Ok(true),
            Fit::Misfit(value) => self.keep(value),
        }
        Ok(false)
    }

    #[cold]
    fn keep(self, value: Value) {
        self.rest.insert(self.name.to_owned(), value);
    }
}

impl<'de, F: Field> DeserializeSeed<'de> for FieldSeed<'_, F> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: Field> Visitor<'de> for FieldSeed<'_, F> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(F::Value::EXPECTED)
    }

    #[inline]
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<bool, E> {
        self.take(F::Value::from_text(text), || text.into())
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        self.take(F::Value::from_text(text), || text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<bool, E> {
        match F::Value::from_owned_text(text) {
            Ok(value) => self.field.put(value),
            Err(text) => self.keep(text.into()),
        }
        Ok(false)
    }

    #[inline]
    fn visit_bool<E>(self, flag: bool) -> Result<bool, E> {
        self.take(F::Value::from_bool(flag), || flag.into())
    }

    #[inline]
    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        self.take(F::Value::from_i64(number), || number.into())
    }

    #[inline]
    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        self.take(F::Value::from_u64(number), || number.into())
    }

    #[inline]
    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        self.take(F::Value::from_f64(number), || number.into())
    }

    #[inline]
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let fit = F::Value::from_map(map)?;
        self.take_fit(fit)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<bool, A::Error> {
        let fit = F::Value::from_seq(sequence)?;
        self.take_fit(fit)
    }
}

/// Writes a field that has a value, or that came as null.
///
/// # Errors
///
/// Those of the output.
pub fn write_field<F: Field, M: SerializeMap>(
    field: &F,
    name: &'static str,
    came_as_null: bool,
    map: &mut M,
) -> Result<(), M::Error> {
    match field.get() {
        Some(value) => map.serialize_entry(name, &Written(value)),
        None if came_as_null => map.serialize_entry(name, &()),
        None => Ok(()),
    }
}

/// Shows a field that has a value.
pub fn show_field<F: Field>(field: &F, name: &str, shown: &mut fmt::DebugStruct<'_, '_>) {
    if let Some(value) = field.get() {
        shown.field(name, value);
    }
}
