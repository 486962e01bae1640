//! When a call is repeated, and how long it waits before that.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::random;

/// How often a call is sent at most, where the caller does not say.
const ATTEMPTS: u32 = 5;
/// A shorter time than this is no time to come back at.
const SHORTEST_WORD: Duration = Duration::from_millis(100);

/// What was tried so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tried {
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// How many responses said when to come back.
    pub(crate) timed: u32,
    pub(crate) elapsed: Duration,
}

/// How often and how long a call is tried. On by default; [`RetryPolicy::none`] switches it off.
///
/// | what happened | `GET`, `PATCH` | `POST` |
/// |---|---|---|
/// | no connection: nothing was sent | repeated | repeated |
/// | 429: nothing was written | repeated | repeated |
/// | 502, 503, 504, or another 5xx that has `Retry-After` | repeated | not repeated: it may have been written |
/// | connection lost, response ended early, no response in time | repeated | not repeated: it may have been written |
/// | an error object with the status of a success, of a failure that passes | `GET` only | not repeated |
/// | everything else | not repeated | not repeated |
///
/// A `PATCH` of an incident sets values, so that a second one changes nothing. A comment or a merge is never sent
/// twice after an ambiguous failure unless [`repeat_ambiguous_posts`](Self::repeat_ambiguous_posts) asks for it;
/// [`Error::effect`] says then that nobody knows.
///
/// Waiting follows the service's word, never less: `retry-after-ms`, `x-ms-retry-after-ms`, `Retry-After` (seconds or an
/// HTTP date), or "try again in 5 seconds" in the message. Responses that say when to come back do not count as
/// attempts, so that the call goes on for its total time; [`attempts`](Self::attempts) makes them count. Where there is
/// no such word, or it says 0 or a time in the past, the delay doubles from [`first_delay`](Self::first_delay) up to
/// [`longest_delay`](Self::longest_delay), with jitter. A wait that would pass [`total_time`](Self::total_time) is not
/// begun. A call may be dropped at any point: nothing goes on in the background.
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
    /// Nothing where the caller has not set it.
    attempts: Option<u32>,
    total_time: Duration,
    first_delay: Duration,
    longest_delay: Duration,
    repeat_ambiguous_posts: bool,
}

impl Default for RetryPolicy {
    /// 5 attempts within 2 minutes, those not counted whose response says when to come back; 0.5 s, 1 s, 2 s … of
    /// delay, up to 30 s.
    fn default() -> Self {
        Self {
            attempts: None,
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
            attempts: Some(1),
            ..Self::default()
        }
    }

    /// How often a call is sent at most, whatever the responses say; 0 counts as 1. Default: 5, of which responses that
    /// say when to come back are none.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
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
        tried: Tried,
    ) -> Option<Duration> {
        let may_repeat = operation.is_repeatable() || self.repeat_ambiguous_posts;
        let is_worth_it = match (error.kind(), error.status()) {
            (Kind::Connect, _) | (Kind::Service, Some(429)) => true,
            (Kind::Lost | Kind::Timeout, _) | (Kind::Service, Some(502..=504)) => may_repeat,
            (Kind::Service, Some(500..)) => may_repeat && error.retry_after().is_some(),
            (Kind::Service, Some(200..=299)) => !operation.is_write() && passes(error),
            _ => false,
        };
        if !is_worth_it || !self.has_attempts_left(tried) {
            return None;
        }
        let delay = match error.retry_after() {
            // A little more, so that all that wait for the same moment do not come at once.
            Some(asked) if asked >= SHORTEST_WORD => {
                let spread = asked.min(Duration::from_secs(5));
                asked.saturating_add(spread.mul_f64(0.2 * random::fraction()))
            }
            // No time at all: the service would be asked again and again.
            Some(_) => self
                .backoff(tried.attempts)
                .mul_f64(1.0 + 0.2 * random::fraction()),
            None => self
                .backoff(tried.attempts)
                .mul_f64(0.5 + 0.5 * random::fraction()),
        };
        (tried.elapsed.saturating_add(delay) < self.total_time).then_some(delay)
    }

    fn has_attempts_left(&self, tried: Tried) -> bool {
        match self.attempts {
            Some(attempts) => tried.attempts < attempts,
            None => tried.attempts.saturating_sub(tried.timed) < ATTEMPTS,
        }
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

/// Whether an error object that came with the status of a success is of a failure that passes.
fn passes(error: &Error) -> bool {
    const PASSING: [&str; 10] = [
        "internalServerError",
        "serviceUnavailable",
        "serviceNotAvailable",
        "serverBusy",
        "gatewayTimeout",
        "timeout",
        "tooManyRequests",
        "activityLimitReached",
        "unknownError",
        "generalException",
    ];
    let code = error.code().unwrap_or_default();
    PASSING
        .iter()
        .any(|passing| passing.eq_ignore_ascii_case(code))
}

/// When to come back, from the headers: milliseconds before seconds, and a date counts from the response's own `Date`,
/// so that a wrong clock on this side does not matter.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let header = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    ["retry-after-ms", "x-ms-retry-after-ms"]
        .into_iter()
        .find_map(|name| duration(header(name)?, 0.001))
        .or_else(|| {
            let text = header(RETRY_AFTER.as_str())?;
            duration(text, 1.0).or_else(|| until(text, headers))
        })
}

