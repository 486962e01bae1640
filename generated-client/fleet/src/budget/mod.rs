//! How many requests may be sent: for each tenant, and for each application over all tenants.

mod local;
mod shared;

use std::time::Duration;

use graph_incidents::RateBudget;
use serde::{Deserialize, Serialize};

pub(crate) use local::LocalBudget;
pub use shared::{SharedBudget, SharedBudgets};

/// One part in this many of each limit is reserved for workers that have lost Redis.
const KEPT_BACK: u64 = 10;

/// A number of requests in any period of a given length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Window {
    /// The number of requests.
    pub requests: u64,
    /// The length in seconds.
    pub seconds: u64,
}

impl Window {
    /// Creates a window.
    #[must_use]
    pub const fn new(requests: u64, seconds: u64) -> Self {
        Self { requests, seconds }
    }

    fn length(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// The service's limits, which the fleet observes.
///
/// No document states a limit for incidents. The defaults for a tenant are assumed: those of the Defender API behind
/// Graph. The default for an application over all tenants is Graph's general limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServiceLimits {
    /// For each tenant. Default, assumed: 50 requests in 60 s, 1,500 in 3,600 s.
    pub tenant: Vec<Window>,
    /// For each application over all tenants. Default: 130,000 requests in 10 s.
    pub application: Vec<Window>,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            tenant: vec![Window::new(50, 60), Window::new(1_500, 3_600)],
            application: vec![Window::new(130_000, 10)],
        }
    }
}

impl ServiceLimits {
    /// Sets other limits.
    #[must_use]
    pub fn new(tenant: Vec<Window>, application: Vec<Window>) -> Self {
        Self {
            tenant,
            application,
        }
    }

    /// Describes what is wrong with them, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let mut all = self.tenant.iter().chain(&self.application);
        let refused =
            all.find(|window| window.requests == 0 || !(1..=86_400).contains(&window.seconds));
        refused.map(|window| {
            format!(
                "a limit of {} requests in {} s cannot be kept: at least 1 request in 1 to 86,400 s",
                window.requests, window.seconds
            )
        })
    }
}

/// Creates a budget of this process with these limits.
pub(crate) fn of(windows: &[Window]) -> RateBudget {
    windows
        .iter()
        .fold(RateBudget::adaptive(), |budget, window| {
            budget.at_most(
                usize::try_from(window.requests).unwrap_or(usize::MAX),
                window.length(),
            )
        })
}

/// The share of all workers with Redis: the limit without the reserved part.
fn together(window: Window) -> Window {
    Window {
        requests: (window.requests - window.requests / KEPT_BACK).max(1),
        ..window
    }
}

/// The share of one worker that has lost Redis: its part of the reserve. None if nothing is left for it.
fn alone(window: Window, workers: u64) -> Option<Window> {
    let kept = window.requests - together(window).requests;
    match kept / workers {
        _ if kept == 0 => None,
        // Less than one in a window: one in several windows.
        0 => Some(Window::new(1, window.seconds * workers.div_ceil(kept))),
        requests => Some(Window { requests, ..window }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_never_exceed_the_limit_alone_or_together() {
        for requests in 1..400 {
            for workers in 1..40 {
                let window = Window::new(requests, 60);
                let shared = together(window).requests;
                // A window that is longer than the limit's counts in full: any 60 s have at most one.
                let each = alone(window, workers).map_or(0.0, |own| match own.seconds {
                    60 => own.requests as f64,
                    seconds => 60.0 / seconds as f64,
                });
                assert!(shared as f64 + each * workers as f64 <= requests as f64 + 1e-9);
            }
        }
    }
}
