//! Reads an update from JSON: it refuses unknown and repeated properties, and null for properties that cannot be
//! cleared.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::super::read::{Budget, Key, SlotSeed};
use super::super::slot::Outcome;
use super::super::unreadable::kind;
use super::Update;

/// Reads an update.
///
/// # Errors
///
/// Returns which property is unknown, repeated, cannot be cleared or has the wrong type, and the errors of the input.
pub fn read<'de, D: Deserializer<'de>>(
    update: &mut dyn Update,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Reader(update))
}

struct Reader<'a>(&'a mut dyn Update);

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the properties to change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let names = self.0.names();
        let mut seen = BTreeSet::new();
        while let Some(Key(name)) = map.next_key()? {
            let mut known = names.iter().enumerate();
            let Some((index, name)) = known.find(|(_, known)| **known == name) else {
                return Err(Error::unknown_field(&name, names));
            };
            if !seen.insert(index) {
                return Err(Error::duplicate_field(name));
            }
            read_property(self.0, index, name, &mut map)?;
        }
        Ok(())
    }
}

fn read_property<'de, A: MapAccess<'de>>(
    update: &mut dyn Update,
    index: usize,
    name: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let Some(place) = update.place(index) else {
        return Err(Error::custom(format_args!("`{name}` cannot be changed")));
    };
    let budget = Budget::unbounded();
    let mut result = Ok(Outcome::Null);
    let mut expected = "";
    place.put(&mut |slot| {
        expected = slot.expected();
        result = map.next_value_seed(SlotSeed::new(slot, &budget));
    });
    match result? {
        Outcome::Taken => Ok(()),
        Outcome::Null if place.clear() => Ok(()),
        Outcome::Null => Err(Error::custom(format_args!(
            "`{name}` cannot be cleared: expected {expected}, found null"
        ))),
        Outcome::Misfit(value) => Err(Error::custom(format_args!(
            "`{name}`: expected {expected}, found {}",
            kind(&value)
        ))),
    }
}
