//! The alerts of all incidents: found by id, and written one by one.

use std::cell::OnceCell;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use tokio::time::Instant;

use super::{Place, Record, Source, Store, Tenant};
use crate::error::Refusal;
use crate::filter::{Column, Datum, Row};
use crate::freshness::Freshness;
use crate::generator::Generator;
use crate::object::{Object, parsed, serialised, text_of};
use crate::state::{Entry, IncidentEntry};
use crate::time::Ticks;

/// The properties that lists of alerts filter by most.
const TEXTS: [&str; 6] = [
    "assignedTo",
    "classification",
    "determination",
    "serviceSource",
    "severity",
    "status",
];

/// The properties for sorting and filtering alerts, kept once they were read.
pub(super) struct AlertKeys {
    pub(super) id: Arc<str>,
    created: Ticks,
    updated: Ticks,
    texts: [Option<Box<str>>; TEXTS.len()],
}

/// The state before the last write of an alert, and its time.
pub(super) struct AlertBefore {
    id: Arc<str>,
    text: Bytes,
    written: Instant,
}

/// The result of a write of an alert.
pub(crate) struct WrittenAlert<T> {
    pub(crate) alert: Object,
    /// The incident that it belongs to.
    pub(crate) incident: String,
    pub(crate) at: Ticks,
    pub(crate) result: T,
}

impl AlertKeys {
    fn of(alert: &Object) -> Self {
        let time = |name| {
            text_of(alert, name)
                .and_then(Ticks::parse)
                .unwrap_or(Ticks(0))
        };
        Self {
            id: text_of(alert, "id").unwrap_or_default().into(),
            created: time("createdDateTime"),
            updated: time("lastUpdateDateTime"),
            texts: TEXTS.map(|name| text_of(alert, name).map(Into::into)),
        }
    }
}

impl Store {
    /// The alert with an id, as a read shows it.
    pub(crate) fn alert(&self, id: &str, freshness: Freshness) -> Option<Bytes> {
        let tenant = self.tenant.read();
        let (place, number) = tenant.find_alert(id)?;
        tenant.alert_text(tenant.records.get(place as usize)?, number, freshness)
    }

    /// Every alert as it is now, incident by incident.
    pub(crate) fn all_alerts(&self) -> Vec<Object> {
        let tenant = self.tenant.read();
        let records = tenant.records.iter();
        records
            .flat_map(|record| tenant.alert_objects(record))
            .collect()
    }

    /// Changes an alert completely, or not at all if `change` refuses. Its incident does not change.
    pub(crate) fn write_alert<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Object, Ticks) -> Result<T, Refusal>,
    ) -> Result<WrittenAlert<T>, Refusal> {
        let mut tenant = self.tenant.write();
        let (place, number) = tenant
            .find_alert(id)
            .ok_or_else(|| Refusal::alert_not_found(id))?;
        let record = &tenant.records[place as usize];
        let mut alerts = tenant.alert_objects(record);
        let alert = &mut alerts[number];
        let before = serialised(alert);
        let at = updated(alert).successor();
        let result = change(alert, at)?;
        alert.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
        let alert = alert.clone();
        let incident = tenant.object(record);
        tenant.set_alerts(place, &alerts);
        tenant.note_before(place, id, before);
        self.keep(&[Entry::Incident(IncidentEntry {
            incident,
            alerts: Some(alerts),
        })]);
        Ok(WrittenAlert {
            alert,
            incident: tenant.records[place as usize].id.to_string(),
            at,
            result,
        })
    }
}

/// The time of the last change of an alert.
pub(super) fn updated(alert: &Object) -> Ticks {
    text_of(alert, "lastUpdateDateTime")
        .and_then(Ticks::parse)
        .unwrap_or(Ticks(0))
}

impl Tenant {
    /// The incident of an alert, and the alert's index in it.
    pub(super) fn find_alert(&self, id: &str) -> Option<(Place, usize)> {
        let place = match self.held_alerts.get(id) {
            Some(place) => *place,
            // The id of a generated alert contains that of its incident.
            None => {
                let ordinal = Generator::ordinal_of_alert(id)?;
                *self.by_id.get(Generator::id(ordinal).as_str())?
            }
        };
        let record = self.records.get(place as usize)?;
        let number = self
            .alert_keys(record)
            .iter()
            .position(|keys| &*keys.id == id)?;
        Some((place, number))
    }

    pub(super) fn alert_objects(&self, record: &Record) -> Vec<Object> {
        match (&record.alerts, &self.generator) {
            (Source::Held(alerts), _) => alerts.iter().map(|text| parsed(text)).collect(),
            (Source::Seeded(ordinal), Some(generator)) => generator.alerts(*ordinal),
            (Source::Seeded(_), None) => Vec::new(),
        }
    }

