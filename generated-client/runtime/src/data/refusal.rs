//! The reasons why a request is not sent.

use std::fmt;

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The update changes nothing.
    ChangesNothing,
    /// A member that does harm if it is sent by accident, and that the caller has not allowed.
    Guarded {
        /// The property on the wire.
        property: &'static str,
        /// The member.
        member: String,
        /// The harm that it does.
        reason: &'static str,
    },
    /// A string that the service would truncate.
    TooLong {
        /// The property on the wire.
        property: &'static str,
        /// Its length in characters.
        characters: usize,
        /// The maximum length.
        maximum: u64,
    },
    /// A blank string.
    Blank {
        /// The property on the wire.
        property: &'static str,
    },
    /// Members of several properties that contradict each other, and that the caller has not allowed.
    Contradiction {
        /// The properties on the wire, and their members.
        members: Vec<(&'static str, String)>,
    },
    /// A list with too few items.
    TooFew {
        /// The property on the wire.
        property: &'static str,
        /// Its number of items.
        items: usize,
        /// The required number of items.
        minimum: u64,
    },
    /// An option whose number is too small or too large.
    OutOfRange {
        /// The option on the wire.
        parameter: &'static str,
        /// The number.
        value: i64,
        /// The smallest allowed number.
        minimum: Option<i64>,
        /// The largest allowed number.
        maximum: Option<i64>,
    },
    /// A missing required option.
    Missing {
        /// The option on the wire.
        parameter: &'static str,
    },
    /// An update of a polymorphic value without its type.
    Untagged {
        /// The property on the wire that contains the type.
        property: &'static str,
    },
    /// A header with invalid characters.
    NotAHeader {
        /// The header.
        parameter: &'static str,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChangesNothing => {
                formatter.write_str("the update changes nothing: set or clear a property first")
            }
            Self::Guarded {
                property,
                member,
                reason,
            } => write!(
                formatter,
                "`{property}`: `{member}` is guarded ({reason}); call `allow_guarded` if it is meant"
            ),
            Self::TooLong {
                property,
                characters,
                maximum,
            } => write!(
                formatter,
                "`{property}` has {characters} characters; the service keeps at most {maximum}"
            ),
            Self::Blank { property } => write!(formatter, "`{property}` is empty"),
            Self::Contradiction { members } => {
                for (index, (property, member)) in members.iter().enumerate() {
                    let glue = if index == 0 { "" } else { " contradicts " };
                    write!(formatter, "{glue}`{property}`: `{member}`")?;
                }
                formatter.write_str("; call `allow_guarded` if both are meant")
            }
            Self::TooFew {
                property,
                items,
                minimum,
            } => {
                write!(
                    formatter,
                    "`{property}` has {items} items; at least {minimum} are needed"
                )
            }
            Self::OutOfRange {
                parameter,
                value,
                minimum,
                maximum,
            } => {
                write!(formatter, "`{parameter}` is {value}; ")?;
                match (minimum, maximum) {
                    (Some(minimum), Some(maximum)) => {
                        write!(formatter, "from {minimum} to {maximum} is allowed")
                    }
                    (Some(minimum), None) => write!(formatter, "at least {minimum} is allowed"),
                    (None, Some(maximum)) => write!(formatter, "at most {maximum} is allowed"),
                    (None, None) => formatter.write_str("it is not allowed"),
                }
            }
            Self::Missing { parameter } => {
                write!(formatter, "`{parameter}` is required and has no value")
            }
            Self::Untagged { property } => {
                write!(
                    formatter,
                    "`{property}` is missing: it says of which type the value is"
                )
            }
            Self::NotAHeader { parameter } => {
                write!(
                    formatter,
                    "`{parameter}` has a character that headers cannot contain"
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}
