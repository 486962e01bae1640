//! The tenant's incidents, in memory: as serialised text, with the properties that lists sort and filter by beside it.

mod keys;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::{Map, Value, json};

use crate::error::Refusal;
use crate::time::Ticks;

pub(crate) use keys::Keys;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// An incident as it enters the store.
pub(crate) struct Draft {
    pub(crate) incident: Object,
    pub(crate) alerts: Vec<Object>,
}

/// An incident in the store.
struct Record {
    id: Arc<str>,
    keys: Keys,
    /// The whole incident but its alerts, ready to be sent.
    text: Bytes,
    alerts: Vec<Bytes>,
}

/// Place of a record; never changes.
type Place = u32;

#[derive(Default)]
struct Tenant {
    records: Vec<Record>,
    by_id: HashMap<Arc<str>, Place>,
    by_created: BTreeSet<(Ticks, Place)>,
    by_updated: BTreeSet<(Ticks, Place)>,
}

/// All incidents of the tenant.
#[derive(Default)]
pub(crate) struct Store {
    tenant: RwLock<Tenant>,
}

/// One page of a list.
pub(crate) struct Page {
    pub(crate) incidents: Vec<Bytes>,
    /// Whether more follow.
    pub(crate) more: bool,
}

/// What a write left behind.
pub(crate) struct Written<T> {
    pub(crate) text: Bytes,
    pub(crate) at: Ticks,
    pub(crate) result: T,
}

impl Store {
    /// Adds incidents; a later one replaces an earlier one of the same id.
    pub(crate) fn add(&self, drafts: impl IntoIterator<Item = Draft>) {
        let mut tenant = self.tenant.write();
        for draft in drafts {
            tenant.add(draft);
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Bytes> {
        let tenant = self.tenant.read();
        tenant.record(id).map(|record| record.text.clone())
    }

    /// The alerts of an incident, in order; `None` when there is no such incident.
    pub(crate) fn alerts(&self, id: &str) -> Option<Vec<Bytes>> {
        let tenant = self.tenant.read();
        tenant.record(id).map(|record| record.alerts.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.tenant.read().records.len()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let tenant = self.tenant.read();
        tenant
            .by_created
            .iter()
            .rev()
            .filter_map(|(_, place)| tenant.records.get(*place as usize))
            .map(|record| record.id.to_string())
            .collect()
    }

    /// A page of the list, newest first.
    pub(crate) fn page(&self, skip: usize, top: usize) -> Page {
        let tenant = self.tenant.read();
        let mut incidents: Vec<Bytes> = tenant
            .by_created
            .iter()
            .rev()
            .skip(skip)
            .take(top + 1)
            .filter_map(|(_, place)| tenant.records.get(*place as usize))
            .map(|record| record.text.clone())
            .collect();
        let more = incidents.len() > top;
        incidents.truncate(top);
        Page { incidents, more }
    }

    /// Changes an incident: all of it or, when `change` refuses, nothing.
    ///
    /// `lastUpdateDateTime` moves on with every write, so that two writes never share it.
    pub(crate) fn write<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Object, Ticks) -> Result<T, Refusal>,
    ) -> Result<Written<T>, Refusal> {
        let mut tenant = self.tenant.write();
        let place = *tenant
            .by_id
            .get(id)
            .ok_or_else(|| Refusal::incident_not_found(id))?;
        let record = &tenant.records[place as usize];
        let mut incident: Object = serde_json::from_slice(&record.text).unwrap_or_default();
        let at = record.keys.updated.successor();
        let result = change(&mut incident, at)?;
        incident.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
        let text = serialised(&incident);
        tenant.replace(place, &incident, text.clone());
        Ok(Written { text, at, result })
    }
}

impl Tenant {
    fn record(&self, id: &str) -> Option<&Record> {
        self.by_id
            .get(id)
            .and_then(|place| self.records.get(*place as usize))
    }

    fn add(&mut self, draft: Draft) {
        let id: Arc<str> = text_of(&draft.incident, "id").unwrap_or_default().into();
        let text = serialised(&draft.incident);
        let alerts = draft.alerts.iter().map(serialised).collect();
        if let Some(place) = self.by_id.get(&id).copied() {
            self.replace(place, &draft.incident, text);
            self.records[place as usize].alerts = alerts;
            return;
        }
        let place = self.records.len() as Place;
        let keys = Keys::of(&draft.incident);
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        self.by_id.insert(Arc::clone(&id), place);
        self.records.push(Record {
            id,
            keys,
            text,
            alerts,
        });
    }

    fn replace(&mut self, place: Place, incident: &Object, text: Bytes) {
        let keys = Keys::of(incident);
        let record = &mut self.records[place as usize];
        self.by_created.remove(&(record.keys.created, place));
        self.by_updated.remove(&(record.keys.updated, place));
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        record.keys = keys;
        record.text = text;
    }
}

/// The text of a property that holds one.
pub(crate) fn text_of<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn serialised(object: &Object) -> Bytes {
    // A JSON object always serialises.
    serde_json::to_vec(object).unwrap_or_default().into()
}
