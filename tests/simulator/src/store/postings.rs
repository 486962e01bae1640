//! The incidents that have a value: a bit for each, so that a filter reads few of a million.

use std::collections::HashMap;
use std::sync::Arc;

use super::Place;
use super::keys::Keys;
use crate::filter::{Column, Condition, Literal, Operator};

/// The columns to index, with few or many incidents per value.
const COLUMNS: [&str; 5] = [
    "assignedTo",
    "classification",
    "determination",
    "severity",
    "status",
];

/// The incidents of each value, for each column.
#[derive(Default)]
pub(super) struct Postings {
    columns: [HashMap<Arc<str>, Places>; 5],
}

/// A set of incidents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<u64>);

impl Postings {
    pub(super) fn add(&mut self, place: Place, keys: &Keys) {
        for (column, value) in self.columns.iter_mut().zip(values(keys)) {
            if let Some(value) = value {
                match column.get_mut(&**value) {
                    Some(places) => places.set(place, true),
                    None => {
                        let mut places = Places::default();
                        places.set(place, true);
                        column.insert(Arc::clone(value), places);
                    }
                }
            }
        }
    }

    pub(super) fn remove(&mut self, place: Place, keys: &Keys) {
        for (column, value) in self.columns.iter_mut().zip(values(keys)) {
            if let Some(places) = value.as_deref().and_then(|value| column.get_mut(value)) {
                places.set(place, false);
            }
        }
    }

    /// The incidents that may match; none if that is unknown.
    pub(super) fn candidates(&self, condition: &Condition) -> Option<Places> {
        match condition {
            Condition::Compare(column, Operator::Equal, literal) => self.having(column, literal),
            Condition::Among(column, literals) => {
                let sets = literals.iter().map(|literal| self.having(column, literal));
                sets.collect::<Option<Vec<_>>>().map(union)
            }
            Condition::Any(parts) => {
                let sets = parts.iter().map(|part| self.candidates(part));
                sets.collect::<Option<Vec<_>>>().map(union)
            }
            Condition::All(parts) => parts
                .iter()
                .filter_map(|part| self.candidates(part))
                .reduce(|one, other| one.both(&other)),
            _ => None,
        }
    }

    fn having(&self, column: &Column, literal: &Literal) -> Option<Places> {
        let index = COLUMNS.iter().position(|name| *name == column.name)?;
        match literal {
            Literal::Text(text) => Some(
                self.columns
                    .get(index)?
                    .get(text.as_str())
                    .cloned()
                    .unwrap_or_default(),
            ),
            _ => None,
        }
    }
}

fn values(keys: &Keys) -> [&Option<Arc<str>>; 5] {
    [
        &keys.assigned_to,
        &keys.classification,
        &keys.determination,
        &keys.severity,
        &keys.status,
    ]
}

fn union(sets: Vec<Places>) -> Places {
    sets.into_iter()
        .reduce(|one, other| one.either(&other))
        .unwrap_or_default()
}

impl Places {
    fn set(&mut self, place: Place, present: bool) {
        let (word, bit) = (place as usize / 64, place % 64);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word = (*word & !(1 << bit)) | (u64::from(present) << bit);
        }
    }

    pub(super) fn contains(&self, place: Place) -> bool {
        let word = self.0.get(place as usize / 64);
        word.is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let first = (index * 64) as Place;
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| first + bit)
        })
    }

    fn both(&self, other: &Self) -> Self {
        Self(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(one, other)| one & other)
                .collect(),
        )
    }

    fn either(self, other: &Self) -> Self {
        let (mut long, short) = if self.0.len() >= other.0.len() {
            (self.0, &other.0)
        } else {
            (other.0.clone(), &self.0)
        };
        for (one, other) in long.iter_mut().zip(short) {
            *one |= other;
        }
        Self(long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(places: &[Place]) -> Places {
        let mut set = Places::default();
        for place in places {
            set.set(*place, true);
        }
        set
    }

    #[test]
    fn sets_of_positions_are_united_and_intersected() {
        let (one, other) = (places(&[1, 64, 200]), places(&[64, 65]));
        assert_eq!(one.both(&other).iter().collect::<Vec<_>>(), [64]);
        assert_eq!(
            one.clone().either(&other).iter().collect::<Vec<_>>(),
            [1, 64, 65, 200]
        );
        assert_eq!(other.either(&one).len(), 4);
        assert!(one.contains(200) && !one.contains(201) && !one.contains(9_999));
        let mut gone = one;
        gone.set(64, false);
        assert_eq!(gone.len(), 2);
    }
}
