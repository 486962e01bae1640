//! The common functions of objects: inspection, serialization, and conversion to a subtype.

mod table;

use std::fmt;

use serde::de::Deserializer;
use serde::ser::{Serialize as _, Serializer};

use super::JsonMap;
use super::nulls::is_null_at;
use super::read::{Whole, read_json};
use super::slot::{Object, Properties, Slot};
use super::unreadable::Unreadable;
use super::view::{Entries, View};
use super::wire::Wire;

pub use table::{object, object_base};

/// The state of a declared property.
#[derive(Debug, Clone, Copy)]
struct State {
    has_value: bool,
    came_as_null: bool,
    expected: &'static str,
}

impl State {
    /// Returns the state of a declared property; `None` if it is not declared.
    fn of(object: &dyn Properties, name: &str) -> Option<Self> {
        let mut names = object.shape().properties.iter();
        let Some(index) = names.position(|known| *known == name) else {
            return Self::of(object.base()?, name);
        };
        object.slot(index).map(|slot| Self {
            has_value: slot.is_filled(),
            came_as_null: is_null_at(object.beside().nulls, index),
            expected: slot.expected(),
        })
    }

    /// Whether the property is written from its field.
    fn is_written(self) -> bool {
        self.has_value || self.came_as_null
    }
}

/// The declared properties that did not fit their type.
pub fn unreadable(object: &dyn Object) -> UnreadableProperties<'_> {
    UnreadableProperties {
        object,
        rest: object.beside().rest.map(JsonMap::iter),
    }
}

/// The declared properties of an object whose value did not fit their type.
#[allow(
    missing_debug_implementations,
    reason = "an iterator over what the object shows"
)]
pub struct UnreadableProperties<'a> {
    object: &'a dyn Object,
    rest: Option<serde_json::map::Iter<'a>>,
}

impl<'a> Iterator for UnreadableProperties<'a> {
    type Item = Unreadable<'a>;

    fn next(&mut self) -> Option<Unreadable<'a>> {
        self.rest.as_mut()?.find_map(|(property, value)| {
            let state = State::of(self.object, property)?;
            (!state.is_written()).then_some(Unreadable {
                property,
                value,
                expected: state.expected,
            })
        })
    }
}

/// Whether a declared property was sent as null, and still has no value.
pub fn is_null(object: &dyn Object, name: &str) -> bool {
    State::of(object, name).is_some_and(|state| state.came_as_null && !state.has_value)
}

/// Formats an object without its empty fields.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn show_object(object: &dyn Object, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = formatter.debug_struct(object.beside().shape.name);
    show(object, &mut shown);
    for (name, value) in object.beside().rest.into_iter().flatten() {
        shown.field(name, value);
    }
    shown.finish()
}

/// Formats the properties of a base.
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
    for (name, value) in object.beside().rest.into_iter().flatten() {
        let is_written = State::of(object, name).is_some_and(State::is_written);
        if !is_written && !put(name, View::Json(value)) {
            return;
        }
    }
}

/// Visits the properties that have a value or were sent as null. Returns whether all were accepted.
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
            None if is_null_at(object.beside().nulls, index) => put(name, View::Null),
            None => true,
        }
    })
}

/// Reads an object outside of a response.
///
/// # Errors
///
/// Returns an error for other values than objects, and the errors of the input.
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

/// A copy of an object, or of the properties of a base.
pub fn copied<T: Properties + Default>(properties: &T) -> T {
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
    let (to, from) = (copy.beside_mut(), original.beside());
    to.nulls.copy_from_slice(from.nulls);
    if let (Some(to), Some(from)) = (to.rest, from.rest) {
        to.clone_from(from);
    }
    if let (Some(to), Some(from)) = (copy.base_mut(), original.base()) {
        copy_properties(to, from);
    }
}

/// Whether two objects, or two bases, of a type are equal.
pub fn is_same(left: &dyn Properties, right: &dyn Properties) -> bool {
    let is_same_slot = |index| match (left.slot(index), right.slot(index)) {
        (Some(left), Some(right)) => left.is_same(right),
        _ => false,
    };
    let are_same_bases = match (left.base(), right.base()) {
        (Some(left), Some(right)) => is_same(left, right),
        _ => true,
    };
    let (own, others) = (left.beside(), right.beside());
    own.nulls == others.nulls
        && own.rest == others.rest
        && are_same_bases
        && (0..left.shape().properties.len()).all(is_same_slot)
}

/// Reads an object as one of its subtypes, if it has the subtype's tag.
pub fn narrow<S: Wire>(object: &dyn Object, tag: Option<&str>, wanted: &[&str]) -> Option<S> {
    let tag = tag?.trim_start_matches('#');
    let mut wanted = wanted.iter();
    if !wanted.any(|wanted| wanted.trim_start_matches('#') == tag) {
        return None;
    }
    let mut slot = None;
    read_json(&mut slot, &View::Object(object).into());
    slot
}
