//! Checks before a request is sent.

use reqwest::header::HeaderValue;

use super::Flags;

pub use super::refusal::Refusal;

/// A request body.
pub trait Body {
    /// Refuses what the service would refuse, or would accept with harmful effects.
    ///
    /// # Errors
    ///
    /// Returns why it is not sent.
    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Values that can contain members that must not be sent by accident.
pub trait Guarded {
    /// Returns the first such member, and the harm that it does.
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

/// Returns which members of an enumeration must not be sent by accident.
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

/// Refuses a string that is too long.
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

/// Refuses a blank string.
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

/// Refuses members that contradict each other, unless they are allowed: a property, its member, and the members of the
/// other properties that exclude it.
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

/// Converts the value of a header.
///
/// # Errors
///
/// Refuses a line feed, and every other character that would end the header or the request.
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
    fn length_is_measured_in_characters_not_bytes() {
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
    fn a_number_is_refused_below_and_above_its_range() {
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
    fn too_short_lists_and_missing_options_are_refused() {
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
    fn a_guarded_member_is_found_in_lists_and_flags() {
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
    fn a_contradiction_names_both_members() {
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
