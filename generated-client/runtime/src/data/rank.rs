//! The order of an enumeration's members: by rank if they have one, else by string.

use super::enumeration::OpenEnum;

/// An enumeration of which some members have a rank, such as severities.
pub trait RankedEnum: OpenEnum + Clone + PartialOrd + 'static {
    /// The members that have a rank, the lowest first.
    fn ranked() -> &'static [Self];
}

/// Compares members by their string: their order in the description has no meaning, and changes.
#[doc(hidden)]
#[macro_export]
macro_rules! __sorted_by_text {
    ($type:ident) => {
        /// Compares strings: the order of members has no meaning, and changes.
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

/// Compares members by rank. A member without a rank is equal to itself, and neither less nor greater than others.
#[doc(hidden)]
#[macro_export]
macro_rules! __ranked {
    ($type:ident { $($variant:ident = $rank:literal),* $(,)? }) => {
        impl $type {
            /// The members that have a rank, the lowest first.
            pub const RANKED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the rank; `None` for a member without one, such as `unknown`, and for an unknown member.
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

        /// Compares by [`rank`](Self::rank): a member without a rank is neither less nor greater than others.
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