    pub(super) fn alert_keys<'t>(&self, record: &'t Record) -> &'t [AlertKeys] {
        record.alert_keys.get_or_init(|| {
            let alerts = self.alert_objects(record);
            alerts.iter().map(AlertKeys::of).collect()
        })
    }

    pub(super) fn alert_text(
        &self,
        record: &Record,
        number: usize,
        freshness: Freshness,
    ) -> Option<Bytes> {
        let id = &self.alert_keys(record).get(number)?.id;
        if let Some(before) = record.alert_before(id, freshness) {
            return Some(before.clone());
        }
        match &record.alerts {
            Source::Held(alerts) => alerts.get(number).cloned(),
            Source::Seeded(_) => self.alert_objects(record).get(number).map(serialised),
        }
    }

    /// Replaces the alerts of an incident.
    pub(super) fn set_alerts(&mut self, place: Place, alerts: &[Object]) {
        let record = &mut self.records[place as usize];
        if let Source::Held(held) = &record.alerts {
            let gone = held.iter().map(|text| parsed(text));
            for id in gone.filter_map(|alert| text_of(&alert, "id").map(str::to_owned)) {
                if self.held_alerts.get(id.as_str()) == Some(&place) {
                    self.held_alerts.remove(id.as_str());
                }
            }
        }
        record.alerts = Source::Held(alerts.iter().map(serialised).collect());
        record.alert_keys.take();
        record.touched = true;
        self.note_alerts(place, alerts);
    }

    /// Records the incident of these alerts.
    pub(super) fn note_alerts(&mut self, place: Place, alerts: &[Object]) {
        let ids = alerts.iter().filter_map(|alert| text_of(alert, "id"));
        self.held_alerts.extend(ids.map(|id| (id.into(), place)));
    }

    /// Stores the previous state of an alert, for reads that lag behind.
    pub(super) fn note_before(&mut self, place: Place, id: &str, text: Bytes) {
        let record = &mut self.records[place as usize];
        record.alerts_before.retain(|before| &*before.id != id);
        record.alerts_before.push(AlertBefore {
            id: id.into(),
            text,
            written: Instant::now(),
        });
    }
}

impl Record {
    /// The state that a read shows instead of the last write of an alert.
    fn alert_before(&self, id: &str, freshness: Freshness) -> Option<&Bytes> {
        let before = self.alerts_before.iter().find(|before| &*before.id == id)?;
        freshness
            .hides(before.written.elapsed())
            .then_some(&before.text)
    }
}

/// An alert as a row: its keys at once, other columns when they are needed.
pub(super) struct AlertRow<'a> {
    tenant: &'a Tenant,
    pub(super) record: &'a Record,
    pub(super) number: usize,
    pub(super) keys: &'a AlertKeys,
    /// The state in an index that lags behind.
    before: Option<Object>,
    whole: OnceCell<Object>,
}

impl<'a> AlertRow<'a> {
    /// The rows of an incident's alerts.
    pub(super) fn of(
        tenant: &'a Tenant,
        record: &'a Record,
        index: Freshness,
    ) -> impl Iterator<Item = Self> {
        let keys = tenant.alert_keys(record).iter().enumerate();
        keys.map(move |(number, keys)| Self {
            tenant,
            record,
            number,
            keys,
            before: record
                .alert_before(&keys.id, index)
                .map(|text| parsed(text)),
            whole: OnceCell::new(),
        })
    }

    fn whole(&self) -> &Object {
        self.whole.get_or_init(|| {
            let text = self
                .tenant
                .alert_text(self.record, self.number, Freshness::NOW);
            text.map(|text| parsed(&text)).unwrap_or_default()
        })
    }
}

impl Row for AlertRow<'_> {
    fn datum(&self, column: &Column) -> Datum<'_> {
        if let Some(before) = &self.before {
            return before.datum(column);
        }
        let name = column.name.as_str();
        if let Some(place) = TEXTS.iter().position(|text| *text == name) {
            let text = self.keys.texts[place].as_deref();
            return text.map_or(Datum::Null, Datum::Text);
        }
        match name {
            "id" => Datum::Text(&self.keys.id),
            "createdDateTime" => Datum::Time(self.keys.created),
            "lastUpdateDateTime" => Datum::Time(self.keys.updated),
            _ => self.whole().datum(column),
        }
    }

    fn mentions(&self, text: &str) -> bool {
        let before = self.before.as_ref();
        before.unwrap_or_else(|| self.whole()).mentions(text)
    }
}
