//! The hash of an item, by which a listing notices that it has already returned it.

use serde_json::{Number, Value};

use crate::data::view::View;

/// A hash of a value and of its key.
pub(super) struct Digest {
    state: u64,
    depth: u32,
    /// The hash of the text of `id` in the outermost object.
    key: Option<u64>,
    seed: u64,
}

/// The kind of a value, so that equal bits of different kinds differ.
#[derive(Clone, Copy)]
enum Kind {
    Null = 1,
    Bool,
    Integer,
    Unsigned,
    Float,
    Time,
    ListStart,
    ListEnd,
    ObjectStart,
    ObjectEnd,
}

impl Digest {
    /// Hashes an item. Hashes with different seeds cannot be compared.
    pub(super) fn of(item: &View<'_>, seed: u64) -> Self {
        let mut digest = Self {
            state: seed,
            depth: 0,
            key: None,
            seed,
        };
        digest.view(item);
        digest
    }

    /// The hash of the key; none if the item has none.
    pub(super) fn key(&self) -> Option<u64> {
        self.key
    }

    /// The hash of the whole item.
    pub(super) fn content(&self) -> u64 {
        self.state
    }

    fn view(&mut self, view: &View<'_>) {
        match view {
            View::Null => self.mark(Kind::Null, 0),
            View::Text(text) => self.text(text),
            View::Displayed(value) => self.text(&value.to_string()),
            View::Time(time) => {
                self.mark(Kind::Time, time.timestamp().cast_unsigned());
                self.mark(Kind::Time, time.timestamp_subsec_nanos().into());
            }
            View::Bool(flag) => self.mark(Kind::Bool, u64::from(*flag)),
            View::I64(number) => self.mark(Kind::Integer, number.cast_unsigned()),
            View::F64(number) => self.mark(Kind::Float, number.to_bits()),
            View::Json(value) => self.json(value),
            View::JsonMap(map) => self.object(map),
            View::List(items) => {
                self.mark(Kind::ListStart, 0);
                items.each(&mut |item| {
                    self.view(&item);
                    true
                });
                self.mark(Kind::ListEnd, 0);
            }
            View::Object(_) | View::Tagged { .. } => {
                self.mark(Kind::ObjectStart, 0);
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
                self.mark(Kind::ObjectEnd, 0);
            }
        }
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::Null => self.mark(Kind::Null, 0),
            Value::Bool(flag) => self.mark(Kind::Bool, u64::from(*flag)),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.mark(Kind::ListStart, 0);
                items.iter().for_each(|item| self.json(item));
                self.mark(Kind::ListEnd, 0);
            }
            Value::Object(map) => self.object(map),
        }
    }

    fn object(&mut self, map: &serde_json::Map<String, Value>) {
        self.mark(Kind::ObjectStart, 0);
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
        self.mark(Kind::ObjectEnd, 0);
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

    fn number(&mut self, number: &Number) {
        if let Some(integer) = number.as_i64() {
            self.mark(Kind::Integer, integer.cast_unsigned());
        } else if let Some(integer) = number.as_u64() {
            self.mark(Kind::Unsigned, integer);
        } else {
            let float = number.as_f64().unwrap_or(f64::NAN);
            self.mark(Kind::Float, float.to_bits());
        }
    }

    fn mark(&mut self, kind: Kind, value: u64) {
        self.pair(value, (kind as u64) << 56);
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
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;
    use crate::data::view::Entries;

    /// An object with an object before its key.
    struct Outer(Option<&'static str>);

    impl Entries for Outer {
        fn each(&self, put: &mut dyn FnMut(&str, View<'_>) -> bool) {
            if put("inner", View::Object(&Inner))
                && let Some(id) = self.0
            {
                put("id", View::Text(id));
            }
        }
    }

    struct Inner;

    impl Entries for Inner {
        fn each(&self, put: &mut dyn FnMut(&str, View<'_>) -> bool) {
            put("id", View::Text("9"));
        }
    }

    #[test]
    fn the_key_of_a_typed_object_is_its_own_id_after_nested_objects_too() {
        let key = |id| Digest::of(&View::Object(&Outer(id)), 2).key();
        assert_eq!(key(None), None);
        assert!(key(Some("1")).is_some());
        assert_ne!(key(Some("1")), key(Some("2")));
    }

    #[test]
    fn short_texts_that_end_alike_differ() {
        let mut seen = HashSet::new();
        for letter in ["a", "b", "\0"] {
            for length in 1..=40 {
                let text = letter.repeat(length);
                let digest = Digest::of(&View::Text(&text), 2);
                assert!(seen.insert(digest.content()), "{letter:?} {length}");
            }
        }
    }

    #[test]
    fn values_of_different_kinds_differ_even_if_their_bits_are_the_same() {
        let (empty, number, text, list, object) =
            (json!(""), json!(0), json!("0"), json!([]), json!({}));
        let float = f64::from_bits(0);
        let views = [
            View::Null,
            View::Bool(false),
            View::Bool(true),
            View::I64(0),
            View::I64(1),
            View::F64(float),
            View::F64(f64::from_bits(1)),
            View::Time(chrono::DateTime::UNIX_EPOCH),
            View::Json(&empty),
            View::Json(&text),
            View::Json(&list),
            View::Json(&object),
        ];
        let mut seen = HashSet::new();
        for (place, view) in views.iter().enumerate() {
            assert!(seen.insert(Digest::of(view, 2).content()), "{place}");
        }
        assert_eq!(
            Digest::of(&View::I64(0), 2).content(),
            Digest::of(&View::Json(&number), 2).content()
        );
    }

    #[test]
    fn numbers_beyond_64_bits_and_their_neighbors_differ() {
        let mut seen = HashSet::new();
        for number in [
            json!(u64::MAX),
            json!(u64::MAX - 1),
            json!(1.5),
            json!(-1),
            json!(1e300),
        ] {
            assert!(
                seen.insert(Digest::of(&View::Json(&number), 2).content()),
                "{number}"
            );
        }
    }
}
