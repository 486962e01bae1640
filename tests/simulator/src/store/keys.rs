//! The properties of an incident for sorting and filtering, kept beside its text.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use super::{Record, Tenant};
use crate::contract::Contract;
use crate::filter::{Column, Datum, Row};
use crate::freshness::Freshness;
use crate::generator::Sketch;
use crate::object::{Object, parsed, text_of};
use crate::time::Ticks;

/// The indexed values of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) created: Ticks,
    pub(crate) updated: Ticks,
    pub(crate) assigned_to: Option<Arc<str>>,
    pub(crate) classification: Option<Arc<str>>,
    pub(crate) determination: Option<Arc<str>>,
    pub(crate) severity: Option<Arc<str>>,
    pub(crate) status: Option<Arc<str>>,
    /// Whether it has members that only some callers see.
    pub(crate) evolvable: bool,
}

/// Frequent strings, each kept once.
#[derive(Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    fn kept(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

impl Keys {
    pub(crate) fn of(contract: &Contract, pool: &mut Pool, incident: &Object) -> Self {
        let time = |name| {
            text_of(incident, name)
                .and_then(Ticks::parse)
                .unwrap_or(Ticks(0))
        };
        let mut text = |name| text_of(incident, name).map(|text| pool.kept(text));
        Self {
            created: time("createdDateTime"),
            updated: time("lastUpdateDateTime"),
            assigned_to: text("assignedTo"),
            classification: text("classification"),
            determination: text("determination"),
            severity: text("severity"),
            status: text("status"),
            evolvable: false,
        }
        .checked(contract)
    }

    pub(crate) fn of_sketch(contract: &Contract, pool: &mut Pool, sketch: &Sketch) -> Self {
        Self {
            created: sketch.created,
            updated: sketch.updated,
            assigned_to: sketch.assigned_to.as_deref().map(|text| pool.kept(text)),
            classification: Some(pool.kept(sketch.classification)),
            determination: Some(pool.kept(sketch.determination)),
            severity: Some(pool.kept(sketch.severity)),
            status: Some(pool.kept(sketch.status)),
            evolvable: false,
        }
        .checked(contract)
    }

    fn checked(mut self, contract: &Contract) -> Self {
        self.evolvable = [
            ("AlertClassification", &self.classification),
            ("AlertDetermination", &self.determination),
            ("AlertSeverity", &self.severity),
            ("IncidentStatus", &self.status),
        ]
        .iter()
        .any(|(enumeration, member)| {
            contract
                .enumeration(enumeration)
                .zip(member.as_deref())
                .and_then(|(enumeration, member)| enumeration.member(member))
                .is_some_and(|member| member.evolvable)
        });
        self
    }
}

/// An incident as a row: its keys at once, other columns when they are needed.
pub(super) struct IncidentRow<'a> {
    tenant: &'a Tenant,
    record: &'a Record,
    /// The state in an index that lags behind.
    before: Option<Object>,
    whole: OnceCell<Object>,
}

impl<'a> IncidentRow<'a> {
    pub(super) fn new(tenant: &'a Tenant, record: &'a Record, index: Freshness) -> Self {
        Self {
            tenant,
            record,
            before: record.before(index).map(|text| parsed(text)),
            whole: OnceCell::new(),
        }
    }

    fn whole(&self) -> &Object {
        self.whole.get_or_init(|| self.tenant.object(self.record))
    }
}

impl Row for IncidentRow<'_> {
    fn datum(&self, column: &Column) -> Datum<'_> {
        if let Some(before) = &self.before {
            return before.datum(column);
        }
        let keys = &self.record.keys;
        let text = match column.name.as_str() {
            "createdDateTime" => return Datum::Time(keys.created),
            "lastUpdateDateTime" => return Datum::Time(keys.updated),
            "id" => return Datum::Text(&self.record.id),
            "assignedTo" => &keys.assigned_to,
            "classification" => &keys.classification,
            "determination" => &keys.determination,
            "severity" => &keys.severity,
            "status" => &keys.status,
            _ => return self.whole().datum(column),
        };
        text.as_deref().map_or(Datum::Null, Datum::Text)
    }

    fn mentions(&self, text: &str) -> bool {
        self.before
            .as_ref()
            .unwrap_or_else(|| self.whole())
            .mentions(text)
    }
}
