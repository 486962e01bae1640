//! Throttling as the service does it: a number of calls of an application in any window of time.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;
use tokio::time::Instant;

use crate::profile::{Limit, Throttling};

/// The counted calls, for each application and limit.
#[derive(Default)]
pub(crate) struct Throttle {
    callers: Mutex<HashMap<String, Vec<Window>>>,
}

/// The latest calls, at most as many as the limit: a decision needs no more.
struct Window {
    limit: Limit,
    calls: VecDeque<Instant>,
}

/// The used part of a limit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Usage {
    application: String,
    limit: Limit,
    used: usize,
    /// When the oldest call leaves the window.
    eases_in_ms: u128,
}

/// The rest of a limit.
pub(crate) struct Remaining {
    pub(crate) limit: usize,
    pub(crate) left: usize,
    /// The time until the oldest call no longer counts.
    pub(crate) reset_seconds: u128,
}

impl Throttle {
    /// Grants a call, or returns how long to wait.
    pub(crate) fn grant(&self, throttling: &Throttling, application: &str) -> Result<(), Duration> {
        if throttling.limits.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        let mut callers = self.callers.lock();
        if !callers.contains_key(application) {
            callers.insert(application.to_owned(), Vec::new());
        }
        let Some(windows) = callers.get_mut(application) else {
            return Ok(());
        };
        if !windows
            .iter()
            .map(|window| window.limit)
            .eq(throttling.limits.iter().copied())
        {
            *windows = throttling.limits.iter().copied().map(Window::new).collect();
        }
        let wait = windows
            .iter_mut()
            .filter_map(|window| window.wait(now))
            .max();
        if wait.is_none() || throttling.count_rejected_calls {
            for window in windows {
                window.count(now);
            }
        }
        wait.map_or(Ok(()), Err)
    }

    /// The used limits of every application.
    pub(crate) fn usage(&self) -> Vec<Usage> {
        let now = Instant::now();
        let mut callers = self.callers.lock();
        let mut usage: Vec<Usage> = callers
            .iter_mut()
            .flat_map(|(application, windows)| {
                windows.iter_mut().map(|window| {
                    window.forget(now);
                    Usage {
                        application: application.clone(),
                        limit: window.limit,
                        used: window.calls.len(),
                        eases_in_ms: window
                            .calls
                            .front()
                            .map_or(0, |oldest| window.left(*oldest, now).as_millis()),
                    }
                })
            })
            .collect();
        usage.sort_by(|left, right| left.application.cmp(&right.application));
        usage
    }

    /// The rest of an application's tightest limit; none without a limit.
    pub(crate) fn remaining(&self, application: &str) -> Option<Remaining> {
        let now = Instant::now();
        let mut callers = self.callers.lock();
        callers
            .get_mut(application)?
            .iter_mut()
            .map(|window| {
                window.forget(now);
                let oldest = window.calls.front().copied().unwrap_or(now);
                Remaining {
                    limit: window.limit.calls,
                    left: window.limit.calls.saturating_sub(window.calls.len()),
                    reset_seconds: window.left(oldest, now).as_millis().div_ceil(1_000),
                }
            })
            .min_by_key(|remaining| remaining.left)
    }

    /// Forgets all calls.
    pub(crate) fn reset(&self) {
        self.callers.lock().clear();
    }
}

impl Window {
    fn new(limit: Limit) -> Self {
        Self {
            limit,
            calls: VecDeque::new(),
        }
    }

    fn forget(&mut self, now: Instant) {
        let window = self.limit.window();
        while self
            .calls
            .front()
            .is_some_and(|call| now.duration_since(*call) >= window)
        {
            self.calls.pop_front();
        }
    }

    /// The time until a call would be granted; none if it is granted now.
    fn wait(&mut self, now: Instant) -> Option<Duration> {
        self.forget(now);
        if self.calls.len() < self.limit.calls {
            return None;
        }
        // A limit of zero calls has no oldest one.
        let oldest = self.calls.front().copied().unwrap_or(now);
        Some(self.left(oldest, now))
    }

    /// How long a call still counts; subtracting cannot leave the range of a clock, as adding can.
    fn left(&self, call: Instant, now: Instant) -> Duration {
        self.limit.window().saturating_sub(now.duration_since(call))
    }

    fn count(&mut self, now: Instant) {
        self.calls.push_back(now);
        if self.calls.len() > self.limit.calls {
            self.calls.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn spend(throttle: &Throttle, throttling: &Throttling, calls: usize) -> usize {
        (0..calls)
            .filter(|_| throttle.grant(throttling, "app").is_ok())
            .count()
    }

    #[tokio::test(start_paused = true)]
    async fn fifty_requests_a_minute_are_granted_and_the_wait_is_exact() {
        let (throttle, throttling) = (
            Throttle::default(),
            Throttling {
                count_rejected_calls: false,
                ..Throttling::defender()
            },
        );
        assert_eq!(spend(&throttle, &throttling, 60), 50);
        tokio::time::advance(Duration::from_secs(45)).await;
        assert_eq!(
            throttle.grant(&throttling, "app"),
            Err(Duration::from_secs(15))
        );
        assert_eq!(throttle.grant(&throttling, "another"), Ok(()));
        tokio::time::advance(Duration::from_secs(15)).await;
        assert_eq!(spend(&throttle, &throttling, 60), 50);
    }

    #[tokio::test(start_paused = true)]
    async fn the_hourly_limit_applies_besides_the_minute() {
        let (throttle, throttling) = (
            Throttle::default(),
            Throttling {
                count_rejected_calls: false,
                ..Throttling::defender()
            },
        );
        let mut granted = 0;
        for _ in 0..31 {
            granted += spend(&throttle, &throttling, 50);
            tokio::time::advance(MINUTE).await;
        }
        assert_eq!(granted, 1_500);
    }

    #[tokio::test(start_paused = true)]
    async fn continuing_while_refused_keeps_the_rate_high() {
        let (throttle, throttling) = (Throttle::default(), Throttling::of([Limit::new(2, MINUTE)]));
        assert_eq!(spend(&throttle, &throttling, 2), 2);
        for _ in 0..12 {
            tokio::time::advance(Duration::from_secs(20)).await;
            assert!(throttle.grant(&throttling, "app").is_err());
        }
        tokio::time::advance(MINUTE).await;
        assert_eq!(throttle.grant(&throttling, "app"), Ok(()));
    }
}
