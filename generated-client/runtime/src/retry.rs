//! When a call is repeated, and how long it waits before that.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::random;

/// How often and how long a call is tried. On by default; [`RetryPolicy::none`] switches it off.
///
/// | what happened | `GET`, `PATCH` | `POST` |
/// |---|---|---|
/// | no connection: nothing was sent | repeated | repeated |
/// | 429: nothing was written | repeated | repeated |
/// | 502, 503, 504, or another 5xx that has `Retry-After` | repeated | not repeated: it may have been written |
/// | connection lost, answer broken off, no answer in time | repeated | not repeated: it may have been written |
/// | everything else | not repeated | not repeated |
///
/// A `PATCH` of an incident sets values, so that a second one changes nothing. A comment or a merge is never sent
/// twice after an ambiguous failure unless [`repeat_ambiguous_posts`](Self::repeat_ambiguous_posts) asks for it;
/// [`Error::effect`] says then that nobody knows.
///
/// Waiting follows `Retry-After` (seconds or an HTTP date), never less; where there is none it doubles from
/// [`first_delay`](Self::first_delay) up to [`longest_delay`](Self::longest_delay), with jitter. A wait that would
/// pass [`total_time`](Self::total_time) is not begun. A call may be dropped at any point: nothing goes on in the
/// background.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use graph_client_runtime::{Core, RetryPolicy};
///
/// let client = Core::builder()
///     .token("secret")
///     .retry(RetryPolicy::default().attempts(8).total_time(Duration::from_secs(600)))
///     .build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    total_time: Duration,
    first_delay: Duration,
    longest_delay: Duration,
    repeat_ambiguous_posts: bool,
}

impl Default for RetryPolicy {
    /// 5 attempts within 2 minutes; 0.5 s, 1 s, 2 s … of delay, up to 30 s.
    fn default() -> Self {
        Self {
            attempts: 5,
            total_time: Duration::from_secs(120),
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(30),
            repeat_ambiguous_posts: false,
        }
    }
}

impl RetryPolicy {
    /// One attempt, no second one; [`total_time`](Self::total_time) still bounds it.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How often a call is sent at most; 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long a call may take at most, waiting included.
    pub fn total_time(mut self, time: Duration) -> Self {
        self.total_time = time;
        self
    }

    /// The delay before the second attempt, where the service does not ask for another.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// The longest delay, where the service does not ask for another.
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Repeats a `POST` too when it may have been carried out. A comment can then be there twice.
    pub fn repeat_ambiguous_posts(mut self, repeat: bool) -> Self {
        self.repeat_ambiguous_posts = repeat;
        self
    }

    pub(crate) fn longest_call(&self) -> Duration {
        self.total_time
    }

    /// How long to wait before the next attempt; nothing where there must not be one.
    pub(crate) fn next_delay(
        &self,
        operation: &Operation,
        error: &Error,
        attempts: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let may_repeat = operation.is_repeatable() || self.repeat_ambiguous_posts;
        let is_worth_it = match (error.kind(), error.status()) {
            (Kind::Connect, _) | (Kind::Service, Some(429)) => true,
            (Kind::Lost | Kind::Timeout, _) | (Kind::Service, Some(502..=504)) => may_repeat,
            (Kind::Service, Some(500..)) => may_repeat && error.retry_after().is_some(),
            _ => false,
        };
        if !is_worth_it || attempts >= self.attempts {
            return None;
        }
        let delay = match error.retry_after() {
            // A little more, so that all that wait for the same moment do not come at once.
            Some(asked) => {
                asked
                    + asked
                        .min(Duration::from_secs(5))
                        .mul_f64(0.2 * random::fraction())
            }
            None => self
                .backoff(attempts)
                .mul_f64(0.5 + 0.5 * random::fraction()),
        };
        (elapsed.saturating_add(delay) < self.total_time).then_some(delay)
    }

