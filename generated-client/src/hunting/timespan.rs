//! The time range of a hunting query, written in ISO 8601.

mod read;

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use graph_client_runtime::Error;
pub use read::TimespanError;

/// The time range of a hunting query: a duration up to now, a start time up to now, or both ends.
///
/// ```
/// use std::time::Duration;
///
/// use graph_incidents::hunting::Timespan;
///
/// assert_eq!(Timespan::days(30).to_string(), "P30D");
/// assert_eq!(Timespan::last(Duration::from_secs(90_061)).to_string(), "P1DT1H1M1S");
/// let noon = "2026-08-03T12:00:00Z".parse().unwrap();
/// assert_eq!(Timespan::since(noon).to_string(), "2026-08-03T12:00:00Z");
/// assert_eq!("P30D".parse::<Timespan>().unwrap(), Timespan::days(30));
/// assert_eq!(
///     Timespan::before(noon, Duration::from_secs(3_600)).to_string(),
///     "PT1H/2026-08-03T12:00:00Z"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Timespan(Span);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Span {
    Last(Duration),
    Since(DateTime<Utc>),
    Between(DateTime<Utc>, DateTime<Utc>),
    After(DateTime<Utc>, Duration),
    Before(Duration, DateTime<Utc>),
}

impl Timespan {
    /// Covers a duration up to now.
    pub const fn last(duration: Duration) -> Self {
        Self(Span::Last(duration))
    }

    /// Covers a number of days up to now.
    pub const fn days(days: u32) -> Self {
        Self::last(Duration::from_secs(days as u64 * 86_400))
    }

    /// Covers the time from a moment up to now.
    pub const fn since(start: DateTime<Utc>) -> Self {
        Self(Span::Since(start))
    }

    /// Covers the time between two moments.
    pub const fn between(times: Range<DateTime<Utc>>) -> Self {
        Self(Span::Between(times.start, times.end))
    }

    /// Covers a duration that starts at a moment.
    pub const fn after(start: DateTime<Utc>, duration: Duration) -> Self {
        Self(Span::After(start, duration))
    }

    /// Covers a duration that ends at a moment.
    pub const fn before(end: DateTime<Utc>, duration: Duration) -> Self {
        Self(Span::Before(duration, end))
    }

    /// Refuses a timespan that ends before it begins.
    pub(super) fn checked(&self) -> Result<String, Error> {
        match &self.0 {
            Span::Between(start, end) if start > end => Err(Error::refused(format!(
                "the timespan {self} ends before it begins"
            ))),
            _ => Ok(self.to_string()),
        }
    }
}

impl fmt::Display for Timespan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Span::Last(duration) => formatter.write_str(&length(*duration)),
            Span::Since(start) => formatter.write_str(&moment(*start)),
            Span::Between(start, end) => write!(formatter, "{}/{}", moment(*start), moment(*end)),
            Span::After(start, duration) => {
                write!(formatter, "{}/{}", moment(*start), length(*duration))
            }
            Span::Before(duration, end) => {
                write!(formatter, "{}/{}", length(*duration), moment(*end))
            }
        }
    }
}

impl From<Timespan> for String {
    fn from(timespan: Timespan) -> Self {
        timespan.to_string()
    }
}

fn moment(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Writes a duration in days, hours, minutes and seconds; months and years have no fixed length.
fn length(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 3_600 % 24, 'H'), (seconds / 60 % 60, 'M')];
    let mut text = String::from("P");
    if seconds >= 86_400 {
        text.push_str(&format!("{}D", seconds / 86_400));
    }
    let mut time = String::new();
    for (count, unit) in parts {
        if count > 0 {
            time.push_str(&format!("{count}{unit}"));
        }
    }
    let (rest, nanoseconds) = (seconds % 60, duration.subsec_nanos());
    if nanoseconds > 0 {
        let fraction = format!("{nanoseconds:09}");
        time.push_str(&format!("{rest}.{}S", fraction.trim_end_matches('0')));
    } else if rest > 0 {
        time.push_str(&format!("{rest}S"));
    }
    if !time.is_empty() {
        text.push('T');
        text.push_str(&time);
    } else if seconds == 0 {
        text.push_str("T0S");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_iso_8601() {
        for (milliseconds, written) in [
            (0, "PT0S"),
            (1, "PT0.001S"),
            (1_500, "PT1.5S"),
            (60_000, "PT1M"),
            (3_600_000, "PT1H"),
            (86_400_000, "P1D"),
            (86_401_000, "P1DT1S"),
            (90_061_250, "P1DT1H1M1.25S"),
            (30 * 86_400_000, "P30D"),
        ] {
            assert_eq!(length(Duration::from_millis(milliseconds)), written);
        }
    }

    #[test]
    fn a_written_timespan_is_parsed_again_and_anything_else_is_refused_with_the_reason() {
        for text in [
            "PT0S",
            "P30D",
            "P1DT1H1M1.25S",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z/2026-01-02T00:00:00.500Z",
            "2026-01-01T00:00:00Z/P1D",
            "PT1H/2026-01-01T00:00:00Z",
        ] {
            assert_eq!(text.parse::<Timespan>().unwrap().to_string(), text);
        }
        assert_eq!("P2W".parse::<Timespan>().unwrap(), Timespan::days(14));
        for (text, reason) in [
            ("", "not an ISO 8601 timespan"),
            ("30 days", "not an ISO 8601 timespan"),
            ("P", "not an ISO 8601 timespan"),
            ("PT", "not an ISO 8601 timespan"),
            ("P1DT", "not an ISO 8601 timespan"),
            ("P-1D", "not an ISO 8601 timespan"),
            ("P1D2D", "not an ISO 8601 timespan"),
            ("PT1S1H", "not an ISO 8601 timespan"),
            ("P99999999999999999999D", "not an ISO 8601 timespan"),
            ("P1M", "months and years have no fixed length"),
            ("P1Y", "months and years have no fixed length"),
            ("P1D/P2D", "two durations"),
            (
                "2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
                "ends before it begins",
            ),
        ] {
            let error = text.parse::<Timespan>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn both_ends_are_written_and_have_to_be_in_order() {
        let (start, end) = (
            "2026-01-01T00:00:00Z".parse().unwrap(),
            "2026-01-02T00:00:00.5Z".parse().unwrap(),
        );
        let span = Timespan::between(start..end);
        assert_eq!(
            span.to_string(),
            "2026-01-01T00:00:00Z/2026-01-02T00:00:00.500Z"
        );
        assert!(span.checked().is_ok());
        assert!(
            Timespan::between(end..start)
                .checked()
                .unwrap_err()
                .is_refused()
        );
        let day = Duration::from_secs(86_400);
        assert_eq!(
            Timespan::after(start, day).to_string(),
            "2026-01-01T00:00:00Z/P1D"
        );
    }
}
