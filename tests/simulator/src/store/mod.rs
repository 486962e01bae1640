//! The tenant's incidents in memory: as serialized text, with the properties for sorting and filtering beside it.

mod alerts;
mod keys;
mod merge;
mod move_alerts;
mod postings;
mod select;
mod select_alerts;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::json;
use tokio::time::Instant;

use crate::contract::Contract;
use crate::error::Refusal;
use crate::freshness::Freshness;
use crate::generator::Generator;
use crate::object::{Object, parsed, serialised, text_of};
use crate::state::{Entry, IncidentEntry, Journal, Kept};
use crate::time::Ticks;

use alerts::{AlertBefore, AlertKeys};
use keys::{Keys, Pool};
pub(crate) use merge::Merged;
pub(crate) use move_alerts::{Move, Moved};
use postings::Postings;

/// An incident before it is stored.
pub(crate) struct Draft {
    pub(crate) incident: Object,
    pub(crate) alerts: Vec<Object>,
}

/// An incident in the store.
struct Record {
    id: Arc<str>,
    keys: Keys,
    /// The whole incident without its alerts, ready to send; the generator generates it until it is written.
    text: Source<Bytes>,
    alerts: Source<Vec<Bytes>>,
    /// The properties for sorting and filtering alerts, generated when they are first needed.
    alert_keys: OnceLock<Vec<AlertKeys>>,
    /// The states of alerts before their last writes.
    alerts_before: Vec<AlertBefore>,
    /// The generated text, if the tenant is not too large.
    made: OnceLock<Bytes>,
    /// The state before the last write, and its time.
    before: Option<(Bytes, Instant)>,
    /// Whether it differs from the initial tenant.
    touched: bool,
}

/// Up to this number of incidents keep their generated text; about 1.3 KB each.
const MOST_KEPT: usize = 200_000;

/// The source of a part of an incident.
enum Source<T> {
    Held(T),
    /// The generator, for the incident with this number.
    Seeded(u64),
}

/// The index of a record, which never changes.
type Place = u32;

#[derive(Default)]
struct Tenant {
    records: Vec<Record>,
    by_id: HashMap<Arc<str>, Place>,
    /// The incidents of alerts that are not generated when they are read.
    held_alerts: HashMap<Arc<str>, Place>,
    by_created: BTreeSet<(Ticks, Place)>,
    by_updated: BTreeSet<(Ticks, Place)>,
    pool: Pool,
    postings: Postings,
    generator: Option<Generator>,
}

/// All incidents of the tenant.
pub(crate) struct Store {
    contract: Arc<Contract>,
    tenant: Arc<RwLock<Tenant>>,
    journal: OnceLock<Arc<Journal>>,
}

/// An incident as a read shows it.
pub(crate) struct Seen {
    pub(crate) id: Arc<str>,
    pub(crate) text: Bytes,
    /// Whether it has members that only some callers see.
    pub(crate) evolvable: bool,
}

/// The result of a write.
pub(crate) struct Written<T> {
    pub(crate) seen: Seen,
    pub(crate) at: Ticks,
    pub(crate) result: T,
}

impl Store {
    pub(crate) fn new(contract: Arc<Contract>) -> Self {
        Self {
            contract,
            tenant: Arc::default(),
            journal: OnceLock::new(),
        }
    }

    /// Adds incidents; a later one replaces an earlier one with the same id.
    pub(crate) fn add(&self, drafts: impl IntoIterator<Item = Draft>) {
        let mut tenant = self.tenant.write();
        for Draft { incident, alerts } in drafts {
            let place = tenant.add(&self.contract, &incident, Some(&alerts));
            if self.journal.get().is_some() {
                tenant.records[place as usize].touched = true;
            }
            self.keep(&[Entry::Incident(IncidentEntry {
                incident,
                alerts: Some(alerts),
            })]);
        }
    }

