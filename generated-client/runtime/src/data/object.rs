//! Objects: declared properties in fields, everything else kept as it came.

mod field;
mod table;

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::Value;

use super::JsonMap;
use super::wire::{Key, Wire};

pub use field::{Field, read_field, show_field, write_field};
pub use table::{object, object_base};

/// The declared properties of a type.
pub trait Properties: Default {
    /// Reads the value of a declared property, or says that it is none and reads nothing.
    ///
    /// # Errors
    ///
    /// Those of the input.
    fn read_property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        rest: &mut JsonMap,
    ) -> Result<bool, A::Error>;

    /// Writes every property that has a value.
    ///
    /// # Errors
    ///
    /// Those of the output.
    fn write_properties<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// What a declared property has; nothing where it is not declared.
    fn state(&self, name: &str) -> Option<State>;

    /// Shows every property that has a value.
    fn show(&self, shown: &mut fmt::DebugStruct<'_, '_>);
}

/// What a declared property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether there is a value in its field.
    pub has_value: bool,
    /// Whether it came as null.
    pub came_as_null: bool,
    /// What it is expected to hold.
    pub expected: &'static str,
}

impl State {
    /// The state of a field.
    pub fn of<F: Field>(field: &F, came_as_null: bool) -> Self {
        Self {
            has_value: field.get().is_some(),
            came_as_null,
            expected: F::Value::EXPECTED,
        }
    }

    /// Whether the property is written from its field.
    fn is_written(self) -> bool {
        self.has_value || self.came_as_null
    }
}

/// Which of the declared properties came as null: one bit for each.
///
/// An absent property and one that is null mean the same to most callers, so that both are no value; what is
/// written back still is what came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nulls<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Nulls<WORDS> {
    /// Whether that property came as null.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.0
            .get(index / 64)
            .is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// Notes whether that property came as null.
    #[inline]
    pub fn set(&mut self, index: usize, came_as_null: bool) {
        if let Some(word) = self.0.get_mut(index / 64) {
            let bit = 1 << (index % 64);
            *word = if came_as_null {
                *word | bit
            } else {
                *word & !bit
            };
        }
    }
}

impl<const WORDS: usize> Default for Nulls<WORDS> {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

/// A type that is a whole object: declared properties, and the rest.
pub trait Object: Properties {
    /// The Rust type's name.
    const NAME: &'static str;

    /// What is in no field.
    fn rest(&self) -> &JsonMap;

    /// Takes what is in no field.
    fn set_rest(&mut self, rest: JsonMap);
}

/// A declared property whose value did not fit its type.
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

/// What a JSON value is, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The declared properties that did not fit their type.
pub fn unreadable<T: Object>(object: &T) -> impl Iterator<Item = Unreadable<'_>> {
    object.rest().iter().filter_map(|(property, value)| {
        let state = object.state(property)?;
        (!state.is_written()).then_some(Unreadable {
            property,
            value,
            expected: state.expected,
        })
    })
}

/// Whether a declared property came as null, and still has no value.
pub fn is_null<T: Object>(object: &T, name: &str) -> bool {
    object
        .state(name)
        .is_some_and(|state| state.came_as_null && !state.has_value)
}

/// Shows an object: what it has, and no empty fields.
///
/// # Errors
///
/// Those of the output.
pub fn show_object<T: Object>(object: &T, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = formatter.debug_struct(T::NAME);
    object.show(&mut shown);
    for (name, value) in object.rest() {
        shown.field(name, value);
    }
    shown.finish()
}

/// Reads the properties that a map still has.
pub(crate) fn read_into<'de, T: Properties, A: MapAccess<'de>>(
    object: &mut T,
    rest: &mut JsonMap,
    map: &mut A,
) -> Result<(), A::Error> {
    while let Some(Key(name)) = map.next_key()? {
        if !object.read_property(&name, map, rest)? {
            let value = map.next_value()?;
            rest.insert(name.into_owned(), value);
        }
    }
    Ok(())
}

/// Reads a whole object.
///
/// # Errors
///
/// Those of the input.
pub fn read_object<'de, T: Object, A: MapAccess<'de>>(mut map: A) -> Result<T, A::Error> {
    let mut object = T::default();
    let mut rest = JsonMap::new();
    read_into(&mut object, &mut rest, &mut map)?;
    object.set_rest(rest);
    Ok(object)
}

/// Writes a whole object into a map, except a property that has been written already.
///
/// # Errors
///
/// Those of the output.
pub fn write_object<T: Object, M: SerializeMap>(
    object: &T,
    written: Option<&str>,
    map: &mut M,
) -> Result<(), M::Error> {
    object.write_properties(map)?;
    for (name, value) in object.rest() {
        let is_written =
            Some(name.as_str()) == written || object.state(name).is_some_and(State::is_written);
        if !is_written {
            map.serialize_entry(name, value)?;
        }
    }
    Ok(())
}

/// Reads an object again as one of its subtypes, if its tag says that it is one.
pub fn narrow<T, S>(object: &T, tag: Option<&str>, wanted: &str) -> Option<S>
where
    T: Object + serde::Serialize,
    S: Object + serde::de::DeserializeOwned,
{
    let is_wanted = tag?.trim_start_matches('#') == wanted.trim_start_matches('#');
    let json = is_wanted
        .then(|| serde_json::to_value(object).ok())
        .flatten()?;
    serde_json::from_value(json).ok()
}

/// A visitor that reads a whole object.
pub struct ObjectVisitor<T>(pub std::marker::PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object of type {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        read_object(map)
    }
}
