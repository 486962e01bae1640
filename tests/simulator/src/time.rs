//! Points in time as the service writes them: UTC, up to seven fraction digits.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};

/// How far the service's clock is ahead of this machine's, in seconds.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Sets the service's clock ahead of this machine's, or behind it, by a number of seconds, for every simulator of this
/// program: the times that it writes and the `Date` of its responses jump by as much, as if a clock were set.
///
/// # Examples
///
/// ```standalone_crate
/// use graph_incidents_simulator::{Simulator, set_clock_ahead};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let simulator = Simulator::builder().start().await?;
/// let updated = || simulator.incident("2972395").unwrap()["lastUpdateDateTime"].clone();
/// simulator.change("2972395", json!({"summary": "before"}));
/// let before = updated();
/// set_clock_ahead(86_400 * 366);
/// simulator.change("2972395", json!({"summary": "a year later"}));
/// assert!(updated().as_str().unwrap()[..4] > before.as_str().unwrap()[..4]);
/// # Ok(())
/// # }
/// ```
pub fn set_clock_ahead(seconds: i64) {
    AHEAD.store(seconds, Ordering::Relaxed);
}

/// The `Date` of a response, if the service's clock differs from this machine's.
pub(crate) fn date_of_its_own() -> Option<String> {
    let is_set = AHEAD.load(Ordering::Relaxed) != 0;
    is_set.then(|| {
        let now = Ticks::now().utc();
        now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    })
}

/// Ticks of 100 nanoseconds since 1970, the resolution of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticks(pub(crate) i64);

impl Ticks {
    pub(crate) const PER_SECOND: i64 = 10_000_000;

    pub(crate) fn now() -> Self {
        let ours = Utc::now();
        let ahead = TimeDelta::try_seconds(AHEAD.load(Ordering::Relaxed)).unwrap_or_default();
        Self::from(ours.checked_add_signed(ahead).unwrap_or(ours))
    }

    /// Reads a date-time with an offset, or a date alone (midnight UTC), of the years 1 to 9999.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let instant = match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => instant.to_utc(),
            Err(_) => text
                .parse::<NaiveDate>()
                .ok()?
                .and_hms_opt(0, 0, 0)?
                .and_utc(),
        };
        // Other years cannot be written, and the largest do not fit in 64 bits.
        (1..=9_999)
            .contains(&instant.year())
            .then(|| Self::from(instant))
    }

    /// Seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.0.div_euclid(Self::PER_SECOND)
    }

    /// This number of seconds later; none after the year 9999.
    pub(crate) fn later(self, seconds: i64) -> Option<Self> {
        let ticks = seconds.checked_mul(Self::PER_SECOND)?;
        let later = Self(self.0.checked_add(ticks)?);
        (1..=9_999).contains(&later.utc().year()).then_some(later)
    }

    pub(crate) fn utc(self) -> DateTime<Utc> {
        let nanoseconds = self.0.rem_euclid(Self::PER_SECOND) as u32 * 100;
        DateTime::from_timestamp(self.0.div_euclid(Self::PER_SECOND), nanoseconds)
            .unwrap_or_default()
    }

    /// The next point in time that differs from this one, not before now.
    pub(crate) fn successor(self) -> Self {
        Self::now().max(Self(self.0 + 1))
    }
}

impl From<DateTime<Utc>> for Ticks {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(
            instant.timestamp() * Self::PER_SECOND
                + i64::from(instant.timestamp_subsec_nanos()) / 100,
        )
    }
}

impl fmt::Display for Ticks {
    /// Every write and every request is stamped, so it is written without the general formatter.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc();
        let mut text = *b"0000-00-00T00:00:00.0000000Z";
        set_digits(&mut text[..4], utc.year().unsigned_abs());
        set_digits(&mut text[5..7], utc.month());
        set_digits(&mut text[8..10], utc.day());
        set_digits(&mut text[11..13], utc.hour());
        set_digits(&mut text[14..16], utc.minute());
        set_digits(&mut text[17..19], utc.second());
        set_digits(&mut text[20..27], utc.nanosecond() / 100);
        let mut end = 27;
        while text[end - 1] == b'0' && end > 20 {
            end -= 1;
        }
        // Without a fraction, there is no point either.
        let end = if end == 20 { 19 } else { end };
        text[end] = b'Z';
        formatter.write_str(str::from_utf8(&text[..=end]).unwrap_or_default())
    }
}

/// Writes the last decimal digits of a number, as many as there is room for.
fn set_digits(room: &mut [u8], mut number: u32) {
    for digit in room.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_digits_and_the_largest_date_are_kept() {
        for text in [
            "2021-08-13T08:43:35.5533333Z",
            "2021-08-13T08:43:35Z",
            "9999-12-31T23:59:59.9999999Z",
            "1969-12-31T23:59:59.5Z",
            "0001-01-01T00:00:00.0000001Z",
            "2000-10-20T10:20:30.102Z",
        ] {
            assert_eq!(Ticks::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn offsets_become_utc_and_trailing_zeros_are_dropped() {
        let ticks = Ticks::parse("2021-08-13T10:43:35.5000000+02:00").unwrap();
        assert_eq!(ticks.to_string(), "2021-08-13T08:43:35.5Z");
    }

    #[test]
    fn a_date_alone_is_midnight_and_other_text_is_refused() {
        assert_eq!(
            Ticks::parse("2021-08-13"),
            Ticks::parse("2021-08-13T00:00:00Z")
        );
        for text in [
            "yesterday",
            "-262142-01-01",
            "+262142-01-01",
            "0000-12-31",
            "0001-01-01T00:00:00+00:01",
            "+10000-01-01",
        ] {
            assert_eq!(Ticks::parse(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_later_than_the_year_9999() {
        assert_eq!(Ticks::now().later(i64::MAX), None);
        assert_eq!(Ticks::now().later(300_000_000_000), None);
        assert!(Ticks::now().later(3_600).is_some());
    }
}