    /// Restores the content of a state file.
    pub(crate) fn load(&self, entry: &IncidentEntry) {
        let mut tenant = self.tenant.write();
        let place = tenant.add(&self.contract, &entry.incident, entry.alerts.as_deref());
        tenant.records[place as usize].touched = true;
    }

    /// Returns all differences from the initial tenant.
    pub(crate) fn snapshot(&self) -> impl Fn() -> Vec<Kept> + Send + 'static {
        let tenant = Arc::clone(&self.tenant);
        move || tenant.read().touched()
    }

    /// Saves writes from now on.
    pub(crate) fn keep_in(&self, journal: Arc<Journal>) {
        self.journal.get_or_init(|| journal);
    }

    /// Called with the tenant locked, so that the file has the writes in order.
    fn keep(&self, entries: &[Entry]) {
        if let Some(journal) = self.journal.get() {
            journal.append(entries);
        }
    }

    /// Adds the incidents of a generator, which the store keeps.
    pub(crate) fn seed(&self, generator: Generator) {
        let mut tenant = self.tenant.write();
        for ordinal in 0..generator.count() {
            let sketch = generator.sketch(ordinal);
            let keys = Keys::of_sketch(&self.contract, &mut tenant.pool, &sketch);
            let id = Generator::id(ordinal).into();
            tenant.push(id, keys, Source::Seeded(ordinal), Source::Seeded(ordinal));
        }
        tenant.generator = Some(generator);
    }

    pub(crate) fn get(&self, id: &str, freshness: Freshness) -> Option<Seen> {
        let tenant = self.tenant.read();
        tenant
            .record(id)
            .map(|record| tenant.seen(record, freshness))
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.tenant.read().by_id.contains_key(id)
    }

    /// The current state of an incident.
    pub(crate) fn object(&self, id: &str) -> Option<Object> {
        let tenant = self.tenant.read();
        tenant.record(id).map(|record| tenant.object(record))
    }

    /// The alerts of an incident, in order; `None` if there is no such incident.
    pub(crate) fn alerts(&self, id: &str) -> Option<Vec<Bytes>> {
        let tenant = self.tenant.read();
        tenant.record(id).map(|record| tenant.alerts(record))
    }

    pub(crate) fn len(&self) -> usize {
        self.tenant.read().records.len()
    }

    /// The incident for a random number.
    pub(crate) fn any(&self, number: u64) -> Option<Object> {
        let tenant = self.tenant.read();
        let index = number.checked_rem(tenant.records.len() as u64)?;
        tenant
            .records
            .get(index as usize)
            .map(|record| tenant.object(record))
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

    /// Changes an incident completely, or not at all if `change` refuses.
    ///
    /// `lastUpdateDateTime` increases with every write, so that two writes never share it.
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
        let mut incident = tenant.object(record);
        let at = record.keys.updated.successor();
        let result = change(&mut incident, at)?;
        incident.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
        tenant.replace(&self.contract, place, &incident);
        self.keep(&[Entry::Incident(IncidentEntry {
            incident,
            alerts: None,
        })]);
        let seen = tenant.seen(&tenant.records[place as usize], Freshness::NOW);
        Ok(Written { seen, at, result })
    }
}

impl Record {
    /// The state that a read shows instead of the last write.
    fn before(&self, freshness: Freshness) -> Option<&Bytes> {
        self.before
            .as_ref()
            .filter(|(_, written)| freshness.hides(written.elapsed()))
            .map(|(text, _)| text)
    }
}

impl Tenant {
    fn record(&self, id: &str) -> Option<&Record> {
        self.by_id
            .get(id)
            .and_then(|place| self.records.get(*place as usize))
    }

    /// The incidents that differ from the initial tenant.
    fn touched(&self) -> Vec<Kept> {
        self.records
            .iter()
            .filter(|record| record.touched)
            .map(|record| {
                let alerts = match &record.alerts {
                    Source::Held(alerts) => Some(alerts.as_slice()),
                    Source::Seeded(_) => None,
                };
                Kept::incident(&self.text(record), alerts)
            })
            .collect()
    }

