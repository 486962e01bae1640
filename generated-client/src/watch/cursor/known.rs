//! The last known state of items, within bounds.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use graph_client_runtime::JsonMap;
use serde_json::Value;

/// The default number of remembered items.
const REMEMBER: usize = 1_000;
/// The most bytes of JSON that they have together.
const BYTES: usize = 256 << 10;

/// The last known state of an item.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Past {
    pub(super) at: DateTime<Utc>,
    pub(super) created: Option<DateTime<Utc>>,
    /// JSON.
    pub(super) text: String,
}

/// Items by id; those that have not changed for the longest time are forgotten first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    limit: usize,
    bytes: usize,
    by_id: HashMap<String, Past>,
    by_time: BTreeSet<(DateTime<Utc>, String)>,
    /// The latest time at which a forgotten item was created.
    forgotten: Option<DateTime<Utc>>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            limit: REMEMBER,
            bytes: 0,
            by_id: HashMap::new(),
            by_time: BTreeSet::new(),
            forgotten: None,
        }
    }
}

impl Known {
    pub(super) fn remember(&mut self, incidents: usize) {
        self.limit = incidents;
        self.forget();
    }

    /// Remembers the state of an item and returns its previous one. An older version does not replace a newer one.
    pub(super) fn replace(
        &mut self,
        id: &str,
        at: DateTime<Utc>,
        created: Option<DateTime<Utc>>,
        json: &JsonMap,
    ) -> Option<JsonMap> {
        let before = self.by_id.get(id);
        let is_older = before.is_some_and(|before| before.at > at);
        let before = before.and_then(|before| serde_json::from_str(&before.text).ok());
        if !is_older {
            let text = Value::Object(json.clone()).to_string();
            self.insert(id.to_owned(), Past { at, created, text });
        }
        before
    }

    pub(super) fn insert(&mut self, id: String, past: Past) {
        self.remove(&id);
        self.bytes += past.text.len();
        self.by_time.insert((past.at, id.clone()));
        self.by_id.insert(id, past);
        self.forget();
    }

    /// Whether an item that was created then may have been forgotten.
    pub(super) fn may_have_forgotten(&self, created: Option<DateTime<Utc>>) -> bool {
        self.forgotten.is_some() && created <= self.forgotten
    }

    pub(super) fn forgotten(&self) -> Option<DateTime<Utc>> {
        self.forgotten
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The items in the order of their last changes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Past)> {
        let ids = self.by_time.iter().map(|(_, id)| id);
        ids.filter_map(|id| self.by_id.get_key_value(id))
    }

    pub(super) fn restore(limit: usize, forgotten: Option<DateTime<Utc>>) -> Self {
        Self {
            limit,
            forgotten,
            ..Self::default()
        }
    }

    fn remove(&mut self, id: &str) -> Option<Past> {
        let (id, past) = self.by_id.remove_entry(id)?;
        self.bytes = self.bytes.saturating_sub(past.text.len());
        self.by_time.remove(&(past.at, id));
        Some(past)
    }

    fn forget(&mut self) {
        while self.by_id.len() > self.limit || self.bytes > BYTES {
            let oldest = self.by_time.first().map(|(_, id)| id.clone());
            let Some(past) = oldest.and_then(|id| self.remove(&id)) else {
                return;
            };
            self.forgotten = self.forgotten.max(past.created);
        }
    }
}
