//! Conditions of OData over typed properties: text for `$filter`, with values quoted and escaped.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use chrono::{DateTime, SecondsFormat, Timelike as _, Utc};
use uuid::Uuid;

use crate::data::enumeration::OpenEnum;

/// A condition of OData: what to list.
///
/// Generated clients have functions for the properties that can be filtered by, with the operators that fit their
/// types; [`Filter::raw`] takes what they do not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Filter {
    text: String,
    binding: Binding,
}

/// What the outermost operator of a condition is; `or` needs parentheses inside `and`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binding {
    Comparison,
    And,
    Or,
}

impl Filter {
    /// A condition that somebody else has written; it is taken as it is, in parentheses where it is combined.
    pub fn raw(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            binding: Binding::Or,
        }
    }

    /// Both conditions.
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self {
            text: format!("{} and {}", self.inside_and(), other.into().inside_and()),
            binding: Binding::And,
        }
    }

    /// Either condition, or both.
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self {
            text: format!("{} or {}", self.text, other.into().text),
            binding: Binding::Or,
        }
    }

    /// The opposite. Also written `!filter`.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is implemented too; a method reads better in a chain"
    )]
    pub fn not(self) -> Self {
        Self {
            text: format!("not ({})", self.text),
            binding: Binding::Comparison,
        }
    }

    /// As it stands in `$filter`, before percent-encoding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn comparison(property: &str, operator: &str, value: &str) -> Self {
        Self {
            text: format!("{property} {operator} {value}"),
            binding: Binding::Comparison,
        }
    }

    fn inside_and(self) -> String {
        match self.binding {
            Binding::Or => format!("({})", self.text),
            Binding::Comparison | Binding::And => self.text,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        filter.text
    }
}

impl BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

/// A text that may be null.
#[derive(Debug, Clone, Copy)]
pub struct TextField(&'static str);

impl TextField {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// It is this text.
    pub fn eq(self, text: impl AsRef<str>) -> Filter {
        Filter::comparison(self.0, "eq", &quoted(text.as_ref()))
    }

    /// It is another text, or null.
    pub fn ne(self, text: impl AsRef<str>) -> Filter {
        Filter::comparison(self.0, "ne", &quoted(text.as_ref()))
    }

    /// It is null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// It is not null.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

/// A member of an enumeration.
#[derive(Debug, Clone, Copy)]
pub struct EnumField<T>(&'static str, PhantomData<T>);

impl<T> EnumField<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }
}

impl<T: OpenEnum> EnumField<T> {
    /// It is this member.
    pub fn eq(self, member: T) -> Filter {
        Filter::comparison(self.0, "eq", &quoted(member.as_str()))
    }

    /// It is another member, or null.
    pub fn ne(self, member: T) -> Filter {
        Filter::comparison(self.0, "ne", &quoted(member.as_str()))
    }

    /// It is one of these members. None of an empty set: nothing is listed.
    pub fn any_of(self, members: impl IntoIterator<Item = T>) -> Filter {
        let name = self.0;
        members
            .into_iter()
            .map(|member| Filter::comparison(name, "eq", &quoted(member.as_str())))
            .reduce(Filter::or)
            .unwrap_or_else(|| {
                Filter::comparison(name, "eq", "null").and(Filter::comparison(name, "ne", "null"))
            })
    }

    /// It is null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// It is not null.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub struct DateField(&'static str);

impl DateField {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// At this time exactly.
    pub fn eq(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "eq", &date_literal(time))
    }

    /// Not at this time.
    pub fn ne(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "ne", &date_literal(time))
    }

    /// After this time.
    pub fn gt(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "gt", &date_literal(time))
    }

    /// At this time or after it.
    pub fn ge(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "ge", &date_literal(time))
    }

    /// Before this time.
    pub fn lt(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "lt", &date_literal(time))
    }

    /// At this time or before it.
    pub fn le(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "le", &date_literal(time))
    }

    /// From the first time on, up to the second and without it.
    pub fn within(self, times: std::ops::Range<DateTime<Utc>>) -> Filter {
        self.ge(times.start).and(self.lt(times.end))
    }
}

