//! Objects: declared properties in fields, everything else kept as it came.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::Value;

use super::JsonMap;
use super::wire::{Fit, Key, Wire, Written};

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

/// Implements reading and writing for a struct whose fields hold declared properties, and which keeps the rest in
/// `additional_properties`.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident $(: base $base:ident)? { $($field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type $(: $base)? { $($field: $name),* });

        $crate::__object_schema!($type $(: $base)? { $($field: $name $($nullable)?),* });

        impl $crate::runtime::object::Object for $type {
            const NAME: &'static str = ::core::stringify!($type);

            fn rest(&self) -> &$crate::runtime::JsonMap {
                &self.additional_properties
            }

            fn set_rest(&mut self, rest: $crate::runtime::JsonMap) {
                self.additional_properties = rest;
            }
        }

        impl $type {
            /// The declared properties whose value did not fit their type; they are in `additional_properties`.
            pub fn unreadable(&self) -> impl ::core::iter::Iterator<Item = $crate::runtime::Unreadable<'_>> {
                $crate::runtime::object::unreadable(self)
            }

            /// Whether the service sent that property, by its name on the wire, as null: not the same as leaving
            /// it out, which it does with what `$select` does not ask for.
            #[must_use]
            pub fn is_null(&self, property: &str) -> bool {
                $crate::runtime::object::is_null(self, property)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::runtime::object::show_object(self, formatter)
            }
        }

        impl<'de> $crate::runtime::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                deserializer.deserialize_map($crate::runtime::object::ObjectVisitor(::core::marker::PhantomData))
            }
        }

        impl $crate::runtime::serde::Serialize for $type {
            fn serialize<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::runtime::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $crate::runtime::object::write_object(self, None, &mut map)?;
                map.end()
            }
        }

        impl $crate::runtime::Wire for $type {
            const EXPECTED: &'static str = "an object";

            fn from_map<'de, A: $crate::runtime::serde::de::MapAccess<'de>>(
                map: A,
            ) -> ::core::result::Result<$crate::runtime::Fit<Self>, A::Error> {
                $crate::runtime::object::read_object(map).map($crate::runtime::Fit::Fits)
            }

            fn write<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::runtime::serde::Serialize::serialize(self, serializer)
            }
        }
    };
}

/// Implements reading and writing for the struct that holds the properties of a polymorphic base.
#[doc(hidden)]
#[macro_export]
macro_rules! __object_base {
    ($type:ident { $($field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type { $($field: $name),* });

        $crate::__object_schema!($type { $($field: $name $($nullable)?),* });

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut shown = formatter.debug_struct(::core::stringify!($type));
                $crate::runtime::object::Properties::show(self, &mut shown);
                shown.finish()
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __properties {
    ($type:ident $(: $base:ident)? { $($field:ident: $name:literal),* }) => {
        const _: () = {
            /// Where each property has its bit.
            #[allow(non_camel_case_types, dead_code, clippy::enum_variant_names, reason = "named after the fields")]
            enum Index {
                $($field),*
            }

            impl $crate::runtime::object::Properties for $type {
                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn read_property<'de, A: $crate::runtime::serde::de::MapAccess<'de>>(
                    &mut self,
                    name: &str,
                    map: &mut A,
                    rest: &mut $crate::runtime::JsonMap,
                ) -> ::core::result::Result<bool, A::Error> {
                    match name {
                        $(
                            $name => {
                                let is_null =
                                    $crate::runtime::object::read_field(&mut self.$field, $name, map, rest)?;
                                self.nulls.set(Index::$field as usize, is_null);
                            }
                        )*
                        _ => {
                            $(
                                let base: &mut $base = &mut self.base;
                                return $crate::runtime::object::Properties::read_property(base, name, map, rest);
                            )?
                            #[allow(unreachable_code, reason = "only an object without a base gets here")]
                            return ::core::result::Result::Ok(false);
                        }
                    }
                    #[allow(unreachable_code, reason = "an object may have no property of its own")]
                    ::core::result::Result::Ok(true)
                }

                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn write_properties<M: $crate::runtime::serde::ser::SerializeMap>(
                    &self,
                    map: &mut M,
                ) -> ::core::result::Result<(), M::Error> {
                    $(
                        let base: &$base = &self.base;
                        $crate::runtime::object::Properties::write_properties(base, map)?;
                    )?
                    $(
                        let is_null = self.nulls.contains(Index::$field as usize);
                        $crate::runtime::object::write_field(&self.$field, $name, is_null, map)?;
                    )*
                    ::core::result::Result::Ok(())
                }

                fn state(&self, name: &str) -> ::core::option::Option<$crate::runtime::object::State> {
                    match name {
                        $(
                            $name => {
                                let is_null = self.nulls.contains(Index::$field as usize);
                                ::core::option::Option::Some($crate::runtime::object::State::of(&self.$field, is_null))
                            }
                        )*
                        _ => {
                            $(
                                let base: &$base = &self.base;
                                return $crate::runtime::object::Properties::state(base, name);
                            )?
                            #[allow(unreachable_code, reason = "only an object without a base gets here")]
                            ::core::option::Option::None
                        }
                    }
                }

                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn show(&self, shown: &mut ::core::fmt::DebugStruct<'_, '_>) {
                    $($crate::runtime::object::show_field(&self.$field, ::core::stringify!($field), shown);)*
                    $(
                        let base: &$base = &self.base;
                        $crate::runtime::object::Properties::show(base, shown);
                    )?
                }
            }
        };
    };
}

pub use {__object as object, __object_base as object_base};
