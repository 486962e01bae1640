//! The places that values are read into, without their types, so that the code is compiled once for each source and not
//! once for each pair of source and type.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU16;

use serde_json::Value;

use super::JsonMap;
use super::view::{Entries, View};

/// A scalar value.
#[derive(Debug)]
pub enum Scalar<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// A boolean.
    Bool(bool),
    /// An integer.
    I64(i64),
    /// A non-negative integer.
    U64(u64),
    /// A number with a fraction or an exponent, or beyond 64 bits.
    F64(f64),
}

impl Scalar<'_> {
    /// The string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes the string.
    #[inline]
    pub fn take_text(&mut self) -> Option<String> {
        match self {
            Self::Text(text) => Some(std::mem::take(text).into_owned()),
            _ => None,
        }
    }

    /// Converts the value to JSON.
    pub fn take_json(&mut self) -> Value {
        std::mem::replace(self, Self::Bool(false)).into()
    }
}

impl From<Scalar<'_>> for Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Text(text) => Self::String(text.into_owned()),
            Scalar::Bool(flag) => flag.into(),
            Scalar::I64(number) => number.into(),
            Scalar::U64(number) => number.into(),
            Scalar::F64(number) => number.into(),
        }
    }
}

/// The result of reading a value.
#[derive(Debug)]
pub enum Outcome {
    /// It was stored in its place.
    Taken,
    /// It is null, and its place is unchanged.
    Null,
    /// It does not fit its place, and is kept unchanged.
    Misfit(Value),
}

/// Where the parts of an object or a list are stored.
#[allow(missing_debug_implementations, reason = "it holds places of any type")]
pub enum Target<'a> {
    /// The place accepts no such value.
    Misfit,
    /// Properties are stored in fields.
    Object(&'a mut dyn Object),
    /// The tag of the object names its type.
    Union(&'a mut dyn UnionSlot),
    /// Items are stored in a list.
    List(&'a mut dyn List),
    /// It is kept unchanged.
    Json(&'a mut Option<Value>),
    /// An object is kept unchanged.
    JsonMap(&'a mut Option<JsonMap>),
}

/// Operations with another place of the same type: every type that can be cloned and compared has them.
pub trait Twin {
    /// Returns itself, for downcasting by another place of the same type.
    fn as_any(&self) -> &(dyn Any + 'static);

    /// Clones the value of another place of the same type.
    fn copy_from(&mut self, other: &dyn Slot);

    /// Returns whether another place has an equal value.
    fn is_same(&self, other: &dyn Slot) -> bool;
}

impl<T: Any + Clone + PartialEq> Twin for T {
    fn as_any(&self) -> &(dyn Any + 'static) {
        self
    }

    fn copy_from(&mut self, other: &dyn Slot) {
        if let Some(other) = other.as_any().downcast_ref::<Self>() {
            *self = other.clone();
        }
    }

    fn is_same(&self, other: &dyn Slot) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }
}

/// A place for a value.
pub trait Slot: Twin {
    /// The expected kind of value, with its article: `a date-time`.
    fn expected(&self) -> &'static str;

    /// The expected kind of value for a whole response.
    fn whole(&self) -> Cow<'static, str> {
        self.expected().into()
    }

    /// Stores a scalar.
    fn scalar(&mut self, scalar: Scalar<'_>) -> Outcome;

    /// Prepares it for an object.
    fn open_map(&mut self) -> Target<'_> {
        Target::Misfit
    }

    /// Prepares it for a list.
    fn open_list(&mut self) -> Target<'_> {
        Target::Misfit
    }

    /// Clears it.
    fn clear(&mut self);

    /// Returns its value.
    fn view(&self) -> Option<View<'_>>;

    /// Returns whether it has a value.
    fn is_filled(&self) -> bool;

    /// Returns its value for `Debug`.
    fn shown(&self) -> Option<&dyn fmt::Debug>;
}

/// A list that is being read.
pub trait List {
    /// The memory of an item, in bytes.
    fn item_bytes(&self) -> usize;

    /// Passes a place for an item to a closure, and keeps the item if it was stored.
    fn item(&mut self, read: &mut dyn FnMut(&mut dyn Slot) -> bool);

    /// Handles an item that does not fit. If such an item makes the list invalid, returns the whole list unchanged.
    fn misfit(&mut self, item: Value) -> Option<Vec<Value>>;
}

/// The common data of all objects of a type.
#[derive(Debug)]
pub struct Shape {
    /// The Rust type's name.
    pub name: &'static str,
    /// The names of the declared properties on the wire, without those of the base.
    pub properties: &'static [&'static str],
    /// The names of their fields.
    pub fields: &'static [&'static str],
    next: OnceLock<Box<[AtomicU16]>>,
}

