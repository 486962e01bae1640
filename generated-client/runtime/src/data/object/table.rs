//! The table of an object's properties, from which its reading and writing are made.

/// Implements reading and writing for a struct whose fields hold declared properties, and which keeps the rest in
/// `additional_properties`.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident $(: base $base:ident)? { $($field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type $(: $base)? { $($field: $name),* });

        $crate::__object_schema!($type $(: $base)? { $($field: $name $($nullable)?),* });

        impl $crate::generated_code::object::Object for $type {
            const NAME: &'static str = ::core::stringify!($type);

            fn rest(&self) -> &$crate::generated_code::JsonMap {
                &self.additional_properties
            }

            fn set_rest(&mut self, rest: $crate::generated_code::JsonMap) {
                self.additional_properties = rest;
            }
        }

        impl $type {
            /// The declared properties whose value did not fit their type; they are in `additional_properties`.
            pub fn unreadable(&self) -> impl ::core::iter::Iterator<Item = $crate::generated_code::Unreadable<'_>> {
                $crate::generated_code::object::unreadable(self)
            }

            /// Whether the service sent that property, by its name on the wire, as null: not the same as leaving
            /// it out, which it does with what `$select` does not ask for.
            #[must_use]
            pub fn is_null(&self, property: &str) -> bool {
                $crate::generated_code::object::is_null(self, property)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::generated_code::object::show_object(self, formatter)
            }
        }

        impl<'de> $crate::generated_code::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::generated_code::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                deserializer.deserialize_map($crate::generated_code::object::ObjectVisitor(::core::marker::PhantomData))
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::generated_code::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $crate::generated_code::object::write_object(self, None, &mut map)?;
                map.end()
            }
        }

        impl $crate::generated_code::Wire for $type {
            const EXPECTED: &'static str = "an object";

            fn from_map<'de, A: $crate::generated_code::serde::de::MapAccess<'de>>(
                map: A,
            ) -> ::core::result::Result<$crate::generated_code::Fit<Self>, A::Error> {
                $crate::generated_code::object::read_object(map).map($crate::generated_code::Fit::Fits)
            }

            fn write<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated_code::serde::Serialize::serialize(self, serializer)
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
                $crate::generated_code::object::Properties::show(self, &mut shown);
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

            impl $crate::generated_code::object::Properties for $type {
                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn read_property<'de, A: $crate::generated_code::serde::de::MapAccess<'de>>(
                    &mut self,
                    name: &str,
                    map: &mut A,
                    rest: &mut $crate::generated_code::JsonMap,
                ) -> ::core::result::Result<bool, A::Error> {
                    match name {
                        $(
                            $name => {
                                let is_null =
                                    $crate::generated_code::object::read_field(&mut self.$field, $name, map, rest)?;
                                self.nulls.set(Index::$field as usize, is_null);
                            }
                        )*
                        _ => {
                            $(
                                let base: &mut $base = &mut self.base;
                                return $crate::generated_code::object::Properties::read_property(base, name, map, rest);
                            )?
                            #[allow(unreachable_code, reason = "only an object without a base gets here")]
                            return ::core::result::Result::Ok(false);
                        }
                    }
                    #[allow(unreachable_code, reason = "an object may have no property of its own")]
                    ::core::result::Result::Ok(true)
                }

                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn write_properties<M: $crate::generated_code::serde::ser::SerializeMap>(
                    &self,
                    map: &mut M,
                ) -> ::core::result::Result<(), M::Error> {
                    $(
                        let base: &$base = &self.base;
                        $crate::generated_code::object::Properties::write_properties(base, map)?;
                    )?
                    $(
                        let is_null = self.nulls.contains(Index::$field as usize);
                        $crate::generated_code::object::write_field(&self.$field, $name, is_null, map)?;
                    )*
                    ::core::result::Result::Ok(())
                }

                fn state(&self, name: &str) -> ::core::option::Option<$crate::generated_code::object::State> {
                    match name {
                        $(
                            $name => {
                                let is_null = self.nulls.contains(Index::$field as usize);
                                ::core::option::Option::Some($crate::generated_code::object::State::of(&self.$field, is_null))
                            }
                        )*
                        _ => {
                            $(
                                let base: &$base = &self.base;
                                return $crate::generated_code::object::Properties::state(base, name);
                            )?
                            #[allow(unreachable_code, reason = "only an object without a base gets here")]
                            ::core::option::Option::None
                        }
                    }
                }

                #[allow(unused_variables, reason = "an object may have no property of its own")]
                fn show(&self, shown: &mut ::core::fmt::DebugStruct<'_, '_>) {
                    $($crate::generated_code::object::show_field(&self.$field, ::core::stringify!($field), shown);)*
                    $(
                        let base: &$base = &self.base;
                        $crate::generated_code::object::Properties::show(base, shown);
                    )?
                }
            }
        };
    };
}

pub use {__object as object, __object_base as object_base};
