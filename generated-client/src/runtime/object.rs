//! Objects: declared properties in fields, everything else kept as it came.

use std::fmt;

use serde::de::MapAccess;
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

    /// Whether a declared property has a value in its field.
    fn is_set(&self, name: &str) -> bool;

    /// What a declared property is expected to hold; nothing where it is not declared.
    fn expected(&self, name: &str) -> Option<&'static str>;
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
        write!(formatter, "`{}`: expected {}, found {}", self.property, self.expected, kind(self.value))
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
        let expected = object.expected(property)?;
        (!object.is_set(property)).then_some(Unreadable {
            property,
            value,
            expected,
        })
    })
}

/// A field that holds a property.
pub trait Field {
    /// The type of the property's value.
    type Value: Wire;

    /// Takes a value.
    fn put(&mut self, value: Self::Value);

    /// The value, if there is one.
    fn get(&self) -> Option<&Self::Value>;
}

impl<T: Wire> Field for Option<T> {
    type Value = T;

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

/// Reads a property into its field, or keeps what does not fit.
///
/// # Errors
///
/// Those of the input.
pub fn read_field<'de, F: Field, A: MapAccess<'de>>(
    field: &mut F,
    name: &'static str,
    map: &mut A,
    rest: &mut JsonMap,
) -> Result<(), A::Error> {
    match map.next_value()? {
        Fit::Fits(value) => field.put(value),
        Fit::Null => {}
        Fit::Misfit(value) => {
            rest.insert(name.to_owned(), value);
        }
    }
    Ok(())
}

/// Writes a field that has a value.
///
/// # Errors
///
/// Those of the output.
pub fn write_field<F: Field, M: SerializeMap>(field: &F, name: &'static str, map: &mut M) -> Result<(), M::Error> {
    match field.get() {
        Some(value) => map.serialize_entry(name, &Written(value)),
        None => Ok(()),
    }
}

/// What a field expects.
pub fn expected<F: Field>(_field: &F) -> &'static str {
    F::Value::EXPECTED
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
        if Some(name.as_str()) != written && !object.is_set(name) {
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
    let json = is_wanted.then(|| serde_json::to_value(object).ok()).flatten()?;
    serde_json::from_value(json).ok()
}

/// A visitor that reads a whole object.
pub struct ObjectVisitor<T>(pub std::marker::PhantomData<T>);

impl<'de, T: Object> serde::de::Visitor<'de> for ObjectVisitor<T> {
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
    ($type:ident $(: base $base:ident)? { $($field:ident: $name:literal),* $(,)? }) => {
        impl $crate::runtime::object::Properties for $type {
            $crate::__properties!($($base)? { $($field: $name),* });
        }

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
    ($type:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl $crate::runtime::object::Properties for $type {
            $crate::__properties!({ $($field: $name),* });
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __properties {
    ($($base:ident)? { $($field:ident: $name:literal),* }) => {
        #[allow(unused_variables, reason = "an object may have no property of its own")]
        fn read_property<'de, A: $crate::runtime::serde::de::MapAccess<'de>>(
            &mut self,
            name: &str,
            map: &mut A,
            rest: &mut $crate::runtime::JsonMap,
        ) -> ::core::result::Result<bool, A::Error> {
            match name {
                $($name => $crate::runtime::object::read_field(&mut self.$field, $name, map, rest)?,)*
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
            $($crate::runtime::object::write_field(&self.$field, $name, map)?;)*
            ::core::result::Result::Ok(())
        }

        fn is_set(&self, name: &str) -> bool {
            match name {
                $($name => $crate::runtime::object::Field::get(&self.$field).is_some(),)*
                _ => {
                    $(
                        let base: &$base = &self.base;
                        return $crate::runtime::object::Properties::is_set(base, name);
                    )?
                    #[allow(unreachable_code, reason = "only an object without a base gets here")]
                    false
                }
            }
        }

        fn expected(&self, name: &str) -> ::core::option::Option<&'static str> {
            match name {
                $($name => ::core::option::Option::Some($crate::runtime::object::expected(&self.$field)),)*
                _ => {
                    $(
                        let base: &$base = &self.base;
                        return $crate::runtime::object::Properties::expected(base, name);
                    )?
                    #[allow(unreachable_code, reason = "only an object without a base gets here")]
                    ::core::option::Option::None
                }
            }
        }
    };
}

pub use {__object as object, __object_base as object_base};
