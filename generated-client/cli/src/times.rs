//! Times as people write and read them.

use chrono::{DateTime, Local, TimeDelta, Utc};

/// Reads `90s`, `30m`, `2h`, `7d`, `2w` as so long before now, or a date and time (RFC 3339), or a date (midnight UTC).
pub(crate) fn since(text: &str) -> Result<DateTime<Utc>, String> {
    before(text, Utc::now())
}

fn before(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Ok(date) = text.parse::<chrono::NaiveDate>() {
        return Ok(date.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    let wrong = || {
        format!(
            "`{text}` is neither a span such as 2h or 7d nor a date such as 2026-01-31T08:00:00Z"
        )
    };
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let count: i64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(wrong()),
    };
    count
        .checked_mul(unit)
        .filter(|seconds| *seconds >= 0)
        .and_then(TimeDelta::try_seconds)
        .and_then(|span| now.checked_sub_signed(span))
        .ok_or_else(wrong)
}

/// A time of the service as a table shows it: in the zone of this machine, to the minute.
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
    fn spans_and_dates_are_read_and_anything_else_is_refused() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("2h", "2026-03-10T10:00:00Z"),
            ("7d", "2026-03-03T12:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T08:00:00+01:00", "2026-01-31T07:00:00Z"),
        ] {
            assert_eq!(before(text, now), Ok(time.parse().unwrap()), "{text}");
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
