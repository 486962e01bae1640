//! What is refused before anything is sent.

use std::fmt;

use reqwest::header::HeaderValue;

use super::Flags;

/// A body of a request.
pub trait Body {
    /// Checks what the service would refuse, or would accept to somebody's harm.
    ///
    /// # Errors
    ///
    /// Why it is not sent.
    fn check(&self) -> Result<(), Refusal>;
}

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

/// Values that may hold members which must not be written by accident.
pub trait Guarded {
    /// The first such member, and what harm it does.
    fn guarded_member(&self) -> Option<(&str, &'static str)>;
}

impl<T: Guarded> Guarded for Vec<T> {
    fn guarded_member(&self) -> Option<(&str, &'static str)> {
        self.iter().find_map(T::guarded_member)
    }
}

impl<T: Guarded> Guarded for Flags<T> {
    fn guarded_member(&self) -> Option<(&str, &'static str)> {
        self.iter().find_map(T::guarded_member)
    }
}

/// Says which members of an enumeration must not be written by accident.
#[doc(hidden)]
#[macro_export]
macro_rules! __guarded {
    ($type:ident { $($variant:ident: $reason:literal),* $(,)? }) => {
        impl $crate::generated_code::check::Guarded for $type {
            fn guarded_member(&self) -> ::core::option::Option<(&str, &'static str)> {
                match self {
                    $(Self::$variant => ::core::option::Option::Some((self.as_str(), $reason)),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
}

pub use __guarded as guarded_members;

/// Refuses an update that changes nothing.
///
/// # Errors
///
/// [`Refusal::ChangesNothing`].
pub fn changes_something(changes: bool) -> Result<(), Refusal> {
    if changes {
        Ok(())
    } else {
        Err(Refusal::ChangesNothing)
    }
}

/// Refuses guarded members, unless they are allowed.
///
/// # Errors
///
/// [`Refusal::Guarded`].
pub fn guarded<T: Guarded>(
    property: &'static str,
    value: Option<&T>,
    allowed: bool,
) -> Result<(), Refusal> {
    match value.and_then(T::guarded_member) {
        Some((member, reason)) if !allowed => Err(Refusal::Guarded {
            property,
            member: member.to_owned(),
            reason,
        }),
        _ => Ok(()),
    }
}

/// Refuses a text that is too long.
///
/// # Errors
///
/// [`Refusal::TooLong`].
pub fn at_most_characters(
    property: &'static str,
    text: Option<&str>,
    maximum: u64,
) -> Result<(), Refusal> {
    let characters = text.map_or(0, |text| text.chars().count());
    match u64::try_from(characters) {
        Ok(count) if count <= maximum => Ok(()),
        _ => Err(Refusal::TooLong {
            property,
            characters,
            maximum,
        }),
    }
}

/// Refuses a text that says nothing.
///
/// # Errors
///
/// [`Refusal::Blank`].
pub fn filled(property: &'static str, text: Option<&str>) -> Result<(), Refusal> {
    match text {
        Some(text) if text.trim().is_empty() => Err(Refusal::Blank { property }),
        _ => Ok(()),
    }
}

/// Refuses members that contradict each other, unless they are allowed: a property, its member, and the members that
/// do not go with those of the other properties.
///
/// # Errors
///
/// [`Refusal::Contradiction`].
pub fn agree(
    sides: &[(&'static str, Option<&str>, &[&str])],
    allowed: bool,
) -> Result<(), Refusal> {
    let is_meant = |(_, member, listed): &(&str, Option<&str>, &[&str])| {
        member.is_some_and(|member| listed.contains(&member))
    };
    if allowed || !sides.iter().all(is_meant) {
        return Ok(());
    }
    let members = sides.iter();
    Err(Refusal::Contradiction {
        members: members
            .map(|(property, member, _)| (*property, member.unwrap_or_default().to_owned()))
            .collect(),
    })
}

/// Refuses a list with too few items.
///
/// # Errors
///
/// [`Refusal::TooFew`].
pub fn at_least_items(
    property: &'static str,
    items: Option<usize>,
    minimum: u64,
) -> Result<(), Refusal> {
    match items {
        Some(items) if u64::try_from(items).is_ok_and(|count| count < minimum) => {
            Err(Refusal::TooFew {
                property,
                items,
                minimum,
            })
        }
        _ => Ok(()),
    }
}

/// Refuses a number that is too small or too large.
///
/// # Errors
///
/// [`Refusal::OutOfRange`].
pub fn within(
    parameter: &'static str,
    value: Option<i64>,
    minimum: Option<i64>,
    maximum: Option<i64>,
) -> Result<(), Refusal> {
    let Some(value) = value else {
        return Ok(());
    };
    if minimum.is_some_and(|minimum| value < minimum)
        || maximum.is_some_and(|maximum| value > maximum)
    {
        return Err(Refusal::OutOfRange {
            parameter,
            value,
            minimum,
            maximum,
        });
    }
    Ok(())
}

/// The value of a header.
///
/// # Errors
///
/// A line feed, and every other character that would end the header or the request.
pub fn header_value(parameter: &'static str, value: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_str(value).map_err(|_| Refusal::NotAHeader { parameter })
}

/// Refuses a call without a required option.
///
/// # Errors
///
/// [`Refusal::Missing`].
pub fn present(parameter: &'static str, is_present: bool) -> Result<(), Refusal> {
    if is_present {
        Ok(())
    } else {
        Err(Refusal::Missing { parameter })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_measured_in_characters_not_bytes() {
        assert_eq!(at_most_characters("summary", Some("äöü"), 3), Ok(()));
        assert_eq!(
            at_most_characters("summary", Some("äöü"), 2)
                .unwrap_err()
                .to_string(),
            "`summary` has 3 characters; the service keeps at most 2"
        );
        assert_eq!(at_most_characters("summary", None, 0), Ok(()));
    }

    #[test]
    fn a_number_is_refused_on_either_side_of_its_range() {
        assert_eq!(within("$top", Some(50), Some(1), Some(50)), Ok(()));
        assert_eq!(within("$top", None, Some(1), Some(50)), Ok(()));
        assert_eq!(
            within("$top", Some(51), Some(1), Some(50))
                .unwrap_err()
                .to_string(),
            "`$top` is 51; from 1 to 50 is allowed"
        );
        assert!(within("$top", Some(0), Some(1), None).is_err());
    }

    #[test]
    fn a_list_with_too_few_items_and_an_option_that_is_missing_are_refused() {
        assert_eq!(at_least_items("incidentIds", Some(2), 2), Ok(()));
        assert_eq!(at_least_items("incidentIds", None, 2), Ok(()));
        assert!(at_least_items("incidentIds", Some(1), 2).is_err());
        assert_eq!(
            present("If-Match", false),
            Err(Refusal::Missing {
                parameter: "If-Match"
            })
        );
    }

    #[derive(Debug, Clone, PartialEq)]
    struct Member(bool);

    impl Guarded for Member {
        fn guarded_member(&self) -> Option<(&str, &'static str)> {
            self.0.then_some(("erased", "for ever"))
        }
    }

    #[test]
    fn a_guarded_member_is_found_in_a_list_and_among_flags() {
        for (members, found) in [
            (vec![Member(false)], None),
            (
                vec![Member(false), Member(true)],
                Some(("erased", "for ever")),
            ),
        ] {
            assert_eq!(members.guarded_member(), found);
            let flags: Flags<Member> = members.into_iter().collect();
            assert_eq!(flags.guarded_member(), found);
        }
    }

    #[test]
    fn a_contradiction_names_both_of_its_members() {
        let contradiction = Refusal::Contradiction {
            members: vec![
                ("classification", "a".into()),
                ("determination", "b".into()),
            ],
        };
        assert_eq!(
            contradiction.to_string(),
            "`classification`: `a` contradicts `determination`: `b`; call `allow_guarded` if both are meant"
        );
    }
}
