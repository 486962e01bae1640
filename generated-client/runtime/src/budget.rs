//! A budget of requests that every clone of a client and every task keeps to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between requests after the first 429.
const FIRST_SPACING: Duration = Duration::from_millis(20);
/// Between requests, however often the service answers 429.
const LONGEST_SPACING: Duration = Duration::from_secs(2);
/// No wait for everybody is longer, whatever the service asks for: one odd answer must not stop a client for good.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// What is shorter than this is nothing.
const SHORTEST_SPACING: Duration = Duration::from_millis(4);

/// How many requests may be sent in which time: shared by all clones, fair (first come, first served), and adaptive:
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
pub struct RateBudget(Option<Arc<Shared>>);

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
    /// No limit as long as the service does not throttle.
    pub fn adaptive() -> Self {
        Self(Some(Arc::default()))
    }

    /// No budget: requests are sent as they come, even while the service throttles.
    pub fn off() -> Self {
        Self(None)
    }

    /// 150 requests a minute: what Graph documents for its neighbours under `/security`, by application and tenant.
    pub fn graph_security() -> Self {
        Self::adaptive().at_most(150, Duration::from_secs(60))
    }

    /// 50 requests a minute and 1,500 an hour: what the Defender API behind Graph documents for incidents.
    pub fn defender() -> Self {
        Self::adaptive()
            .at_most(50, Duration::from_secs(60))
            .at_most(1_500, Duration::from_secs(3_600))
    }

    /// Adds a limit: no more than so many requests in any stretch of time of that length.
    ///
    /// Set limits before the budget is shared: this makes a new one.
    pub fn at_most(self, requests: usize, length: Duration) -> Self {
        let mut state = match &self.0 {
            Some(shared) => shared.state().clone(),
            None => State::default(),
        };
        state.windows.push(Window {
            limit: requests.max(1),
            length,
            sent: VecDeque::new(),
        });
        Self(Some(Arc::new(Shared {
            queue: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
        })))
    }

    /// Permission to send one request, if nobody waits and it can be had at once.
    pub(crate) fn permission_at_once(&self) -> bool {
        let Some(shared) = &self.0 else {
            return true;
        };
        let Ok(_turn) = shared.queue.try_lock() else {
            return false;
        };
        let now = Instant::now();
        let mut state = shared.state();
        let is_granted = state.earliest(now).is_none_or(|earliest| earliest <= now);
        if is_granted {
            state.record(now);
        }
        is_granted
    }

    /// Waits for permission to send one request. Dropping the future gives the place in the queue back.
    pub(crate) async fn permission(&self) {
        let Some(shared) = &self.0 else {
            return;
        };
        let _turn = shared.queue.lock().await;
        loop {
            let now = Instant::now();
            let earliest = {
                let mut state = shared.state();
                match state.earliest(now) {
                    Some(then) if then > now => then,
                    _ => {
                        state.record(now);
                        return;
                    }
                }
            };
            sleep_until(earliest).await;
        }
    }

    /// The service asks to be left alone: for so long, if it says how long.
    pub(crate) fn throttled(&self, retry_after: Option<Duration>) {
        let Some(shared) = &self.0 else {
            return;
        };
        let now = Instant::now();
        let mut state = shared.state();
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

    /// The service has answered without throttling.
    pub(crate) fn answered(&self) {
        let Some(shared) = &self.0 else {
            return;
        };
        let mut state = shared.state();
        if !state.spacing.is_zero() {
            state.spacing = state.spacing.mul_f64(0.7);
            if state.spacing < SHORTEST_SPACING {
                state.spacing = Duration::ZERO;
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of so many requests was let through, in seconds from the beginning.
    async fn times(budget: &RateBudget, count: usize) -> Vec<f64> {
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..count {
            budget.permission().await;
            times.push(start.elapsed().as_secs_f64());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_has_more_than_its_limit() {
        let budget = RateBudget::adaptive()
            .at_most(3, Duration::from_secs(10))
            .at_most(5, Duration::from_secs(60));
        let times = times(&budget, 14).await;
        for (length, limit) in [(10.0, 3), (60.0, 5)] {
            for start in &times {
                let within = times
                    .iter()
                    .filter(|time| (*start..start + length).contains(time))
                    .count();
                assert!(
                    within <= limit,
                    "{within} requests in {length} s from {start}: {times:?}"
                );
            }
        }
        // Nor is it slower than it has to be: 5 in each of two minutes, 3 at once in the third, and one more.
        assert_eq!(times[13].round(), 130.0, "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn all_clones_wait_while_the_service_throttles_and_begin_slowly() {
        let budget = RateBudget::adaptive();
        let clone = budget.clone();
        assert_eq!(times(&budget, 100).await[99], 0.0);
        clone.throttled(Some(Duration::from_secs(7)));
        let times = times(&budget, 3).await;
        assert!(times[0] >= 7.0, "{times:?}");
        assert!(times[1] - times[0] > 0.019, "{times:?}");
        for _ in 0..10 {
            budget.answered();
        }
        let start = Instant::now();
        for _ in 0..10 {
            budget.permission().await;
        }
        assert!(start.elapsed() < Duration::from_millis(25));
    }

    #[tokio::test(start_paused = true)]
    async fn one_odd_answer_does_not_stop_everybody_for_good() {
        let budget = RateBudget::adaptive();
        budget.throttled(Some(Duration::MAX));
        assert!(times(&budget, 1).await[0] <= 300.1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_for_everybody_is_what_the_service_asks_for_and_300_seconds_at_most() {
        for (asked, least, most) in [(120, 120.0, 121.0), (3_600, 300.0, 301.0)] {
            let budget = RateBudget::adaptive();
            budget.throttled(Some(Duration::from_secs(asked)));
            let waited = times(&budget, 1).await[0];
            assert!((least..=most).contains(&waited), "{asked}: {waited}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_without_end_is_no_panic() {
        let budget = RateBudget::adaptive().at_most(1, Duration::MAX);
        budget.permission().await;
        assert!(!budget.permission_at_once());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_longest_goes_first_and_who_gives_up_leaves_no_gap() {
        let budget = RateBudget::adaptive().at_most(1, Duration::from_secs(1));
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for number in 0..6 {
            let (budget, order) = (budget.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                budget.permission().await;
                order.lock().unwrap().push((number, Instant::now()));
            }));
            tokio::task::yield_now().await;
        }
        tasks[2].abort();
        let start = Instant::now();
        for (number, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await.is_ok(), number != 2);
        }
        let order = order.lock().unwrap();
        assert_eq!(
            order.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            [0, 1, 3, 4, 5]
        );
        assert_eq!(order[4].1.duration_since(start).as_secs(), 4);
    }
}
