//! Polymorphic types, and values of unknown types.

mod table;

use std::fmt;

use serde::de::Deserializer;
use serde_json::Value;

use super::read::{Budget, SlotSeed, read_properties_of};
use super::slot::{Object, OtherReason, Outcome, Properties, Tags, UnionSlot};
use super::view::View;
use super::wire::Wire;

pub use table::polymorphic;

/// A polymorphic value that is kept unchanged, and the reason.
///
/// The common properties of its union can still be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Other<B> {
    base: B,
    json: Value,
    reason: OtherReason,
}

impl<B> Other<B> {
    /// Returns the common properties of its union, as far as they could be read.
    #[must_use]
    pub fn base(&self) -> &B {
        &self.base
    }

    /// Returns the whole JSON value, which is also serialized again.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Takes the whole value, unchanged.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    /// Returns the reason why the raw value is kept.
    #[must_use]
    pub fn reason(&self) -> OtherReason {
        self.reason
    }
}

impl<B: Properties + Default> Other<B> {
    fn of(json: Value, reason: OtherReason) -> Box<Self> {
        let mut base = B::default();
        if let Some(json) = json.as_object() {
            read_properties_of(&mut base, json);
        }
        Box::new(Self { base, json, reason })
    }
}

/// A polymorphic type, whose tag names the type of the object.
pub trait TaggedUnion: Sized + fmt::Debug {
    /// The property that contains the tag.
    const DISCRIMINATOR: &'static str;

    /// The tags of the types that this version knows.
    const TYPES: &'static [&'static str];

    /// The common properties of its types.
    type Base: Properties + Default + fmt::Debug;

    /// Creates an empty object of the type at an index of [`Self::TYPES`].
    fn empty(place: usize) -> Option<Self>;

    /// The index of its type and the object, or the unchanged value.
    fn object(&self) -> Result<(usize, &dyn Object), &Value>;

    /// The object, unless it is kept unchanged.
    fn object_mut(&mut self) -> Option<&mut dyn Object>;

    /// Keeps a value unchanged.
    fn other(other: Box<Other<Self::Base>>) -> Self;
}

fn tags<T: TaggedUnion>() -> Tags {
    Tags {
        discriminator: T::DISCRIMINATOR,
        types: T::TYPES,
    }
}

impl<T: TaggedUnion> UnionSlot for Option<T> {
    fn tags(&self) -> Tags {
        tags::<T>()
    }

    fn begin(&mut self, place: usize) -> Option<&mut dyn Object> {
        self.insert(T::empty(place)?).object_mut()
    }

    fn keep(&mut self, json: Value, reason: OtherReason) {
        *self = Some(T::other(Other::of(json, reason)));
    }
}

impl<T: TaggedUnion> TaggedUnion for Box<T> {
    const DISCRIMINATOR: &'static str = T::DISCRIMINATOR;
    const TYPES: &'static [&'static str] = T::TYPES;
    type Base = T::Base;

    fn empty(place: usize) -> Option<Self> {
        T::empty(place).map(Self::new)
    }

    fn object(&self) -> Result<(usize, &dyn Object), &Value> {
        T::object(self)
    }

    fn object_mut(&mut self) -> Option<&mut dyn Object> {
        T::object_mut(self)
    }

    fn other(other: Box<Other<Self::Base>>) -> Self {
        Self::new(T::other(other))
    }
}

/// Keeps a value that is not an object.
pub fn no_object<T: TaggedUnion>(value: Value) -> T {
    T::other(Other::of(value, OtherReason::NoObject))
}

/// The value for serialization.
pub fn view<T: TaggedUnion>(value: &T) -> View<'_> {
    match value.object() {
        Ok((place, object)) => View::Tagged {
            discriminator: T::DISCRIMINATOR,
            tag: tag_of(tags::<T>(), object, place),
            object,
        },
        Err(json) => View::Json(json),
    }
}

/// The tag of a value; `None` if it has none.
pub fn type_name<T: TaggedUnion>(value: &T) -> Option<&str> {
    match value.object() {
        Ok((place, object)) => Some(tag_of(tags::<T>(), object, place)),
        Err(json) => json.get(T::DISCRIMINATOR)?.as_str(),
    }
}

/// The tag of an object: in the fragment's spelling, unless it was sent in another.
fn tag_of(tags: Tags, object: &dyn Object, place: usize) -> &str {
    let usual = tags.types.get(place).copied().unwrap_or_default();
    match object
        .beside()
        .rest
        .and_then(|rest| rest.get(tags.discriminator))
    {
        Some(Value::String(tag)) if tags.place_of(tag).is_some_and(|(own, _)| own == place) => tag,
        _ => usual,
    }
}

/// Reads a polymorphic value outside of a response: null is also kept unchanged.
///
/// # Errors
///
/// Returns the errors of the input.
pub fn read_alone<'de, T: TaggedUnion + Wire, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut slot = None;
    let budget = Budget::unbounded();
    let outcome = deserializer.deserialize_any(SlotSeed::new(&mut slot, &budget))?;
    Ok(slot.unwrap_or_else(|| {
        no_object(match outcome {
            Outcome::Misfit(value) => value,
            Outcome::Null | Outcome::Taken => Value::Null,
        })
    }))
}
