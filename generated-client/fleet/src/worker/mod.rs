//! A worker: takes its share of the tenants, watches them, and releases them.

mod board;
mod budgets;
mod connect;
mod watching;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tracing::Instrument as _;

pub use board::{Board, TenantBoard, TenantState, TenantStatus, WorkerStatus};
pub use budgets::{Budgets, LocalBudgets};
use watching::{Grip, Watching};

use crate::secret::Secrets;
use crate::spread::owner;
use crate::store::{Claim, Held, Store, StoreError};
use crate::subject::{self, Subject};
use crate::tenants::{TenantSource, Tenants};

/// How many tenants are taken at once.
const AT_ONCE: usize = 16;
/// How long tenants may take to stop when the worker stops.
const GRACE: Duration = Duration::from_secs(5);

/// How tenants are watched.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WatchSettings {
    /// The time between two checks of a tenant. Default: 60 s.
    pub every: Duration,
    /// Whether alerts are watched too. Default: false.
    pub alerts: bool,
    /// How far each check goes back; see [`Watcher::overlap`](graph_incidents::watch::Watcher::overlap). Default: zero.
    pub overlap: Duration,
    /// How many incidents of a tenant are remembered, to report what changed. Default: 100.
    pub remember: usize,
    /// Where watching starts for a new tenant. Default: five minutes before its first check.
    pub since: Option<DateTime<Utc>>,
    /// How long until another worker takes over the tenants of an unresponsive one. Default: 6 s.
    pub lease: Duration,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(60),
            alerts: false,
            overlap: Duration::ZERO,
            remember: 100,
            since: None,
            lease: Duration::from_secs(6),
        }
    }
}

/// What a worker and its tenants share.
struct Shared {
    worker: String,
    store: Arc<dyn Store>,
    budgets: Budgets,
    secrets: Secrets,
    settings: WatchSettings,
    http: reqwest::Client,
}

/// A worker of a fleet.
pub struct Worker {
    shared: Arc<Shared>,
    source: Box<dyn TenantSource>,
    board: Arc<Board>,
    subjects: BTreeMap<String, Subject>,
    running: HashMap<String, Running>,
}

/// A tenant that is being watched.
struct Running {
    subject: Subject,
    grip: Arc<Grip>,
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), StoreError>>,
}

impl Worker {
    /// Creates a worker with a unique name.
    ///
    /// # Errors
    ///
    /// Returns the reason if TLS cannot be initialized.
    pub fn new(
        name: impl Into<String>,
        store: Arc<dyn Store>,
        source: impl TenantSource + 'static,
        budgets: Budgets,
        secrets: Secrets,
        settings: WatchSettings,
    ) -> Result<Self, StoreError> {
        let worker = name.into();
        Ok(Self {
            board: Arc::new(Board::new(&worker)),
            shared: Arc::new(Shared {
                worker,
                store,
                budgets,
                secrets,
                settings,
                http: connect::http().map_err(StoreError::Invalid)?,
            }),
            source: Box::new(source),
            subjects: BTreeMap::new(),
            running: HashMap::new(),
        })
    }

