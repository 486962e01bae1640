//! The content of an upload in progress: its pieces, and how much was sent.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use futures_core::Stream;

/// Pieces of a body, in order.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// The progress of an upload.
#[derive(Default)]
pub(super) struct Progress {
    /// The bytes of the current attempt.
    pub(super) sent: AtomicU64,
    /// Whether the source itself has failed, which a retry does not resolve.
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
