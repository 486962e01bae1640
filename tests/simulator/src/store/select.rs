//! Lists: which incidents, in which order, from which position.

use super::keys::IncidentRow;
use super::postings::Places;
use super::{Place, Record, Seen, Store, Tenant};
use crate::freshness::Freshness;
use crate::query::{Continuation, ListQuery, compare};
use crate::time::Ticks;

/// Up to this number of candidates are sorted if a walk along an index does not find them soon; beyond it, the walk
/// continues until the page is full.
const FEW: usize = 20_000;

/// The number of index entries that are always visited before anything is sorted.
const SHORT_WALK: usize = 1_000;

/// A page of a list.
pub(crate) struct IncidentPage {
    pub(crate) incidents: Vec<Seen>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<Continuation>,
    /// The number of all matches, if it was requested.
    pub(crate) total: Option<usize>,
}

/// What a page is filled with.
struct Wanted<'t> {
    tenant: &'t Tenant,
    query: &'t ListQuery,
    /// Others cannot match.
    candidates: Option<&'t Places>,
    /// How many, with one that tells whether there is a next page.
    count: usize,
}

impl Wanted<'_> {
    /// The entries of a page; none if that many entries were visited and the page is not full.
    fn walked<'e>(
        &self,
        entries: impl Iterator<Item = &'e (Ticks, Place)>,
        most: Option<usize>,
    ) -> Option<Vec<(Ticks, Place)>> {
        let (mut found, mut skipped) = (Vec::with_capacity(self.count.min(FEW)), 0);
        for (looked_at, entry) in entries.enumerate() {
            if most.is_some_and(|most| looked_at >= most) {
                return None;
            }
            if !self.fits(*entry) {
                continue;
            }
            if skipped < self.query.skip {
                skipped += 1;
                continue;
            }
            found.push(*entry);
            if found.len() == self.count {
                break;
            }
        }
        Some(found)
    }

    fn fits(&self, (time, place): (Ticks, Place)) -> bool {
        let was_last = matches!(
            self.query.continuation,
            Some(Continuation::After(last_time, last)) if (last_time, last) == (time, place)
        );
        let may_match = self
            .candidates
            .is_none_or(|candidates| candidates.contains(place));
        !was_last
            && may_match
            && self
                .tenant
                .records
                .get(place as usize)
                .is_some_and(|record| self.tenant.matches(self.query, record))
    }
}

fn in_order<'e>(
    entries: impl DoubleEndedIterator<Item = &'e (Ticks, Place)> + 'e,
    descending: bool,
) -> Box<dyn Iterator<Item = &'e (Ticks, Place)> + 'e> {
    match descending {
        true => Box::new(entries.rev()),
        false => Box::new(entries),
    }
}

impl Store {
    /// A page of at most `top` incidents.
    pub(crate) fn page(&self, query: &ListQuery, top: usize, freshness: Freshness) -> IncidentPage {
        let tenant = self.tenant.read();
        let (places, next) = tenant.places(query, top);
        IncidentPage {
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
        if query.condition.is_none() {
            return self.records.len();
        }
        let matches = |record: &&Record| self.matches(query, record);
        match self.candidates(query) {
            Some(candidates) => candidates
                .iter()
                .filter_map(|place| self.records.get(place as usize))
                .filter(matches)
                .count(),
            None => self.records.iter().filter(matches).count(),
        }
    }

    /// The incidents that can match; none if all must be checked.
    fn candidates(&self, query: &ListQuery) -> Option<Places> {
        // The index has the latest values only.
        let condition = query.condition.as_ref()?;
        (query.index == Freshness::NOW)
            .then(|| self.postings.candidates(condition))
            .flatten()
    }

    fn places(&self, query: &ListQuery, top: usize) -> (Vec<Place>, Option<Continuation>) {
        let (index, name, descending) = match query.order.as_slice() {
            // The indexes have the latest writes: for a state that lags behind, everything is checked.
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
        let candidates = self.candidates(query);
        let wanted = Wanted {
            tenant: self,
            query,
            candidates: candidates.as_ref(),
            count: top.saturating_add(1),
        };
        let few = candidates
            .as_ref()
            .filter(|candidates| candidates.len() <= FEW);
        // Usually the page is full after a short walk; if not, the few candidates are sorted.
        let walked = wanted.walked(
            in_order(index.range(first..=last), descending),
            few.map(|few| few.len().max(SHORT_WALK)),
        );
        let mut found = match (walked, few) {
            (Some(found), _) => found,
            (None, Some(few)) => {
                let entries = self.sorted_entries(few, name, first, last);
                let entries = in_order(entries.iter(), descending);
                wanted.walked(entries, None).unwrap_or_default()
            }
            (None, None) => Vec::new(),
        };
        let more = found.len() > top;
        found.truncate(top);
        let next = query
            .last_of_page(&found)
            .filter(|_| more)
            .map(|(time, place)| Continuation::After(*time, *place));
        (found.into_iter().map(|(_, place)| place).collect(), next)
    }

    /// The candidates in a range of an index, in order.
    fn sorted_entries(
        &self,
        candidates: &Places,
        name: &str,
        first: (Ticks, Place),
        last: (Ticks, Place),
    ) -> Vec<(Ticks, Place)> {
        let mut entries: Vec<(Ticks, Place)> = candidates
            .iter()
            .filter_map(|place| {
                let keys = &self.records.get(place as usize)?.keys;
                let time = if name == "createdDateTime" {
                    keys.created
                } else {
                    keys.updated
                };
                Some((time, place))
            })
            .filter(|entry| (first..=last).contains(entry))
            .collect();
        entries.sort_unstable();
        entries
    }

    /// For an order without an index: all matches are sorted.
    fn sorted(&self, query: &ListQuery, top: usize) -> (Vec<Place>, Option<Continuation>) {
        let candidates = self.candidates(query);
        let mut rows: Vec<(Place, IncidentRow<'_>)> = self
            .by_created
            .iter()
            .rev()
            .filter(|(_, place)| {
                candidates
                    .as_ref()
                    .is_none_or(|candidates| candidates.contains(*place))
            })
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
