//! The settings of a fleet, and the creation of its worker.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::budget::{ServiceLimits, SharedBudgets, Window};
use crate::moving::move_into;
use crate::redis::{Link, LinkSettings};
use crate::secret::Secrets;
use crate::store::{FileStore, RedisStore, Store, StoreError};
use crate::tenants::{TenantFile, TenantSet, check_name};
use crate::worker::{Budgets, LocalBudgets, WatchSettings, Worker};

/// The settings of a fleet. Each has a default: a fleet of one process, with its state in a folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct FleetSettings {
    /// The prefix of the keys in Redis. Default: `incidents`.
    pub name: String,
    /// The worker's unique name. Default: generated.
    pub worker: Option<String>,
    /// The folder for cursors and changes without Redis. Default: `fleet-state`.
    pub state: PathBuf,
    /// The address of Redis, or a reference to it: `env:NAME`, `file:PATH`. Default: none, the folder.
    ///
    /// The folder's content is moved into Redis at the first start.
    pub redis: Option<String>,
    /// The file of the tenants, or `redis` for the hash `tenants` there. Default: `tenants.toml`.
    pub tenants: PathBuf,
    /// Seconds between two checks of a tenant. Default: 60.
    pub every: u64,
    /// Whether alerts are watched too, with as many requests again. Default: false.
    pub alerts: bool,
    /// How many seconds each check goes back. Default: 0.
    pub overlap: u64,
    /// How many incidents of a tenant are remembered. Default: 100.
    pub remember: usize,
    /// Where watching starts for a new tenant. Default: five minutes before its first check.
    pub since: Option<DateTime<Utc>>,
    /// Seconds until another worker takes over the tenants of an unresponsive one. Default: 6.
    pub lease: u64,
    /// The maximum number of workers. Default: 16.
    pub workers_at_most: usize,
    /// The maximum number of changes in the stream in Redis that some group has not acknowledged. Default: 100,000.
    pub most_unread: usize,
    /// The maximum size of such changes in the folder, in bytes. Default: 1 GiB.
    pub most_unread_bytes: u64,
    /// Whether each tenant has its own stream in Redis. Default: false.
    pub stream_per_tenant: bool,
    /// The limits of the service.
    pub limits: ServiceLimits,
}

impl Default for FleetSettings {
    fn default() -> Self {
        Self {
            name: "incidents".to_owned(),
            worker: None,
            state: PathBuf::from("fleet-state"),
            redis: None,
            tenants: PathBuf::from("tenants.toml"),
            every: 60,
            alerts: false,
            overlap: 0,
            remember: 100,
            since: None,
            lease: 6,
            workers_at_most: 16,
            most_unread: 100_000,
            most_unread_bytes: 1 << 30,
            stream_per_tenant: false,
            limits: ServiceLimits::default(),
        }
    }
}

/// The state that workers share.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Storage {
    /// In a folder.
    Folder(PathBuf),
    /// In Redis.
    Redis(Arc<Link>),
}

