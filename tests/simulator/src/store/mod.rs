//! The tenant's incidents, in memory: as serialised text, with the properties that lists sort and filter by beside it.

mod keys;
mod select;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::contract::Contract;
use crate::error::Refusal;
use crate::time::Ticks;

use keys::{Keys, Pool};
pub(crate) use select::Page;

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
    /// What the last write replaced, and when.
    before: Option<(Bytes, Instant)>,
}

/// Place of a record; never changes.
type Place = u32;

#[derive(Default)]
struct Tenant {
    records: Vec<Record>,
    by_id: HashMap<Arc<str>, Place>,
    by_created: BTreeSet<(Ticks, Place)>,
    by_updated: BTreeSet<(Ticks, Place)>,
    pool: Pool,
}

/// All incidents of the tenant.
pub(crate) struct Store {
    contract: Arc<Contract>,
    tenant: RwLock<Tenant>,
}

/// How much of the latest writes a read shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Everything but what was written within that time.
    Delayed(Duration),
    /// Not the last write.
    Stale,
}

/// An incident as a read shows it.
pub(crate) struct Seen {
    pub(crate) id: Arc<str>,
    pub(crate) text: Bytes,
    /// Whether it has members that only some callers are shown.
    pub(crate) evolvable: bool,
}

/// What a write left behind.
pub(crate) struct Written<T> {
    pub(crate) seen: Seen,
    pub(crate) at: Ticks,
    pub(crate) result: T,
}

impl Store {
    pub(crate) fn new(contract: Arc<Contract>) -> Self {
        Self {
            contract,
            tenant: RwLock::default(),
        }
    }

    /// Adds incidents; a later one replaces an earlier one of the same id.
    pub(crate) fn add(&self, drafts: impl IntoIterator<Item = Draft>) {
        let mut tenant = self.tenant.write();
        for draft in drafts {
            tenant.add(&self.contract, &draft);
        }
    }

    pub(crate) fn get(&self, id: &str, freshness: Freshness) -> Option<Seen> {
        let tenant = self.tenant.read();
        tenant.record(id).map(|record| record.seen(freshness))
    }

    /// The incident as it is now.
    pub(crate) fn object(&self, id: &str) -> Option<Object> {
        let tenant = self.tenant.read();
        tenant.record(id).map(Record::object)
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
        let mut incident = record.object();
        let at = record.keys.updated.successor();
        let result = change(&mut incident, at)?;
        incident.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
        tenant.replace(&self.contract, place, &incident);
        let seen = tenant.records[place as usize].now();
        Ok(Written { seen, at, result })
    }

    /// Moves the alerts of one incident to the end of another's.
    pub(crate) fn move_alerts(&self, from: &str, to: &str) {
        let mut tenant = self.tenant.write();
        let (Some(from), Some(to)) = (
            tenant.by_id.get(from).copied(),
            tenant.by_id.get(to).copied(),
        ) else {
            return;
        };
        let alerts = std::mem::take(&mut tenant.records[from as usize].alerts);
        let target = Value::from(&*tenant.records[to as usize].id);
        let moved = alerts.iter().map(|text| {
            let mut alert = parsed(text);
            alert.insert("incidentId".to_owned(), target.clone());
            serialised(&alert)
        });
        tenant.records[to as usize].alerts.extend(moved);
    }
}

impl Tenant {
    fn record(&self, id: &str) -> Option<&Record> {
        self.by_id
            .get(id)
            .and_then(|place| self.records.get(*place as usize))
    }

    fn add(&mut self, contract: &Contract, draft: &Draft) {
        let id: Arc<str> = text_of(&draft.incident, "id").unwrap_or_default().into();
        let alerts = draft.alerts.iter().map(serialised).collect();
        if let Some(place) = self.by_id.get(&id).copied() {
            self.replace(contract, place, &draft.incident);
            self.records[place as usize].alerts = alerts;
            return;
        }
        let place = self.records.len() as Place;
        let keys = Keys::of(contract, &mut self.pool, &draft.incident);
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        self.by_id.insert(Arc::clone(&id), place);
        self.records.push(Record {
            id,
            keys,
            text: serialised(&draft.incident),
            alerts,
            before: None,
        });
    }

    fn replace(&mut self, contract: &Contract, place: Place, incident: &Object) {
        let keys = Keys::of(contract, &mut self.pool, incident);
        let record = &mut self.records[place as usize];
        self.by_created.remove(&(record.keys.created, place));
        self.by_updated.remove(&(record.keys.updated, place));
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        record.keys = keys;
        let before = std::mem::replace(&mut record.text, serialised(incident));
        record.before = Some((before, Instant::now()));
    }
}

impl Record {
    fn object(&self) -> Object {
        parsed(&self.text)
    }

    fn now(&self) -> Seen {
        self.seen(Freshness::Delayed(Duration::ZERO))
    }

    fn seen(&self, freshness: Freshness) -> Seen {
        let text = match (&self.before, freshness) {
            (Some((before, _)), Freshness::Stale) => before,
            (Some((before, written)), Freshness::Delayed(delay))
                if !delay.is_zero() && written.elapsed() < delay =>
            {
                before
            }
            _ => &self.text,
        };
        Seen {
            id: Arc::clone(&self.id),
            text: text.clone(),
            evolvable: self.keys.evolvable,
        }
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

/// What was serialised here reads back.
pub(crate) fn parsed(text: &[u8]) -> Object {
    serde_json::from_slice(text).unwrap_or_default()
}
