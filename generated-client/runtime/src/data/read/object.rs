//! Reads the properties of an object into its fields.

use std::sync::atomic::{AtomicU16, Ordering::Relaxed};

use serde::de::{Deserializer as _, MapAccess};
use serde_json::Value;

use super::super::JsonMap;
use super::super::nulls::set_null_at;
use super::super::slot::{Outcome, Properties, Shape};
use super::{Budget, Key, SlotSeed, next_json};

/// An object that is being read. If a property is repeated, its last value counts.
pub(super) struct ObjectReader<'a> {
    object: &'a mut dyn Properties,
    /// The entries without a field.
    rest: JsonMap,
    order: Order,
    seen: Seen,
}

impl<'a> ObjectReader<'a> {
    pub(super) fn new(object: &'a mut dyn Properties) -> Self {
        Self {
            order: Order::new(object),
            object,
            rest: JsonMap::new(),
            seen: Seen::default(),
        }
    }

    pub(super) fn into_rest(self) -> JsonMap {
        self.rest
    }

    /// Reads the remaining properties of a map, from its next key.
    pub(super) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        first: Option<Key<'de>>,
        mut map: A,
        budget: &Budget,
    ) -> Result<(), A::Error> {
        let mut next = first;
        while let Some(Key(name)) = next {
            match self.order.place_of(&name) {
                Some(place) => {
                    self.read_property(place, &name, budget, |seed| map.next_value_seed(seed))?
                }
                None => {
                    let value = next_json(&mut map, budget)?;
                    self.rest.insert(name.into_owned(), value);
                }
            }
            next = map.next_key()?;
        }
        Ok(())
    }

    /// Reads a property that is already parsed JSON.
    pub(super) fn put(&mut self, name: String, value: Value) {
        let Some(place) = self.order.place_of(&name) else {
            self.rest.insert(name, value);
            return;
        };
        let budget = Budget::unbounded();
        let read = |seed: SlotSeed<'_>| (&value).deserialize_any(seed);
        // The JSON was already parsed once, so parsing it again cannot fail; the value is kept nevertheless.
        if self.read_property(place, &name, &budget, read).is_err() {
            self.rest.insert(name, value);
        }
    }

    #[inline]
    fn read_property<E>(
        &mut self,
        place: PropertyPlace,
        name: &str,
        budget: &Budget,
        read: impl FnOnce(SlotSeed<'_>) -> Result<Outcome, E>,
    ) -> Result<(), E> {
        let mut object: &mut dyn Properties = &mut *self.object;
        if place.is_of_base {
            object = match object.base_mut() {
                Some(base) => base,
                None => return Ok(()),
            };
        }
        if self.seen.is_again(place.number) {
            self.rest.remove(name);
            set_null_at(object.beside_mut().nulls, place.index, false);
            if let Some(slot) = object.slot_mut(place.index) {
                slot.clear();
            }
        }
        let Some(slot) = object.slot_mut(place.index) else {
            return Ok(());
        };
        match read(SlotSeed::new(slot, budget))? {
            Outcome::Taken => {}
            Outcome::Null => set_null_at(object.beside_mut().nulls, place.index, true),
            Outcome::Misfit(value) => {
                slot.clear();
                self.rest.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }
}

/// Reads the declared properties of an object.
pub(crate) fn read_properties_of(object: &mut dyn Properties, json: &JsonMap) {
    let budget = Budget::unbounded();
    for (index, name) in object.shape().properties.iter().enumerate() {
        let (Some(value), Some(slot)) = (json.get(*name), object.slot_mut(index)) else {
            continue;
        };
        if let Ok(Outcome::Null) = value.deserialize_any(SlotSeed::new(slot, &budget)) {
            set_null_at(object.beside_mut().nulls, index, true);
        }
    }
}

/// The properties that were already read: one bit for each.
#[derive(Default)]
struct Seen([u64; 4]);

impl Seen {
    /// Whether a property was already read. Properties beyond the bits count as read.
    #[inline]
    fn is_again(&mut self, number: usize) -> bool {
        let bit = 1 << (number % 64);
        match self.0.get_mut(number / 64) {
            Some(word) => {
                let is_again = *word & bit != 0;
                *word |= bit;
                is_again
            }
            None => true,
        }
    }
}

/// The location of a property.
#[derive(Clone, Copy)]
struct PropertyPlace {
    is_of_base: bool,
    /// Among the properties of the type, or those of its base.
    index: usize,
    /// Among both.
    number: usize,
}

/// Finds properties: first at their last positions, because a service writes them in the same order.
struct Order {
    own: Cursor,
    base: Option<Cursor>,
}

impl Order {
    fn new(object: &dyn Properties) -> Self {
        Self {
            own: Cursor::new(object.shape()),
            base: object.base().map(|base| Cursor::new(base.shape())),
        }
    }

    #[inline]
    fn place_of(&mut self, name: &str) -> Option<PropertyPlace> {
        if let Some(index) = self.own.guess(name) {
            return Some(self.own_place(index));
        }
        if let Some(base) = &mut self.base
            && let Some(index) = base.guess(name)
        {
            return Some(self.base_place(index));
        }
        self.find(name)
    }

    fn find(&mut self, name: &str) -> Option<PropertyPlace> {
        if let Some(index) = self.own.find(name) {
            return Some(self.own_place(index));
        }
        let index = self.base.as_mut()?.find(name)?;
        Some(self.base_place(index))
    }

    fn own_place(&self, index: usize) -> PropertyPlace {
        PropertyPlace {
            is_of_base: false,
            index,
            number: index,
        }
    }

    fn base_place(&self, index: usize) -> PropertyPlace {
        PropertyPlace {
            is_of_base: true,
            index,
            number: self.own.shape.properties.len() + index,
        }
    }
}

/// A walk through the properties of a type.
struct Cursor {
    shape: &'static Shape,
    /// The last known successor of each property.
    next: &'static [AtomicU16],
    /// The current position: 0 before the first property, one more than its index after any other.
    after: usize,
}

impl Cursor {
    fn new(shape: &'static Shape) -> Self {
        Self {
            shape,
            next: shape.next(),
            after: 0,
        }
    }

    #[inline]
    fn guess(&mut self, name: &str) -> Option<usize> {
        let index = usize::from(self.next.get(self.after)?.load(Relaxed));
        if *self.shape.properties.get(index)? != name {
            return None;
        }
        self.after = index + 1;
        Some(index)
    }

    fn find(&mut self, name: &str) -> Option<usize> {
        let mut names = self.shape.properties.iter();
        let index = names.position(|known| *known == name)?;
        if let (Some(next), Ok(index)) = (self.next.get(self.after), u16::try_from(index)) {
            next.store(index, Relaxed);
        }
        self.after = index + 1;
        Some(index)
    }
}
