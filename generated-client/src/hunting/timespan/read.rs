//! Parses a timespan written in ISO 8601.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Span, Timespan};

/// The reason why a string is not a timespan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimespanError(String);

impl fmt::Display for TimespanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TimespanError {}

impl FromStr for Timespan {
    type Err = TimespanError;

    fn from_str(text: &str) -> Result<Self, TimespanError> {
        let span = match text.split_once('/') {
            None => match side(text)? {
                Side::Time(time) => Span::Since(time),
                Side::Length(length) => Span::Last(length),
            },
            Some((first, last)) => match (side(first)?, side(last)?) {
                (Side::Time(start), Side::Time(end)) => Span::Between(start, end),
                (Side::Time(start), Side::Length(length)) => Span::After(start, length),
                (Side::Length(length), Side::Time(end)) => Span::Before(length, end),
                (Side::Length(_), Side::Length(_)) => {
                    return Err(TimespanError(format!(
                        "`{text}` has two durations and no time: write `start/{last}` or `{first}/end`"
                    )));
                }
            },
        };
        let span = Self(span);
        match span.checked() {
            Ok(_) => Ok(span),
            Err(error) => Err(TimespanError(error.message().to_owned())),
        }
    }
}

/// One side of a timespan.
enum Side {
    Time(DateTime<Utc>),
    Length(Duration),
}

fn side(text: &str) -> Result<Side, TimespanError> {
    if text.starts_with('P') {
        return length(text).map(Side::Length);
    }
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| none(text))?;
    Ok(Side::Time(time.to_utc()))
}

fn none(text: &str) -> TimespanError {
    TimespanError(format!(
        "`{text}` is not an ISO 8601 timespan: write a duration such as P7D or PT12H, a time such as \
         2026-08-03T12:00:00Z, or two of them with a slash between"
    ))
}

/// Parses a duration of weeks, days, hours, minutes and seconds.
fn length(text: &str) -> Result<Duration, TimespanError> {
    let rest = text.strip_prefix('P').unwrap_or(text);
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return Err(none(text)),
        None => (rest, ""),
    };
    if days.ends_with(['M', 'Y']) {
        return Err(TimespanError(format!(
            "`{text}`: months and years have no fixed length: write days, such as P30D"
        )));
    }
    if days.is_empty() && time.is_empty() {
        return Err(none(text));
    }
    let days = sum(days, &[('W', 604_800), ('D', 86_400)]);
    let time = sum(time, &[('H', 3_600), ('M', 60), ('S', 1)]);
    let sum = days
        .zip(time)
        .and_then(|(days, time)| days.checked_add(time));
    sum.ok_or_else(|| none(text))
}

/// Adds numbers with units, each unit at most once and the largest first; only seconds have fractions.
fn sum(mut text: &str, units: &[(char, u64)]) -> Option<Duration> {
    let mut total = Duration::ZERO;
    for (unit, seconds) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            let is_plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
            let has_fraction = !fraction.is_empty() || number.contains('.');
            if !is_plain(whole) || !is_plain(fraction) || (has_fraction && *unit != 'S') {
                return None;
            }
            let whole: u64 = whole.parse().ok()?;
            let nanoseconds: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
            let part = Duration::new(whole.checked_mul(*seconds)?, nanoseconds);
            total = total.checked_add(part)?;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}
