//! The table of a body's properties, for its serialization, the deserialization of an update, and its JSON schema.

/// Implements serialization for a request body, and deserialization for an `update`.
///
/// The kind of a property is the name of the function that shows it; constants have their value after it.
#[doc(hidden)]
#[macro_export]
macro_rules! __body {
    ($type:ident: update, at least $minimum:literal {
        $($index:literal $field:ident: $kind:ident $name:literal),* $(,)?
    }) => {
        $crate::__body!($type: whole, at least $minimum { $($index $field: $kind $name),* });

        #[allow(unreachable_code, reason = "an update may have no property")]
        impl $crate::generated_code::body::Update for $type {
            fn place(
                &mut self,
                index: usize,
            ) -> ::core::option::Option<&mut dyn $crate::generated_code::body::Place> {
                let place: &mut dyn $crate::generated_code::body::Place = match index {
                    $($index => &mut self.$field,)*
                    _ => return ::core::option::Option::None,
                };
                ::core::option::Option::Some(place)
            }
        }

        impl<'de> $crate::generated_code::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::generated_code::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let mut update = Self::default();
                $crate::generated_code::body::read(&mut update, deserializer)?;
                ::core::result::Result::Ok(update)
            }
        }
    };
    ($type:ident: whole, at least $minimum:literal {
        $($index:literal $field:ident: $kind:ident $name:literal $(= $constant:literal)?),* $(,)?
    }) => {
        impl $crate::generated_code::body::Sent for $type {
            fn names(&self) -> &'static [&'static str] {
                &[$($name),*]
            }

            fn sent(
                &self,
                index: usize,
            ) -> ::core::option::Option<$crate::generated_code::view::View<'_>> {
                match index {
                    $($index => $crate::generated_code::body::$kind(&self.$field),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated_code::body::write(self, serializer)
            }
        }

        $crate::__body_schema!($type: at least $minimum {
            $($field: $kind $name $(= $constant)?),*
        });
    };
}

pub use __body as body;
