//! The entities in memory: by collection and id, with versions for ETags and delta queries.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parking_lot::RwLock;
use tokio::time::Instant;

use crate::encoding::{from_base64, to_base64};
use crate::error::Refusal;
use crate::filter::{Column, Datum, Row};
use crate::freshness::Freshness;
use crate::object::Object;
use crate::query::{Continuation, ListQuery, compare};
use crate::state::{EntityEntry, Entry, Journal, Kept};
use crate::time::Ticks;

/// An entity of a collection.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) object: Object,
    pub(crate) version: u64,
    pub(crate) content: Option<Content>,
    /// The state before the last write, and its time.
    before: Option<(Object, Instant)>,
}

/// Bytes of an entity, such as a photo.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

#[derive(Default)]
struct Collection {
    items: HashMap<String, Item>,
    /// The ids, by the time of their creation.
    order: BTreeMap<u64, String>,
    places: HashMap<String, u64>,
    /// The ids by version: changes and deletions, in order.
    changed: BTreeMap<u64, String>,
    deleted: BTreeMap<u64, String>,
}

#[derive(Default)]
struct State {
    /// By concrete path, such as `/users/1/messages`.
    collections: BTreeMap<String, Collection>,
    version: u64,
}

/// All entities.
#[derive(Default)]
pub(crate) struct Entities {
    state: Arc<RwLock<State>>,
    journal: OnceLock<Arc<Journal>>,
}

/// A page of a list.
pub(crate) struct EntityPage {
    pub(crate) items: Vec<Item>,
    pub(crate) next: Option<Continuation>,
    pub(crate) total: usize,
}

/// A change for a delta query.
pub(crate) enum Change {
    Changed(Box<Item>),
    Deleted(String),
}

impl Entities {
    /// Saves writes from now on.
    pub(crate) fn keep_in(&self, journal: Arc<Journal>) {
        self.journal.get_or_init(|| journal);
    }

    /// Restores the content of a state file.
    pub(crate) fn load(&self, entry: EntityEntry) {
        let mut state = self.state.write();
        state.version = state.version.max(entry.version);
        state.put(&entry.collection, &entry.id, entry.item());
    }

