//! Reads an object as the type of its tag.

use std::fmt;

use serde::de::MapAccess;
use serde_json::Value;

use super::super::JsonMap;
use super::super::slot::{OtherReason, Outcome, Scalar, Slot, Tags, UnionSlot};
use super::super::view::View;
use super::{Budget, Key, ObjectReader, SlotSeed, next_json};

/// Reads an object from its next key. If the tag is repeated, the last one counts.
pub(super) fn read_union<'de, A: MapAccess<'de>>(
    union: &mut dyn UnionSlot,
    first: Option<Key<'de>>,
    mut map: A,
    budget: &Budget,
) -> Result<(), A::Error> {
    let tags = union.tags();
    let mut before = JsonMap::new();
    let mut next = first;
    while let Some(Key(name)) = next {
        if name == tags.discriminator {
            let mut tag = Tag::new(tags);
            let outcome = map.next_value_seed(SlotSeed::new(&mut tag, budget))?;
            if let Some(object) = tag.place.and_then(|place| union.begin(place)) {
                budget.spend(size_of_val(object))?;
                before.remove(tags.discriminator);
                let mut reader = ObjectReader::new(object);
                for (name, value) in before {
                    reader.put(name, value);
                }
                let next = map.next_key()?;
                reader.read(next, map, budget)?;
                let mut rest = reader.into_rest();
                let another = match rest.is_empty() {
                    true => None,
                    false => rest.remove(tags.discriminator),
                };
                if let Some(text) = tag.unusual {
                    // It is written back unchanged.
                    rest.insert(tags.discriminator.to_owned(), text.into());
                }
                object.set_rest(rest);
                if let Some(another) = another
                    && let Value::Object(mut json) = View::Object(object).into()
                {
                    json.insert(tags.discriminator.to_owned(), another);
                    read_again(union, tags, json);
                }
                return Ok(());
            }
            before.insert(name.into_owned(), tag.into_json(outcome));
        } else {
            let value = next_json(&mut map, budget)?;
            before.insert(name.into_owned(), value);
        }
        next = map.next_key()?;
    }
    read_again(union, tags, before);
    Ok(())
}

/// Reads an object that is already parsed JSON.
fn read_again(union: &mut dyn UnionSlot, tags: Tags, mut json: JsonMap) {
    let tag = json.remove(tags.discriminator);
    let text = tag.as_ref().and_then(Value::as_str);
    let reason = match (&tag, text) {
        (None, _) => OtherReason::NoType,
        (Some(_), None) => OtherReason::TypeIsNoString,
        (Some(_), Some(_)) => OtherReason::UnknownType,
    };
    let place = text.and_then(|text| tags.place_of(text));
    if let Some((place, is_usual)) = place
        && let Some(object) = union.begin(place)
    {
        let mut reader = ObjectReader::new(object);
        for (name, value) in json {
            reader.put(name, value);
        }
        let mut rest = reader.into_rest();
        if let (false, Some(tag)) = (is_usual, tag) {
            rest.insert(tags.discriminator.to_owned(), tag);
        }
        object.set_rest(rest);
        return;
    }
    json.extend(tag.map(|tag| (tags.discriminator.to_owned(), tag)));
    union.keep(Value::Object(json), reason);
}

/// The value that identifies the type of an object.
#[derive(Clone, PartialEq, Eq)]
struct Tag {
    tags: Tags,
    place: Option<usize>,
    /// A string in another spelling, or an unknown one.
    unusual: Option<String>,
}

impl Tag {
    fn new(tags: Tags) -> Self {
        Self {
            tags,
            place: None,
            unusual: None,
        }
    }

    /// The tag as sent, if it is not that of a known type.
    fn into_json(self, outcome: Outcome) -> Value {
        match (outcome, self.unusual) {
            (Outcome::Misfit(value), _) => value,
            (_, Some(text)) => text.into(),
            (_, None) => Value::Null,
        }
    }
}

impl Slot for Tag {
    fn expected(&self) -> &'static str {
        "the name of a type"
    }

    fn scalar(&mut self, mut scalar: Scalar<'_>) -> Outcome {
        let Some(text) = scalar.text() else {
            return Outcome::Misfit(scalar.into());
        };
        let found = self.tags.place_of(text);
        self.place = found.map(|(place, _)| place);
        if found.is_none_or(|(_, is_usual)| !is_usual) {
            self.unusual = scalar.take_text();
        }
        Outcome::Taken
    }

    fn clear(&mut self) {
        *self = Self::new(self.tags);
    }

    fn view(&self) -> Option<View<'_>> {
        None
    }

    fn is_filled(&self) -> bool {
        self.place.is_some()
    }

    fn shown(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}
