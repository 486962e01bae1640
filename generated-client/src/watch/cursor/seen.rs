//! The versions of incidents that a watcher gave, so that none is given twice.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};
use graph_client_runtime::JsonMap;

/// How many versions are remembered.
pub(super) const MOST: usize = 20_000;
/// How many of them from before the boundary: the service's index can bring them back while it lags.
pub(super) const LAGGING: usize = 1_000;

/// A version: a hash of its text, which has the incident's number and time in it, and that time.
pub(super) type Version = (u64, i64);

/// Versions in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    versions: VecDeque<Version>,
    hashes: HashSet<u64>,
}

impl Seen {
    /// Notes a version; says whether it is a new one.
    pub(super) fn insert(&mut self, json: &JsonMap, at: DateTime<Utc>) -> bool {
        self.push((fingerprint(json), at.timestamp_micros()))
    }

    pub(super) fn push(&mut self, version: Version) -> bool {
        if !self.hashes.insert(version.0) {
            return false;
        }
        self.versions.push_back(version);
        while self.versions.len() > MOST {
            self.drop_first();
        }
        true
    }

    /// Forgets the oldest of what lies before a time, except the last few.
    pub(super) fn pass(&mut self, from: DateTime<Utc>) {
        let from = from.timestamp_micros();
        let passed = self.versions.iter().filter(|(_, at)| *at < from).count();
        let mut too_many = passed.saturating_sub(LAGGING);
        if too_many == 0 {
            return;
        }
        self.versions.retain(|(hash, at)| {
            let goes = too_many > 0 && *at < from;
            if goes {
                too_many -= 1;
                self.hashes.remove(hash);
            }
            !goes
        });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter()
    }

    fn drop_first(&mut self) {
        if let Some((hash, _)) = self.versions.pop_front() {
            self.hashes.remove(&hash);
        }
    }
}

/// FNV-1a of the text: the same in every version and on every machine, because it is saved.
fn fingerprint(json: &JsonMap) -> u64 {
    fnv(&serde_json::to_vec(json).unwrap_or_default())
}

pub(super) fn fnv(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
