//! Conditions over the seven properties by which incidents can be filtered.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use chrono::{DateTime, SecondsFormat, Timelike as _, Utc};

use crate::types::{AlertClassification, AlertDetermination, AlertSeverity, IncidentStatus};
use graph_client_runtime::OpenEnum;

/// A condition of OData: which incidents to list.
///
/// The service documents filtering by `assignedTo`, `classification`, `createdDateTime`, `determination`,
/// `lastUpdateDateTime`, `severity` and `status`; each has a function here with the operators that fit its type.
/// [`Filter::raw`] takes what this does not cover. Values are quoted and escaped.
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
    /// Whom incidents are assigned to.
    #[must_use]
    pub const fn assigned_to() -> TextField {
        TextField("assignedTo")
    }

    /// How incidents are classified.
    #[must_use]
    pub const fn classification() -> EnumField<AlertClassification> {
        EnumField("classification", PhantomData)
    }

    /// When incidents were created.
    #[must_use]
    pub const fn created_date_time() -> DateField {
        DateField("createdDateTime")
    }

    /// What incidents turned out to be.
    #[must_use]
    pub const fn determination() -> EnumField<AlertDetermination> {
        EnumField("determination", PhantomData)
    }

    /// When incidents were last changed.
    #[must_use]
    pub const fn last_update_date_time() -> DateField {
        DateField("lastUpdateDateTime")
    }

    /// How serious incidents are.
    #[must_use]
    pub const fn severity() -> EnumField<AlertSeverity> {
        EnumField("severity", PhantomData)
    }

    /// Where incidents stand.
    #[must_use]
    pub const fn status() -> EnumField<IncidentStatus> {
        EnumField("status", PhantomData)
    }

    /// Makes a condition for what is still to be worked on: neither resolved nor merged into another incident. Incidents
    /// of a status that is newer than this crate are among them.
    ///
    /// ```
    /// # use graph_incidents::query::Filter;
    /// assert_eq!(Filter::open().as_str(), "status ne 'resolved' and status ne 'redirected'");
    /// ```
    pub fn open() -> Self {
        let resolved = Self::status().ne(IncidentStatus::Resolved);
        resolved.and(Self::status().ne(IncidentStatus::Redirected))
    }

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

impl EnumField<AlertSeverity> {
    /// It is this severity or a higher one. `unknown` is neither high nor low: it is at least itself only.
    ///
    /// ```
    /// # use graph_incidents::query::Filter;
    /// # use graph_incidents::types::AlertSeverity;
    /// let serious = Filter::severity().at_least(AlertSeverity::Medium);
    /// assert_eq!(serious.as_str(), "severity eq 'medium' or severity eq 'high'");
    /// ```
    pub fn at_least(self, severity: AlertSeverity) -> Filter {
        let ranked = AlertSeverity::RANKED.iter();
        let higher: Vec<_> = ranked
            .filter(|other| **other >= severity)
            .cloned()
            .collect();
        match higher.is_empty() {
            true => self.eq(severity),
            false => self.any_of(higher),
        }
    }
}

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub struct DateField(&'static str);

impl DateField {
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

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn or_inside_and_has_parentheses() {
        let high = || Filter::severity().eq(AlertSeverity::High);
        let low = || Filter::severity().eq(AlertSeverity::Low);
        let active = || Filter::status().eq(IncidentStatus::Active);
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
            Filter::assigned_to().eq("O'Brien' or '1' eq '1").as_str(),
            "assignedTo eq 'O''Brien'' or ''1'' eq ''1'"
        );
    }

    #[test]
    fn a_member_that_this_version_does_not_know_is_quoted_too() {
        let odd: IncidentStatus = "it's new".parse().unwrap();
        assert_eq!(Filter::status().ne(odd).as_str(), "status ne 'it''s new'");
    }

    #[test]
    fn times_have_no_quotes_and_up_to_seven_digits() {
        let created = Filter::created_date_time();
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

    #[test]
    fn none_of_an_empty_set_is_listed() {
        assert_eq!(
            Filter::severity().any_of([]).as_str(),
            "severity eq null and severity ne null"
        );
    }
}
