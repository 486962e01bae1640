//! The time range of a query: ISO 8601, as one duration, one instant, or two of them.

use crate::time::Ticks;

/// D: the default time range.
const DEFAULT: i64 = 30 * 86_400;

/// From the first time to the last, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    first: Ticks,
    last: Ticks,
}

/// One side of a range.
enum Side {
    Time(Ticks),
    Seconds(i64),
}

impl Range {
    /// Parses a range; none if it is invalid.
    pub(crate) fn read(text: Option<&str>) -> Option<Self> {
        let now = Ticks::now();
        let Some(text) = text else {
            return Self::of(now.later(-DEFAULT)?, now);
        };
        match text.split_once('/') {
            None => match side(text)? {
                Side::Time(first) => Self::of(first, now),
                Side::Seconds(seconds) => Self::of(now.later(-seconds)?, now),
            },
            Some((first, last)) => match (side(first)?, side(last)?) {
                (Side::Time(first), Side::Time(last)) => Self::of(first, last),
                (Side::Time(first), Side::Seconds(seconds)) => {
                    Self::of(first, first.later(seconds)?)
                }
                (Side::Seconds(seconds), Side::Time(last)) => Self::of(last.later(-seconds)?, last),
                (Side::Seconds(_), Side::Seconds(_)) => None,
            },
        }
    }

    fn of(first: Ticks, last: Ticks) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    pub(crate) fn has(self, time: Ticks) -> bool {
        (self.first..=self.last).contains(&time)
    }
}

fn side(text: &str) -> Option<Side> {
    match text.starts_with('P') {
        true => seconds(text).map(Side::Seconds),
        false => Ticks::parse(text).map(Side::Time),
    }
}

/// A duration of weeks, days, hours, minutes and seconds; months and years have no fixed length.
fn seconds(text: &str) -> Option<i64> {
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text.strip_prefix('P')?, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let days = sum(days, &[('W', 604_800), ('D', 86_400)])?;
    let time = sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    days.checked_add(time)
}

/// Numbers with units, each at most once, from the largest unit to the smallest.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    for (unit, length) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            // Fractions of a second are ignored.
            let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
            let count: i64 = whole.parse().ok().filter(|count| *count >= 0)?;
            total = total.checked_add(count.checked_mul(*length)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_times_and_pairs_of_them_are_ranges() {
        let range = |text: &str| Range::read(Some(text));
        let time = |text: &str| Ticks::parse(text).unwrap();
        let march = Range::of(time("2026-03-01"), time("2026-03-03"));
        for text in [
            "2026-03-01/2026-03-03",
            "2026-03-01T00:00:00Z/P2D",
            "PT48H/2026-03-03T00:00:00Z",
        ] {
            assert_eq!(range(text), march, "{text}");
        }
        assert!(
            range("P1W")
                .unwrap()
                .has(Ticks::now().later(-600_000).unwrap())
        );
        assert!(
            !range("P1W")
                .unwrap()
                .has(Ticks::now().later(-700_000).unwrap())
        );
        assert!(
            range("2026-03-01")
                .unwrap()
                .has(Ticks::now().later(-60).unwrap())
        );
        for text in [
            "",
            "P",
            "PT",
            "30D",
            "P1D/P1D",
            "P-1D",
            "P1Y",
            "2026-03-03/2026-03-01",
            "P1DT",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