    fn backoff(&self, attempts: u32) -> Duration {
        let factor = 1_u32
            .checked_shl(attempts.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.first_delay
            .saturating_mul(factor)
            .min(self.longest_delay)
    }
}

/// `Retry-After` as seconds or as an HTTP date; a date counts from the answer's own `Date`, so that a wrong clock on
/// this side does not matter.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        if seconds.is_nan() {
            return None;
        }
        return Duration::try_from_secs_f64(seconds.max(0.0)).ok();
    }
    let then = httpdate::parse_http_date(text).ok()?;
    let now = headers
        .get(DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    Some(then.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPDATE: Operation = Operation::new("updateIncident", "PATCH", "/x", &[]);
    const COMMENT: Operation = Operation::new("createIncidentComment", "POST", "/x", &[]);

    fn service(status: u16) -> Error {
        Error::new(Kind::Service, "no").with_status(status)
    }

    fn is_repeated(policy: &RetryPolicy, operation: &Operation, error: &Error) -> bool {
        policy
            .next_delay(operation, error, 1, Duration::ZERO)
            .is_some()
    }

    #[test]
    fn a_comment_is_never_repeated_after_an_ambiguous_failure() {
        let policy = RetryPolicy::default();
        let ambiguous = [
            service(502),
            service(503).with_retry_after(Some(Duration::from_secs(1))),
            service(504),
            Error::new(Kind::Lost, "lost"),
            Error::new(Kind::Timeout, "late"),
        ];
        for error in &ambiguous {
            assert!(!is_repeated(&policy, &COMMENT, error), "{error}");
            assert!(is_repeated(&policy, &UPDATE, error), "{error}");
            assert!(
                is_repeated(
                    &policy.clone().repeat_ambiguous_posts(true),
                    &COMMENT,
                    error
                ),
                "{error}"
            );
        }
        for error in [service(429), Error::new(Kind::Connect, "nobody there")] {
            assert!(is_repeated(&policy, &COMMENT, &error), "{error}");
        }
    }

    #[test]
    fn what_cannot_get_better_is_not_repeated() {
        for error in [
            service(400),
            service(401),
            service(404),
            service(500),
            Error::new(Kind::Decode, "odd"),
        ] {
            assert!(
                !is_repeated(&RetryPolicy::default(), &UPDATE, &error),
                "{error}"
            );
        }
    }

    #[test]
    fn attempts_and_time_are_bounded() {
        let policy = RetryPolicy::default()
            .attempts(3)
            .total_time(Duration::from_secs(10));
        let error = service(429).with_retry_after(Some(Duration::from_secs(2)));
        assert!(
            policy
                .next_delay(&UPDATE, &error, 2, Duration::ZERO)
                .is_some()
        );
        assert!(
            policy
                .next_delay(&UPDATE, &error, 3, Duration::ZERO)
                .is_none()
        );
        assert!(
            policy
                .next_delay(&UPDATE, &error, 1, Duration::from_secs(9))
                .is_none()
        );
        let far = service(429).with_retry_after(Some(Duration::from_secs(u64::MAX / 4)));
        assert!(
            policy
                .next_delay(&UPDATE, &far, 1, Duration::ZERO)
                .is_none()
        );
    }

    #[test]
    fn the_wait_is_never_shorter_than_asked_and_otherwise_grows_with_jitter() {
        let policy = RetryPolicy::default().attempts(100);
        let asked = service(429).with_retry_after(Some(Duration::from_secs(7)));
        for _ in 0..100 {
            let delay = policy
                .next_delay(&UPDATE, &asked, 1, Duration::ZERO)
                .unwrap();
            assert!((7.0..8.1).contains(&delay.as_secs_f64()), "{delay:?}");
            let third = policy
                .next_delay(&UPDATE, &service(429), 3, Duration::ZERO)
                .unwrap();
            assert!((1.0..=2.0).contains(&third.as_secs_f64()), "{third:?}");
            let late = policy
                .next_delay(&UPDATE, &service(429), 90, Duration::ZERO)
                .unwrap();
            assert!((15.0..=30.0).contains(&late.as_secs_f64()), "{late:?}");
        }
    }

    #[test]
    fn retry_after_has_three_forms() {
        let headers = |pairs: &[(reqwest::header::HeaderName, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| {
                    (
                        name.clone(),
                        reqwest::header::HeaderValue::from_static(value),
                    )
                })
                .collect::<HeaderMap>()
        };
        let at = "Wed, 21 Oct 2026 07:28:10 GMT";
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, "120")])),
            Some(Duration::from_secs(120))
        );
        assert_eq!(
            retry_after(&headers(&[
                (RETRY_AFTER, at),
                (DATE, "Wed, 21 Oct 2026 07:28:00 GMT")
            ])),
            Some(Duration::from_secs(10))
        );
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, "Wed, 21 Oct 2015 07:28:00 GMT")])),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after(&HeaderMap::new()), None);
        for odd in ["soon", "", "NaN", "1e400"] {
            assert_eq!(retry_after(&headers(&[(RETRY_AFTER, odd)])), None, "{odd}");
        }
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, "-5")])),
            Some(Duration::ZERO)
        );
    }
}
