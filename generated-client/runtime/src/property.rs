//! Properties of an entity by name: to select, to order by, to expand.

use std::fmt;

/// A sort order: a property and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    property: &'static str,
    descending: bool,
}

impl Order {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(property: &'static str, descending: bool) -> Self {
        Self {
            property,
            descending,
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { "desc" } else { "asc" };
        write!(formatter, "{} {direction}", self.property)
    }
}

impl From<Order> for String {
    fn from(order: Order) -> Self {
        order.to_string()
    }
}

/// Implements the names of the properties of an entity.
#[doc(hidden)]
#[macro_export]
macro_rules! __properties_of {
    ($type:ident {
        $($variant:ident = $name:literal),* $(,)?
    }) => {
        impl $type {
            /// All properties, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns its name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Sorts by this property, smallest, earliest or alphabetically first value first.
            #[must_use]
            pub const fn ascending(self) -> $crate::generated_code::Order {
                $crate::generated_code::Order::new(self.as_str(), false)
            }

            /// Sorts by this property, largest, latest or alphabetically last value first.
            #[must_use]
            pub const fn descending(self) -> $crate::generated_code::Order {
                $crate::generated_code::Order::new(self.as_str(), true)
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl ::core::convert::From<$type> for ::std::string::String {
            fn from(property: $type) -> Self {
                ::std::borrow::ToOwned::to_owned(property.as_str())
            }
        }
    };
}

pub use __properties_of as properties_of;

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn an_order_has_a_property_and_a_direction() {
        assert_eq!(String::from(Order::new("status", false)), "status asc");
        assert_eq!(Order::new("status", true).to_string(), "status desc");
    }
}
