//! The table of a family's types, from which its reading and writing are made.

/// Implements reading and writing for an enum over the types of a polymorphic base.
#[doc(hidden)]
#[macro_export]
macro_rules! __polymorphic {
    ($type:ident: base $base:ident, discriminator $discriminator:literal {
        $($variant:ident($content:ident) = $tag:literal),* $(,)?
    }) => {
        const _: () = {
            /// Where each type stands.
            #[allow(dead_code, clippy::enum_variant_names, reason = "named after the variants")]
            enum Place {
                $($variant),*
            }

            impl $crate::generated_code::polymorphic::Family for $type {
                const NAME: &'static str = ::core::stringify!($type);
                const DISCRIMINATOR: &'static str = $discriminator;
                const TYPES: &'static [&'static str] = &[$($tag),*];
                type Base = $base;

                fn place_of(tag: &str) -> ::core::option::Option<usize> {
                    match tag {
                        $($tag => ::core::option::Option::Some(Place::$variant as usize),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn read_at<'de, A: $crate::generated_code::serde::de::MapAccess<'de>>(
                    place: usize,
                    opened: $crate::generated_code::polymorphic::Opened<'_>,
                    map: A,
                ) -> ::core::result::Result<Self, A::Error> {
                    $(
                        if place == Place::$variant as usize {
                            return $crate::generated_code::polymorphic::read_subtype::<Self, $content, A>(opened, map)
                                .map(Self::$variant);
                        }
                    )*
                    $crate::generated_code::polymorphic::keep_opened(opened, map)
                }

                fn other(other: ::std::boxed::Box<$crate::generated_code::Other<$base>>) -> Self {
                    Self::Other(other)
                }
            }

            impl $type {
                /// The tags of the types that this version knows.
                pub const TYPES: &'static [&'static str] = &[$($tag),*];

                /// The properties that every type has.
                #[must_use]
                pub fn base(&self) -> &$base {
                    match self {
                        $(Self::$variant(object) => &object.base,)*
                        Self::Other(other) => other.base(),
                    }
                }

                /// The tag that says which type it is; nothing where it has none.
                #[must_use]
                pub fn type_name(&self) -> ::core::option::Option<&str> {
                    match self {
                        $(
                            Self::$variant(object) => ::core::option::Option::Some(
                                $crate::generated_code::polymorphic::type_name::<Self, $content>(
                                    object,
                                    Place::$variant as usize,
                                ),
                            ),
                        )*
                        Self::Other(other) => other.json().get($discriminator)?.as_str(),
                    }
                }

                /// The properties that are in no field, as they came; nothing where it is kept whole.
                #[must_use]
                pub fn additional_properties(&self) -> ::core::option::Option<&$crate::generated_code::JsonMap> {
                    match self {
                        $(Self::$variant(object) => ::core::option::Option::Some(&object.additional_properties),)*
                        Self::Other(_) => ::core::option::Option::None,
                    }
                }

                /// The declared properties whose value did not fit their type.
                #[must_use]
                pub fn unreadable(&self) -> ::std::vec::Vec<$crate::generated_code::Unreadable<'_>> {
                    match self {
                        $(Self::$variant(object) => object.unreadable().collect(),)*
                        Self::Other(_) => ::std::vec::Vec::new(),
                    }
                }
            }

            impl $crate::generated_code::serde::Serialize for $type {
                fn serialize<S: $crate::generated_code::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    match self {
                        $(
                            Self::$variant(object) => {
                                $crate::generated_code::polymorphic::write_subtype::<Self, $content, S>(
                                    object,
                                    Place::$variant as usize,
                                    serializer,
                                )
                            }
                        )*
                        Self::Other(other) => {
                            $crate::generated_code::serde::Serialize::serialize(other.json(), serializer)
                        }
                    }
                }
            }
        };

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

            fn from_text(text: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(text))
            }

            fn from_bool(flag: bool) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(flag))
            }

            fn from_i64(number: i64) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(number))
            }

            fn from_u64(number: u64) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(number))
            }

            fn from_f64(number: f64) -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(number))
            }

            fn from_null_item() -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::generated_code::polymorphic::no_object(()))
            }

            fn from_map<'de, A: $crate::generated_code::serde::de::MapAccess<'de>>(
                map: A,
            ) -> ::core::result::Result<$crate::generated_code::Fit<Self>, A::Error> {
                $crate::generated_code::polymorphic::read_family(map).map($crate::generated_code::Fit::Fits)
            }

            fn from_seq<'de, A: $crate::generated_code::serde::de::SeqAccess<'de>>(
                sequence: A,
            ) -> ::core::result::Result<$crate::generated_code::Fit<Self>, A::Error> {
                $crate::generated_code::polymorphic::no_object_but_list(sequence)
            }

            fn write<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated_code::serde::Serialize::serialize(self, serializer)
            }
        }

        $crate::__family_schema!($type: $base { $($variant($content) = $tag),* });
    };
}

pub use __polymorphic as polymorphic;
