//! Reads a whole value, which must fit its place.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;

use super::super::slot::{Outcome, Slot};
use super::{Budget, SlotSeed};

/// Reads a whole value into a place; one that does not fit is an error.
#[allow(missing_debug_implementations, reason = "it holds a place of any type")]
pub struct Whole<'a> {
    slot: &'a mut dyn Slot,
    budget: &'a Budget,
}

impl Whole<'_> {
    /// Reads from any source.
    ///
    /// # Errors
    ///
    /// Returns what was expected and what was found, and the errors of the input.
    pub fn read<'de, D: Deserializer<'de>>(
        slot: &mut dyn Slot,
        deserializer: D,
    ) -> Result<(), D::Error> {
        Self::read_within(slot, deserializer, &Budget::unbounded())
    }

    pub(crate) fn read_within<'de, D: Deserializer<'de>>(
        slot: &mut dyn Slot,
        deserializer: D,
        budget: &Budget,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_any(Whole { slot, budget })
    }

    fn place(&mut self) -> SlotSeed<'_> {
        SlotSeed::new(self.slot, self.budget)
    }

    fn end<E: Error>(&self, outcome: Outcome) -> Result<(), E> {
        let found = match &outcome {
            Outcome::Taken => return Ok(()),
            Outcome::Null => Unexpected::Other("null"),
            Outcome::Misfit(value) => unexpected(value),
        };
        Err(E::invalid_type(found, self))
    }
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Other("null"),
        Value::Bool(flag) => Unexpected::Bool(*flag),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.slot.whole())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        let outcome = self.place().visit_str(text)?;
        self.end(outcome)
    }

    fn visit_bool<E: Error>(mut self, flag: bool) -> Result<(), E> {
        let outcome = self.place().visit_bool(flag)?;
        self.end(outcome)
    }

    fn visit_i64<E: Error>(mut self, number: i64) -> Result<(), E> {
        let outcome = self.place().visit_i64(number)?;
        self.end(outcome)
    }

    fn visit_u64<E: Error>(mut self, number: u64) -> Result<(), E> {
        let outcome = self.place().visit_u64(number)?;
        self.end(outcome)
    }

    fn visit_f64<E: Error>(mut self, number: f64) -> Result<(), E> {
        let outcome = self.place().visit_f64(number)?;
        self.end(outcome)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.end(Outcome::Null)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        let outcome = self.place().visit_map(map)?;
        self.end(outcome)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, sequence: A) -> Result<(), A::Error> {
        let outcome = self.place().visit_seq(sequence)?;
        self.end(outcome)
    }
}
