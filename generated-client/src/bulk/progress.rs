//! How far many updates have come, for whoever looks on or picks up the pieces.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Outcome, Updatable};
use graph_client_runtime::Effect;

/// The progress of many updates, shared by its clones.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Snapshot>>);

/// The progress of many updates at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// How many were taken from the input. What comes after them was not sent.
    pub taken: usize,
    /// How many have an outcome.
    pub finished: usize,
    /// How many of these failed.
    pub failed: usize,
    /// Those without an outcome, by their place in the input: they may have been sent.
    pub in_flight: BTreeMap<usize, String>,
    /// Those that failed and of which nobody knows whether they were written, by their place in the input.
    pub unknown: BTreeMap<usize, String>,
}

impl Progress {
    /// Returns the current progress.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.lock().clone()
    }

    pub(super) fn taken(&self, index: usize, id: &str) {
        let mut snapshot = self.lock();
        snapshot.taken += 1;
        snapshot.in_flight.insert(index, id.to_owned());
    }

    pub(super) fn finished<T: Updatable>(&self, outcome: &Outcome<T>) {
        let mut snapshot = self.lock();
        snapshot.in_flight.remove(&outcome.index);
        snapshot.finished += 1;
        if let Err(error) = &outcome.result {
            snapshot.failed += 1;
            if error.effect() == Effect::Unknown {
                snapshot.unknown.insert(outcome.index, outcome.id.clone());
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Snapshot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
