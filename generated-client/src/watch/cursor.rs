//! The position of a watcher: a boundary in time, the versions that it yielded, and the items that it remembers.

mod known;
mod seen;
mod text;

use std::marker::PhantomData;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::watched::Watched;
use super::{Change, ChangeKind};
use crate::types::Incident;
use graph_client_runtime::JsonMap;
use known::Known;
use seen::Seen;
pub use text::CursorError;

/// The position of a [`Watcher`](super::Watcher).
///
/// `Display`, `FromStr` and serde write and read it as a string with a version and a checksum. The cursor of a watcher of
/// alerts cannot be read as a cursor of incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor<T = Incident> {
    /// Everything before it was seen.
    boundary: Option<DateTime<Utc>>,
    /// When the watcher began: what was created before is not new.
    began: Option<DateTime<Utc>>,
    seen: Seen,
    known: Known,
    watches: PhantomData<fn() -> T>,
}

impl<T> Default for Cursor<T> {
    fn default() -> Self {
        Self {
            boundary: None,
            began: None,
            seen: Seen::default(),
            known: Known::default(),
            watches: PhantomData,
        }
    }
}

impl<T: Watched> Cursor<T> {
    /// Returns the latest time that was seen. Everything before it was seen too.
    #[must_use]
    pub fn boundary(&self) -> Option<DateTime<Utc>> {
        self.boundary
    }

    pub(super) fn remember(&mut self, items: usize) {
        self.known.remember(items);
    }

    pub(super) fn begin_at(&mut self, time: DateTime<Utc>) {
        self.boundary = Some(time);
        self.began = Some(time);
    }

    /// The time at which a round begins.
    pub(super) fn from(&self, boundary: DateTime<Utc>, overlap: Duration) -> DateTime<Utc> {
        let overlap = TimeDelta::from_std(overlap).unwrap_or(TimeDelta::MAX);
        boundary
            .checked_sub_signed(overlap)
            .unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Records a version and returns the change, unless the version was seen before.
    pub(super) fn take(&mut self, item: T, has_plausible_time: bool) -> Option<Change<T>> {
        let json = match serde_json::to_value(&item) {
            Ok(Value::Object(json)) => json,
            // Objects are written as objects.
            _ => JsonMap::new(),
        };
        let at = item.updated().or(self.boundary).unwrap_or_default();
        if !self.seen.insert(&json, at) {
            return None;
        }
        let created = item.created();
        let is_recent = created.is_some() && self.began.is_none_or(|began| created >= Some(began));
        let before = self.known.replace(item.id(), at, created, &json);
        let kind = match &before {
            Some(_) => ChangeKind::Changed,
            None if is_recent && !self.known.may_have_forgotten(created) => ChangeKind::New,
            None => ChangeKind::Unremembered,
        };
        let properties = before
            .as_ref()
            .map(|before| differing(before, &json))
            .unwrap_or_default();
        Some(Change {
            kind,
            before: before.and_then(|before| serde_json::from_value(Value::Object(before)).ok()),
            after: item,
            properties,
            has_plausible_time,
        })
    }

    /// Moves the boundary forward: everything before it was seen.
    pub(super) fn move_to(&mut self, time: DateTime<Utc>, overlap: Duration) {
        if self.boundary.is_none_or(|boundary| time > boundary) {
            self.boundary = Some(time);
            self.seen.pass(self.from(time, overlap));
        }
    }

    /// Moves the boundary back, because something before it may have been missed. Returns whether it moved.
    pub(super) fn move_back(&mut self, time: Option<DateTime<Utc>>) -> bool {
        let moves = time.is_some() && time < self.boundary;
        if moves {
            self.boundary = time;
        }
        moves
    }
}

/// The names of the properties that differ.
fn differing(before: &JsonMap, after: &JsonMap) -> Vec<String> {
    let changed = before
        .iter()
        .filter(|(name, value)| after.get(*name) != Some(value))
        .map(|(name, _)| name);
    let added = after.keys().filter(|name| !before.contains_key(*name));
    let mut names: Vec<String> = changed.chain(added).cloned().collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests;
