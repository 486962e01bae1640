//! The tenant's use of hunting: calls per minute, processor time per quarter of an hour.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::profile::Hunting;

/// The window of calls.
const MINUTE: Duration = Duration::from_secs(60);
/// The window of processor time.
const QUARTER: Duration = Duration::from_secs(900);

/// The calls within the windows, each with its processor time.
#[derive(Default)]
pub(crate) struct Spent(Mutex<VecDeque<(Instant, u64)>>);

impl Spent {
    /// Grants a call, or returns how long to wait; a refused call does not count.
    pub(crate) fn grant(&self, quota: &Hunting) -> Result<(), Duration> {
        let now = Instant::now();
        let mut calls = self.0.lock();
        calls.retain(|(at, _)| now.duration_since(*at) < QUARTER);
        let minute = quota
            .calls_per_minute
            .map(|most| left(&calls, now, MINUTE, most, |_| 1));
        let quarter = quota
            .cpu_milliseconds
            .map(|most| left(&calls, now, QUARTER, most, |cost| cost));
        match minute.max(quarter).filter(|wait| !wait.is_zero()) {
            Some(wait) => Err(wait),
            None => {
                calls.push_back((now, 0));
                Ok(())
            }
        }
    }

    /// Records the cost of the last granted call.
    pub(crate) fn cost(&self, milliseconds: u64) {
        if let Some(last) = self.0.lock().back_mut() {
            last.1 = last.1.saturating_add(milliseconds);
        }
    }

    /// Forgets all calls.
    pub(crate) fn reset(&self) {
        self.0.lock().clear();
    }
}

/// The time until the use within a window is below a limit.
fn left(
    calls: &VecDeque<(Instant, u64)>,
    now: Instant,
    window: Duration,
    most: u64,
    cost: fn(u64) -> u64,
) -> Duration {
    let mut spent = 0_u64;
    // From the latest back: the first call that reaches the limit must leave the window.
    for (at, milliseconds) in calls.iter().rev() {
        let age = now.duration_since(*at);
        if age >= window {
            break;
        }
        spent = spent.saturating_add(cost(*milliseconds));
        if spent >= most {
            return window - age;
        }
    }
    Duration::ZERO
}
