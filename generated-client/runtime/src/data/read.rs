//! Reads JSON into places: one loop for objects and one for lists, each compiled once for each source.

mod budget;
mod object;
mod tolerant;
mod union;
mod whole;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::JsonMap;
use super::slot::{List, OtherReason, Outcome, Scalar, Slot, Target};
use super::unreadable::UNREADABLE;

pub use budget::Budget;
use object::ObjectReader;
pub(crate) use object::read_properties_of;
pub(crate) use tolerant::{Tolerant, escaped};
pub use whole::Whole;

/// Reads any value into a place.
#[allow(missing_debug_implementations, reason = "it holds a place of any type")]
pub struct SlotSeed<'a> {
    slot: &'a mut dyn Slot,
    budget: &'a Budget,
}

impl<'a> SlotSeed<'a> {
    /// Reads into a place.
    pub fn new(slot: &'a mut dyn Slot, budget: &'a Budget) -> Self {
        Self { slot, budget }
    }
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SlotSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slot.expected())
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::Text(Cow::Borrowed(text))))
    }

    fn visit_string<E>(self, text: String) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::Text(Cow::Owned(text))))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::Bool(flag)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::I64(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::U64(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Outcome, E> {
        Ok(self.slot.scalar(Scalar::F64(number)))
    }

    #[inline]
    fn visit_unit<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    fn visit_none<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Outcome, A::Error> {
        read_map(self.slot.open_map(), map, self.budget)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Outcome, A::Error> {
        read_list(self.slot.open_list(), sequence, self.budget)
    }
}

/// Reads a value that is already parsed JSON.
pub(crate) fn read_json(slot: &mut dyn Slot, json: &Value) {
    // The JSON was already parsed once, so parsing it again cannot fail.
    let _ = json.deserialize_any(SlotSeed::new(slot, &Budget::unbounded()));
}

fn read_map<'de, A: MapAccess<'de>>(
    target: Target<'_>,
    mut map: A,
    budget: &Budget,
) -> Result<Outcome, A::Error> {
    let first = map.next_key()?;
    let is_unreadable = matches!(&first, Some(Key(name)) if name == UNREADABLE);
    match target {
        Target::Json(slot) => *slot = Some(Value::Object(json_map(first, map, budget)?)),
        Target::Union(union) if is_unreadable => {
            let json = json_map(first, map, budget)?;
            union.keep(Value::Object(json), OtherReason::NoObject);
        }
        Target::Object(object) if !is_unreadable => {
            budget.spend(size_of_val(object))?;
            let mut reader = ObjectReader::new(object);
            reader.read(first, map, budget)?;
            let rest = reader.into_rest();
            object.set_rest(rest);
        }
        Target::Union(union) => union::read_union(union, first, map, budget)?,
        Target::JsonMap(slot) if !is_unreadable => *slot = Some(json_map(first, map, budget)?),
        _ => {
            let json = json_map(first, map, budget)?;
            return Ok(Outcome::Misfit(Value::Object(json)));
        }
    }
    Ok(Outcome::Taken)
}

fn read_list<'de, A: SeqAccess<'de>>(
    target: Target<'_>,
    sequence: A,
    budget: &Budget,
) -> Result<Outcome, A::Error> {
    match target {
        Target::List(list) => return read_items(list, sequence, budget),
        Target::Json(slot) => *slot = Some(json_list(Vec::new(), sequence, budget)?),
        Target::Union(union) => {
            let json = json_list(Vec::new(), sequence, budget)?;
            union.keep(json, OtherReason::NoObject);
        }
        Target::Misfit | Target::Object(_) | Target::JsonMap(_) => {
            return json_list(Vec::new(), sequence, budget).map(Outcome::Misfit);
        }
    }
    Ok(Outcome::Taken)
}

fn read_items<'de, A: SeqAccess<'de>>(
    list: &mut dyn List,
    mut sequence: A,
    budget: &Budget,
) -> Result<Outcome, A::Error> {
    let item_bytes = list.item_bytes();
    loop {
        let mut result = Ok(None);
        list.item(&mut |slot| {
            result = sequence.next_element_seed(SlotSeed::new(slot, budget));
            matches!(result, Ok(Some(Outcome::Taken)))
        });
        let misfit = match result? {
            None => return Ok(Outcome::Taken),
            Some(Outcome::Taken) => None,
            Some(Outcome::Null) => Some(Value::Null),
            Some(Outcome::Misfit(value)) => Some(value),
        };
        budget.spend(item_bytes)?;
        if let Some(misfit) = misfit
            && let Some(items) = list.misfit(misfit)
        {
            return json_list(items, sequence, budget).map(Outcome::Misfit);
        }
    }
}

/// The remaining entries of an object, unchanged, from its next key.
fn json_map<'de, A: MapAccess<'de>>(
    first: Option<Key<'de>>,
    mut map: A,
    budget: &Budget,
) -> Result<JsonMap, A::Error> {
    let mut json = JsonMap::new();
    let mut next = first;
    while let Some(Key(name)) = next {
        let value = next_json(&mut map, budget)?;
        json.insert(name.into_owned(), value);
        next = map.next_key()?;
    }
    Ok(json)
}

/// The value of a property, unchanged.
fn next_json<'de, A: MapAccess<'de>>(map: &mut A, budget: &Budget) -> Result<Value, A::Error> {
    budget.spend(Budget::ENTRY)?;
    let mut json = None;
    map.next_value_seed(SlotSeed::new(&mut json, budget))?;
    Ok(json.unwrap_or_default())
}

/// The remaining items of a list, unchanged.
fn json_list<'de, A: SeqAccess<'de>>(
    mut list: Vec<Value>,
    mut sequence: A,
    budget: &Budget,
) -> Result<Value, A::Error> {
    loop {
        let mut json = None;
        match sequence.next_element_seed(SlotSeed::new(&mut json, budget))? {
            None => return Ok(Value::Array(list)),
            Some(_) => list.push(json.unwrap_or_default()),
        }
        budget.spend(size_of::<Value>())?;
    }
}

/// A key of an object, borrowed from the input unless it has escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property name")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(name.to_owned())))
    }

    fn visit_string<E>(self, name: String) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(name)))
    }
}
