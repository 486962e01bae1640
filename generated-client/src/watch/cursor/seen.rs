//! The versions of items that a watcher yielded, so that it yields none twice.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};
use graph_client_runtime::JsonMap;

/// The most versions that are remembered.
pub(super) const MOST: usize = 20_000;
/// The most of them from before the boundary: while the service's index lags, it can return them again.
pub(super) const LAGGING: usize = 1_000;

/// A version: a hash of the item's JSON, which contains its id and time, and that time.
pub(super) type Version = (u64, i64);

/// Versions in the order in which they were yielded.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    versions: VecDeque<Version>,
    hashes: HashSet<u64>,
}

impl Seen {
    /// Remembers a version and returns whether it is new.
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

    /// Forgets the oldest versions from before a time, except the last few.
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

/// FNV-1a of the JSON. It is saved, so it must be the same in every version and on every machine.
fn fingerprint(json: &JsonMap) -> u64 {
    fnv(&serde_json::to_vec(json).unwrap_or_default())
}

pub(super) fn fnv(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
