//! A store in Redis, for a fleet of many processes.

use std::sync::Arc;
use std::time::Duration;

use redis::{FromRedisValue, Value, cmd, from_redis_value};

use super::{Claim, Commit, Held, Lease, Store, StoreError, StoreFuture};
use crate::change::StreamedChange;
use crate::redis::{Link, Script};
use crate::subject::tenant_of;

/// How many tenants one script renews, so that it does not block the server for long.
const AT_ONCE: usize = 500;

/// A store in Redis or Valkey, 7 or later.
#[derive(Debug, Clone)]
pub struct RedisStore {
    link: Arc<Link>,
    lease: Duration,
    most: usize,
    workers: usize,
    is_per_tenant: bool,
}

impl RedisStore {
    /// Creates a store on a connection, with the duration of a lease.
    #[must_use]
    pub fn new(link: Arc<Link>, lease: Duration) -> Self {
        Self {
            link,
            lease,
            most: 100_000,
            workers: 16,
            is_per_tenant: false,
        }
    }

    /// Sets the maximum number of changes in a stream that some group has not acknowledged. Default: 100,000.
    #[must_use]
    pub fn most_unread(mut self, changes: usize) -> Self {
        self.most = changes;
        self
    }

    /// Sets the maximum number of workers. Default: 16. It determines the share of a worker that loses Redis.
    #[must_use]
    pub fn workers_at_most(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Gives each tenant its own stream. Default: one for all.
    #[must_use]
    pub fn stream_per_tenant(mut self, each: bool) -> Self {
        self.is_per_tenant = each;
        self
    }

    fn stream(&self, tenant: &str) -> String {
        match self.is_per_tenant {
            true => stream_of(&self.link, Some(tenant_of(tenant))),
            false => stream_of(&self.link, None),
        }
    }

    fn cursor(&self, tenant: &str) -> String {
        self.link.key(&format!("cursor:{tenant}"))
    }

    fn lease(&self, tenant: &str) -> String {
        self.link.key(&format!("lease:{tenant}"))
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: Script,
        keys: &[String],
        arguments: &[&[u8]],
    ) -> Result<T, StoreError> {
        read(self.link.run(script, keys, arguments).await?)
    }

    async fn join(&self, worker: &str, status: &str) -> Result<Vec<String>, StoreError> {
        let keys = [self.link.key("workers"), self.link.key("statuses")];
        let (lease, most) = (millis(self.lease), self.workers.to_string());
        let arguments = [
            worker.as_bytes(),
            status.as_bytes(),
            lease.as_bytes(),
            most.as_bytes(),
        ];
        let living: Option<Vec<String>> = self.run(Script::Join, &keys, &arguments).await?;
        living.ok_or_else(|| {
            StoreError::Invalid(format!(
                "there are already {} workers, the maximum of `workers-at-most`",
                self.workers
            ))
        })
    }

    async fn claim(&self, worker: &str, tenant: &str) -> Result<Claim, StoreError> {
        let keys = [
            self.lease(tenant),
            self.link.key("fence"),
            self.cursor(tenant),
        ];
        let lease = millis(self.lease);
        let value = self
            .link
            .run(Script::Claim, &keys, &[worker.as_bytes(), lease.as_bytes()])
            .await?;
        if let Value::Array(items) = &value
            && items.len() == 2
        {
            let (_, wait): (u64, u64) = read(value)?;
            return Ok(Claim::Taken(Duration::from_millis(wait)));
        }
        let (_, fence, revision, cursor, before, gap): (
            u64,
            u64,
            u64,
            Option<String>,
            String,
            u64,
        ) = read(value)?;
        Ok(Claim::Held(Lease {
            fence,
            revision,
            cursor: cursor.filter(|text| !text.is_empty()),
            taken_over: (!before.is_empty()).then(|| (before, Duration::from_millis(gap))),
        }))
    }

    async fn renew(&self, worker: &str, held: &[Held]) -> Result<Vec<String>, StoreError> {
        let mut lost = Vec::new();
        for some in held.chunks(AT_ONCE) {
            let keys = some
                .iter()
                .flat_map(|one| [self.lease(&one.tenant), self.cursor(&one.tenant)]);
            let keys: Vec<String> = keys.collect();
            let numbers = some
                .iter()
                .flat_map(|one| [one.fence.to_string(), one.revision.to_string()]);
            let numbers: Vec<String> = numbers.collect();
            let lease = millis(self.lease);
            let mut arguments = vec![worker.as_bytes(), lease.as_bytes()];
            arguments.extend(numbers.iter().map(String::as_bytes));
            let gone: Vec<usize> = self.run(Script::Renew, &keys, &arguments).await?;
            let gone = gone
                .into_iter()
                .filter_map(|number| some.get(number.checked_sub(1)?));
            lost.extend(gone.map(|one| one.tenant.clone()));
        }
        Ok(lost)
    }

    async fn commit(&self, commit: Commit<'_>) -> Result<u64, StoreError> {
        let held = commit.held;
        let keys = [
            self.lease(&held.tenant),
            self.cursor(&held.tenant),
            self.stream(&held.tenant),
        ];
        let entries = commit
            .changes
            .iter()
            .map(fields)
            .collect::<Result<Vec<_>, _>>()?;
        let width = entries.first().map_or(2, |entry| 2 * entry.len());
        let numbers = [
            held.fence.to_string(),
            held.revision.to_string(),
            millis(self.lease),
            self.most.to_string(),
        ];
        let width = width.to_string();
        let mut arguments = vec![commit.worker.as_bytes()];
        arguments.extend(numbers.iter().map(String::as_bytes));
        arguments.extend([commit.cursor.as_bytes(), width.as_bytes()]);
        for (name, value) in entries.iter().flatten() {
            arguments.extend([name.as_bytes(), value.as_bytes()]);
        }
        let done: (String, Option<u64>) = {
            let value = self.link.run(Script::Commit, &keys, &arguments).await?;
            match value {
                Value::Array(items) if items.len() == 1 => (read(items[0].clone())?, None),
                value => read(value)?,
            }
        };
        match (done.0.as_str(), done.1) {
            ("ok", Some(revision)) => Ok(revision),
            ("fenced", _) => Err(StoreError::Fenced),
            ("moved", _) => Err(StoreError::Moved),
            ("full", length) => Err(StoreError::Full(format!(
                "the stream `{}` holds {} changes that not every group has acknowledged; the limit is {}",
                keys[2],
                length.unwrap_or_default(),
                self.most
            ))),
            (other, _) => Err(StoreError::Invalid(format!(
                "the commit script returned `{other}`"
            ))),
        }
    }
}

/// The stream of a tenant, or of all tenants.
pub(crate) fn stream_of(link: &Link, tenant: Option<&str>) -> String {
    match tenant {
        Some(tenant) => link.key(&format!("changes:{tenant}")),
        None => link.key("changes"),
    }
}

/// The fields of an entry in the stream, by name.
fn fields(change: &StreamedChange) -> Result<[(&'static str, String); 10], StoreError> {
    let json = |value: &dyn Fn() -> serde_json::Result<String>| {
        value().map_err(|error| {
            StoreError::Invalid(format!("failed to write a change as JSON: {error}"))
        })
    };
    let changed_at = change
        .changed_at
        .map_or_else(String::new, |time| time.to_rfc3339());
    Ok([
        ("key", change.key.clone()),
        ("tenant", change.tenant.clone()),
        ("kind", change.kind.as_str().to_owned()),
        ("id", change.id.clone()),
        ("version", change.version.clone()),
        ("changeKind", change.change_kind.as_str().to_owned()),
        ("changedAt", changed_at),
        ("seenAt", change.seen_at.to_rfc3339()),
        (
            "properties",
            json(&|| serde_json::to_string(&change.properties))?,
        ),
        ("record", json(&|| serde_json::to_string(&change.record))?),
    ])
}

pub(crate) fn read<T: FromRedisValue>(value: Value) -> Result<T, StoreError> {
    from_redis_value(value).map_err(|error| {
        StoreError::Invalid(format!(
            "Redis returned something else than was expected: {error}"
        ))
    })
}

pub(crate) fn millis(time: Duration) -> String {
    time.as_millis().to_string()
}

impl Store for RedisStore {
    fn join<'a>(&'a self, worker: &'a str, status: &'a str) -> StoreFuture<'a, Vec<String>> {
        Box::pin(self.join(worker, status))
    }