    /// Returns everything, for a state file.
    pub(crate) fn snapshot(&self) -> impl Fn() -> Vec<Kept> + Send + 'static {
        let state = Arc::clone(&self.state);
        move || {
            let state = state.read();
            let mut kept = Vec::new();
            for (path, collection) in &state.collections {
                for id in collection.order.values() {
                    if let Some(item) = collection.items.get(id) {
                        kept.push(Kept::entity(&entry(path, id, Some(item), item.version)));
                    }
                }
            }
            kept
        }
    }

    pub(crate) fn get(&self, path: &str, id: &str, freshness: Freshness) -> Option<Item> {
        let state = self.state.read();
        let item = state.collections.get(path)?.items.get(id)?;
        let mut seen = item.clone();
        item.seen(freshness).clone_into(&mut seen.object);
        Some(seen)
    }

    pub(crate) fn contains(&self, path: &str, id: &str) -> bool {
        let state = self.state.read();
        state
            .collections
            .get(path)
            .is_some_and(|collection| collection.items.contains_key(id))
    }

    /// The number of entities in all collections.
    pub(crate) fn len(&self) -> usize {
        let state = self.state.read();
        state
            .collections
            .values()
            .map(|collection| collection.items.len())
            .sum()
    }

    /// All entities of a collection, in the order of their creation.
    pub(crate) fn all(&self, path: &str) -> Vec<Item> {
        let state = self.state.read();
        state
            .collections
            .get(path)
            .into_iter()
            .flat_map(|collection| {
                collection
                    .order
                    .values()
                    .filter_map(|id| collection.items.get(id))
            })
            .cloned()
            .collect()
    }

    /// Changes an entity, or leaves it unchanged if `change` refuses; `None` deletes it.
    pub(crate) fn write(
        &self,
        path: &str,
        id: &str,
        change: impl FnOnce(Option<&Item>) -> Result<Option<Item>, Refusal>,
    ) -> Result<Option<Item>, Refusal> {
        let mut state = self.state.write();
        let current = state
            .collections
            .get(path)
            .and_then(|collection| collection.items.get(id));
        let mut next = change(current)?;
        let before = current.map(|item| (item.object.clone(), Instant::now()));
        state.version += 1;
        let version = state.version;
        if let Some(item) = &mut next {
            item.version = version;
            item.before = before;
        }
        state.put(path, id, next.clone());
        if let Some(journal) = self.journal.get() {
            journal.append(&[Entry::Entity(entry(path, id, next.as_ref(), version))]);
        }
        Ok(next)
    }

    /// A page of a list.
    pub(crate) fn page(
        &self,
        path: &str,
        query: &ListQuery,
        top: usize,
        freshness: Freshness,
    ) -> EntityPage {
        let state = self.state.read();
        let Some(collection) = state.collections.get(path) else {
            return EntityPage {
                items: Vec::new(),
                next: None,
                total: 0,
            };
        };
        let mut found: Vec<(u64, &Item, ItemRow<'_>)> = collection
            .order
            .iter()
            .filter_map(|(place, id)| collection.items.get(id).map(|item| (*place, item)))
            .map(|(place, item)| (place, item, ItemRow(item.seen(query.index))))
            .filter(|(_, _, row)| {
                let condition = query.condition.as_ref();
                condition.is_none_or(|condition| condition.matches(row))
            })
            .collect();
        let total = found.len();
        found.sort_by(|(_, _, left), (_, _, right)| compare(&query.order, left, right));
        let first = match query.continuation {
            // Without an order, a page begins after an entity, and is stable while others are added and removed.
            Some(Continuation::After(after, _)) => {
                let after = after.0.unsigned_abs();
                found
                    .iter()
                    .take_while(|(place, ..)| *place <= after)
                    .count()
            }
            Some(Continuation::Offset(offset)) => offset,
            None => query.skip,
        };
        let shown: Vec<&(u64, &Item, ItemRow<'_>)> = found.iter().skip(first).take(top).collect();
        let end = first.saturating_add(shown.len());
        let has_more = end < total && !shown.is_empty();
        let next = if query.order.is_empty() {
            query.last_of_page(&shown).and_then(|(place, ..)| {
                let place = i64::try_from(*place).ok()?;
                Some(Continuation::After(Ticks(place), 0))
            })
        } else {
            Some(Continuation::Offset(query.next_offset(end, shown.len())))
        };
        let items = shown
            .into_iter()
            .map(|(_, item, _)| Item {
                object: item.seen(freshness).clone(),
                ..(*item).clone()
            })
            .collect();
        EntityPage {
            items,
            next: next.filter(|_| has_more),
            total,
        }
    }

    /// The changes after a version, in order, the version that they reach, and whether there are more.
    pub(crate) fn changes(&self, path: &str, since: u64, top: usize) -> (Vec<Change>, u64, bool) {
        let state = self.state.read();
        let Some(collection) = state.collections.get(path) else {
            return (Vec::new(), state.version, false);
        };
        let after = since.saturating_add(1);
        let mut found: Vec<(u64, Change)> = collection
            .changed
            .range(after..)
            .take(top + 1)
            .filter_map(|(version, id)| {
                let item = collection.items.get(id)?.clone();
                Some((*version, Change::Changed(Box::new(item))))
            })
            .collect();
        // The first query has nothing that could have been deleted.
        if since > 0 {
            let deleted = collection.deleted.range(after..).take(top + 1);
            found.extend(deleted.map(|(version, id)| (*version, Change::Deleted(id.clone()))));
        }
        found.sort_by_key(|(version, _)| *version);
        let has_more = found.len() > top;
        found.truncate(top);
        let until = match found.last() {
            Some((version, _)) if has_more => *version,
            _ => state.version,
        };
        let changes = found.into_iter().map(|(_, change)| change).collect();
        (changes, until, has_more)
    }
}

impl State {
    fn put(&mut self, path: &str, id: &str, item: Option<Item>) {
        let version = self.version;
        let collection = self.collections.entry(path.to_owned()).or_default();
        if let Some(old) = collection.items.get(id) {
            collection.changed.remove(&old.version);
        }
        match item {
            Some(item) => {
                collection.changed.insert(item.version, id.to_owned());
                if !collection.places.contains_key(id) {
                    collection.places.insert(id.to_owned(), item.version);
                    collection.order.insert(item.version, id.to_owned());
                }
                collection.items.insert(id.to_owned(), item);
            }
            None => {
                if let Some(place) = collection.places.remove(id) {
                    collection.order.remove(&place);
                }
                if collection.items.remove(id).is_some() {
                    collection.deleted.insert(version, id.to_owned());
                }
                // Entities below it are deleted with it.
                let below = format!("{path}/{id}/");
                self.collections
                    .retain(|other, _| !other.starts_with(&below));
            }
        }
    }
}

impl Item {
    pub(crate) fn new(object: Object) -> Self {
        Self {
            object,
            version: 0,
            content: None,
            before: None,
        }
    }

    /// The state that a read returns.
    fn seen(&self, freshness: Freshness) -> &Object {
        match &self.before {
            Some((before, written)) if freshness.hides(written.elapsed()) => before,
            _ => &self.object,
        }
    }

    /// D: weak, like Graph's.
    pub(crate) fn etag(&self) -> String {
        format!("W/\"{}\"", self.version)
    }
}

/// An entity as a row: a search covers every string in it.
struct ItemRow<'a>(&'a Object);

impl Row for ItemRow<'_> {
    fn datum(&self, column: &Column) -> Datum<'_> {
        self.0.datum(column)
    }

    fn mentions(&self, text: &str) -> bool {
        self.0
            .values()
            .filter_map(serde_json::Value::as_str)
            .any(|value| value.to_lowercase().contains(text))
    }
}

fn entry(path: &str, id: &str, item: Option<&Item>, version: u64) -> EntityEntry {
    EntityEntry {
        collection: path.to_owned(),
        id: id.to_owned(),
        version,
        entity: item.map(|item| item.object.clone()),
        media_type: item.and_then(|item| Some(item.content.as_ref()?.media_type.clone())),
        content: item.and_then(|item| Some(to_base64(&item.content.as_ref()?.bytes))),
    }
}

impl EntityEntry {
    fn item(&self) -> Option<Item> {
        let mut item = Item::new(self.entity.clone()?);
        item.version = self.version;
        item.content = self.media_type.clone().map(|media_type| Content {
            media_type,
            bytes: self
                .content
                .as_deref()
                .and_then(from_base64)
                .unwrap_or_default()
                .into(),
        });
        Some(item)
    }
}
