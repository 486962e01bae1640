//! What every object can do: say what it has, write itself, and be read again as a subtype.

mod table;

use std::fmt;

use serde::de::Deserializer;
use serde::ser::{Serialize as _, Serializer};

use super::nulls::is_null_at;
use super::read::{Whole, read_json};
use super::slot::{Object, Properties, Slot};
use super::unreadable::Unreadable;
use super::view::{Entries, View};
use super::wire::Wire;

pub use table::{object, object_base};

/// What a declared property has.
#[derive(Debug, Clone, Copy)]
struct State {
    has_value: bool,
    came_as_null: bool,
    expected: &'static str,
}

impl State {
    /// The state of a declared property; `None` where it is not declared.
    fn of(object: &dyn Properties, name: &str) -> Option<Self> {
        let mut names = object.shape().properties.iter();
        let Some(index) = names.position(|known| *known == name) else {
            return Self::of(object.base()?, name);
        };
        object.slot(index).map(|slot| Self {
            has_value: slot.is_filled(),
            came_as_null: is_null_at(object.nulls(), index),
            expected: slot.expected(),
        })
    }

    /// Whether the property is written from its field.
    fn is_written(self) -> bool {
        self.has_value || self.came_as_null
    }
}

/// The declared properties that did not fit their type.
pub fn unreadable(object: &dyn Object) -> impl Iterator<Item = Unreadable<'_>> {
    object.rest().iter().filter_map(move |(property, value)| {
        let state = State::of(object, property)?;
        (!state.is_written()).then_some(Unreadable {
            property,
            value,
            expected: state.expected,
        })
    })
}

/// Whether a declared property came as null, and still has no value.
pub fn is_null(object: &dyn Object, name: &str) -> bool {
    State::of(object, name).is_some_and(|state| state.came_as_null && !state.has_value)
}

/// Shows an object: what it has, and no empty fields.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn show_object(object: &dyn Object, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = formatter.debug_struct(object.shape().name);
    show(object, &mut shown);
    for (name, value) in object.rest() {
        shown.field(name, value);
    }
    shown.finish()
}

/// Shows the properties of a base.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn show_properties(
    properties: &dyn Properties,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_struct(properties.shape().name);
    show(properties, &mut shown);
    shown.finish()
}

fn show(object: &dyn Properties, shown: &mut fmt::DebugStruct<'_, '_>) {
    for (index, field) in object.shape().fields.iter().enumerate() {
        if let Some(value) = object.slot(index).and_then(Slot::shown) {
            shown.field(field, value);
        }
    }
    if let Some(base) = object.base() {
        show(base, shown);
    }
}

impl<T: Object> Entries for T {
    fn each(&self, put: &mut dyn FnMut(&str, View<'_>) -> bool) {
        each_entry(self, put);
    }
}

fn each_entry(object: &dyn Object, put: &mut dyn FnMut(&str, View<'_>) -> bool) {
    if !each_property(object, put) {
        return;
    }
    for (name, value) in object.rest() {
        let is_written = State::of(object, name).is_some_and(State::is_written);
        if !is_written && !put(name, View::Json(value)) {
            return;
        }
    }
}

/// Hands out the properties that have a value or came as null. Says whether all were taken.
fn each_property(object: &dyn Properties, put: &mut dyn FnMut(&str, View<'_>) -> bool) -> bool {
    if let Some(base) = object.base()
        && !each_property(base, put)
    {
        return false;
    }
    let mut properties = object.shape().properties.iter().enumerate();
    properties.all(|(index, name)| {
        let Some(slot) = object.slot(index) else {
            return true;
        };
        match slot.view() {
            Some(view) => put(name, view),
            None if is_null_at(object.nulls(), index) => put(name, View::Null),
            None => true,
        }
    })
}

/// Reads an object that stands alone.
///
/// # Errors
///
/// What is no object, and the errors of the input.
pub fn read<'de, T: Wire + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut slot = None;
    Whole::read(&mut slot, deserializer)?;
    Ok(slot.unwrap_or_default())
}

/// Writes an object.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn write<S: Serializer>(object: &dyn Object, serializer: S) -> Result<S::Ok, S::Error> {
    View::Object(object).serialize(serializer)
}

/// A copy of an object.
pub fn copied<T: Object + Default>(object: &T) -> T {
    let mut copy = copied_base(object);
    copy.rest_mut().clone_from(object.rest());
    copy
}

/// A copy of the properties of a base.
pub fn copied_base<T: Properties + Default>(properties: &T) -> T {
    let mut copy = T::default();
    copy_properties(&mut copy, properties);
    copy
}

fn copy_properties(copy: &mut dyn Properties, original: &dyn Properties) {
    for index in 0..original.shape().properties.len() {
        if let (Some(to), Some(from)) = (copy.slot_mut(index), original.slot(index)) {
            to.copy_from(from);
        }
    }
    copy.nulls_mut().copy_from_slice(original.nulls());
    if let (Some(to), Some(from)) = (copy.base_mut(), original.base()) {
        copy_properties(to, from);
    }
}

/// Whether two objects of a type have the same in them.
pub fn is_same(left: &dyn Object, right: &dyn Object) -> bool {
    left.rest() == right.rest() && is_same_base(left, right)
}

/// Whether two bases of a type have the same in them.
pub fn is_same_base(left: &dyn Properties, right: &dyn Properties) -> bool {
    let is_same_slot = |index| match (left.slot(index), right.slot(index)) {
        (Some(left), Some(right)) => left.is_same(right),
        _ => false,
    };
    let are_same_bases = match (left.base(), right.base()) {
        (Some(left), Some(right)) => is_same_base(left, right),
        _ => true,
    };
    left.nulls() == right.nulls()
        && are_same_bases
        && (0..left.shape().properties.len()).all(is_same_slot)
}

/// Reads an object again as one of its subtypes, if its tag says that it is one.
pub fn narrow<S: Wire>(object: &dyn Object, tag: Option<&str>, wanted: &str) -> Option<S> {
    if tag?.trim_start_matches('#') != wanted.trim_start_matches('#') {
        return None;
    }
    let mut slot = None;
    read_json(&mut slot, &View::Object(object).into());
    slot
}
