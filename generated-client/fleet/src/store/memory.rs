//! A store in memory, for tests and for fleets that keep nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::{Claim, Commit, Held, Lease, Store, StoreError, StoreFuture};
use crate::change::StreamedChange;

/// A store in the memory of this process, whose workers are tasks. It uses tokio's clock.
#[derive(Debug)]
pub struct MemoryStore {
    lease: Duration,
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    workers: BTreeMap<String, (Instant, String)>,
    tenants: HashMap<String, Tenant>,
    fence: u64,
    stream: Vec<StreamedChange>,
}

#[derive(Debug, Default)]
struct Tenant {
    owner: Option<(String, Instant)>,
    fence: u64,
    revision: u64,
    cursor: Option<String>,
}

impl MemoryStore {
    /// Creates an empty store with the duration of a lease and the maximum number of changes.
    #[must_use]
    pub fn new(lease: Duration, most: usize) -> Self {
        Self {
            lease,
            most,
            state: Mutex::default(),
        }
    }

    /// Removes and returns all changes of the stream, as processed.
    #[must_use]
    pub fn take_changes(&self) -> Vec<StreamedChange> {
        std::mem::take(&mut self.state().stream)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, commit: Commit<'_>) -> Result<u64, StoreError> {
        let mut state = self.state();
        let length = state.stream.len();
        let tenant = state.tenants.entry(commit.held.tenant.clone()).or_default();
        tenant.check(commit.worker, commit.held)?;
        if !commit.changes.is_empty() && length + commit.changes.len() > self.most {
            return Err(StoreError::Full(format!(
                "the stream holds {length} changes that nobody has taken"
            )));
        }
        tenant.cursor = Some(commit.cursor.to_owned());
        tenant.revision += 1;
        let revision = tenant.revision;
        state.stream.extend(commit.changes.iter().cloned());
        Ok(revision)
    }
}

impl Tenant {
    fn check(&self, worker: &str, held: &Held) -> Result<(), StoreError> {
        let is_owner = self
            .owner
            .as_ref()
            .is_some_and(|(owner, _)| owner == worker);
        if !is_owner || self.fence != held.fence {
            return Err(StoreError::Fenced);
        }
        if self.revision != held.revision {
            return Err(StoreError::Moved);
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn join<'a>(&'a self, worker: &'a str, status: &'a str) -> StoreFuture<'a, Vec<String>> {
        let now = Instant::now();
        let mut state = self.state();
        state
            .workers
            .insert(worker.to_owned(), (now, status.to_owned()));
        let lease = self.lease;
        state
            .workers
            .retain(|_, (seen, _)| now.duration_since(*seen) < lease);
        let names = state.workers.keys().cloned().collect();
        futures_util::future::ok(names).boxed()
    }

    fn leave<'a>(&'a self, worker: &'a str) -> StoreFuture<'a, ()> {
        self.state().workers.remove(worker);
        futures_util::future::ok(()).boxed()
    }

    fn statuses(&self) -> StoreFuture<'_, Vec<(String, String)>> {
        let state = self.state();
        let all = state
            .workers
            .iter()
            .map(|(name, (_, status))| (name.clone(), status.clone()));
        futures_util::future::ok(all.collect()).boxed()
    }

    fn claim<'a>(&'a self, worker: &'a str, tenant: &'a str) -> StoreFuture<'a, Claim> {
        let now = Instant::now();
        let mut state = self.state();
        let fence = state.fence + 1;
        let one = state.tenants.entry(tenant.to_owned()).or_default();
        if let Some((owner, until)) = &one.owner
            && owner != worker
            && *until > now
        {
            return futures_util::future::ok(Claim::Taken(*until - now)).boxed();
        }
        let before = one.owner.replace((worker.to_owned(), now + self.lease));
        let before = before.filter(|(owner, _)| owner != worker);
        one.fence = fence;
        let lease = Lease {
            fence,
            revision: one.revision,
            cursor: one.cursor.clone(),
            taken_over: before.map(|(owner, until)| (owner, now.duration_since(until))),
        };
        state.fence = fence;
        futures_util::future::ok(Claim::Held(lease)).boxed()
    }

    fn renew<'a>(&'a self, worker: &'a str, held: &'a [Held]) -> StoreFuture<'a, Vec<String>> {
        let until = Instant::now() + self.lease;
        let mut state = self.state();
        let mut lost = Vec::new();
        for one in held {
            let tenant = state.tenants.entry(one.tenant.clone()).or_default();
            match tenant.check(worker, one) {
                Ok(()) => tenant.owner = Some((worker.to_owned(), until)),
                Err(_) => lost.push(one.tenant.clone()),
            }
        }
        futures_util::future::ok(lost).boxed()
    }

    fn release<'a>(&'a self, worker: &'a str, held: &'a Held) -> StoreFuture<'a, ()> {
        let mut state = self.state();
        if let Some(tenant) = state.tenants.get_mut(&held.tenant)
            && tenant.fence == held.fence
            && tenant
                .owner
                .as_ref()
                .is_some_and(|(owner, _)| owner == worker)
        {
            tenant.owner = None;
        }
        futures_util::future::ok(()).boxed()
    }

    fn commit<'a>(&'a self, commit: Commit<'a>) -> StoreFuture<'a, u64> {
        futures_util::future::ready(self.write(commit)).boxed()
    }
}
