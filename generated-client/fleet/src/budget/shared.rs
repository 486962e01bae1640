//! A budget in Redis that all workers share, and the behaviour of a worker that has lost Redis.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use graph_incidents::RateBudget;
use graph_incidents::runtime::{BudgetSource, PermissionFuture};
use tokio::time::{Instant, sleep, sleep_until};

use super::{LocalBudget, ServiceLimits, Window, alone, of, together};
use crate::redis::{Link, Script};
use crate::store::StoreError;

/// A permission that took longer than this to arrive is not used: others may have counted on its time.
const FRESH: Duration = Duration::from_secs(1);
/// How much longer than the service's a window is: requests and permissions take time to arrive.
const MARGIN: Duration = Duration::from_secs(2);
/// How often a worker that has lost Redis tries to reach it.
const LOOK: Duration = Duration::from_millis(500);
/// The maximum pause of all workers, whatever the service requests.
const LONGEST_PAUSE: &str = "300000";
/// The interval between requests after the first 429, and its maximum after more of them; in ms.
const SPACINGS: [&str; 2] = ["20", "2000"];
/// Shorter intervals are ignored, in ms.
const NO_SPACING: &str = "4";

/// The budgets of a fleet in Redis: one for each tenant and one for each application, shared fairly among workers.
///
/// With Redis, the workers share nine tenths of each limit. A worker that loses Redis reports it, sends nothing for one
/// whole window, and then uses its share of the reserved tenth. When it reaches Redis again, it sends nothing until one
/// whole window after the last request that it sent without Redis. After a restart of Redis, nobody sends for one whole
/// window; after a loss of its data, for the longest window.
pub struct SharedBudgets {
    link: Arc<Link>,
    worker: String,
    limits: ServiceLimits,
    workers: u64,
    applications: Mutex<HashMap<String, RateBudget>>,
    /// Sent requests stay counted, even if a tenant's client is created again.
    tenants: Mutex<HashMap<(String, String), SharedBudget>>,
}

impl SharedBudgets {
    /// Creates the budgets of a worker with a unique name, for a maximum number of workers.
    #[must_use]
    pub fn new(
        link: Arc<Link>,
        worker: impl Into<String>,
        limits: ServiceLimits,
        workers: usize,
    ) -> Self {
        Self {
            link,
            worker: worker.into(),
            limits,
            workers: workers.max(1) as u64,
            applications: Mutex::default(),
            tenants: Mutex::default(),
        }
    }

    /// Returns the budget of a tenant whose requests an application sends: the same one each time.
    pub fn of(&self, tenant: &str, application: &str) -> SharedBudget {
        let key = (tenant.to_owned(), application.to_owned());
        let mut tenants = lock(&self.tenants);
        let budget = tenants
            .entry(key)
            .or_insert_with(|| self.make(tenant, application));
        budget.clone()
    }

    fn make(&self, tenant: &str, application: &str) -> SharedBudget {
        let shares = |windows: &[Window]| -> Vec<Window> {
            let own = windows
                .iter()
                .filter_map(|window| alone(*window, self.workers));
            own.map(|window| Window::new(window.requests, window.seconds + MARGIN.as_secs()))
                .collect()
        };
        let own = shares(&self.limits.tenant);
        let has_share = own.len() == self.limits.tenant.len();
        let mut applications = lock(&self.applications);
        let of_application = applications
            .entry(application.to_owned())
            .or_insert_with(|| of(&shares(&self.limits.application)));
        let scopes = [
            (format!("tenant:{tenant}"), &self.limits.tenant),
            (
                format!("application:{application}"),
                &self.limits.application,
            ),
        ];
        let mut keys = vec![self.link.key("run")];
        let (mut counts, mut numbers) = (Vec::new(), Vec::new());
        for (name, windows) in scopes {
            let parts = ["state", "sent", "queue", "due"];
            keys.extend(parts.map(|part| self.link.key(&format!("budget:{name}:{part}"))));
            counts.push(windows.len().to_string());
            for window in windows.iter().map(|window| together(*window)) {
                let length = (window.length() + MARGIN).as_millis();
                numbers.extend([window.requests.to_string(), length.to_string()]);
            }
        }
        let mut arguments = vec![self.worker.clone(), counts.join(",")];
        arguments.append(&mut numbers);
        let shortest = self
            .limits
            .tenant
            .iter()
            .map(|window| window.length())
            .min();
        SharedBudget(Arc::new(Inner {
            link: Arc::clone(&self.link),
            keys,
            arguments,
            window: shortest.unwrap_or_default() + MARGIN,
            alone: has_share.then(|| LocalBudget::new(of(&own), of_application.clone())),
            turn: tokio::sync::Mutex::default(),
            last: Mutex::new(Last {
                together: Some(Instant::now()),
                alone: None,
            }),
            spacing: AtomicU64::new(0),
        }))
    }
}

