//! Updates of values that a discriminator tells apart: an enum over the updates of all types, each sent with its tag.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::Value;

use super::super::JsonMap;
use super::super::check::{Refusal, changes_something};
use super::Sent;

/// Implements writing, reading and the check of an update of a value of any type of a family.
#[doc(hidden)]
#[macro_export]
macro_rules! __family_update {
    ($type:ident: discriminator $discriminator:literal {
        $($variant:ident($content:ident) = $tag:literal),* $(,)?
    }) => {
        impl $type {
            /// The tags of the types that this version knows.
            pub const TYPES: &'static [&'static str] = &[$($tag),*];
        }

        $(
            impl ::core::convert::From<$content> for $type {
                fn from(update: $content) -> Self {
                    Self::$variant(::std::boxed::Box::new(update))
                }
            }
        )*

        impl $crate::generated_code::Body for $type {
            fn check(&self) -> ::core::result::Result<(), $crate::generated_code::Refusal> {
                match self {
                    $(Self::$variant(update) => $crate::generated_code::Body::check(&**update),)*
                    Self::Other(update) => $crate::generated_code::body::check_other(update, $discriminator),
                }
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(update) => {
                        $crate::generated_code::body::write_tagged(&**update, $discriminator, $tag, serializer)
                    })*
                    Self::Other(update) => {
                        $crate::generated_code::serde::Serialize::serialize(update, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::generated_code::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::generated_code::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let (tag, update) = $crate::generated_code::body::read_tagged(
                    $discriminator,
                    Self::TYPES,
                    deserializer,
                )?;
                match tag {
                    $(::core::option::Option::Some($tag) => {
                        let update = $crate::generated_code::body::read_rest(update)?;
                        ::core::result::Result::Ok(Self::$variant(update))
                    })*
                    _ => ::core::result::Result::Ok(Self::Other(update)),
                }
            }
        }

        $crate::__family_update_schema!($type: $discriminator { $($content = $tag),* });
    };
}

pub use __family_update as family_update;

/// Writes an update with the tag of its type in front, unless the update sets the tag itself.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn write_tagged<S: Serializer>(
    update: &dyn Sent,
    discriminator: &str,
    tag: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    let mut names = update.names().iter().enumerate();
    let sets_tag =
        names.any(|(index, name)| *name == discriminator && update.sent(index).is_some());
    if !sets_tag {
        map.serialize_entry(discriminator, tag)?;
    }
    for (index, name) in update.names().iter().enumerate() {
        if let Some(view) = update.sent(index) {
            map.serialize_entry(name, &view)?;
        }
    }
    map.end()
}

/// Reads an update of any type: its tag, where it is one of those that are known, and the other properties. Of another
/// type all properties are left as they are.
///
/// # Errors
///
/// Returns an error where the tag is missing, and the errors of the input.
pub fn read_tagged<'de, D: Deserializer<'de>>(
    discriminator: &str,
    types: &[&'static str],
    deserializer: D,
) -> Result<(Option<&'static str>, JsonMap), D::Error> {
    let mut update = JsonMap::deserialize(deserializer)?;
    let Some(tag) = update.get(discriminator).and_then(Value::as_str) else {
        return Err(D::Error::custom(format_args!(
            "`{discriminator}` is missing: it says of which type the update is"
        )));
    };
    let known = types.iter().find(|known| **known == tag).copied();
    if known.is_some() {
        update.remove(discriminator);
    }
    Ok((known, update))
}

/// Reads the update of a type from its properties.
///
/// # Errors
///
/// Returns which property is wrong.
pub fn read_rest<T: DeserializeOwned, E: Error>(update: JsonMap) -> Result<Box<T>, E> {
    let update = T::deserialize(Value::Object(update)).map_err(E::custom)?;
    Ok(Box::new(update))
}

/// Refuses an update of an unknown type that changes nothing, or does not say of which type it is.
///
/// # Errors
///
/// [`Refusal::ChangesNothing`] and [`Refusal::Untagged`].
pub fn check_other(update: &JsonMap, discriminator: &'static str) -> Result<(), Refusal> {
    match update.get(discriminator) {
        Some(Value::String(_)) => changes_something(update.len() > 1),
        _ => Err(Refusal::Untagged {
            property: discriminator,
        }),
    }
}
