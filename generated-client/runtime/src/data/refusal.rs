//! Why a request is not sent.

use std::fmt;

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The update changes nothing.
    ChangesNothing,
    /// A member that does harm when it is written by accident, and the caller has not said that it is meant.
    Guarded {
        /// The property on the wire.
        property: &'static str,
        /// The member.
        member: String,
        /// What harm it does.
        reason: &'static str,
    },
    /// A text that the service would cut.
    TooLong {
        /// The property on the wire.
        property: &'static str,
        /// How long it is, in characters.
        characters: usize,
        /// How long it may be.
        maximum: u64,
    },
    /// A text that says nothing.
    Blank {
        /// The property on the wire.
        property: &'static str,
    },
    /// Members of several properties that contradict each other, and the caller has not said that they are meant.
    Contradiction {
        /// The properties on the wire, and their members.
        members: Vec<(&'static str, String)>,
    },
    /// A list with too few items.
    TooFew {
        /// The property on the wire.
        property: &'static str,
        /// How many it has.
        items: usize,
        /// How many it has to have.
        minimum: u64,
    },
    /// An option whose number is too small or too large.
    OutOfRange {
        /// The option on the wire.
        parameter: &'static str,
        /// The number.
        value: i64,
        /// The smallest that is allowed.
        minimum: Option<i64>,
        /// The largest that is allowed.
        maximum: Option<i64>,
    },
    /// An option that is required.
    Missing {
        /// The option on the wire.
        parameter: &'static str,
    },
    /// An update that does not say of which type the value is that it changes.
    Untagged {
        /// The property on the wire that says it.
        property: &'static str,
    },
    /// A header with characters that no header may have.
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
