//! Request bodies without their types: written from tables, and updates read from JSON, so that each is compiled once
//! for each format.

mod family;
mod read;
mod table;

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::change::Change;
use super::slot::Slot;
use super::view::View;
use super::wire::Wire;

pub use family::{check_other, family_update, read_rest, read_tagged, write_tagged};
pub use read::read;
pub use table::body;

/// The properties of a body.
pub trait Sent {
    /// Their names on the wire.
    fn names(&self) -> &'static [&'static str];

    /// A property to send; `None` if it is omitted.
    fn sent(&self, index: usize) -> Option<View<'_>>;
}

/// An update: each of its properties can be left unchanged.
pub trait Update: Sent {
    /// The place of a property.
    fn place(&mut self, index: usize) -> Option<&mut dyn Place>;
}

/// The place of a property of an update.
pub trait Place {
    /// Passes a place for the value to a closure, and keeps the value that it stored.
    fn put(&mut self, read: &mut dyn FnMut(&mut dyn Slot));

    /// Clears the property. Returns whether it can be cleared.
    fn clear(&mut self) -> bool;
}

impl<T: Wire> Place for Option<T> {
    fn put(&mut self, read: &mut dyn FnMut(&mut dyn Slot)) {
        read(self);
    }

    fn clear(&mut self) -> bool {
        false
    }
}

impl<T: Wire> Place for Change<T> {
    fn put(&mut self, read: &mut dyn FnMut(&mut dyn Slot)) {
        let mut value: Option<T> = None;
        read(&mut value);
        *self = value.map_or(Self::Leave, Self::Set);
    }

    fn clear(&mut self) -> bool {
        *self = Self::Clear;
        true
    }
}

/// A property that can be omitted or set.
pub fn optional<T: Wire>(value: &Option<T>) -> Option<View<'_>> {
    value.as_ref().map(T::view)
}

/// A property that can be left unchanged, cleared or set.
pub fn changed<T: Wire>(value: &Change<T>) -> Option<View<'_>> {
    match value {
        Change::Leave => None,
        Change::Clear => Some(View::Null),
        Change::Set(value) => Some(value.view()),
    }
}

/// A property that is always sent.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the functions of all kinds are alike"
)]
pub fn required<T: Wire>(value: &T) -> Option<View<'_>> {
    Some(value.view())
}

/// A property that is always sent, with a value or as null.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the functions of all kinds are alike"
)]
pub fn nullable<T: Wire>(value: &Option<T>) -> Option<View<'_>> {
    Some(value.as_ref().map_or(View::Null, T::view))
}

/// A property that always has the same value.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the functions of all kinds are alike"
)]
#[must_use]
pub fn constant(value: &'static str) -> Option<View<'static>> {
    Some(View::Text(value))
}

/// Writes a body.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn write<S: Serializer>(body: &dyn Sent, serializer: S) -> Result<S::Ok, S::Error> {
    Written(body).serialize(serializer)
}

struct Written<'a>(&'a dyn Sent);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, name) in self.0.names().iter().enumerate() {
            if let Some(view) = self.0.sent(index) {
                map.serialize_entry(name, &view)?;
            }
        }
        map.end()
    }
}
