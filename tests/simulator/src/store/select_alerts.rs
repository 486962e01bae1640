//! Lists of the tenant's alerts: which, in which order, from which position.

use bytes::Bytes;

use super::alerts::AlertRow;
use super::{Store, Tenant};
use crate::filter::{Column, Datum, PropertyKind, Row};
use crate::freshness::Freshness;
use crate::query::{Continuation, ListQuery, compare};
use crate::time::Ticks;

/// A page of alerts.
pub(crate) struct AlertPage {
    pub(crate) alerts: Vec<Bytes>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<Continuation>,
    /// The number of all matches, if it was requested.
    pub(crate) total: Option<usize>,
}

impl Store {
    /// A page of at most `top` alerts of any incidents.
    pub(crate) fn alert_page(
        &self,
        query: &ListQuery,
        top: usize,
        freshness: Freshness,
    ) -> AlertPage {
        let tenant = self.tenant.read();
        let rows = tenant.alert_rows(query);
        let total = query.count.then_some(rows.len());
        let (rows, next) = match time_order(query) {
            Some((column, descending)) => by_time(query, top, rows, &column, descending),
            None => by_order(query, top, rows),
        };
        let alerts = rows
            .iter()
            .filter_map(|row| tenant.alert_text(row.record, row.number, freshness))
            .collect();
        AlertPage {
            alerts,
            next,
            total,
        }
    }
}

impl Tenant {
    fn alert_rows(&self, query: &ListQuery) -> Vec<AlertRow<'_>> {
        let rows = self
            .records
            .iter()
            .flat_map(|record| AlertRow::of(self, record, query.index));
        match &query.condition {
            Some(condition) => rows.filter(|row| condition.matches(row)).collect(),
            None => rows.collect(),
        }
    }
}

/// The time that alone determines the order; D: newest first by default.
fn time_order(query: &ListQuery) -> Option<(Column, bool)> {
    match query.order.as_slice() {
        [] => Some((
            Column {
                name: "createdDateTime".to_owned(),
                kind: PropertyKind::Time,
            },
            true,
        )),
        [key] if key.column.kind == PropertyKind::Time => {
            Some((key.column.clone(), key.descending))
        }
        _ => None,
    }
}

/// A page that begins after a time, so that it is stable while alerts move.
fn by_time<'a>(
    query: &ListQuery,
    top: usize,
    rows: Vec<AlertRow<'a>>,
    column: &Column,
    descending: bool,
) -> (Vec<AlertRow<'a>>, Option<Continuation>) {
    let mut entries: Vec<((Ticks, u32), AlertRow<'a>)> = rows
        .into_iter()
        .map(|row| {
            let time = match row.datum(column) {
                Datum::Time(time) => time,
                _ => Ticks(0),
            };
            ((time, mark(&row.keys.id)), row)
        })
        .collect();
    entries.sort_by_key(|(key, _)| *key);
    if descending {
        entries.reverse();
    }
    if let Some(Continuation::After(time, place)) = query.continuation {
        let last = (time, place);
        entries.retain(|(key, _)| match descending {
            true => *key < last,
            false => *key > last,
        });
    }
    let mut found: Vec<_> = entries
        .into_iter()
        .skip(query.skip)
        .take(top.saturating_add(1))
        .collect();
    let more = found.len() > top;
    found.truncate(top);
    let next = query.last_of_page(&found).filter(|_| more);
    let next = next.map(|((time, place), _)| Continuation::After(*time, *place));
    (found.into_iter().map(|(_, row)| row).collect(), next)
}

/// A page in any other order.
fn by_order<'a>(
    query: &ListQuery,
    top: usize,
    mut rows: Vec<AlertRow<'a>>,
) -> (Vec<AlertRow<'a>>, Option<Continuation>) {
    rows.sort_by(|left, right| compare(&query.order, left, right));
    let first = match query.continuation {
        Some(Continuation::Offset(offset)) => offset,
        _ => query.skip,
    };
    let total = rows.len();
    let rows: Vec<_> = rows.into_iter().skip(first).take(top).collect();
    let end = first.saturating_add(rows.len());
    let next = (end < total && !rows.is_empty())
        .then(|| Continuation::Offset(query.next_offset(end, rows.len())));
    (rows, next)
}

/// FNV-1a: orders alerts with the same time.
fn mark(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
