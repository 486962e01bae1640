//! JSON schemas of the generated types, from the same tables as their serialization (feature `schemars`).
//!
//! A schema describes what the service sends and accepts, as in the fragment; deserialization is more lenient.

#[cfg(feature = "schemars")]
mod described;

#[cfg(feature = "schemars")]
pub use described::{
    PropertySchemas, changed, constant, enumeration, extensible, family_update, nullable, optional,
    property, request, required, union, union_member, update_member,
};

/// The schema of an object: its properties, and those of its polymorphic base.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __object_schema {
    ($type:ident $(: $base:ident)? { $($field:ident: $name:literal $($nullable:ident)?),* }) => {
        impl $crate::generated_code::json_schema::PropertySchemas for $type {
            #[allow(unused_variables, reason = "an object may have no property of its own")]
            fn property_schemas(
                generator: &mut $crate::generated_code::schemars::SchemaGenerator,
                properties: &mut $crate::generated_code::JsonMap,
            ) {
                $(<$base as $crate::generated_code::json_schema::PropertySchemas>::property_schemas(generator, properties);)?
                $(
                    let schema = $crate::generated_code::json_schema::property(
                        |object: &Self| &object.$field,
                        $crate::__is_nullable!($($nullable)?),
                        generator,
                    );
                    properties.insert($name.into(), schema);
                )*
            }
        }

        $crate::__json_schema!($type, generator => {
            $crate::generated_code::json_schema::extensible::<Self>(generator)
        });
    };
}

/// The schema of an open enumeration.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __enum_schema {
    ($type:ident) => {
        $crate::__json_schema!($type, _generator => {
            $crate::generated_code::json_schema::enumeration::<Self>()
        });
    };
}

/// The schema of a polymorphic type.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema {
    ($type:ident: $base:ident { $($variant:ident($content:ident) = $tag:literal),* }) => {
        $crate::__json_schema!($type, generator => {
            let members = ::std::vec![
                $($crate::generated_code::json_schema::union_member::<Self, $content>($tag, generator)),*
            ];
            $crate::generated_code::json_schema::union::<Self>(members, generator)
        });
    };
}

/// The schema of an update of a polymorphic value.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __family_update_schema {
    ($type:ident: $discriminator:literal { $($content:ident = $tag:literal),* }) => {
        $crate::__json_schema!($type, generator => {
            let members = ::std::vec![
                $($crate::generated_code::json_schema::update_member::<$content>($discriminator, $tag, generator)),*
            ];
            $crate::generated_code::json_schema::family_update($discriminator, Self::TYPES, members)
        });
    };
}

/// The schema of a request body: its properties, and no others.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __body_schema {
    ($type:ident: at least $minimum:literal {
        $($field:ident: $kind:ident $name:literal $(= $constant:literal)?),* $(,)?
    }) => {
        $crate::__json_schema!($type, generator => {
            $crate::generated_code::json_schema::request($minimum, ::std::vec![
                $((
                    $name,
                    ::core::stringify!($kind),
                    $crate::generated_code::json_schema::$kind(|body: &Self| &body.$field, $($constant,)? generator),
                )),*
            ])
        });
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($type:ident, $generator:ident => $schema:block) => {
        impl $crate::generated_code::schemars::JsonSchema for $type {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::core::stringify!($type).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!($type)).into()
            }

            fn json_schema(
                $generator: &mut $crate::generated_code::schemars::SchemaGenerator,
            ) -> $crate::generated_code::schemars::Schema {
                $schema
            }
        }
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __is_nullable {
    () => {
        false
    };
    (nullable) => {
        true
    };
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __object_schema {
    ($($table:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __enum_schema {
    ($($table:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema {
    ($($table:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __body_schema {
    ($($table:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __family_update_schema {
    ($($table:tt)*) => {};
}
