//! A budget of requests that all clones of a client and all tasks share.

mod source;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

pub use source::{BudgetSource, PermissionFuture};

/// The interval between requests after the first 429.
const FIRST_SPACING: Duration = Duration::from_millis(20);
/// The maximum interval between requests, however often the service responds with 429.
const LONGEST_SPACING: Duration = Duration::from_secs(2);
/// The maximum wait of all callers, whatever the service requests: one invalid response must not stop a client for
/// good.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Shorter intervals count as none.
const SHORTEST_SPACING: Duration = Duration::from_millis(4);

/// Limits the rate of requests. It is shared by all clones, fair (first come, first served), and adaptive: when the
/// service throttles, all callers wait as long as it requests, and then start slowly.
///
/// A call waits no longer than [`RetryPolicy::total_time`](crate::RetryPolicy::total_time); then it fails with
/// [`Error::is_throttled`](crate::Error::is_throttled), and nothing was sent. Increase that time for many calls at
/// once, or send them one after the other.
///
/// The service documents no limit for incidents; the presets are those of related APIs. Limits hold in every window of
/// their length, not only on average.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use graph_client_runtime::{Core, RateBudget};
///
/// let budget = RateBudget::adaptive().at_most(40, Duration::from_secs(60));
/// // Two clients, one budget.
/// let reading = Core::builder().token("a").budget(budget.clone()).build()?;
/// let writing = Core::builder().token("b").budget(budget).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct RateBudget {
    /// The limits of this process.
    own: Option<Arc<Shared>>,
    /// Another source of permissions.
    source: Option<Arc<dyn BudgetSource>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// A fair queue: the holder waits for its turn, and all others wait for the holder.
    queue: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    windows: Vec<Window>,
    /// Nothing is sent before this time.
    paused_until: Option<Instant>,
    /// The interval between two requests.
    spacing: Duration,
    last: Option<Instant>,
}

#[derive(Debug, Clone)]
struct Window {
    limit: usize,
    length: Duration,
    /// When the last requests were sent; no more than `limit`.
    sent: VecDeque<Instant>,
}

impl RateBudget {
    /// Creates a budget without limits, which still adapts when the service throttles.
    pub fn adaptive() -> Self {
        Self {
            own: Some(Arc::default()),
            source: None,
        }
    }

    /// Creates a budget that does nothing: requests are sent at once, even while the service throttles.
    pub fn off() -> Self {
        Self::default()
    }

    /// Creates a budget from another source of permissions, such as a budget that several processes share.
    ///
    /// [`at_most`](Self::at_most) adds limits of this process to it.
    pub fn from_source(source: impl BudgetSource + 'static) -> Self {
        Self {
            own: None,
            source: Some(Arc::new(source)),
        }
    }

    /// Creates a budget of 150 requests a minute, which Graph documents for other resources under `/security`, per application and tenant.
    pub fn graph_security() -> Self {
        Self::adaptive().at_most(150, Duration::from_secs(60))
    }

    /// Creates a budget of 50 requests a minute and 1,500 an hour, which the Defender API behind Graph documents for incidents.
    pub fn defender() -> Self {
        Self::adaptive()
            .at_most(50, Duration::from_secs(60))
            .at_most(1_500, Duration::from_secs(3_600))
    }

    /// Adds a limit: at most this number of requests in any period of that length.
    ///
    /// Set limits before the budget is shared: this creates a new one.
    pub fn at_most(self, requests: usize, length: Duration) -> Self {
        let mut state = match &self.own {
            Some(shared) => shared.state().clone(),
            None => State::default(),
        };
        state.windows.push(Window {
            limit: requests.max(1),
            length,
            sent: VecDeque::new(),
        });
        let shared = Shared {
            queue: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
        };
        Self {
            own: Some(Arc::new(shared)),
            source: self.source,
        }
    }

    /// Permission to send one request, if it is free at once and nobody waits.
    pub(crate) fn permission_at_once(&self) -> bool {
        // A permission of one limit cannot be returned if the other has none.
        self.source.is_none() && self.own.as_ref().is_none_or(|own| own.permission_at_once())
    }

    /// Waits for permission to send one request; returns whether it had to wait. Dropping the future gives up the place
    /// in the queue.
    pub(crate) async fn permission(&self) -> bool {
        let mut has_waited = false;
        // The other source comes first, because limits of this process apply to the moment of sending.
        if let Some(source) = &self.source {
            has_waited |= source.permission().await;
        }
        if let Some(own) = &self.own {
            has_waited |= own.permission().await;
        }
        has_waited
    }

    /// The service requests a pause, with or without its duration.
    pub(crate) fn throttled(&self, retry_after: Option<Duration>) {
        if let Some(source) = &self.source {
            source.throttled(retry_after);
        }
        if let Some(own) = &self.own {
            own.throttled(retry_after);
        }
    }

    /// The service has responded without throttling.
    pub(crate) fn responded(&self) {
        if let Some(source) = &self.source {
            source.responded();
        }
        if let Some(own) = &self.own {
            own.responded();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn permission_at_once(&self) -> bool {
        let Ok(_turn) = self.queue.try_lock() else {
            return false;
        };
        let now = Instant::now();
        let mut state = self.state();
        let is_granted = state.earliest(now).is_none_or(|earliest| earliest <= now);
        if is_granted {
            state.record(now);
        }
        is_granted
    }

    async fn permission(&self) -> bool {
        if self.permission_at_once() {
            return false;
        }
        let _turn = self.queue.lock().await;
        loop {
            let now = Instant::now();
            let earliest = {
                let mut state = self.state();
                match state.earliest(now) {
                    Some(then) if then > now => then,
                    _ => {
                        state.record(now);
                        return true;
                    }
                }
            };
            sleep_until(earliest).await;
        }
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.state();
        // Several requests in flight together are one reason to slow down.
        if state.paused_until.is_none_or(|until| until <= now) {
            state.spacing = (state.spacing * 2).clamp(FIRST_SPACING, LONGEST_SPACING);
        }
        // A duration of zero does not say when to retry.
        let asked = retry_after.filter(|time| !time.is_zero());
        let pause = asked.unwrap_or(state.spacing).min(LONGEST_PAUSE);
        if let Some(until) = now.checked_add(pause) {
            state.paused_until = state.paused_until.max(Some(until));
        }
    }

    fn responded(&self) {
        let mut state = self.state();
        if !state.spacing.is_zero() {
            state.spacing = state.spacing.mul_f64(0.7);
            if state.spacing < SHORTEST_SPACING {
                state.spacing = Duration::ZERO;
            }
        }
    }
}

impl State {
    /// When the next request may be sent; none if it may be sent at once.
    fn earliest(&mut self, now: Instant) -> Option<Instant> {
        let windows = self.windows.iter_mut().filter_map(|window| {
            while window
                .sent
                .front()
                .is_some_and(|sent| now.duration_since(*sent) >= window.length)
            {
                window.sent.pop_front();
            }
            (window.sent.len() >= window.limit)
                .then(|| {
                    window
                        .sent
                        .front()
                        .map(|first| after(*first, window.length))
                })
                .flatten()
        });
        windows
            .chain(self.paused_until)
            .chain(self.last.map(|last| last + self.spacing))
            .max()
    }

    fn record(&mut self, now: Instant) {
        self.last = Some(now);
        for window in &mut self.windows {
            window.sent.push_back(now);
        }
    }
}

/// A moment this much later; a moment too far for the clock counts as never.
fn after(moment: Instant, time: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 86_400);
    moment.checked_add(time).unwrap_or_else(|| moment + NEVER)
}