impl fmt::Debug for SharedBudgets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedBudgets")
            .field("worker", &self.worker)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The budget of one tenant; see [`SharedBudgets`].
#[derive(Clone)]
pub struct SharedBudget(Arc<Inner>);

struct Inner {
    link: Arc<Link>,
    keys: Vec<String>,
    arguments: Vec<String>,
    /// The tenant's shortest window.
    window: Duration,
    /// The worker's share without Redis; none if a limit leaves nothing for it.
    alone: Option<LocalBudget>,
    /// The worker's own requests wait in line: first come, first served.
    turn: tokio::sync::Mutex<()>,
    last: Mutex<Last>,
    spacing: AtomicU64,
}

/// When the last requests were sent, with and without Redis.
#[derive(Default)]
struct Last {
    together: Option<Instant>,
    alone: Option<Instant>,
}

impl Inner {
    /// Requests a permission from Redis: none means granted, a duration how long to wait.
    async fn ask(&self) -> Result<Option<Duration>, StoreError> {
        let asked = Instant::now();
        let arguments: Vec<&[u8]> = self.arguments.iter().map(String::as_bytes).collect();
        let value = self
            .link
            .run(Script::Permission, &self.keys, &arguments)
            .await?;
        let (wait, spacing): (u64, u64) = crate::store::read(value)?;
        self.spacing.store(spacing, Ordering::Relaxed);
        Ok(match wait {
            0 if asked.elapsed() < FRESH => None,
            // It was granted, but is too old to be used.
            0 => Some(Duration::ZERO),
            wait => Some(Duration::from_millis(wait)),
        })
    }

    async fn permission(&self) -> bool {
        let _turn = self.turn.lock().await;
        let mut has_waited = false;
        loop {
            let settled = lock(&self.last).alone.map(|then| then + self.window);
            if let Some(settled) =
                settled.filter(|then| *then > Instant::now() && self.link.is_up())
            {
                sleep_until(settled).await;
                has_waited = true;
            }
            match self.ask().await {
                Ok(None) => {
                    lock(&self.last).together = Some(Instant::now());
                    return has_waited;
                }
                Ok(Some(wait)) => sleep(wait).await,
                Err(StoreError::Invalid(reason)) => {
                    tracing::error!(target: "graph_incidents_fleet", reason, "the budget in Redis cannot be used");
                    sleep(LOOK).await;
                }
                Err(_) => {
                    if self.alone().await {
                        return true;
                    }
                }
            }
            has_waited = true;
        }
    }

    /// Without Redis: the worker's own share begins one whole window after the last request with Redis. False if it is
    /// time to try Redis again.
    async fn alone(&self) -> bool {
        let now = Instant::now();
        let begins = lock(&self.last)
            .together
            .map_or(now, |then| then + self.window);
        let look = sleep(LOOK);
        let (true, Some(own)) = (begins <= now, &self.alone) else {
            look.await;
            return false;
        };
        tokio::select! {
            biased;
            _ = own.permission() => {
                lock(&self.last).alone = Some(Instant::now());
                true
            }
            () = look => false,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl BudgetSource for SharedBudget {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(self.0.permission())
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        if let Some(own) = &self.0.alone {
            own.throttled(retry_after);
        }
        let inner = Arc::clone(&self.0);
        inner.spacing.fetch_max(1, Ordering::Relaxed);
        tokio::spawn(async move {
            let asked = retry_after.map_or_else(
                || "-1".to_owned(),
                |time| time.as_millis().min(1 << 40).to_string(),
            );
            let arguments = [&asked, LONGEST_PAUSE, SPACINGS[0], SPACINGS[1]].map(str::as_bytes);
            inner.tell(Script::Throttled, &arguments).await;
        });
    }

    fn responded(&self) {
        if let Some(own) = &self.0.alone {
            own.responded();
        }
        // Redis need not be told if nothing changes.
        if self.0.spacing.load(Ordering::Relaxed) > 0 {
            let inner = Arc::clone(&self.0);
            tokio::spawn(async move {
                inner
                    .tell(Script::Responded, &[NO_SPACING.as_bytes()])
                    .await
            });
        }
    }
}

impl Inner {
    /// Reports a response to the tenant's scope. Without Redis, nobody can be told, and each worker has its own share
    /// anyway.
    async fn tell(&self, script: Script, arguments: &[&[u8]]) {
        let Some(state) = self.keys.get(1) else {
            return;
        };
        if let Err(error) = self
            .link
            .run(script, std::slice::from_ref(state), arguments)
            .await
        {
            tracing::debug!(target: "graph_incidents_fleet", %error, "the other workers were not told of a response");
        }
    }
}

impl fmt::Debug for SharedBudget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedBudget")
            .field("scope", &self.0.keys.get(1))
            .finish_non_exhaustive()
    }
}
