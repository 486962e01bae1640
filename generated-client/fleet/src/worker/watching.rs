//! Watches one tenant: writes every change to the store, in order, followed by the cursor.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use graph_incidents::types::{Alert, Incident};
use graph_incidents::watch::{Cursor, Watcher};
use graph_incidents::{Client, Error};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::board::{TenantBoard, TenantState};
use super::{Shared, connect};
use crate::change::{Record, RecordKind, StreamedChange};
use crate::store::{Commit, Held, Lease, StoreError};
use crate::subject::Subject;

/// The maximum number of changes in one commit: two pages of the service.
const BATCH: usize = 100;
/// The time between two attempts to write.
const AGAIN: Duration = Duration::from_millis(300);
/// The longest delay before a failing tenant is retried, unless its interval is longer.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);
/// How long before its first check a new tenant starts: its clock may be behind ours.
const BEFORE: TimeDelta = TimeDelta::minutes(5);

/// State that the worker and the watch of a tenant share.
#[derive(Debug)]
pub(super) struct Grip {
    held: Mutex<Held>,
    /// When the lease ends unless it is renewed.
    until: Mutex<Instant>,
    /// Whether the cursor is being moved: its revision is then unknown.
    is_writing: AtomicBool,
}

impl Grip {
    pub(super) fn new(tenant: &str, lease: &Lease, until: Instant) -> Self {
        let held = Held {
            tenant: tenant.to_owned(),
            fence: lease.fence,
            revision: lease.revision,
        };
        Self {
            held: Mutex::new(held),
            until: Mutex::new(until),
            is_writing: AtomicBool::new(false),
        }
    }

    pub(super) fn held(&self) -> Held {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn is_writing(&self) -> bool {
        self.is_writing.load(Ordering::Acquire)
    }

    pub(super) fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep_until(&self, time: Instant) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = (*until).max(time);
    }

    fn moved_to(&self, revision: u64) {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .revision = revision;
    }
}

/// The watch of one tenant.
pub(super) struct Watching {
    pub(super) shared: Arc<Shared>,
    pub(super) subject: Subject,
    pub(super) cursor: Option<String>,
    pub(super) grip: Arc<Grip>,
    pub(super) board: Arc<TenantBoard>,
    pub(super) stop: watch::Receiver<bool>,
}

/// Why watching with a client ends.
#[derive(PartialEq, Eq)]
enum Ended {
    Stopped,
    /// A secret may have been replaced: read it again.
    SignInFailed,
}

impl Watching {
    /// Watches until it is told to stop, or another worker has the tenant.
    pub(super) async fn run(self) -> Result<(), StoreError> {
        match self.subject.kind {
            RecordKind::Incident => self.run_as::<Incident>().await,
            RecordKind::Alert => self.run_as::<Alert>().await,
        }
    }

    async fn run_as<T: Record>(mut self) -> Result<(), StoreError> {
        let mut failures = 0_u32;
        loop {
            let reason = match self.client().await {
                Ok(client) => match self.watch_with::<T>(&client, &mut failures).await {
                    Ok(Ended::Stopped) => return Ok(()),
                    Ok(Ended::SignInFailed) => continue,
                    // The cursor or stream is unusable: a person must look at it.
                    Err(StoreError::Invalid(reason)) => reason,
                    Err(error) => return Err(error),
                },
                Err(reason) => reason,
            };
            self.fails(&reason);
            failures += 1;
            if self.pause(self.backoff(failures)).await {
                return Ok(());
            }
        }
    }

    async fn watch_with<T: Record>(
        &mut self,
        client: &Client,
        failures: &mut u32,
    ) -> Result<Ended, StoreError> {
        match self.watcher::<T>(client).await? {
            Some(watcher) => self.watch(watcher, client, failures).await,
            None => Ok(Ended::Stopped),
        }
    }

    async fn client(&self) -> Result<Client, String> {
        let shared = &self.shared;
        let budget = shared
            .budgets
            .of(&self.subject.tenant, self.subject.reached.application());
        let (http, board) = (shared.http.clone(), Arc::clone(&self.board));
        connect::client(
            &self.subject.tenant,
            &self.subject.reached,
            &shared.secrets,
            http,
            budget,
            board,
        )
        .await
    }

    /// A watcher at the tenant's cursor; none if it was told to stop.
    async fn watcher<T: Record>(
        &mut self,
        client: &Client,
    ) -> Result<Option<Watcher<T>>, StoreError> {
        let settings = &self.shared.settings;
        let watcher = T::watcher(client)
            .every(settings.every)
            .overlap(settings.overlap);
        if let Some(text) = &self.cursor {
            let cursor: Cursor<T> = match text.parse() {
                Ok(cursor) => cursor,
                Err(error) => {
                    return Err(StoreError::Invalid(format!(
                        "the stored cursor cannot be used: {error}"
                    )));
                }
            };
            return Ok(Some(watcher.resume(cursor).remember(settings.remember)));
        }
        let since = settings
            .since
            .unwrap_or_else(|| DateTime::<Utc>::from(SystemTime::now()) - BEFORE);
        let watcher = watcher.since(since).remember(settings.remember);
        // A worker that takes over before the first change begins at the same time.
        match self.commit(watcher.cursor().to_string(), &[]).await? {
            true => Ok(Some(watcher)),
            false => Ok(None),
        }
    }

