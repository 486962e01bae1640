//! How often and how long a sign-in is tried: as the retry policy says, like a read.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::retry::{RetryPolicy, Tried};

/// A sign-in changes nothing: it can be repeated without harm.
const SIGN_IN: Operation = Operation::new("signIn", "POST", "", &[]).repeatable();

/// The attempts of one sign-in.
pub(crate) struct SignInPatience<'a> {
    retry: &'a RetryPolicy,
    /// When the call began that waits for the token.
    started: Instant,
    failed: u32,
    /// How many of them said when to come back.
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

    /// How many attempts have failed.
    pub(crate) fn failed(&self) -> u32 {
        self.failed
    }

    /// How long to wait after another failure; nothing where it is the last.
    pub(crate) fn next(&mut self, error: &Error) -> Option<Duration> {
        self.failed = self.failed.saturating_add(1);
        if !error.is_transient() {
            return None;
        }
        // Whatever it was, to the policy it is a service that is not available.
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