impl FleetSettings {
    /// Reads settings from TOML.
    ///
    /// # Errors
    ///
    /// Returns the first error, with its line.
    pub fn from_toml(path: &Path, text: &str) -> Result<Self, StoreError> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let before = error
                .span()
                .map_or("", |span| text.get(..span.start).unwrap_or_default());
            let line = before.matches('\n').count() + 1;
            StoreError::Invalid(format!("{}:{line}: {}", path.display(), error.message()))
        })?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), StoreError> {
        let invalid = |reason: String| Err(StoreError::Invalid(reason));
        if let Err(reason) = check_name(&self.name) {
            return invalid(reason.replace("a tenant's", "a fleet's"));
        }
        if let Some(problem) = self.limits.problem() {
            return invalid(problem);
        }
        for (name, value, least, most) in [
            ("every", self.every, 1, 86_400),
            ("overlap", self.overlap, 0, 86_400),
            ("lease", self.lease, 2, 3_600),
            ("workers-at-most", self.workers_at_most as u64, 1, 10_000),
            ("most-unread", self.most_unread as u64, 1_000, u64::MAX),
            (
                "most-unread-bytes",
                self.most_unread_bytes,
                1 << 20,
                u64::MAX,
            ),
        ] {
            if !(least..=most).contains(&value) {
                let bound = if value < least {
                    format!("at least {least}")
                } else {
                    format!("at most {most}")
                };
                return invalid(format!("`{name}` is {value}; it must be {bound}"));
            }
        }
        Ok(())
    }

    /// Describes what is wrong with `every`, if it would use up a tenant's limit before its window ends.
    ///
    /// For the default limits with `every = 1`, a tenant's 1,500 requests an hour are used up after 25 minutes, and it
    /// is not checked for the other 35.
    #[must_use]
    pub fn too_often(&self) -> Option<String> {
        let requests_of_a_look = if self.alerts { 2 } else { 1 };
        let seconds =
            |window: &Window| (window.seconds * requests_of_a_look) as f64 / window.requests as f64;
        let tightest = self
            .limits
            .tenant
            .iter()
            .max_by(|one, other| seconds(one).total_cmp(&seconds(other)))?;
        let least = seconds(tightest);
        (self.every < tightest.seconds && (self.every as f64) < least).then(|| {
            format!(
                "`every` is {} s, and {} requests in {} s allow a look every {least:.1} s: a tenant is not seen while its \
                 limit is used up",
                self.every, tightest.requests, tightest.seconds
            )
        })
    }

    /// Determines where the state is, and prepares the connection to Redis.
    ///
    /// # Errors
    ///
    /// Returns an error if the address of Redis cannot be read or is invalid.
    pub async fn storage(&self, secrets: &Secrets) -> Result<Storage, StoreError> {
        self.check()?;
        let Some(redis) = &self.redis else {
            return Ok(Storage::Folder(self.state.clone()));
        };
        let is_reference = ["env:", "file:"]
            .iter()
            .any(|scheme| redis.starts_with(scheme));
        let address = match is_reference {
            true => secrets.read(redis).await.map_err(StoreError::Invalid)?,
            false => redis.clone(),
        };
        let link = LinkSettings::new(address.trim()).name(&self.name);
        Ok(Storage::Redis(Arc::new(Link::new(&link)?)))
    }

    /// Creates a worker, and moves the content of the state folder into Redis at the first start.
    ///
    /// # Errors
    ///
    /// Returns an error if settings contradict each other, another process uses the state folder, or Redis does not
    /// respond when the folder must be moved.
    pub async fn worker(&self, secrets: Secrets) -> Result<Worker, StoreError> {
        let name = self.worker.clone().unwrap_or_else(own_name);
        check_name(&name)
            .map_err(|reason| StoreError::Invalid(reason.replace("a tenant's", "a worker's")))?;
        if let Some(problem) = self.too_often() {
            tracing::warn!(target: "graph_incidents_fleet", "{problem}");
        }
        let is_in_redis = self.tenants == Path::new("redis");
        let storage = self.storage(&secrets).await?;
        let (store, budgets, source): (Arc<dyn Store>, _, Source) = match &storage {
            Storage::Folder(_) if is_in_redis => {
                return Err(StoreError::Invalid(
                    "tenants in Redis need `redis`: set it, or set `tenants` to a file".to_owned(),
                ));
            }
            Storage::Folder(folder) => (
                Arc::new(FileStore::open(folder, self.most_unread_bytes)?),
                Budgets::Local(LocalBudgets::new(self.limits.clone())),
                Source::File(TenantFile::new(&self.tenants)),
            ),
            Storage::Redis(link) => {
                let store = self.redis_store(link);
                let moved = move_into(&store, &name, &self.state).await?;
                if moved > 0 {
                    tracing::info!(target: "graph_incidents_fleet", tenants = moved, folder = %self.state.display(), "moved cursors into Redis");
                }
                let budgets = SharedBudgets::new(
                    Arc::clone(link),
                    &name,
                    self.limits.clone(),
                    self.workers_at_most,
                );
                let source = match is_in_redis {
                    true => Source::Set(TenantSet::new(Arc::clone(link))),
                    false => Source::File(TenantFile::new(&self.tenants)),
                };
                (Arc::new(store), Budgets::Shared(budgets), source)
            }
        };
        let settings = self.watching();
        match source {
            Source::File(file) => Worker::new(name, store, file, budgets, secrets, settings),
            Source::Set(set) => Worker::new(name, store, set, budgets, secrets, settings),
        }
    }

    /// The store in Redis that these settings describe.
    #[must_use]
    pub fn redis_store(&self, link: &Arc<Link>) -> RedisStore {
        RedisStore::new(Arc::clone(link), Duration::from_secs(self.lease))
            .most_unread(self.most_unread)
            .workers_at_most(self.workers_at_most)
            .stream_per_tenant(self.stream_per_tenant)
    }

    fn watching(&self) -> WatchSettings {
        WatchSettings {
            every: Duration::from_secs(self.every),
            alerts: self.alerts,
            overlap: Duration::from_secs(self.overlap),
            remember: self.remember,
            since: self.since,
            lease: Duration::from_secs(self.lease),
        }
    }
}

/// The source of tenants.
enum Source {
    File(TenantFile),
    Set(TenantSet),
}

/// A unique name: the machine's, for people, and a random part.
fn own_name() -> String {
    let machine = std::env::var_os("HOSTNAME")
        .map(|name| name.to_string_lossy().into_owned())
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let machine: String = machine
        .unwrap_or_default()
        .trim()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .collect();
    let random = uuid::Uuid::new_v4().simple().to_string();
    let machine = if machine.is_empty() {
        "worker"
    } else {
        &machine
    };
    format!("{machine}-{}", &random[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_exceeds_the_hourly_limit_is_reported_with_both_figures() {
        let told = |text: &str| {
            let settings = FleetSettings::from_toml(Path::new("f"), text);
            settings.unwrap().too_often()
        };
        assert_eq!(told(""), None);
        assert_eq!(told("every = 3"), None);
        assert_eq!(
            told("every = 2").unwrap(),
            "`every` is 2 s, and 1500 requests in 3600 s allow a look every 2.4 s: a tenant is not seen while its limit is used up"
        );
        assert!(
            told("every = 4\nalerts = true")
                .unwrap()
                .contains("every 4.8 s")
        );
        let wide = "every = 1\n[limits]\ntenant = [{ requests = 100, seconds = 10 }]\n";
        assert_eq!(told(wide), None);
    }

    #[test]
    fn impossible_settings_are_refused_with_their_location() {
        let read = |text: &str| {
            FleetSettings::from_toml(Path::new("fleet.toml"), text)
                .unwrap_err()
                .to_string()
        };
        assert!(read("every = 60\nlaese = 3\n").starts_with("fleet.toml:2: "));
        assert!(read("lease = 1\n").contains("`lease` is 1; it must be at least 2"));
        assert!(
            read("[limits]\ntenant = [{ requests = 0, seconds = 60 }]\n")
                .contains("cannot be kept")
        );
        let settings = FleetSettings::from_toml(
            Path::new("f"),
            "[limits]\ntenant = [{ requests = 20, seconds = 10 }]\n",
        );
        assert_eq!(
            settings.unwrap().limits.application,
            ServiceLimits::default().application
        );
    }
}
