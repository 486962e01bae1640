//! The items that a listing has returned: an item on two pages is returned once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};

use serde_json::Value;

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
        let mut digest = Digest {
            state: self.seed,
            depth: 0,
            key: None,
            seed: self.seed,
        };
        digest.view(item);
        let Some(key) = digest.key else {
            return Occurrence::First;
        };
        let has_room = self.by_key.len() < MOST;
        match self.by_key.entry(key) {
            Entry::Occupied(mut known) => match known.insert(digest.state) == digest.state {
                true => Occurrence::Same,
                false => Occurrence::Newer,
            },
            Entry::Vacant(unknown) => {
                match has_room {
                    true => _ = unknown.insert(digest.state),
                    false => self.is_full = true,
                }
                Occurrence::First
            }
        }
    }
}

/// A hash of a value and of its key.
struct Digest {
    state: u64,
    depth: u32,
    /// The text of `id` in the outermost object.
    key: Option<u64>,
    seed: u64,
}

impl Digest {
    fn view(&mut self, view: &View<'_>) {
        match view {
            View::Null => self.word(1),
            View::Text(text) => self.text(text),
            View::Displayed(value) => self.text(&value.to_string()),
            View::Time(time) => self.pair(
                time.timestamp().cast_unsigned(),
                u64::from(time.timestamp_subsec_nanos()),
            ),
            View::Bool(flag) => self.word(2 + u64::from(*flag)),
            View::I64(number) => self.word(number.cast_unsigned()),
            View::F64(number) => self.word(number.to_bits()),
            View::Json(value) => self.json(value),
            View::JsonMap(map) => self.object(map),
            View::List(items) => {
                self.word(5);
                items.each(&mut |item| {
                    self.view(&item);
                    true
                });
                self.word(6);
            }
            View::Object(_) | View::Tagged { .. } => {
                self.word(7);
                self.depth += 1;
                view.each_entry(&mut |name, value| {
                    self.text(name);
                    self.view(&value);
                    if let (true, View::Text(id)) = (self.is_key(name), &value) {
                        self.take_key(id);
                    }
                    true
                });
                self.depth -= 1;
                self.word(8);
            }
        }
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::Null => self.word(1),
            Value::Bool(flag) => self.word(2 + u64::from(*flag)),
            Value::Number(number) => self.text(&number.to_string()),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.word(5);
                items.iter().for_each(|item| self.json(item));
                self.word(6);
            }
            Value::Object(map) => self.object(map),
        }
    }

    fn object(&mut self, map: &serde_json::Map<String, Value>) {
        self.word(7);
        self.depth += 1;
        for (name, value) in map {
            self.text(name);
            self.json(value);
            match value {
                Value::String(id) if self.is_key(name) => self.take_key(id),
                _ => {}
            }
        }
        self.depth -= 1;
        self.word(8);
    }

    fn is_key(&self, name: &str) -> bool {
        self.depth == 1 && name == "id"
    }

    fn take_key(&mut self, id: &str) {
        if !id.is_empty() {
            let mut key = Digest {
                state: self.seed,
                ..*self
            };
            key.text(id);
            self.key = Some(key.state);
        }
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut rest = bytes;
        while let Some((piece, more)) = rest.split_first_chunk::<16>()
            && !more.is_empty()
        {
            let (first, second) = ends(piece);
            self.pair(first, second);
            rest = more;
        }
        // The ends of what is left overlap, so its length is part of the hash.
        let (first, second) = ends(rest);
        let length = (bytes.len() as u64).wrapping_mul(self.seed | 1);
        self.pair(first, second ^ length);
    }

    fn word(&mut self, word: u64) {
        self.pair(word, 0);
    }

    /// Mixes 16 bytes into the hash: both halves of a product depend on each of its factors.
    fn pair(&mut self, first: u64, second: u64) {
        let factors = (self.state ^ first, second ^ self.seed.rotate_left(17));
        let product = u128::from(factors.0).wrapping_mul(u128::from(factors.1));
        let [low, high] = [product, product >> 64].map(|half| half as u64);
        self.state = low ^ high ^ self.seed;
    }
}

/// The first and the last bytes of up to 16 as numbers.
#[inline]
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|bytes| u32::from_le_bytes(*bytes));
        (first.into(), last.into())
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|bytes| u16::from_le_bytes(*bytes));
        (first.into(), last.into())
    } else {
        (bytes.first().copied().unwrap_or_default().into(), 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_is_known_by_its_key_and_its_content() {
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
    fn what_has_no_key_is_always_given() {
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
    fn texts_that_are_alike_differ() {
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
    fn short_texts_that_end_alike_differ() {
        let mut seen = std::collections::HashSet::new();
        for letter in ["a", "b", "\0"] {
            for length in 0..=40 {
                let mut digest = Digest {
                    state: 1,
                    depth: 0,
                    key: None,
                    seed: 2,
                };
                digest.text(&letter.repeat(length));
                assert!(
                    length == 0 || seen.insert(digest.state),
                    "{letter:?} {length}"
                );
            }
        }
    }

    #[test]
    fn typed_values_of_different_kinds_differ() {
        let mut seen = std::collections::HashSet::new();
        for view in [
            View::Null,
            View::Bool(true),
            View::Bool(false),
            View::I64(0),
            View::Text("0"),
            View::F64(0.5),
        ] {
            let mut digest = Digest {
                state: 1,
                depth: 0,
                key: None,
                seed: 2,
            };
            digest.view(&view);
            assert!(seen.insert(digest.state));
        }
    }

    #[test]
    fn memory_is_bounded_and_that_is_said() {
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
    fn a_key_is_found_behind_nested_objects_and_values_of_each_kind_differ() {
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
