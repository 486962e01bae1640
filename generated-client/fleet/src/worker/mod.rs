//! A worker: takes its part of the tenants, watches them, and gives them back.

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

/// How many tenants are taken at a time.
const AT_ONCE: usize = 16;
/// How long tenants may take to end when the worker stops.
const GRACE: Duration = Duration::from_secs(5);

/// How tenants are watched.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WatchSettings {
    /// How long to wait between two looks at a tenant. Default: 60 s.
    pub every: Duration,
    /// Whether alerts are watched beside incidents. Default: false.
    pub alerts: bool,
    /// How far each look goes back; see [`Watcher::overlap`](graph_incidents::watch::Watcher::overlap). Default: not.
    pub overlap: Duration,
    /// How many incidents of a tenant are remembered, to say what they were before. Default: 100.
    pub remember: usize,
    /// Where a tenant begins that nobody has watched. Default: five minutes before it is seen first.
    pub since: Option<DateTime<Utc>>,
    /// How long a tenant belongs to a worker that does not say anything. Default: 6 s.
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

/// What a worker and its tenants use together.
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
    /// Makes a worker, by a name that no other worker has.
    ///
    /// # Errors
    ///
    /// Returns the reason where TLS cannot be initialized.
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

    /// Returns how the worker does, to be read while it runs.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Watches its part of the tenants until a future ends; then gives them back.
    ///
    /// # Errors
    ///
    /// Returns an error where the tenants cannot be read at the start, and where the store refuses the worker.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        // A store that does not respond yet is waited for; a file that cannot be read is an error at once.
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
                    tracing::warn!(target: "graph_incidents_fleet", %error, "the worker cannot do its part");
                    self.board.trouble(error.to_string());
                }
            }
        };
        self.end().await;
        result
    }

    fn know(&mut self, tenants: &Tenants) {
        self.subjects = subject::all(tenants, self.shared.settings.alerts);
    }

    async fn tick(&mut self) -> Result<(), StoreError> {
        self.drop_ended().await;
        let status = serde_json::to_string(&self.board.summary()).unwrap_or_default();
        let workers = self.shared.store.join(&self.shared.worker, &status).await?;
        match self.source.changed().await {
            Ok(Some(tenants)) => self.know(&tenants),
            Ok(None) => {}
            // Those that are known stay.
            Err(error) => {
                tracing::error!(target: "graph_incidents_fleet", %error, "the tenants cannot be read; those that are known stay");
            }
        }
        self.renew().await?;
        self.give_back(&workers).await;
        self.take(&workers).await
    }

    /// Ends what has ended by itself, or whose lease has.
    async fn drop_ended(&mut self) {
        let now = Instant::now();
        let is_over = |one: &Running| one.task.is_finished() || one.grip.until() <= now;
        let over = self.running.iter().filter(|(_, one)| is_over(one));
        let over: Vec<String> = over.map(|(name, _)| name.clone()).collect();
        self.stop_all(over, false).await;
    }

    /// Ends the watching of several: all are told before the first is waited for.
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

    /// Keeps what the worker has, and lets go of what another worker has.
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
                // The cursor was not moved meanwhile: the tenant is lost, or its store has taken something back.
                tracing::warn!(target: "graph_incidents_fleet", tenant = one.tenant, "the tenant is not this worker's any more, or its cursor is another one");
                self.stop(&one.tenant, false).await;
            }
        }
        Ok(())
    }

    /// Gives back what belongs to other workers now, what is gone, and what is reached in another way now.
    async fn give_back(&mut self, workers: &[String]) {
        let stays = |name: &String, one: &Running| {
            owner(name, workers) == Some(&self.shared.worker)
                && self.subjects.get(name) == Some(&one.subject)
        };
        let goes = self.running.iter().filter(|(name, one)| !stays(name, one));
        let goes: Vec<String> = goes.map(|(name, _)| name.clone()).collect();
        self.stop_all(goes, true).await;
    }

    /// Takes what belongs to this worker and is free.
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
                // One that cannot be taken does not keep others from being taken.
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(error) => {
                    tracing::error!(target: "graph_incidents_fleet", tenant = name, %error, "the tenant cannot be taken");
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

    /// Ends the watching of a tenant, and gives it back where it is still the worker's.
    async fn stop(&mut self, name: &str, gives_back: bool) {
        let Some(mut one) = self.running.remove(name) else {
            return;
        };
        one.stop.send_replace(true);
        match timeout(GRACE, &mut one.task).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => {
                tracing::warn!(target: "graph_incidents_fleet", tenant = name, %error, "the watching of a tenant has ended");
            }
            Ok(Err(error)) => {
                tracing::error!(target: "graph_incidents_fleet", tenant = name, %error, "the watching of a tenant has failed");
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
            tracing::warn!(target: "graph_incidents_fleet", tenant = name, %error, "the tenant could not be given back; its lease ends by itself");
        }
    }

    /// Gives everything back.
    async fn end(&mut self) {
        let names = self.running.keys().cloned().collect();
        self.stop_all(names, true).await;
        if let Err(error) = self.shared.store.leave(&self.shared.worker).await {
            tracing::warn!(target: "graph_incidents_fleet", %error, "the other workers could not be told that this one ends");
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
