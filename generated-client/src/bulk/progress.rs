//! The progress of many updates, also after they were stopped.

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
    /// The number of updates taken from the input. The rest were not sent.
    pub taken: usize,
    /// The number of updates with an outcome.
    pub finished: usize,
    /// The number of these that failed.
    pub failed: usize,
    /// The ids of updates without an outcome, by position in the input. They may have been sent.
    pub in_flight: BTreeMap<usize, String>,
    /// The ids of failed updates that may or may not have been written, by position in the input.
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
