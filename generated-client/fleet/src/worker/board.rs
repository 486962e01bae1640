//! The status of a worker and its tenants, for the endpoints, the metrics and the terminal view.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graph_incidents::runtime::{BudgetSource, PermissionFuture};
use serde::{Deserialize, Serialize};

/// The maximum number of failing tenants that a summary names.
const NAMED: usize = 20;

/// The state of a worker.
#[derive(Debug, Default)]
pub struct Board {
    worker: String,
    tenants: Mutex<BTreeMap<String, Arc<TenantBoard>>>,
    /// Tenants that this worker took over after the lease of another one had ended.
    takeovers: AtomicU64,
    /// When the store was last reached, in seconds since 1970.
    store_reached: AtomicU64,
    trouble: Mutex<Option<String>>,
}

/// The state of a tenant.
#[derive(Debug, Default)]
pub struct TenantBoard {
    requests: AtomicU64,
    throttles: AtomicU64,
    errors: AtomicU64,
    changes: AtomicU64,
    /// When the service last responded, and when watching began, in milliseconds since 1970.
    responded: AtomicU64,
    began: AtomicU64,
    /// The time between the last change and its entry in the stream, in ms.
    delay: AtomicU64,
    state: Mutex<(TenantState, Option<String>)>,
}

/// The phase of a worker's tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TenantState {
    /// It has just been taken.
    #[default]
    Starting,
    /// It is watched.
    Watching,
    /// It failed, and is retried later.
    Failing,
    /// The stream has no room for its changes: watching is suspended.
    Full,
    /// Its changes cannot be written, because the store does not respond.
    StoreLost,
}

/// The status of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TenantStatus {
    /// The tenant's name.
    pub tenant: String,
    /// Its phase.
    pub state: TenantState,
    /// Seconds since the service's last response: later changes are unknown.
    pub lag_seconds: f64,
    /// The time between the last change and its entry in the stream, in seconds.
    pub delay_seconds: f64,
    /// Requests that were permitted.
    pub requests: u64,
    /// The number of responses with 429.
    pub throttles: u64,
    /// The number of failed rounds.
    pub errors: u64,
    /// The number of changes written to the stream.
    pub changes: u64,
    /// What is wrong, if anything.
    pub trouble: Option<String>,
}

/// The status of a worker.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WorkerStatus {
    /// The worker's name.
    pub worker: String,
    /// The number of watched tenants.
    pub tenants: u64,
    /// The number of them that are watched without problems.
    pub watching: u64,
    /// Sums over its tenants.
    pub requests: u64,
    /// The number of responses with 429.
    pub throttles: u64,
    /// The number of changes written to the stream.
    pub changes: u64,
    /// The number of tenants that it took over from other workers.
    pub takeovers: u64,
    /// The longest lag of a tenant, in seconds.
    pub worst_lag_seconds: f64,
    /// Seconds since the store was last reached.
    pub store_seconds: u64,
    /// What is wrong with the worker, if anything.
    pub trouble: Option<String>,
    /// The tenants with problems, at most 20.
    pub troubled: Vec<TenantStatus>,
}

impl fmt::Display for TenantState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Starting => "starting",
            Self::Watching => "watching",
            Self::Failing => "failing",
            Self::Full => "stream full",
            Self::StoreLost => "store lost",
        })
    }
}

impl WorkerStatus {
    /// The status of a worker of which only the name is known.
    #[must_use]
    pub fn unknown(worker: &str) -> Self {
        Self {
            worker: worker.to_owned(),
            ..Self::default()
        }
    }
}

