//! Types that a discriminator tells apart, and values of types that this version does not know.

mod table;

use std::fmt;

use serde::de::Deserializer;
use serde_json::Value;

use super::read::{Budget, SlotSeed, read_properties_of};
use super::slot::{Object, OtherReason, Outcome, Properties, Tags, UnionSlot};
use super::view::View;
use super::wire::Wire;

pub use table::polymorphic;

/// A value of a polymorphic type that is kept as it came, and why.
///
/// The properties that all types of its union have can be read all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Other<B> {
    base: B,
    json: Value,
    reason: OtherReason,
}

impl<B> Other<B> {
    /// The properties that all types of its union have, as far as they could be read.
    #[must_use]
    pub fn base(&self) -> &B {
        &self.base
    }

    /// Returns the whole JSON value, which is also serialized again.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Takes all of it, as it came.
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

/// A type that is one of several, as the tag of the object says.
pub trait TaggedUnion: Sized + fmt::Debug {
    /// The property that tells its types apart.
    const DISCRIMINATOR: &'static str;

    /// The tags of the types that this version knows.
    const TYPES: &'static [&'static str];

    /// The properties that all of its types have.
    type Base: Properties + Default + fmt::Debug;

    /// An empty object of the type at that place in [`Self::TYPES`].
    fn empty(place: usize) -> Option<Self>;

    /// The place of its type and the object, or all of it as it came.
    fn object(&self) -> Result<(usize, &dyn Object), &Value>;

    /// The object, unless it is kept as it came.
    fn object_mut(&mut self) -> Option<&mut dyn Object>;

    /// Keeps a value as it came.
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

/// Keeps a value that is no object.
pub fn no_object<T: TaggedUnion>(value: Value) -> T {
    T::other(Other::of(value, OtherReason::NoObject))
}

/// The value on its way out.
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

/// The tag of a value; `None` where it has none.
pub fn type_name<T: TaggedUnion>(value: &T) -> Option<&str> {
    match value.object() {
        Ok((place, object)) => Some(tag_of(tags::<T>(), object, place)),
        Err(json) => json.get(T::DISCRIMINATOR)?.as_str(),
    }
}

/// The tag of an object: the usual one, unless it came in another spelling.
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

/// Reads a polymorphic value that stands alone: null, too, is kept as it came.
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