    fn leave<'a>(&'a self, worker: &'a str) -> StoreFuture<'a, ()> {
        let keys = [self.link.key("workers"), self.link.key("statuses")];
        Box::pin(async move { self.run(Script::Leave, &keys, &[worker.as_bytes()]).await })
    }

    fn statuses(&self) -> StoreFuture<'_, Vec<(String, String)>> {
        Box::pin(async {
            let all = cmd("HGETALL").arg(self.link.key("statuses")).to_owned();
            read(self.link.send(&all).await?)
        })
    }

    fn claim<'a>(&'a self, worker: &'a str, tenant: &'a str) -> StoreFuture<'a, Claim> {
        Box::pin(self.claim(worker, tenant))
    }

    fn renew<'a>(&'a self, worker: &'a str, held: &'a [Held]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(self.renew(worker, held))
    }

    fn release<'a>(&'a self, worker: &'a str, held: &'a Held) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let fence = held.fence.to_string();
            let arguments = [worker.as_bytes(), fence.as_bytes()];
            self.run(Script::Release, &[self.lease(&held.tenant)], &arguments)
                .await
        })
    }

    fn commit<'a>(&'a self, commit: Commit<'a>) -> StoreFuture<'a, u64> {
        Box::pin(self.commit(commit))
    }
}