impl Board {
    pub(crate) fn new(worker: &str) -> Self {
        Self {
            worker: worker.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn begin(&self, tenant: &str) -> Arc<TenantBoard> {
        let board = Arc::new(TenantBoard::default());
        board.began.store(now_ms(), Ordering::Relaxed);
        lock(&self.tenants).insert(tenant.to_owned(), Arc::clone(&board));
        board
    }

    pub(crate) fn end(&self, tenant: &str) {
        lock(&self.tenants).remove(tenant);
    }

    pub(crate) fn took_over(&self) {
        self.takeovers.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reached_store(&self) {
        self.store_reached
            .store(now_ms() / 1_000, Ordering::Relaxed);
        *lock(&self.trouble) = None;
    }

    pub(crate) fn trouble(&self, trouble: String) {
        *lock(&self.trouble) = Some(trouble);
    }

    /// Seconds since the store was last reached.
    #[must_use]
    pub fn store_seconds(&self) -> u64 {
        (now_ms() / 1_000).saturating_sub(self.store_reached.load(Ordering::Relaxed))
    }

    /// Returns the status of each tenant.
    #[must_use]
    pub fn tenants(&self) -> Vec<TenantStatus> {
        let tenants = lock(&self.tenants);
        tenants
            .iter()
            .map(|(name, board)| board.status(name))
            .collect()
    }

    /// Returns the status of the worker.
    #[must_use]
    pub fn summary(&self) -> WorkerStatus {
        let tenants = self.tenants();
        let sum = |of: fn(&TenantStatus) -> u64| tenants.iter().map(of).sum();
        let lags = tenants.iter().map(|tenant| tenant.lag_seconds);
        let is_fine = |tenant: &&TenantStatus| tenant.state == TenantState::Watching;
        WorkerStatus {
            worker: self.worker.clone(),
            tenants: tenants.len() as u64,
            watching: tenants.iter().filter(is_fine).count() as u64,
            requests: sum(|tenant| tenant.requests),
            throttles: sum(|tenant| tenant.throttles),
            changes: sum(|tenant| tenant.changes),
            takeovers: self.takeovers.load(Ordering::Relaxed),
            worst_lag_seconds: lags.fold(0.0, f64::max),
            store_seconds: self.store_seconds(),
            trouble: lock(&self.trouble).clone(),
            troubled: tenants
                .iter()
                .filter(|one| one.trouble.is_some())
                .take(NAMED)
                .cloned()
                .collect(),
        }
    }
}

impl TenantBoard {
    pub(crate) fn watching(&self) {
        *lock(&self.state) = (TenantState::Watching, None);
    }

    pub(crate) fn failing(&self, trouble: String) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        *lock(&self.state) = (TenantState::Failing, Some(trouble));
    }

    /// Returns whether this is new.
    pub(crate) fn stands_still(&self, state: TenantState, trouble: String) -> bool {
        let before = std::mem::replace(&mut *lock(&self.state), (state, Some(trouble)));
        before.0 != state
    }

    pub(crate) fn wrote(&self, changes: usize, delay: Option<Duration>) {
        self.changes.fetch_add(changes as u64, Ordering::Relaxed);
        if let Some(delay) = delay {
            let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
            self.delay.store(delay, Ordering::Relaxed);
        }
    }

    fn status(&self, name: &str) -> TenantStatus {
        let (state, trouble) = lock(&self.state).clone();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let since = read(&self.responded).max(read(&self.began));
        TenantStatus {
            tenant: name.to_owned(),
            state,
            lag_seconds: now_ms().saturating_sub(since) as f64 / 1_000.0,
            delay_seconds: read(&self.delay) as f64 / 1_000.0,
            requests: read(&self.requests),
            throttles: read(&self.throttles),
            errors: read(&self.errors),
            changes: read(&self.changes),
            trouble,
        }
    }
}

/// A tenant's budget that counts its requests.
#[derive(Debug)]
pub(crate) struct Counted<B> {
    pub(crate) budget: B,
    pub(crate) board: Arc<TenantBoard>,
}

impl<B: BudgetSource> BudgetSource for Counted<B> {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(async {
            let has_waited = self.budget.permission().await;
            self.board.requests.fetch_add(1, Ordering::Relaxed);
            has_waited
        })
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        self.board.throttles.fetch_add(1, Ordering::Relaxed);
        self.budget.throttled(retry_after);
    }

    fn responded(&self) {
        self.board.responded.store(now_ms(), Ordering::Relaxed);
        self.budget.responded();
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_tenant_is_told_apart_in_words() {
        let states = [
            TenantState::Starting,
            TenantState::Watching,
            TenantState::Failing,
            TenantState::Full,
            TenantState::StoreLost,
        ];
        let words = states.map(|state| state.to_string());
        assert_eq!(
            words,
            [
                "starting",
                "watching",
                "failing",
                "stream full",
                "store lost"
            ]
        );
    }

    #[test]
    fn a_worker_says_for_how_many_seconds_it_has_not_reached_the_store() {
        let board = Board::new("w");
        board.trouble("lost".to_owned());
        board.reached_store();
        assert!(board.store_seconds() <= 1, "{}", board.store_seconds());
        assert_eq!(board.summary().trouble, None);
        let earlier = now_ms() / 1_000 - 7;
        board.store_reached.store(earlier, Ordering::Relaxed);
        assert!((7..=8).contains(&board.store_seconds()));
        assert!((7..=8).contains(&board.summary().store_seconds));
        board.reached_store();
        let reached = board.store_reached.load(Ordering::Relaxed);
        assert!((earlier + 7..=now_ms() / 1_000).contains(&reached));
    }

    #[test]
    fn a_summary_adds_up_its_tenants_and_names_those_with_problems() {
        let board = Board::new("w");
        for number in 0..25_u64 {
            let tenant = board.begin(&format!("t-{number:02}"));
            tenant.requests.store(number, Ordering::Relaxed);
            tenant.throttles.store(2 * number, Ordering::Relaxed);
            tenant.wrote(3, Some(Duration::from_millis(1_500)));
            match number {
                0 => tenant.began.store(now_ms() - 90_000, Ordering::Relaxed),
                1 => {
                    tenant.began.store(now_ms() - 400_000, Ordering::Relaxed);
                    tenant.responded.store(now_ms() - 30_000, Ordering::Relaxed);
                    tenant.watching();
                }
                2 | 3 => tenant.watching(),
                _ => tenant.failing(format!("no {number}")),
            }
        }
        board.took_over();
        board.took_over();
        let summary = board.summary();
        assert_eq!((summary.tenants, summary.watching), (25, 3));
        assert_eq!((summary.requests, summary.throttles), (300, 600));
        assert_eq!((summary.changes, summary.takeovers), (75, 2));
        let lag = summary.worst_lag_seconds;
        assert!(
            (90.0..100.0).contains(&lag),
            "since the last response, or the start: {lag}"
        );
        assert_eq!(summary.troubled.len(), 20, "no more are named");
        assert_eq!(summary.troubled[0].tenant, "t-04");
        assert_eq!(summary.troubled[0].trouble.as_deref(), Some("no 4"));
        let tenants = board.tenants();
        assert_eq!((tenants[4].errors, tenants[4].delay_seconds), (1, 1.5));
        assert!(
            (30.0..40.0).contains(&tenants[1].lag_seconds),
            "{:?}",
            tenants[1]
        );
        board.end("t-04");
        assert_eq!(board.summary().tenants, 24);
        // Standing still is reported once for each state.
        let tenant = board.begin("t-04");
        let stands = |state| tenant.stands_still(state, "full".to_owned());
        assert!(stands(TenantState::Full) && !stands(TenantState::Full));
        assert!(stands(TenantState::StoreLost));
    }
}
