//! The service's clock, from its responses: its times are compared with this clock, not with the local one.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};

/// How far the service's clock is ahead of ours, in seconds.
#[derive(Debug, Default)]
pub(crate) struct ServiceClock(AtomicI64);

impl ServiceClock {
    /// Takes the time of a response.
    pub(crate) fn note(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
            return;
        };
        self.0.store(
            seconds(date) - seconds(SystemTime::now()),
            Ordering::Relaxed,
        );
    }

    /// The current time of the service.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let ahead = TimeDelta::try_seconds(self.0.load(Ordering::Relaxed)).unwrap_or_default();
        let ours = DateTime::<Utc>::from(SystemTime::now());
        ours.checked_add_signed(ahead).unwrap_or(ours)
    }
}

/// Seconds since 1970; an HTTP date is not earlier.
fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_last_response_sets_the_clock_and_an_invalid_date_does_not() {
        let clock = ServiceClock::default();
        assert!(
            (clock.now() - DateTime::<Utc>::from(SystemTime::now()))
                .num_seconds()
                .abs()
                < 2
        );
        let mut headers = HeaderMap::new();
        headers.insert(
            DATE,
            HeaderValue::from_static("Wed, 21 Oct 2099 07:28:00 GMT"),
        );
        clock.note(&headers);
        assert_eq!(clock.now().to_rfc3339()[..16], *"2099-10-21T07:28");
        headers.insert(DATE, HeaderValue::from_static("yesterday"));
        clock.note(&headers);
        assert_eq!(clock.now().to_rfc3339()[..16], *"2099-10-21T07:28");
    }
}
