//! Points in time and dates as the client writes them.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// Writes a point in time with as few fraction digits as it needs.
#[must_use]
pub fn date_time(time: DateTime<Utc>) -> String {
    let text = time.to_rfc3339_opts(SecondsFormat::Nanos, true);
    let digits = text
        .trim_end_matches('Z')
        .trim_end_matches('0')
        .trim_end_matches('.');
    format!("{digits}Z")
}

/// Writes a date, as `2021-08-13`.
#[must_use]
pub fn date(day: NaiveDate) -> String {
    day.to_string()
}