    async fn watch<T: Record>(
        &mut self,
        mut watcher: Watcher<T>,
        client: &Client,
        failures: &mut u32,
    ) -> Result<Ended, StoreError> {
        self.board.watching();
        loop {
            let next = tokio::select! {
                next = watcher.next() => next,
                _ = self.stop.wait_for(|stop| *stop) => return Ok(Ended::Stopped),
            };
            match next {
                Ok(first) => {
                    let now = client.core().service_time();
                    let mut changes = vec![StreamedChange::of(&self.subject.tenant, &first, now)];
                    while changes.len() < BATCH
                        && let Some(next) = watcher.next_ready()
                    {
                        changes.push(StreamedChange::of(&self.subject.tenant, &next, now));
                    }
                    if !self.commit(watcher.cursor().to_string(), &changes).await? {
                        return Ok(Ended::Stopped);
                    }
                    *failures = 0;
                    self.board.watching();
                    self.board.wrote(changes.len(), delay(&changes, now));
                }
                Err(error) => {
                    self.fails(&error.to_string());
                    *failures += 1;
                    let is_passing =
                        error.is_throttled() || error.is_connection() || error.is_timeout();
                    // The watcher waits for its interval anyway.
                    let pause = if is_passing {
                        Duration::ZERO
                    } else {
                        self.backoff(*failures)
                    };
                    if self.pause(pause).await {
                        return Ok(Ended::Stopped);
                    }
                    if is_sign_in(&error) {
                        return Ok(Ended::SignInFailed);
                    }
                }
            }
        }
    }

    /// Writes changes and the cursor after them, however long it takes. False if it was told to stop meanwhile.
    async fn commit(
        &mut self,
        cursor: String,
        changes: &[StreamedChange],
    ) -> Result<bool, StoreError> {
        loop {
            let held = self.grip.held();
            let began = Instant::now();
            self.grip.is_writing.store(true, Ordering::Release);
            let written = self
                .shared
                .store
                .commit(Commit {
                    worker: &self.shared.worker,
                    held: &held,
                    cursor: &cursor,
                    changes,
                })
                .await;
            if let Ok(revision) = written {
                self.grip.moved_to(revision);
                self.grip.keep_until(began + self.shared.settings.lease);
            }
            self.grip.is_writing.store(false, Ordering::Release);
            let (state, reason) = match written {
                Ok(_) => {
                    self.cursor = Some(cursor);
                    return Ok(true);
                }
                Err(StoreError::Full(reason)) => (TenantState::Full, reason),
                Err(StoreError::Unavailable(reason)) => (TenantState::StoreLost, reason),
                Err(error) => return Err(error),
            };
            if self.board.stands_still(state, reason.clone()) {
                tracing::warn!(target: "graph_incidents_fleet", reason, changes = changes.len(), "failed to write changes; watching is suspended");
            }
            if self.pause(AGAIN).await {
                return Ok(false);
            }
        }
    }

    fn fails(&self, reason: &str) {
        tracing::warn!(target: "graph_incidents_fleet", reason, "failed to watch a tenant; the others are not affected");
        self.board.failing(reason.to_owned());
    }

    fn backoff(&self, failures: u32) -> Duration {
        backoff(self.shared.settings.every, failures)
    }

    /// Waits; true if it was told to stop.
    async fn pause(&mut self, time: Duration) -> bool {
        tokio::select! {
            biased;
            stopped = self.stop.wait_for(|stop| *stop) => stopped.is_ok(),
            () = sleep(time) => false,
        }
    }
}

/// The delay after this number of failures: the interval, doubled with each, up to a bound.
fn backoff(every: Duration, failures: u32) -> Duration {
    let longer = every.saturating_mul(1 << failures.min(10).saturating_sub(1));
    longer.min(LONGEST_BACKOFF.max(every))
}

fn is_sign_in(error: &Error) -> bool {
    error.is_unauthenticated() || error.is_permission_denied()
}

/// The time between the last of some changes and its write.
fn delay(changes: &[StreamedChange], now: DateTime<Utc>) -> Option<Duration> {
    let changed_at = changes.last()?.changed_at?;
    (now - changed_at).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_tenant_waits_twice_as_long_each_time_up_to_five_minutes_or_its_interval() {
        let seconds =
            |every: u64, failures: u32| backoff(Duration::from_secs(every), failures).as_secs_f64();
        assert_eq!(
            [1, 2, 3, 4, 5].map(|failures| seconds(60, failures)),
            [60.0, 120.0, 240.0, 300.0, 300.0]
        );
        assert_eq!(
            [1, 9, 10, u32::MAX].map(|failures| seconds(1, failures)),
            [1.0, 256.0, 300.0, 300.0]
        );
        assert_eq!(
            [1, 2, u32::MAX].map(|failures| seconds(600, failures)),
            [600.0; 3]
        );
        let short = backoff(Duration::from_millis(100), u32::MAX);
        assert_eq!(
            short,
            Duration::from_millis(51_200),
            "at most 512 intervals"
        );
    }
}
