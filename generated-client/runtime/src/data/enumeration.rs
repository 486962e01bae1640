//! Open enumerations: members in any ASCII case, and other strings unchanged.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A set of strings to which the service may add at any time.
pub trait OpenEnum: Clone + fmt::Debug + PartialEq + Send + Sync + Sized + 'static {
    /// The members that this version knows, in the order of the fragment.
    const MEMBERS: &'static [Self];

    /// Their strings, in the same order.
    const TEXTS: &'static [&'static str];

    /// A string that is not a member.
    fn unrecognized(text: Unrecognized<Self>) -> Self;

    /// Returns the string: the fragment's spelling of a member, or else the service's.
    fn as_str(&self) -> &str;

    /// Returns the member with a string, in any ASCII case.
    #[must_use]
    fn member(text: &str) -> Option<Self> {
        Self::MEMBERS.get(place_of(Self::TEXTS, text)?).cloned()
    }

    /// Returns the member with a string, or the string itself.
    #[must_use]
    fn of_text(text: &str) -> Self {
        Unrecognized::new(text).map_or_else(|member| member, Self::unrecognized)
    }
}

/// The index of a string, in any ASCII case. It is not generic, so that it is compiled once.
fn place_of(texts: &[&str], text: &str) -> Option<usize> {
    let exact = texts.iter().position(|known| *known == text);
    exact.or_else(|| {
        texts
            .iter()
            .position(|known| known.eq_ignore_ascii_case(text))
    })
}

/// A string that is not a known member of `E`.
///
/// It cannot contain the string of a known member, so that equal strings are always equal values.
pub struct Unrecognized<E> {
    text: Box<str>,
    enumeration: PhantomData<fn() -> E>,
}

impl<E: OpenEnum> Unrecognized<E> {
    /// Creates a value from a string.
    ///
    /// # Errors
    ///
    /// Returns the member if the string is that of one.
    pub fn new(text: &str) -> Result<Self, E> {
        match E::member(text) {
            Some(member) => Err(member),
            None => Ok(Self {
                text: text.into(),
                enumeration: PhantomData,
            }),
        }
    }
}

impl<E> Unrecognized<E> {
    /// Returns the string, as the service wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<E> Clone for Unrecognized<E> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            enumeration: PhantomData,
        }
    }
}

impl<E> fmt::Debug for Unrecognized<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl<E> fmt::Display for Unrecognized<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl<E> PartialEq for Unrecognized<E> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<E> Eq for Unrecognized<E> {}

impl<E> Hash for Unrecognized<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<E> PartialOrd for Unrecognized<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Unrecognized<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

/// Implements the strings of an enumeration.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $type {
            /// The members that this version knows, in the order of the fragment.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the string on the wire: the fragment's spelling of a member, or else the service's.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unrecognized(text) => text.as_str(),
                }
            }

            /// Returns whether this version knows the member.
            #[must_use]
            pub fn is_recognized(&self) -> bool {
                !::core::matches!(self, Self::Unrecognized(_))
            }
        }

        // A derive would add a function that nothing calls.
        impl ::core::cmp::Eq for $type {}

        impl $crate::generated_code::OpenEnum for $type {
            const MEMBERS: &'static [Self] = Self::ALL;
            const TEXTS: &'static [&'static str] = &[$($text),*];

            fn unrecognized(text: $crate::generated_code::Unrecognized<Self>) -> Self {
                Self::Unrecognized(text)
            }

            fn as_str(&self) -> &str {
                // The inherent method.
                $type::as_str(self)
            }
        }

        impl ::core::convert::From<&str> for $type {
            fn from(text: &str) -> Self {
                $crate::generated_code::OpenEnum::of_text(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            fn from(text: ::std::string::String) -> Self {
                text.as_str().into()
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl ::core::convert::AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl $crate::generated_code::serde::Serialize for $type {
            fn serialize<S: $crate::generated_code::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::generated_code::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::generated_code::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::generated_code::wire::strict(deserializer)
            }
        }

        impl $crate::generated_code::Wire for $type {
            const MEMBER: ::core::option::Option<$crate::generated_code::wire::MemberForm<Self>> =
                ::core::option::Option::Some($crate::generated_code::wire::MemberForm::OF);
        }

        $crate::__enum_schema!($type);
    };
}

pub use __open_enum as open_enum;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn unrecognized(text: &str) -> Unrecognized<()> {
        Unrecognized {
            text: text.into(),
            enumeration: PhantomData,
        }
    }

    #[test]
    fn unrecognized_members_differ_by_their_text() {
        let (a, b) = (unrecognized("a"), unrecognized("b"));
        assert!(a != b && a == a.clone() && a < b);
        assert_eq!(a.partial_cmp(&b), Some(Ordering::Less));
        assert_eq!(format!("{a:>3}|{a:?}"), "  a|\"a\"");
        // Many more than a hash that ignores the text could hold at this speed.
        let many: HashSet<_> = (0..20_000)
            .map(|number| unrecognized(&number.to_string()))
            .collect();
        assert_eq!(many.len(), 20_000);
    }
}
