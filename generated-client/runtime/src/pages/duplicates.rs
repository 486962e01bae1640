//! The items that a listing has returned: an item on two pages is returned once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};

use super::digest::Digest;
use crate::data::view::View;
use crate::data::wire::Wire;

/// The maximum number of remembered items, 16 bytes each.
pub(super) const MOST: usize = 100_000;

/// An item in relation to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurrence {
    /// It is new, or that is unknown.
    First,
    /// It was returned before, and has changed since.
    Newer,
    /// It was returned before, unchanged.
    Same,
}

/// The hashes of the returned items: the hash of the content by the hash of the key.
#[derive(Debug)]
pub(super) struct Duplicates {
    by_key: HashMap<u64, u64>,
    /// Hashes differ from listing to listing, so that nobody can construct collisions.
    seed: u64,
    is_full: bool,
}

impl Default for Duplicates {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
            seed: RandomState::new().hash_one(0),
            is_full: false,
        }
    }
}

impl Duplicates {
    pub(super) fn see<T: Wire>(&mut self, item: &T) -> Occurrence {
        self.see_view(&item.view())
    }

    /// Whether an item could not be stored.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    fn see_view(&mut self, item: &View<'_>) -> Occurrence {
        let digest = Digest::of(item, self.seed);
        let Some(key) = digest.key() else {
            return Occurrence::First;
        };
        let content = digest.content();
        let has_room = self.by_key.len() < MOST;
        match self.by_key.entry(key) {
            Entry::Occupied(mut known) => match known.insert(content) == content {
                true => Occurrence::Same,
                false => Occurrence::Newer,
            },
            Entry::Vacant(unknown) => {
                match has_room {
                    true => _ = unknown.insert(content),
                    false => self.is_full = true,
                }
                Occurrence::First
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn an_item_is_recognized_by_its_key_and_content() {
        let mut duplicates = Duplicates::default();
        let mut see = |item: Value| duplicates.see(&item);
        assert_eq!(see(json!({"id": "1", "a": "x"})), Occurrence::First);
        assert_eq!(see(json!({"id": "2", "a": "x"})), Occurrence::First);
        assert_eq!(see(json!({"id": "1", "a": "x"})), Occurrence::Same);
        assert_eq!(see(json!({"id": "1", "a": "y"})), Occurrence::Newer);
        assert_eq!(see(json!({"id": "1", "a": "y"})), Occurrence::Same);
        assert_eq!(see(json!({"id": "1", "a": ["y"]})), Occurrence::Newer);
        assert_eq!(see(json!({"id": "1", "a": [["y"]]})), Occurrence::Newer);
        assert_eq!(
            see(json!({"id": "1", "a": "y", "b": null})),
            Occurrence::Newer
        );
    }

    #[test]
    fn items_without_a_key_are_always_returned() {
        let mut duplicates = Duplicates::default();
        for item in [
            json!({"a": 1}),
            json!({"id": ""}),
            json!({"b": {"id": "1"}}),
            json!("1"),
        ] {
            assert_eq!(duplicates.see(&item), Occurrence::First, "{item}");
            assert_eq!(duplicates.see(&item), Occurrence::First, "{item}");
        }
    }

    #[test]
    fn similar_strings_differ() {
        let long = "x".repeat(1_000);
        let mut duplicates = Duplicates::default();
        duplicates.see(&json!({"id": "1", "a": long}));
        for place in [0, 7, 8, 15, 16, 500, 999] {
            let mut other = long.clone();
            other.replace_range(place..=place, "y");
            assert_eq!(
                duplicates.see(&json!({"id": "1", "a": other})),
                Occurrence::Newer,
                "{place}"
            );
        }
    }

    #[test]
    fn memory_is_bounded_and_the_limit_is_reported() {
        let mut duplicates = Duplicates::default();
        for number in 0..MOST {
            duplicates.see(&json!({"id": number.to_string()}));
        }
        assert!(!duplicates.is_full());
        assert_eq!(
            duplicates.see(&json!({"id": "one more"})),
            Occurrence::First
        );
        assert!(duplicates.is_full());
        assert_eq!(
            duplicates.see(&json!({"id": "one more"})),
            Occurrence::First
        );
        assert_eq!(duplicates.see(&json!({"id": "0"})), Occurrence::Same);
    }

    #[test]
    fn a_key_after_nested_objects_is_found_and_values_of_each_kind_differ() {
        let mut duplicates = Duplicates::default();
        let mut see = |value: Value| duplicates.see(&json!({"a": {"b": value}, "id": "1"}));
        assert_eq!(see(json!({"c": 1})), Occurrence::First);
        assert_eq!(see(json!({"c": 1})), Occurrence::Same);
        for value in [json!(null), json!(true), json!(false), json!(1), json!("")] {
            assert_eq!(see(value.clone()), Occurrence::Newer, "{value}");
            assert_eq!(see(value.clone()), Occurrence::Same, "{value}");
        }
    }
}
