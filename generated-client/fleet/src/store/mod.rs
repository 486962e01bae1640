//! The state that workers share: the live workers, their leases, the cursors, and the stream of changes.

mod files;
mod memory;
mod redis;
mod segments;

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use files::FileStore;
pub(crate) use files::{changes, cursors_of};
pub use memory::MemoryStore;
pub use redis::RedisStore;
pub(crate) use redis::{read, stream_of};
pub(crate) use segments::{Position, Segments};

use crate::change::StreamedChange;

/// A future result.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The state that the workers of a fleet share.
///
/// There are three: [`MemoryStore`] for one process that keeps nothing, [`FileStore`] for one process, and
/// [`RedisStore`] for many.
pub trait Store: fmt::Debug + Send + Sync {
    /// Reports that a worker is alive, with a line about its status, and returns the names of all live workers.
    fn join<'a>(&'a self, worker: &'a str, status: &'a str) -> StoreFuture<'a, Vec<String>>;

    /// Reports that a worker ends.
    fn leave<'a>(&'a self, worker: &'a str) -> StoreFuture<'a, ()>;

    /// Returns the last status of the live workers, by their names.
    fn statuses(&self) -> StoreFuture<'_, Vec<(String, String)>>;

    /// Takes the lease of a tenant, unless another worker has it.
    fn claim<'a>(&'a self, worker: &'a str, tenant: &'a str) -> StoreFuture<'a, Claim>;

    /// Renews leases, and returns the tenants whose lease the worker has lost.
    fn renew<'a>(&'a self, worker: &'a str, held: &'a [Held]) -> StoreFuture<'a, Vec<String>>;

    /// Releases a tenant.
    fn release<'a>(&'a self, worker: &'a str, held: &'a Held) -> StoreFuture<'a, ()>;

    /// Appends changes to the stream and moves the cursor, both or neither, and only for the holder of the lease.
    /// Returns the cursor's new revision.
    fn commit<'a>(&'a self, commit: Commit<'a>) -> StoreFuture<'a, u64>;
}

/// The result of taking a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The worker has the lease now.
    Held(Lease),
    /// Another worker has it, for at most this long unless it renews.
    Taken(Duration),
}

/// A tenant whose lease a worker has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The fencing token that each write carries: larger than all before.
    pub fence: u64,
    /// The cursor's revision.
    pub revision: u64,
    /// The cursor; none for a tenant that was never watched.
    pub cursor: Option<String>,
    /// The previous holder that did not release it, and for how long nobody held it.
    pub taken_over: Option<(String, Duration)>,
}

/// A worker's lease, as it passes it to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The tenant's name.
    pub tenant: String,
    /// The token of the lease.
    pub fence: u64,
    /// The cursor's revision, as the worker knows it.
    pub revision: u64,
}

/// Changes, and the cursor after them.
#[derive(Debug, Clone, Copy)]
pub struct Commit<'a> {
    /// The worker.
    pub worker: &'a str,
    /// Its lease.
    pub held: &'a Held,
    /// The cursor after the changes.
    pub cursor: &'a str,
    /// The changes, in order.
    pub changes: &'a [StreamedChange],
}

/// Why a store refused or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be reached, or does not respond in time. Whether the operation took effect is unknown.
    Unavailable(String),
    /// Another worker has the lease: nothing was written.
    Fenced,
    /// The cursor differs from the one that the worker knows, for example after a restart that lost the last writes:
    /// nothing was written.
    Moved,
    /// The stream is full of changes that some group has not acknowledged: nothing was written.
    Full(String),
    /// Stored data cannot be read or written, or the fleet's settings contradict it.
    Invalid(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(reason) | Self::Full(reason) | Self::Invalid(reason) => {
                formatter.write_str(reason)
            }
            Self::Fenced => formatter.write_str("another worker has taken the tenant"),
            Self::Moved => {
                formatter.write_str("the stored cursor is not the one that this worker wrote last")
            }
        }
    }
}

impl std::error::Error for StoreError {}
