//! The places that values are read into, without their types, so that reading is compiled once for each source and
//! not once for each pair of source and type.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU16;

use serde_json::Value;

use super::JsonMap;
use super::view::{Entries, View};

/// A value without parts.
#[derive(Debug)]
pub enum Scalar<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// A whole number that is not negative.
    U64(u64),
    /// A number with a fraction or an exponent, or beyond 64 bits.
    F64(f64),
}

impl Scalar<'_> {
    /// The text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes the text.
    #[inline]
    pub fn take_text(&mut self) -> Option<String> {
        match self {
            Self::Text(text) => Some(std::mem::take(text).into_owned()),
            _ => None,
        }
    }

    /// Takes the value as JSON.
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

/// What became of a value that was read.
#[derive(Debug)]
pub enum Outcome {
    /// It is in its place.
    Taken,
    /// It is null, and its place is as it was.
    Null,
    /// It does not fit its place, and is kept as it came.
    Misfit(Value),
}

/// Where the parts of an object or a list go.
#[allow(missing_debug_implementations, reason = "it holds places of any type")]
pub enum Target<'a> {
    /// The place takes no such value.
    Misfit,
    /// Properties go to fields.
    Object(&'a mut dyn Object),
    /// The tag of the object says which type it is.
    Union(&'a mut dyn UnionSlot),
    /// Items go to a list.
    List(&'a mut dyn List),
    /// It is kept as it comes.
    Json(&'a mut Option<Value>),
    /// An object is kept as it comes.
    JsonMap(&'a mut Option<JsonMap>),
}

/// What a place does with another one of its type: every type that can be copied and compared has it.
pub trait Twin {
    /// Itself, for a place of the same type to look at.
    fn as_any(&self) -> &(dyn Any + 'static);

    /// Takes a copy of what is in another place of the same type.
    fn copy_from(&mut self, other: &dyn Slot);

    /// Whether another place has the same in it.
    fn is_same(&self, other: &dyn Slot) -> bool;
}

impl<T: Any + Clone + PartialEq> Twin for T {
    fn as_any(&self) -> &(dyn Any + 'static) {
        self
    }

    fn copy_from(&mut self, other: &dyn Slot) {
        if let Some(other) = other.as_any().downcast_ref::<Self>() {
            self.clone_from(other);
        }
    }

    fn is_same(&self, other: &dyn Slot) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }
}

/// A place for a value.
pub trait Slot: Twin {
    /// What it holds, with its article: `a date-time`.
    fn expected(&self) -> &'static str;

    /// What it holds where it takes a whole response.
    fn whole(&self) -> Cow<'static, str> {
        self.expected().into()
    }

    /// Reads a value without parts.
    fn scalar(&mut self, scalar: Scalar<'_>) -> Outcome;

    /// Makes it ready for an object.
    fn open_map(&mut self) -> Target<'_> {
        Target::Misfit
    }

    /// Makes it ready for a list.
    fn open_list(&mut self) -> Target<'_> {
        Target::Misfit
    }

    /// Empties it.
    fn clear(&mut self);

    /// What is in it.
    fn view(&self) -> Option<View<'_>>;

    /// Whether anything is in it.
    fn is_filled(&self) -> bool;

    /// What is in it, for `Debug`.
    fn shown(&self) -> Option<&dyn fmt::Debug>;
}

/// A list that is being read.
pub trait List {
    /// How much memory an item takes, in bytes.
    fn item_bytes(&self) -> usize;

    /// Offers a place for an item, and keeps the item if it was taken.
    fn item(&mut self, read: &mut dyn FnMut(&mut dyn Slot) -> bool);

    /// Takes an item that does not fit. If one such item spoils the list, returns all of it as it came.
    fn misfit(&mut self, item: Value) -> Option<Vec<Value>>;
}

/// What is the same for all objects of a type.
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
    /// The shape of a type, with its properties in the order of the fragment.
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

    /// Which property came after which the last time, the first in front; one more than there are properties. The
    /// order of the fragment holds until another is seen.
    pub(crate) fn next(&self) -> &[AtomicU16] {
        self.next.get_or_init(|| {
            let places = (0..=u16::MAX).take(self.properties.len() + 1);
            places.map(AtomicU16::new).collect()
        })
    }
}

/// What an object has beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// What is the same for all objects of the type.
    pub shape: &'static Shape,
    /// Which properties came as null: one bit for each.
    pub nulls: &'a [u64],
    /// What is in no field; the properties of a base have no such place.
    pub rest: Option<&'a JsonMap>,
}

/// What an object has beside its fields, to be changed.
#[derive(Debug)]
pub struct BesideMut<'a> {
    /// Which properties came as null: one bit for each.
    pub nulls: &'a mut [u64],
    /// What is in no field; the properties of a base have no such place.
    pub rest: Option<&'a mut JsonMap>,
}

/// The declared properties of a type. Those of its base are apart.
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

    /// What it has beside its fields.
    fn beside(&self) -> Beside<'_>;

    /// What it has beside its fields.
    fn beside_mut(&mut self) -> BesideMut<'_>;
}

impl dyn Properties + '_ {
    /// What is the same for all objects of the type.
    pub(crate) fn shape(&self) -> &'static Shape {
        self.beside().shape
    }
}

/// A whole object: declared properties, and the rest.
pub trait Object: Properties + Entries {}

impl dyn Object + '_ {
    /// Keeps what is in no field.
    pub(crate) fn set_rest(&mut self, rest: JsonMap) {
        if let Some(place) = self.beside_mut().rest {
            *place = rest;
        }
    }
}

/// The tags of the types of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags {
    /// The property that holds the tag.
    pub discriminator: &'static str,
    /// The tags of the types that this version knows.
    pub types: &'static [&'static str],
}

impl Tags {
    /// The place of a tag, and whether it is spelt as usual: with `#` in front, and in the fragment's case.
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

/// A place for an object whose tag says which type it is.
pub trait UnionSlot {
    /// The tags of its types.
    fn tags(&self) -> Tags;

    /// Begins an empty object of the type at that place.
    fn begin(&mut self, place: usize) -> Option<&mut dyn Object>;

    /// Keeps a value as it came.
    fn keep(&mut self, json: Value, reason: OtherReason);
}

/// Why a value of a union is kept as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherReason {
    /// Its type is not one that this version knows.
    UnknownType,
    /// It does not say which type it is.
    NoType,
    /// What should say which type it is, is not a string.
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
