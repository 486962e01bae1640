//! How members of an enumeration are compared: by rank where they have one, else by text.

use super::enumeration::OpenEnum;

/// An enumeration of which some members have a rank, such as severities.
pub trait RankedEnum: OpenEnum + Clone + PartialOrd + 'static {
    /// The members that have a rank, the lowest first.
    fn ranked() -> &'static [Self];
}

/// Compares members by their text: their order in the description means nothing, and changes.
#[doc(hidden)]
#[macro_export]
macro_rules! __sorted_by_text {
    ($type:ident) => {
        /// By text: the order of members means nothing, and changes.
        impl ::core::cmp::Ord for $type {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::core::cmp::PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(self.cmp(other))
            }
        }
    };
}

/// Compares members by their rank. A member without one is equal to itself and neither more nor less than any other.
#[doc(hidden)]
#[macro_export]
macro_rules! __ranked {
    ($type:ident { $($variant:ident = $rank:literal),* $(,)? }) => {
        impl $type {
            /// The members that have a rank, the lowest first.
            pub const RANKED: &'static [Self] = &[$(Self::$variant),*];

            /// How it stands to the others: the higher, the more. Nothing for a member that says nothing of that, such
            /// as `unknown`, and for one that this version does not know.
            #[must_use]
            pub const fn rank(&self) -> ::core::option::Option<u8> {
                match self {
                    $(Self::$variant => ::core::option::Option::Some($rank),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl $crate::generated_code::RankedEnum for $type {
            fn ranked() -> &'static [Self] {
                Self::RANKED
            }
        }

        /// By [`rank`](Self::rank): a member without one is neither more nor less than any other.
        impl ::core::cmp::PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                match (self.rank(), other.rank()) {
                    (::core::option::Option::Some(one), ::core::option::Option::Some(other)) => {
                        ::core::option::Option::Some(one.cmp(&other))
                    }
                    _ => (self == other).then_some(::core::cmp::Ordering::Equal),
                }
            }
        }
    };
}

pub use {__ranked as ranked, __sorted_by_text as sorted_by_text};