    /// Returns the status of the worker, to read it while the worker runs.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Watches its share of the tenants until a future completes; then releases them.
    ///
    /// # Errors
    ///
    /// Returns an error if the tenants cannot be read at the start, or the store refuses the worker.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        // It waits for a store that does not respond yet, but a file that cannot be read is an error at once.
        match self.source.changed().await {
            Ok(tenants) => self.know(&tenants.unwrap_or_default()),
            Err(StoreError::Unavailable(_)) => {}
            Err(error) => return Err(error),
        }
        let mut ticks = interval(
            (self.shared.settings.lease / 6)
                .clamp(Duration::from_millis(50), Duration::from_secs(1)),
        );
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(stop);
        let result = loop {
            tokio::select! {
                () = &mut stop => break Ok(()),
                _ = ticks.tick() => {}
            }
            match self.tick().await {
                Ok(()) => self.board.reached_store(),
                Err(error @ StoreError::Invalid(_)) if self.running.is_empty() => break Err(error),
                Err(error) => {
                    tracing::warn!(target: "graph_incidents_fleet", %error, "a round of the worker failed");
                    self.board.trouble(error.to_string());
                }
            }
        };
        self.end().await;
        result
    }

    fn know(&mut self, tenants: &Tenants) {
        if tenants.is_empty() {
            tracing::warn!(target: "graph_incidents_fleet", "the list of tenants is empty: nothing is watched");
        }
        self.subjects = subject::all(tenants, self.shared.settings.alerts);
    }

    async fn tick(&mut self) -> Result<(), StoreError> {
        self.drop_ended().await;
        let status = serde_json::to_string(&self.board.summary()).unwrap_or_default();
        let workers = self.shared.store.join(&self.shared.worker, &status).await?;
        match self.source.changed().await {
            Ok(Some(tenants)) => self.know(&tenants),
            Ok(None) => {}
            // The known tenants stay.
            Err(error) => {
                tracing::error!(target: "graph_incidents_fleet", %error, "failed to read the tenants; the known ones stay");
            }
        }
        self.renew().await?;
        self.give_back(&workers).await;
        self.take(&workers).await
    }

    /// Removes watches that ended by themselves, or whose lease has ended.
    async fn drop_ended(&mut self) {
        let now = Instant::now();
        let is_over = |one: &Running| one.task.is_finished() || one.grip.until() <= now;
        let over = self.running.iter().filter(|(_, one)| is_over(one));
        let over: Vec<String> = over.map(|(name, _)| name.clone()).collect();
        self.stop_all(over, false).await;
    }

    /// Stops several watches: all are told before the first is awaited.
    async fn stop_all(&mut self, names: Vec<String>, gives_back: bool) {
        for name in &names {
            if let Some(one) = self.running.get(name) {
                one.stop.send_replace(true);
            }
        }
        for name in names {
            self.stop(&name, gives_back).await;
        }
    }

    /// Renews the worker's leases, and stops watching tenants that other workers have taken.
    async fn renew(&mut self) -> Result<(), StoreError> {
        let idle = self.running.values().filter(|one| !one.grip.is_writing());
        let held: Vec<Held> = idle.map(|one| one.grip.held()).collect();
        if held.is_empty() {
            return Ok(());
        }
        let until = Instant::now() + self.shared.settings.lease;
        let lost = self.shared.store.renew(&self.shared.worker, &held).await?;
        for one in held {
            let Some(running) = self.running.get(&one.tenant) else {
                continue;
            };
            if !lost.contains(&one.tenant) {
                running.grip.keep_until(until);
            } else if !running.grip.is_writing() && running.grip.held() == one {
                // The cursor did not move meanwhile: the lease is lost, or the store has lost its last writes.
                tracing::warn!(target: "graph_incidents_fleet", tenant = one.tenant, "the lease of a tenant is lost, or its cursor has changed");
                self.stop(&one.tenant, false).await;
            }
        }
        Ok(())
    }

    /// Releases tenants that now belong to other workers, were removed, or are reached in another way.
    async fn give_back(&mut self, workers: &[String]) {
        let stays = |name: &String, one: &Running| {
            owner(name, workers) == Some(&self.shared.worker)
                && self.subjects.get(name) == Some(&one.subject)
        };
        let goes = self.running.iter().filter(|(name, one)| !stays(name, one));
        let goes: Vec<String> = goes.map(|(name, _)| name.clone()).collect();
        self.stop_all(goes, true).await;
    }

    /// Takes the free tenants that belong to this worker.
    async fn take(&mut self, workers: &[String]) -> Result<(), StoreError> {
        let worker = self.shared.worker.as_str();
        let wanted = self.subjects.keys();
        let wanted = wanted.filter(|name| {
            !self.running.contains_key(*name) && owner(name, workers) == Some(worker)
        });
        let wanted: Vec<String> = wanted.cloned().collect();
        let shared = Arc::clone(&self.shared);
        let claims = stream::iter(wanted).map(|name| {
            let shared = Arc::clone(&shared);
            async move {
                let began = Instant::now();
                let claim = shared.store.claim(&shared.worker, &name).await;
                (name, began, claim)
            }
        });
        let mut claims = claims.buffer_unordered(AT_ONCE);
        while let Some((name, began, claim)) = claims.next().await {
            match claim {
                Ok(Claim::Held(lease)) => {
                    if let Some((before, gap)) = &lease.taken_over {
                        tracing::info!(target: "graph_incidents_fleet", tenant = name, from = before, gap_ms = gap.as_millis() as u64, "tenant taken over");
                        self.board.took_over();
                    }
                    let grip =
                        Arc::new(Grip::new(&name, &lease, began + self.shared.settings.lease));
                    self.start(name, lease.cursor, grip);
                }
                Ok(Claim::Taken(_)) => {}
                // A tenant that cannot be taken does not affect the others.
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(error) => {
                    tracing::error!(target: "graph_incidents_fleet", tenant = name, %error, "failed to take a tenant");
                    self.board.trouble(format!("{name}: {error}"));
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, name: String, cursor: Option<String>, grip: Arc<Grip>) {
        let Some(subject) = self.subjects.get(&name).cloned() else {
            return;
        };
        let (stop, stopped) = watch::channel(false);
        let watching = Watching {
            shared: Arc::clone(&self.shared),
            subject: subject.clone(),
            cursor,
            grip: Arc::clone(&grip),
            board: self.board.begin(&name),
            stop: stopped,
        };
        let span = tracing::info_span!(target: "graph_incidents_fleet", "tenant", tenant = name);
        let task = tokio::spawn(watching.run().instrument(span));
        self.running.insert(
            name,
            Running {
                subject,
                grip,
                stop,
                task,
            },
        );
    }

    /// Stops watching a tenant, and releases it if the lease is still the worker's.
    async fn stop(&mut self, name: &str, gives_back: bool) {
        let Some(mut one) = self.running.remove(name) else {
            return;
        };
        one.stop.send_replace(true);
        match timeout(GRACE, &mut one.task).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => {
                tracing::warn!(target: "graph_incidents_fleet", tenant = name, %error, "stopped watching a tenant");
            }
            Ok(Err(error)) => {
                tracing::error!(target: "graph_incidents_fleet", tenant = name, %error, "the task that watches a tenant failed");
            }
            Err(_) => one.task.abort(),
        }
        self.board.end(name);
        if gives_back
            && let Err(error) = self
                .shared
                .store
                .release(&self.shared.worker, &one.grip.held())
                .await
        {
            tracing::warn!(target: "graph_incidents_fleet", tenant = name, %error, "failed to release a tenant; its lease will expire");
        }
    }

    /// Releases everything.
    async fn end(&mut self) {
        let names = self.running.keys().cloned().collect();
        self.stop_all(names, true).await;
        if let Err(error) = self.shared.store.leave(&self.shared.worker).await {
            tracing::warn!(target: "graph_incidents_fleet", %error, "failed to tell the other workers that this one ends");
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Worker")
            .field("worker", &self.shared.worker)
            .field("store", &self.shared.store)
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
