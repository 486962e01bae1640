//! The table of an object's properties, from which its reading and writing are made.

/// Implements reading and writing for a struct whose fields hold declared properties, and which keeps the rest in
/// `additional_properties`.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident $(: base $base:ident)? { $($index:literal $field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type $(: $base)? { $($index $field: $name),* });

        $crate::__object_schema!($type $(: $base)? { $($field: $name $($nullable)?),* });

        impl $crate::generated_code::slot::Object for $type {
            fn rest(&self) -> &$crate::generated_code::JsonMap {
                &self.additional_properties
            }

            fn rest_mut(&mut self) -> &mut $crate::generated_code::JsonMap {
                &mut self.additional_properties
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
            const WHOLE: &'static str = ::core::concat!("an object of type ", ::core::stringify!($type));
            const OBJECT: ::core::option::Option<$crate::generated_code::wire::ObjectForm<Self>> =
                ::core::option::Option::Some($crate::generated_code::wire::ObjectForm::OF);
        }
    };
}

/// Implements reading and writing for the struct that holds the properties of a polymorphic base.
#[doc(hidden)]
#[macro_export]
macro_rules! __object_base {
    ($type:ident { $($index:literal $field:ident: $name:literal $($nullable:ident)?),* $(,)? }) => {
        $crate::__properties!($type { $($index $field: $name),* });

        $crate::__object_schema!($type { $($field: $name $($nullable)?),* });

        impl ::core::clone::Clone for $type {
            fn clone(&self) -> Self {
                $crate::generated_code::object::copied_base(self)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::generated_code::object::is_same_base(self, other)
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
    ($type:ident $(: $base:ident)? { $($index:literal $field:ident: $name:literal),* }) => {
        impl $crate::generated_code::slot::Properties for $type {
            fn shape(&self) -> &'static $crate::generated_code::slot::Shape {
                const PROPERTIES: &[&str] = &[$($name),*];
                static NEXT: [::core::sync::atomic::AtomicU16; PROPERTIES.len() + 1] =
                    $crate::generated_code::slot::declared_order();
                static SHAPE: $crate::generated_code::slot::Shape = $crate::generated_code::slot::Shape {
                    name: ::core::stringify!($type),
                    properties: PROPERTIES,
                    fields: &[$(::core::stringify!($field)),*],
                    next: &NEXT,
                };
                &SHAPE
            }

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

            fn slot(&self, index: usize) -> ::core::option::Option<&dyn $crate::generated_code::slot::Slot> {
                match index {
                    $($index => ::core::option::Option::Some(&self.$field),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn slot_mut(
                &mut self,
                index: usize,
            ) -> ::core::option::Option<&mut dyn $crate::generated_code::slot::Slot> {
                match index {
                    $($index => ::core::option::Option::Some(&mut self.$field),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn nulls(&self) -> &[u64] {
                self.nulls.words()
            }

            fn nulls_mut(&mut self) -> &mut [u64] {
                self.nulls.words_mut()
            }
        }
    };
}

pub use {__object as object, __object_base as object_base};