impl Shape {
    /// Creates the shape of a type, with its properties in the order of the fragment.
    #[must_use]
    pub const fn new(
        name: &'static str,
        properties: &'static [&'static str],
        fields: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            properties,
            fields,
            next: OnceLock::new(),
        }
    }

    /// The last known successor of each property, the first one before all others; it has one entry more than there are
    /// properties. The order of the fragment applies until another one is seen.
    pub(crate) fn next(&self) -> &[AtomicU16] {
        self.next.get_or_init(|| {
            let places = (0..=u16::MAX).take(self.properties.len() + 1);
            places.map(AtomicU16::new).collect()
        })
    }
}

/// The data of an object other than its fields.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The common data of all objects of the type.
    pub shape: &'static Shape,
    /// The properties that were sent as null: one bit for each.
    pub nulls: &'a [u64],
    /// The entries without a field; the properties of a base have none.
    pub rest: Option<&'a JsonMap>,
}

/// The mutable data of an object other than its fields.
#[derive(Debug)]
pub struct BesideMut<'a> {
    /// The properties that were sent as null: one bit for each.
    pub nulls: &'a mut [u64],
    /// The entries without a field; the properties of a base have none.
    pub rest: Option<&'a mut JsonMap>,
}

/// The declared properties of a type, without those of its base.
pub trait Properties {
    /// The properties of the base.
    fn base(&self) -> Option<&dyn Properties> {
        None
    }

    /// The properties of the base.
    fn base_mut(&mut self) -> Option<&mut dyn Properties> {
        None
    }

    /// A field.
    fn slot(&self, index: usize) -> Option<&dyn Slot>;

    /// A field.
    fn slot_mut(&mut self, index: usize) -> Option<&mut dyn Slot>;

    /// The data other than its fields.
    fn beside(&self) -> Beside<'_>;

    /// The mutable data other than its fields.
    fn beside_mut(&mut self) -> BesideMut<'_>;
}

impl dyn Properties + '_ {
    /// The common data of all objects of the type.
    pub(crate) fn shape(&self) -> &'static Shape {
        self.beside().shape
    }
}

/// A whole object: declared properties, and all others.
pub trait Object: Properties + Entries {}

impl dyn Object + '_ {
    /// Stores an entry without a field.
    pub(crate) fn set_rest(&mut self, rest: JsonMap) {
        if let Some(place) = self.beside_mut().rest {
            *place = rest;
        }
    }
}

/// The tags of the types of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags {
    /// The property that contains the tag.
    pub discriminator: &'static str,
    /// The tags of the types that this version knows.
    pub types: &'static [&'static str],
}

impl Tags {
    /// The index of a tag, and whether it has the normal spelling: with a leading `#`, and in the fragment's case.
    pub(crate) fn place_of(&self, tag: &str) -> Option<(usize, bool)> {
        if let Some(place) = self.types.iter().position(|known| *known == tag) {
            return Some((place, true));
        }
        let wanted = tag.trim_start_matches('#');
        let is_wanted = |known: &&str| known.trim_start_matches('#').eq_ignore_ascii_case(wanted);
        let place = self.types.iter().position(is_wanted)?;
        Some((place, false))
    }
}

/// A place for an object whose tag names its type.
pub trait UnionSlot {
    /// The tags of its types.
    fn tags(&self) -> Tags;

    /// Creates an empty object of the type at an index.
    fn begin(&mut self, place: usize) -> Option<&mut dyn Object>;

    /// Keeps a value unchanged.
    fn keep(&mut self, json: Value, reason: OtherReason);
}

/// Why a value of a union is kept unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherReason {
    /// Its type is unknown.
    UnknownType,
    /// It has no tag.
    NoType,
    /// Its tag is not a string.
    TypeIsNoString,
    /// It is not an object.
    NoObject,
}

impl fmt::Display for OtherReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownType => "its type is unknown",
            Self::NoType => "it has no type",
            Self::TypeIsNoString => "its type is not a string",
            Self::NoObject => "it is not an object",
        })
    }
}
