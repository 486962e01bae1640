//! A budget of requests that every clone of a client and every task keeps to.

mod source;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

pub use source::{BudgetSource, PermissionFuture};

/// Between requests after the first 429.
const FIRST_SPACING: Duration = Duration::from_millis(20);
/// Between requests, however often the service responds with 429.
const LONGEST_SPACING: Duration = Duration::from_secs(2);
/// No wait for everybody is longer, whatever the service asks for: one invalid response must not stop a client for good.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// What is shorter than this is nothing.
const SHORTEST_SPACING: Duration = Duration::from_millis(4);

/// Limits the rate of requests. It is shared by all clones, fair (first come, first served), and adaptive:
/// while the service throttles, all callers wait until it wants to be asked again, and then begin slowly.
///
/// A call waits no longer than [`RetryPolicy::total_time`](crate::RetryPolicy::total_time); one that waits in vain
/// fails with [`Error::is_throttled`](crate::Error::is_throttled), and nothing was sent. Raise that time for many
/// calls at once, or take them one by one.
///
/// The service documents no limit for incidents; the presets are those of its neighbours. Limits hold in every
/// window of their length, not only on average.
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
    /// Whoever else has a say.
    source: Option<Arc<dyn BudgetSource>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// A fair queue: the holder waits for its turn, all others wait for the holder.
    queue: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    windows: Vec<Window>,
    /// Nothing is sent before.
    paused_until: Option<Instant>,
    /// Left between two requests.
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
    /// Creates a budget without limits, which adapts when the service throttles.
    pub fn adaptive() -> Self {
        Self {
            own: Some(Arc::default()),
            source: None,
        }
    }

    /// Creates no budget: requests are sent at once, even while the service throttles.
    pub fn off() -> Self {
        Self::default()
    }

    /// Takes permissions from somewhere else, such as a budget that several processes share.
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

    /// Adds a limit: no more than so many requests in any stretch of time of that length.
    ///
    /// Set limits before the budget is shared: this makes a new one.
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

    /// Permission to send one request, if nobody waits and it is free at once.
    pub(crate) fn permission_at_once(&self) -> bool {
        // What was taken from one cannot be given back when the other has none.
        self.source.is_none() && self.own.as_ref().is_none_or(|own| own.permission_at_once())
    }

    /// Waits for permission to send one request; says whether it had to. Dropping the future gives the place in the
    /// queue back.
    pub(crate) async fn permission(&self) -> bool {
        let mut has_waited = false;
        // The source is asked first: limits of this process hold to the moment of sending.
        if let Some(source) = &self.source {
            has_waited |= source.permission().await;
        }
        if let Some(own) = &self.own {
            has_waited |= own.permission().await;
        }
        has_waited
    }

    /// The service asks to be left alone: for so long, if it says how long.
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
        // Several requests that were on their way together are one reason to slow down.
        if state.paused_until.is_none_or(|until| until <= now) {
            state.spacing = (state.spacing * 2).clamp(FIRST_SPACING, LONGEST_SPACING);
        }
        // No time at all is no word on when to come back.
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
    /// When the next request may be sent, if it may not be sent at once.
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

/// A moment so much later; what is too far for a clock is as good as never.
fn after(moment: Instant, time: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 86_400);
    moment.checked_add(time).unwrap_or_else(|| moment + NEVER)
}