/// A number of so many seconds each. One that is too large is a very long time, not none.
fn duration(text: &str, unit: f64) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    if !number.is_finite() {
        return None;
    }
    let seconds = (number * unit).max(0.0);
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

fn until(text: &str, headers: &HeaderMap) -> Option<Duration> {
    let then = httpdate::parse_http_date(text).ok()?;
    let now = headers
        .get(DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    Some(then.duration_since(now).unwrap_or_default())
}

/// When to come back, from the words of an error: "Try again in 5 seconds".
pub(crate) fn in_words(message: &str) -> Option<Duration> {
    let message = message.to_ascii_lowercase();
    let (_, rest) = ["again in ", "again after ", "retry after ", "retry in "]
        .iter()
        .find_map(|words| message.split_once(words))?;
    let rest = rest.trim_start();
    let end = rest.find(|next: char| !next.is_ascii_digit() && next != '.');
    let (number, unit) = rest.split_at(end.unwrap_or(rest.len()));
    let unit = unit.trim_start();
    let unit = match unit {
        _ if unit.starts_with("ms") || unit.starts_with("millisecond") => 0.001,
        _ if unit.starts_with('s') => 1.0,
        _ if unit.starts_with('m') => 60.0,
        _ if unit.starts_with('h') => 3_600.0,
        _ => return None,
    };
    duration(number.trim_end_matches('.'), unit)
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
            .next_delay(operation, error, tried(1, Duration::ZERO))
            .is_some()
    }

    fn tried(attempts: u32, elapsed: Duration) -> Tried {
        Tried {
            attempts,
            timed: 0,
            elapsed,
        }
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
                .next_delay(&UPDATE, &error, tried(2, Duration::ZERO))
                .is_some()
        );
        assert!(
            policy
                .next_delay(&UPDATE, &error, tried(3, Duration::ZERO))
                .is_none()
        );
        assert!(
            policy
                .next_delay(&UPDATE, &error, tried(1, Duration::from_secs(9)))
                .is_none()
        );
        let far = service(429).with_retry_after(Some(Duration::from_secs(u64::MAX / 4)));
        assert!(
            policy
                .next_delay(&UPDATE, &far, tried(1, Duration::ZERO))
                .is_none()
        );
    }

    #[test]
    fn the_wait_is_never_shorter_than_asked_and_otherwise_grows_with_jitter() {
        let policy = RetryPolicy::default().attempts(100);
        let asked = service(429).with_retry_after(Some(Duration::from_secs(7)));
        for _ in 0..100 {
            let delay = policy
                .next_delay(&UPDATE, &asked, tried(1, Duration::ZERO))
                .unwrap();
            assert!((7.0..8.1).contains(&delay.as_secs_f64()), "{delay:?}");
            let third = policy
                .next_delay(&UPDATE, &service(429), tried(3, Duration::ZERO))
                .unwrap();
            assert!((1.0..=2.0).contains(&third.as_secs_f64()), "{third:?}");
            let late = policy
                .next_delay(&UPDATE, &service(429), tried(90, Duration::ZERO))
                .unwrap();
            assert!((15.0..=30.0).contains(&late.as_secs_f64()), "{late:?}");
        }
    }

    #[test]
    fn retry_after_has_several_forms() {
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
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, "99999999999999999999999")])),
            Some(Duration::MAX)
        );
        let name = reqwest::header::HeaderName::from_static;
        for milliseconds in ["retry-after-ms", "x-ms-retry-after-ms"] {
            assert_eq!(
                retry_after(&headers(&[
                    (RETRY_AFTER, "7"),
                    (name(milliseconds), "1250")
                ])),
                Some(Duration::from_millis(1_250))
            );
            assert_eq!(
                retry_after(&headers(&[
                    (RETRY_AFTER, "7"),
                    (name(milliseconds), "soon")
                ])),
                Some(Duration::from_secs(7))
            );
        }
    }

    #[test]
    fn the_words_of_an_error_say_when_to_come_back() {
        for (words, time) in [
            ("Rate limit is exceeded. Try again in 30 seconds.", 30_000),
            ("Too many calls, try again in 1 second", 1_000),
            ("Please retry after 250 ms", 250),
            ("Try again in 2 minutes.", 120_000),
            ("Try again in 1.5s.", 1_500),
        ] {
            assert_eq!(
                in_words(words),
                Some(Duration::from_millis(time)),
                "{words}"
            );
        }
        for words in ["Try again in a while", "Try again in 7", "again", ""] {
            assert_eq!(in_words(words), None, "{words}");
        }
    }

    #[test]
    fn responses_that_say_when_to_come_back_do_not_count_unless_the_caller_counts() {
        let error = service(429).with_retry_after(Some(Duration::from_secs(1)));
        let long = Tried {
            attempts: 50,
            timed: 46,
            elapsed: Duration::from_secs(60),
        };
        let policy = RetryPolicy::default();
        assert!(policy.next_delay(&UPDATE, &error, long).is_some());
        let counted = Tried { timed: 45, ..long };
        assert!(policy.next_delay(&UPDATE, &error, counted).is_none());
        assert!(
            policy
                .attempts(50)
                .next_delay(&UPDATE, &error, long)
                .is_none()
        );
        let once = tried(1, Duration::ZERO);
        assert!(
            RetryPolicy::none()
                .next_delay(&UPDATE, &error, once)
                .is_none()
        );
    }

    #[test]
    fn a_time_that_is_none_is_lifted_to_the_own_delay_which_rises() {
        let policy = RetryPolicy::default();
        let error = service(429).with_retry_after(Some(Duration::ZERO));
        for (attempts, delay) in [(1, 500), (2, 1_000), (3, 2_000)] {
            let tried = tried(attempts, Duration::ZERO);
            let waited = policy.next_delay(&UPDATE, &error, tried).unwrap();
            let delay = Duration::from_millis(delay);
            assert!((delay..delay * 5 / 4).contains(&waited), "{waited:?}");
        }
    }

    #[test]
    fn waits_for_the_same_moment_are_spread() {
        let policy = RetryPolicy::default();
        let error = service(429).with_retry_after(Some(Duration::from_secs(5)));
        let delays: std::collections::BTreeSet<_> = (0..20)
            .filter_map(|_| policy.next_delay(&UPDATE, &error, tried(1, Duration::ZERO)))
            .collect();
        assert!(delays.len() > 1, "{delays:?}");
    }

    #[test]
    fn an_error_object_in_a_success_is_repeated_for_reads_of_what_passes() {
        let read = Operation::new("getIncident", "GET", "/x", &[]);
        let said = |code: &str| {
            let body = crate::error::ServiceError {
                code: Some(code.to_owned()),
                ..Default::default()
            };
            service(200).with_body(body)
        };
        let policy = RetryPolicy::default();
        assert!(is_repeated(&policy, &read, &said("InternalServerError")));
        assert!(!is_repeated(&policy, &read, &said("Forbidden")));
        assert!(!is_repeated(&policy, &UPDATE, &said("InternalServerError")));
    }
}
