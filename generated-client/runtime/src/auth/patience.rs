//! The retries of a sign-in, by the retry policy for reads.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::retry::{RetryPolicy, Tried};

/// A sign-in changes nothing, so it can be repeated without harm.
const SIGN_IN: Operation = Operation::new("signIn", "POST", "", &[]).repeatable();

/// The attempts of one sign-in.
pub(crate) struct SignInPatience<'a> {
    retry: &'a RetryPolicy,
    /// When the call that waits for the token began.
    started: Instant,
    failed: u32,
    /// How many of them had a `Retry-After`.
    timed: u32,
}

impl<'a> SignInPatience<'a> {
    pub(crate) fn new(retry: &'a RetryPolicy, started: Instant) -> Self {
        Self {
            retry,
            started,
            failed: 0,
            timed: 0,
        }
    }

    /// The number of failed attempts.
    pub(crate) fn failed(&self) -> u32 {
        self.failed
    }

    /// How long to wait after another failure; nothing if it is the last.
    pub(crate) fn next(&mut self, error: &Error) -> Option<Duration> {
        self.failed = self.failed.saturating_add(1);
        if !error.is_transient() {
            return None;
        }
        // For the policy, every failure counts as an unavailable service.
        let unavailable = Error::new(Kind::Service, "")
            .with_status(503)
            .with_retry_after(error.retry_after());
        self.timed += u32::from(error.retry_after().is_some());
        let tried = Tried {
            attempts: self.failed,
            timed: self.timed,
            elapsed: self.started.elapsed(),
        };
        self.retry.next_delay(&SIGN_IN, &unavailable, tried)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_with_a_retry_time_does_not_count_as_an_attempt() {
        let retry = RetryPolicy::default().total_time(Duration::from_secs(3_600));
        let busy = |time| {
            Error::new(Kind::Token, "busy")
                .transient()
                .with_retry_after(time)
        };
        let mut patience = SignInPatience::new(&retry, Instant::now());
        for _ in 0..20 {
            let delay = patience.next(&busy(Some(Duration::from_secs(1))));
            assert!(delay.is_some(), "{}", patience.failed());
        }
        let mut patience = SignInPatience::new(&retry, Instant::now());
        assert!((0..20).any(|_| patience.next(&busy(None)).is_none()));
    }
}
