//! The table of an object's properties, for its serialization and deserialization.

/// Implements serialization and deserialization for a struct whose fields are declared properties, and which keeps all
/// others in `additional_properties`.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident $(: base $base:ident)? { $($index:literal $field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type $(: $base)?, rest additional_properties { $($index $field: $name),* });

        $crate::__object_schema!($type $(: $base)? { $($field: $name $($nullable)?),* });

        impl $crate::generated_code::slot::Object for $type {}

        impl $type {
            /// Returns the declared properties whose value did not fit their type; they are in `additional_properties`.
            pub fn unreadable(&self) -> $crate::generated_code::object::UnreadableProperties<'_> {
                $crate::generated_code::object::unreadable(self)
            }

            /// Returns whether the service sent a property, by its name on the wire, as null: this differs from
            /// omitting it, as the service does with properties outside of `$select`.
            #[must_use]
            pub fn is_null(&self, property: &str) -> bool {
                $crate::generated_code::object::is_null(self, property)
            }
        }

        impl ::core::clone::Clone for $type {
            fn clone(&self) -> Self {
                $crate::generated_code::object::copied(self)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::generated_code::object::is_same(self, other)
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
                $crate::generated_code::object::read(deserializer)
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated_code::object::write(self, serializer)
            }
        }

        impl $crate::generated_code::Wire for $type {
            const OBJECT: ::core::option::Option<$crate::generated_code::wire::ObjectForm<Self>> =
                ::core::option::Option::Some($crate::generated_code::wire::ObjectForm::named(::core::stringify!($type)));
        }
    };
}

/// Implements serialization and deserialization for the struct of a polymorphic base's properties.
#[doc(hidden)]
#[macro_export]
macro_rules! __object_base {
    ($type:ident { $($index:literal $field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type { $($index $field: $name),* });

        $crate::__object_schema!($type { $($field: $name $($nullable)?),* });

        impl ::core::clone::Clone for $type {
            fn clone(&self) -> Self {
                $crate::generated_code::object::copied(self)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::generated_code::object::is_same(self, other)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::generated_code::object::show_properties(self, formatter)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __properties {
    ($type:ident $(: $base:ident)? $(, rest $rest:ident)? { $($index:literal $field:ident: $name:literal),* }) => {
        #[allow(unreachable_code, reason = "an object may have no property of its own")]
        impl $crate::generated_code::slot::Properties for $type {
            $(
                fn base(&self) -> ::core::option::Option<&dyn $crate::generated_code::slot::Properties> {
                    let base: &$base = &self.base;
                    ::core::option::Option::Some(base)
                }

                fn base_mut(
                    &mut self,
                ) -> ::core::option::Option<&mut dyn $crate::generated_code::slot::Properties> {
                    let base: &mut $base = &mut self.base;
                    ::core::option::Option::Some(base)
                }
            )?

            // Inlined in another crate, they would be compiled there again, with everything that their places need.
            #[inline(never)]
            fn slot(&self, index: usize) -> ::core::option::Option<&dyn $crate::generated_code::slot::Slot> {
                let slot: &dyn $crate::generated_code::slot::Slot = match index {
                    $($index => &self.$field,)*
                    _ => return ::core::option::Option::None,
                };
                ::core::option::Option::Some(slot)
            }

            #[inline(never)]
            fn slot_mut(
                &mut self,
                index: usize,
            ) -> ::core::option::Option<&mut dyn $crate::generated_code::slot::Slot> {
                let slot: &mut dyn $crate::generated_code::slot::Slot = match index {
                    $($index => &mut self.$field,)*
                    _ => return ::core::option::Option::None,
                };
                ::core::option::Option::Some(slot)
            }

            fn beside(&self) -> $crate::generated_code::slot::Beside<'_> {
                static SHAPE: $crate::generated_code::slot::Shape = $crate::generated_code::slot::Shape::new(
                    ::core::stringify!($type),
                    &[$($name),*],
                    &[$(::core::stringify!($field)),*],
                );
                $crate::generated_code::slot::Beside {
                    shape: &SHAPE,
                    nulls: self.nulls.words(),
                    rest: $crate::__rest!($(&self.$rest)?),
                }
            }

            fn beside_mut(&mut self) -> $crate::generated_code::slot::BesideMut<'_> {
                $crate::generated_code::slot::BesideMut {
                    nulls: self.nulls.words_mut(),
                    rest: $crate::__rest!($(&mut self.$rest)?),
                }
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rest {
    () => {
        ::core::option::Option::None
    };
    ($rest:expr) => {
        ::core::option::Option::Some($rest)
    };
}

pub use {__object as object, __object_base as object_base};