    fn add(&mut self, contract: &Contract, incident: &Object, alerts: Option<&[Object]>) -> Place {
        let id: Arc<str> = text_of(incident, "id").unwrap_or_default().into();
        if let Some(place) = self.by_id.get(&id).copied() {
            self.replace(contract, place, incident);
            if let Some(alerts) = alerts {
                self.set_alerts(place, alerts);
            }
            return place;
        }
        let keys = Keys::of(contract, &mut self.pool, incident);
        let text = Source::Held(serialised(incident));
        let alerts = alerts.unwrap_or_default();
        let held = Source::Held(alerts.iter().map(serialised).collect());
        let place = self.push(id, keys, text, held);
        self.note_alerts(place, alerts);
        place
    }

    fn push(
        &mut self,
        id: Arc<str>,
        keys: Keys,
        text: Source<Bytes>,
        alerts: Source<Vec<Bytes>>,
    ) -> Place {
        let place = self.records.len() as Place;
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        self.by_id.insert(Arc::clone(&id), place);
        self.postings.add(place, &keys);
        self.records.push(Record {
            id,
            keys,
            text,
            alerts,
            alert_keys: OnceLock::new(),
            alerts_before: Vec::new(),
            made: OnceLock::new(),
            before: None,
            touched: false,
        });
        place
    }

    fn replace(&mut self, contract: &Contract, place: Place, incident: &Object) {
        let keys = Keys::of(contract, &mut self.pool, incident);
        let before = self.text(&self.records[place as usize]);
        let record = &mut self.records[place as usize];
        self.by_created.remove(&(record.keys.created, place));
        self.by_updated.remove(&(record.keys.updated, place));
        self.by_created.insert((keys.created, place));
        self.by_updated.insert((keys.updated, place));
        self.postings.remove(place, &record.keys);
        self.postings.add(place, &keys);
        record.keys = keys;
        record.text = Source::Held(serialised(incident));
        record.touched = true;
        record.before = Some((before, Instant::now()));
    }

    fn text(&self, record: &Record) -> Bytes {
        match &record.text {
            Source::Held(text) => text.clone(),
            // Generating a text costs more than keeping it, unless there are too many.
            Source::Seeded(_) if self.records.len() <= MOST_KEPT => record
                .made
                .get_or_init(|| serialised(&self.object(record)))
                .clone(),
            Source::Seeded(_) => serialised(&self.object(record)),
        }
    }

    fn object(&self, record: &Record) -> Object {
        match (&record.text, &self.generator) {
            (Source::Held(text), _) => parsed(text),
            (Source::Seeded(ordinal), Some(generator)) => generator.incident(*ordinal),
            (Source::Seeded(_), None) => Object::new(),
        }
    }

    fn alerts(&self, record: &Record) -> Vec<Bytes> {
        match (&record.alerts, &self.generator) {
            (Source::Held(alerts), _) => alerts.clone(),
            (Source::Seeded(ordinal), Some(generator)) => {
                generator.alerts(*ordinal).iter().map(serialised).collect()
            }
            (Source::Seeded(_), None) => Vec::new(),
        }
    }

    fn seen(&self, record: &Record, freshness: Freshness) -> Seen {
        let before = record.before(freshness);
        Seen {
            id: Arc::clone(&record.id),
            text: before.map_or_else(|| self.text(record), Bytes::clone),
            evolvable: record.keys.evolvable,
        }
    }
}

/// Refuses times that lists could not sort by, and names them.
pub(crate) fn check_times(incident: &Object) -> Result<(), String> {
    for name in ["createdDateTime", "lastUpdateDateTime"] {
        if let Some(text) = text_of(incident, name)
            && Ticks::parse(text).is_none()
        {
            return Err(format!(
                "'{name}' is '{text}', not a point in time of the years 1 to 9999"
            ));
        }
    }
    Ok(())
}
