//! What workers share: who is there, who watches which tenant, where each tenant stands, and the stream of changes.

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

/// A result on its way.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// What the workers of a fleet share.
///
/// Three are here: [`MemoryStore`] for one process that keeps nothing, [`FileStore`] for one process, and
/// [`RedisStore`] for many.
pub trait Store: fmt::Debug + Send + Sync {
    /// Says that a worker lives, with a line about how it does, and returns the names of all that live.
    fn join<'a>(&'a self, worker: &'a str, status: &'a str) -> StoreFuture<'a, Vec<String>>;

    /// Says that a worker ends.
    fn leave<'a>(&'a self, worker: &'a str) -> StoreFuture<'a, ()>;

    /// Returns what the workers that live said last of themselves, by their names.
    fn statuses(&self) -> StoreFuture<'_, Vec<(String, String)>>;

    /// Takes a tenant, unless another worker has it.
    fn claim<'a>(&'a self, worker: &'a str, tenant: &'a str) -> StoreFuture<'a, Claim>;

    /// Keeps tenants for another lease's time, and returns those that are not the worker's any more.
    fn renew<'a>(&'a self, worker: &'a str, held: &'a [Held]) -> StoreFuture<'a, Vec<String>>;

    /// Gives a tenant back.
    fn release<'a>(&'a self, worker: &'a str, held: &'a Held) -> StoreFuture<'a, ()>;

    /// Appends changes to the stream and moves the cursor, both or neither, and only for whoever holds the tenant.
    /// Returns the cursor's new revision.
    fn commit<'a>(&'a self, commit: Commit<'a>) -> StoreFuture<'a, u64>;
}

/// Whether a tenant could be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The worker has it now.
    Held(Lease),
    /// Another worker has it, for so long at most unless it renews.
    Taken(Duration),
}

/// A tenant that a worker has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The token that each write has to show: larger than every one before.
    pub fence: u64,
    /// The cursor's revision.
    pub revision: u64,
    /// Where the tenant stands; none for a tenant that nobody has watched.
    pub cursor: Option<String>,
    /// Who had it before and did not give it back, and for how long nobody had it.
    pub taken_over: Option<(String, Duration)>,
}

/// A tenant that a worker holds, as it is told to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The tenant's name.
    pub tenant: String,
    /// The token of the lease.
    pub fence: u64,
    /// The cursor's revision as the worker knows it.
    pub revision: u64,
}

/// Changes, and where the tenant stands after them.
#[derive(Debug, Clone, Copy)]
pub struct Commit<'a> {
    /// Who writes.
    pub worker: &'a str,
    /// What it holds.
    pub held: &'a Held,
    /// The cursor after the changes.
    pub cursor: &'a str,
    /// The changes, in their order.
    pub changes: &'a [StreamedChange],
}

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be reached, or does not respond in time. Whether it did what it was asked for is unknown.
    Unavailable(String),
    /// Another worker has the tenant: nothing was written.
    Fenced,
    /// The cursor is another one than the worker knows, such as after a restart that took back the last writes:
    /// nothing was written.
    Moved,
    /// The stream holds as much as it may, and none of it was read by everybody: nothing was written.
    Full(String),
    /// What is stored cannot be read or written, or the fleet's settings do not fit it.
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
