//! Lists: which incidents, in which order, from where on.

use super::keys::IncidentRow;
use super::{Place, Record, Seen, Store, Tenant};
use crate::freshness::Freshness;
use crate::query::{Continuation, ListQuery, compare};
use crate::time::Ticks;

/// A page of a list.
pub(crate) struct Page {
    pub(crate) incidents: Vec<Seen>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<Continuation>,
    /// How many match in all, if that was asked for.
    pub(crate) total: Option<usize>,
}

impl Store {
    /// A page of at most `top` incidents.
    pub(crate) fn page(&self, query: &ListQuery, top: usize, freshness: Freshness) -> Page {
        let tenant = self.tenant.read();
        let (places, next) = tenant.places(query, top);
        Page {
            incidents: places
                .into_iter()
                .filter_map(|place| tenant.records.get(place as usize))
                .map(|record| tenant.seen(record, freshness))
                .collect(),
            next,
            total: query.count.then(|| tenant.count(query)),
        }
    }

    /// How many incidents match.
    pub(crate) fn count(&self, query: &ListQuery) -> usize {
        self.tenant.read().count(query)
    }
}

impl Tenant {
    fn count(&self, query: &ListQuery) -> usize {
        match &query.condition {
            None => self.records.len(),
            Some(_) => self
                .records
                .iter()
                .filter(|record| self.matches(query, record))
                .count(),
        }
    }

    fn places(&self, query: &ListQuery, top: usize) -> (Vec<Place>, Option<Continuation>) {
        let (index, name, descending) = match query.order.as_slice() {
            // The indexes have the latest writes: what lags behind is found by looking at everything.
            _ if query.index != Freshness::NOW => return self.sorted(query, top),
            // D: newest first.
            [] => (&self.by_created, "createdDateTime", true),
            [key] if key.column.name == "createdDateTime" => {
                (&self.by_created, "createdDateTime", key.descending)
            }
            [key] if key.column.name == "lastUpdateDateTime" => {
                (&self.by_updated, "lastUpdateDateTime", key.descending)
            }
            _ => return self.sorted(query, top),
        };
        let (earliest, latest) = query
            .condition
            .as_ref()
            .map_or((Ticks(i64::MIN), Ticks(i64::MAX)), |condition| {
                condition.range(name)
            });
        let (mut first, mut last) = ((earliest, 0), (latest, Place::MAX));
        if let Some(Continuation::After(time, place)) = query.continuation {
            if descending {
                last = last.min((time, place));
            } else {
                first = first.max((time, place));
            }
        }
        if first > last {
            return (Vec::new(), None);
        }
        let seen_last = match query.continuation {
            Some(Continuation::After(time, place)) => Some((time, place)),
            _ => None,
        };
        let range = index.range(first..=last);
        let mut entries: Box<dyn Iterator<Item = &(Ticks, Place)>> = if descending {
            Box::new(range.rev())
        } else {
            Box::new(range)
        };
        let mut found: Vec<(Ticks, Place)> = entries
            .by_ref()
            .filter(|entry| seen_last != Some(**entry))
            .filter(|(_, place)| {
                self.records
                    .get(*place as usize)
                    .is_some_and(|record| self.matches(query, record))
            })
            .skip(query.skip)
            .take(top.saturating_add(1))
            .copied()
            .collect();
        let more = found.len() > top;
        found.truncate(top);
        let next = query
            .last_of_page(&found)
            .filter(|_| more)
            .map(|(time, place)| Continuation::After(*time, *place));
        (found.into_iter().map(|(_, place)| place).collect(), next)
    }

    /// For an order that no index has: everything that matches is sorted.
    fn sorted(&self, query: &ListQuery, top: usize) -> (Vec<Place>, Option<Continuation>) {
        let mut rows: Vec<(Place, IncidentRow<'_>)> = self
            .by_created
            .iter()
            .rev()
            .filter_map(|(_, place)| {
                self.records
                    .get(*place as usize)
                    .map(|record| (*place, record))
            })
            .filter(|(_, record)| self.matches(query, record))
            .map(|(place, record)| (place, IncidentRow::new(self, record, query.index)))
            .collect();
        rows.sort_by(|(_, left), (_, right)| compare(&query.order, left, right));
        let first = match query.continuation {
            Some(Continuation::Offset(offset)) => offset,
            _ => query.skip,
        };
        let places: Vec<Place> = rows
            .iter()
            .skip(first)
            .take(top)
            .map(|(place, _)| *place)
            .collect();
        let end = first.saturating_add(places.len());
        let next = (rows.len() > end && !places.is_empty())
            .then(|| Continuation::Offset(query.next_offset(end, places.len())));
        (places, next)
    }

    fn matches(&self, query: &ListQuery, record: &Record) -> bool {
        query
            .condition
            .as_ref()
            .is_none_or(|condition| condition.matches(&IncidentRow::new(self, record, query.index)))
    }
}
