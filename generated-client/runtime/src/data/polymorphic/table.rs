//! The table of a union's types, for its serialization and deserialization.

/// Implements serialization and deserialization for an enum over the types of a polymorphic base.
#[doc(hidden)]
#[macro_export]
macro_rules! __polymorphic {
    ($type:ident: base $base:ident, discriminator $discriminator:literal {
        $($variant:ident($content:ident) = $tag:literal),* $(,)?
    }) => {
        const _: () = {
            /// The index of each type.
            #[allow(
                non_upper_case_globals,
                dead_code,
                clippy::enum_variant_names,
                reason = "named after the variants"
            )]
            mod place {
                enum Place {
                    $($variant),*
                }

                $(pub(super) const $variant: usize = Place::$variant as usize;)*
            }

            impl $crate::generated_code::polymorphic::TaggedUnion for $type {
                const DISCRIMINATOR: &'static str = $discriminator;
                const TYPES: &'static [&'static str] = &[$($tag),*];
                type Base = $base;

                fn empty(place: usize) -> ::core::option::Option<Self> {
                    match place {
                        $(place::$variant => {
                            ::core::option::Option::Some(Self::$variant(::core::default::Default::default()))
                        })*
                        _ => ::core::option::Option::None,
                    }
                }

                fn object(
                    &self,
                ) -> ::core::result::Result<
                    (usize, &dyn $crate::generated_code::slot::Object),
                    &$crate::generated_code::Value,
                > {
                    match self {
                        $(Self::$variant(object) => ::core::result::Result::Ok((place::$variant, &**object)),)*
                        Self::Other(other) => ::core::result::Result::Err(other.json()),
                    }
                }

                fn object_mut(
                    &mut self,
                ) -> ::core::option::Option<&mut dyn $crate::generated_code::slot::Object> {
                    match self {
                        $(Self::$variant(object) => ::core::option::Option::Some(&mut **object),)*
                        Self::Other(_) => ::core::option::Option::None,
                    }
                }

                fn other(other: ::std::boxed::Box<$crate::generated_code::Other<$base>>) -> Self {
                    Self::Other(other)
                }
            }
        };

        impl $type {
            /// The tags of the types that this version knows.
            pub const TYPES: &'static [&'static str] = &[$($tag),*];

            /// Returns the common properties of all types.
            #[must_use]
            pub fn base(&self) -> &$base {
                match self {
                    $(Self::$variant(object) => &object.base,)*
                    Self::Other(other) => other.base(),
                }
            }

            /// Returns the tag; `None` if it has none.
            #[must_use]
            pub fn type_name(&self) -> ::core::option::Option<&str> {
                $crate::generated_code::polymorphic::type_name(self)
            }

            /// Returns the properties without a field, unchanged; `None` if the whole value is kept.
            #[must_use]
            pub fn additional_properties(&self) -> ::core::option::Option<&$crate::generated_code::JsonMap> {
                let object = $crate::generated_code::polymorphic::TaggedUnion::object(self);
                object.ok().and_then(|(_, object)| object.beside().rest)
            }

            /// Returns the declared properties whose value did not fit their type.
            #[must_use]
            pub fn unreadable(&self) -> ::std::vec::Vec<$crate::generated_code::Unreadable<'_>> {
                let object = $crate::generated_code::polymorphic::TaggedUnion::object(self);
                object.map_or_else(
                    |_| ::std::vec::Vec::new(),
                    |(_, object)| $crate::generated_code::object::unreadable(object).collect(),
                )
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let view = $crate::generated_code::polymorphic::view(self);
                $crate::generated_code::serde::Serialize::serialize(&view, serializer)
            }
        }

        $(
            impl ::core::convert::From<$content> for $type {
                fn from(object: $content) -> Self {
                    Self::$variant(::std::boxed::Box::new(object))
                }
            }
        )*

        impl<'de> $crate::generated_code::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::generated_code::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::generated_code::polymorphic::read_alone(deserializer)
            }
        }

        impl $crate::generated_code::Wire for $type {
            const EXPECTED: &'static str = "an object";

            fn from_scalar(
                scalar: &mut $crate::generated_code::slot::Scalar<'_>,
            ) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(scalar.take_json()))
            }

            fn from_null_item() -> ::core::option::Option<Self> {
                let null = $crate::generated_code::Value::Null;
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(null))
            }

            fn open_map(
                slot: &mut ::core::option::Option<Self>,
            ) -> $crate::generated_code::slot::Target<'_> {
                $crate::generated_code::slot::Target::Union(slot)
            }

            fn open_boxed_map(
                slot: &mut ::core::option::Option<::std::boxed::Box<Self>>,
            ) -> $crate::generated_code::slot::Target<'_> {
                $crate::generated_code::slot::Target::Union(slot)
            }

            fn open_list(
                slot: &mut ::core::option::Option<Self>,
            ) -> $crate::generated_code::slot::Target<'_> {
                $crate::generated_code::slot::Target::Union(slot)
            }

            fn view(&self) -> $crate::generated_code::view::View<'_> {
                $crate::generated_code::polymorphic::view(self)
            }
        }

        $crate::__union_schema!($type: $base { $($variant($content) = $tag),* });
    };
}

pub use __polymorphic as polymorphic;