/// A number, a truth value or a GUID: what is written without quotes.
#[derive(Debug, Clone, Copy)]
pub struct PlainField<T>(&'static str, PhantomData<T>);

impl<T> PlainField<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }

    /// It is null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// It is not null.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(
            impl PlainField<$type> {
                /// It is this value.
                pub fn eq(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "eq", &value.to_string())
                }

                /// It is another value, or null.
                pub fn ne(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "ne", &value.to_string())
                }
            }
        )*
    };
}

macro_rules! ordered {
    ($($type:ty),*) => {
        $(
            impl PlainField<$type> {
                /// It is greater.
                pub fn gt(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "gt", &value.to_string())
                }

                /// It is greater, or this value.
                pub fn ge(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "ge", &value.to_string())
                }

                /// It is less.
                pub fn lt(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "lt", &value.to_string())
                }

                /// It is less, or this value.
                pub fn le(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "le", &value.to_string())
                }
            }
        )*
    };
}

plain!(bool, i32, i64, f64, Uuid);
ordered!(i32, i64, f64);

/// A text between quotes; a quote inside is doubled.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A time as OData reads it: no quotes, UTC, no more than the seven fraction digits that the service keeps.
fn date_literal(time: DateTime<Utc>) -> String {
    let ticks = time.nanosecond() % 1_000_000_000 / 100;
    let seconds = time.to_rfc3339_opts(SecondsFormat::Secs, true);
    match ticks {
        0 => seconds,
        ticks => {
            let fraction = format!("{ticks:07}");
            format!(
                "{}.{}Z",
                seconds.trim_end_matches('Z'),
                fraction.trim_end_matches('0')
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVERITY: TextField = TextField::new("severity");
    const STATUS: TextField = TextField::new("status");

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn or_inside_and_has_parentheses() {
        let high = || SEVERITY.eq("high");
        let low = || SEVERITY.eq("low");
        let active = || STATUS.eq("active");
        assert_eq!(
            (high() | low() & active()).as_str(),
            "severity eq 'high' or severity eq 'low' and status eq 'active'"
        );
        assert_eq!(
            ((high() | low()) & active()).as_str(),
            "(severity eq 'high' or severity eq 'low') and status eq 'active'"
        );
        assert_eq!(
            (!(high() & low())).as_str(),
            "not (severity eq 'high' and severity eq 'low')"
        );
        assert_eq!(
            (active() & Filter::raw("a eq 1 or b eq 2")).as_str(),
            "status eq 'active' and (a eq 1 or b eq 2)"
        );
    }

    #[test]
    fn quotes_inside_a_text_are_doubled() {
        assert_eq!(
            TextField::new("assignedTo")
                .eq("O'Brien' or '1' eq '1")
                .as_str(),
            "assignedTo eq 'O''Brien'' or ''1'' eq ''1'"
        );
    }

    #[test]
    fn what_is_no_text_has_no_quotes() {
        let count = PlainField::<i64>::new("count");
        assert_eq!(count.ge(5).as_str(), "count ge 5");
        let enabled = PlainField::<bool>::new("enabled");
        assert_eq!(enabled.ne(true).as_str(), "enabled ne true");
    }

    #[test]
    fn times_have_no_quotes_and_up_to_seven_digits() {
        let created = DateField::new("createdDateTime");
        assert_eq!(
            created.gt(time("2023-03-01T12:00:00Z")).as_str(),
            "createdDateTime gt 2023-03-01T12:00:00Z"
        );
        assert_eq!(
            created.le(time("2023-03-01T12:00:00.0500001Z")).as_str(),
            "createdDateTime le 2023-03-01T12:00:00.0500001Z"
        );
        assert_eq!(
            created.eq(time("2023-03-01T12:00:00.123456789Z")).as_str(),
            "createdDateTime eq 2023-03-01T12:00:00.1234567Z"
        );
        assert_eq!(
            created.ge(time("2023-03-01T14:00:00+02:00")).as_str(),
            "createdDateTime ge 2023-03-01T12:00:00Z"
        );
        assert_eq!(
            created
                .within(time("2023-01-01T00:00:00Z")..time("2024-01-01T00:00:00Z"))
                .as_str(),
            "createdDateTime ge 2023-01-01T00:00:00Z and createdDateTime lt 2024-01-01T00:00:00Z"
        );
    }
}
