//! Times in the forms that people write and read.

use std::time::Duration;

use chrono::{DateTime, Local, TimeDelta, Utc};
use graph_incidents::hunting::Timespan;

/// Parses `90s`, `30m`, `2h`, `7d`, `2w` as a time before now, or a date and time (RFC 3339), or a date (midnight UTC).
pub(crate) fn since(text: &str) -> Result<DateTime<Utc>, String> {
    before(text, Utc::now())
}

fn before(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let of_span = || {
        let seconds = i64::try_from(span(text)?.as_secs()).ok()?;
        now.checked_sub_signed(TimeDelta::try_seconds(seconds)?)
    };
    moment(text).or_else(of_span).ok_or_else(|| {
        format!(
            "`{text}` is neither a span such as 2h or 7d nor a date such as 2026-01-31T08:00:00Z"
        )
    })
}

/// A date and time, or a date: midnight UTC.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let date = text.parse::<chrono::NaiveDate>().ok()?;
    Some(date.and_time(chrono::NaiveTime::MIN).and_utc())
}

/// `90s`, `30m`, `2h`, `7d`, `2w`.
fn span(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let count: u64 = digits.parse().ok()?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let seconds = count.checked_mul(unit)?;
    Some(Duration::from_secs(seconds))
}

/// `P7D`, `PT1H30M`, `P2W`: an ISO 8601 duration. Months and years have no fixed length.
fn iso_span(text: &str) -> Option<Duration> {
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (text.strip_prefix('P')?, ""),
    };
    let mut total = Duration::ZERO;
    let mut count = 0;
    for (part, units) in [(days, &["W", "D"][..]), (time, &["H", "M", "S"])] {
        let mut units = units.iter();
        for piece in part.split_inclusive(|character: char| character.is_ascii_alphabetic()) {
            let unit = piece.get(piece.len().checked_sub(1)?..)?;
            // Each unit once, longer ones first.
            units.find(|known| **known == unit)?;
            let length = span(&piece.to_ascii_lowercase())?;
            total = total.checked_add(length)?;
            count += 1;
        }
    }
    (count > 0).then_some(total)
}

/// The time range of a hunting query: a duration, a time until now, or two of these with a slash between them.
pub(crate) fn timespan(text: &str) -> Result<Timespan, String> {
    let length = |text: &str| span(text).or_else(|| iso_span(text));
    let found = match text.split_once('/') {
        None => match length(text) {
            Some(length) => Some(Timespan::last(length)),
            None => moment(text).map(Timespan::since),
        },
        Some((first, second)) => match (moment(first), moment(second)) {
            (Some(start), Some(end)) => Some(Timespan::between(start..end)),
            (Some(start), None) => length(second).map(|length| Timespan::after(start, length)),
            (None, Some(end)) => length(first).map(|length| Timespan::before(end, length)),
            (None, None) => None,
        },
    };
    found.ok_or_else(|| {
        format!(
            "`{text}` is neither a span such as 7d or P7D, nor a date, nor two of them as START/END"
        )
    })
}

/// A time of the service in a table: in the local time zone, to the minute.
pub(crate) fn local(text: &str) -> Option<String> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(
        time.with_timezone(&Local)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_dates_are_parsed_and_anything_else_is_refused() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("2h", "2026-03-10T10:00:00Z"),
            ("7d", "2026-03-03T12:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T08:00:00+01:00", "2026-01-31T07:00:00Z"),
        ] {
            assert_eq!(before(text, now), Ok(time.parse().unwrap()), "{text}");
        }
        for (text, expected) in [
            ("7d", "P7D"),
            ("P7D", "P7D"),
            ("PT1H30M", "PT1H30M"),
            ("P1DT90S", "P1DT1M30S"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            (
                "2026-01-01/2026-01-31",
                "2026-01-01T00:00:00Z/2026-01-31T00:00:00Z",
            ),
            ("2026-01-01/P1D", "2026-01-01T00:00:00Z/P1D"),
            ("12h/2026-01-31", "PT12H/2026-01-31T00:00:00Z"),
        ] {
            let read = timespan(text).map(|timespan| timespan.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "", "P", "PT", "P1M", "PD", "P1H", "PT1D", "P1D1D", "a/b", "1d/2d", "P7D/", "é",
        ] {
            assert!(timespan(text).is_err(), "{text}");
        }
        for text in [
            "",
            "h",
            "2",
            "2y",
            "-2h",
            "yesterday",
            "9223372036854775807w",
            "2h30m",
            "é",
        ] {
            assert!(before(text, now).is_err(), "{text}");
        }
    }
}
