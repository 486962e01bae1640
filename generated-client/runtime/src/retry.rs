//! When a call is retried, and after how long.

mod word;

use std::time::Duration;

pub(crate) use word::{in_words, retry_after};

use crate::error::{Error, Kind};
use crate::operation::{Operation, Patience};
use crate::random;

/// The default maximum number of attempts.
const ATTEMPTS: u32 = 5;
/// The default maximum duration of a call.
const TOTAL: Duration = Duration::from_secs(120);
/// Shorter requested waits are ignored.
const SHORTEST_WORD: Duration = Duration::from_millis(100);

/// The attempts so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tried {
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// How many responses said when to retry.
    pub(crate) timed: u32,
    pub(crate) elapsed: Duration,
}

/// Controls how often and how long a call is tried. On by default; [`RetryPolicy::none`] switches it off.
///
/// | failure | a read, or a write marked as repeatable | any other write |
/// |---|---|---|
/// | no connection: nothing was sent | repeated | repeated |
/// | 429: nothing was written | repeated | repeated |
/// | 502, 503, 504, or another 5xx that has `Retry-After` | repeated | not repeated: it may have been written |
/// | connection lost, response ended early, no response in time | repeated | not repeated: it may have been written |
/// | a transient error object with the status of a success | `GET` only | not repeated |
/// | everything else | not repeated | not repeated |
///
/// A hunting query is repeated like a `GET`, except after a timeout, because it would use the tenant's quota again.
///
/// The description marks the writes that can be repeated: the update of an incident sets values, so that a second one
/// changes nothing. After an ambiguous failure, a comment or a merge is not sent again unless
/// [`repeat_ambiguous_posts`](Self::repeat_ambiguous_posts) is set; [`Error::effect`] is then unknown.
///
/// A retry waits at least as long as the service requests: by `retry-after-ms`, `x-ms-retry-after-ms`, `Retry-After`
/// (seconds or an HTTP date), or "try again in 5 seconds" in the message. Such responses do not count as attempts, so
/// that the call continues for its total time; [`attempts`](Self::attempts) makes them count. Without such a request,
/// or if it is 0 or a time in the past, the delay doubles from [`first_delay`](Self::first_delay) up to
/// [`longest_delay`](Self::longest_delay), with jitter. A wait that would exceed [`total_time`](Self::total_time) is
/// not started. A call may be dropped at any point: nothing continues in the background.
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
    /// None if the caller has not set it.
    attempts: Option<u32>,
    /// None if the caller has not set it.
    total_time: Option<Duration>,
    first_delay: Duration,
    longest_delay: Duration,
    repeat_ambiguous_posts: bool,
}

impl Default for RetryPolicy {
    /// 5 attempts within 2 minutes, not counting responses that say when to retry; delays of 0.5 s, 1 s, 2 s … up to 30
    /// s.
    fn default() -> Self {
        Self {
            attempts: None,
            total_time: None,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(30),
            repeat_ambiguous_posts: false,
        }
    }
}

impl RetryPolicy {
    /// Creates a policy with one attempt; [`total_time`](Self::total_time) still limits it.
    pub fn none() -> Self {
        Self {
            attempts: Some(1),
            ..Self::default()
        }
    }

    /// Sets the maximum number of attempts, whatever the responses say; 0 counts as 1. Default: 5, not counting
    /// responses that say when to retry.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// Sets the maximum duration of a call, including waits. Default: 2 minutes; for an operation that usually takes
    /// longer, such as a hunting query, see its method.
    pub fn total_time(mut self, time: Duration) -> Self {
        self.total_time = Some(time);
        self
    }

    /// Sets the delay before the second attempt, unless the service requests another.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// Sets the longest delay, unless the service requests another.
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Sets whether to repeat a `POST` that may have been carried out. A comment can then occur twice.
    pub fn repeat_ambiguous_posts(mut self, repeat: bool) -> Self {
        self.repeat_ambiguous_posts = repeat;
        self
    }

    /// The maximum duration of a call of an operation.
    pub(crate) fn longest_call(&self, patience: Option<Patience>) -> Duration {
        let usual = patience.map_or(TOTAL, |patience| patience.total);
        self.total_time.unwrap_or(usual)
    }

    /// How long to wait before the next attempt; none if there must not be one.
    pub(crate) fn next_delay(
        &self,
        operation: &Operation,
        error: &Error,
        tried: Tried,
    ) -> Option<Duration> {
        let may_repeat = operation.is_repeatable() || self.repeat_ambiguous_posts;
        let is_worth_it = match (error.kind(), error.status()) {
            (Kind::Connect, _) | (Kind::Service, Some(429)) => true,
            // The failed attempt has already cost the service that much time, and the next would too.
            (Kind::Timeout, _) if operation.patience().is_some() => false,
            (Kind::Lost | Kind::Timeout, _) | (Kind::Service, Some(502..=504)) => may_repeat,
            (Kind::Service, Some(500..)) => may_repeat && error.retry_after().is_some(),
            // A damaged response counts as lost.
            (Kind::Decode, _) => may_repeat && error.is_transient(),
            (Kind::Service, Some(200..=299)) => !operation.is_write() && passes(error),
            _ => false,
        };
        if !is_worth_it || !self.has_attempts_left(tried) {
            return None;
        }
        let delay = match error.retry_after() {
            // A little more, so that callers that wait for the same moment are spread.
            Some(asked) if asked >= SHORTEST_WORD => {
                let spread = asked.min(Duration::from_secs(5));
                asked.saturating_add(spread.mul_f64(0.2 * random::fraction()))
            }
            // A delay of zero would repeat the request without a pause.
            Some(_) => self
                .backoff(tried.attempts)
                .mul_f64(1.0 + 0.2 * random::fraction()),
            None => self
                .backoff(tried.attempts)
                .mul_f64(0.5 + 0.5 * random::fraction()),
        };
        let longest = self.longest_call(operation.patience());
        (tried.elapsed.saturating_add(delay) < longest).then_some(delay)
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

/// Whether an error object with the status of a success is transient.
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

#[cfg(test)]
mod tests;
