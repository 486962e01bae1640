//! What an upload is made of while it is on its way: its pieces, and how much of it has gone.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use futures_core::Stream;

/// Pieces of a body, in order.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// How far an upload has come.
#[derive(Default)]
pub(super) struct Progress {
    /// Bytes of the attempt that runs.
    pub(super) sent: AtomicU64,
    /// Whether the source itself has failed, which no repetition mends.
    pub(super) has_failed: AtomicBool,
    pub(super) listener: Option<Box<dyn Fn(u64) + Send + Sync>>,
}

impl Progress {
    pub(super) fn has_sent(&self, bytes: u64) {
        let sent = self.sent.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(listener) = &self.listener {
            listener(sent);
        }
    }

    pub(super) fn has_failed(&self) {
        self.has_failed.store(true, Ordering::Relaxed);
    }
}
