//! Values for serialization, independent of their types, so that it is compiled once for each format.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use super::JsonMap;
use super::date_text::date_time;

/// A value for serialization.
#[allow(
    missing_debug_implementations,
    reason = "it shows values that need not have one"
)]
pub enum View<'a> {
    /// Null.
    Null,
    /// A string.
    Text(&'a str),
    /// A string from a `Display` implementation.
    Displayed(&'a dyn fmt::Display),
    /// A point in time.
    Time(DateTime<Utc>),
    /// A boolean.
    Bool(bool),
    /// An integer.
    I64(i64),
    /// A number.
    F64(f64),
    /// Unchanged JSON.
    Json(&'a Value),
    /// An unchanged object.
    JsonMap(&'a JsonMap),
    /// A list.
    List(&'a dyn ViewItems),
    /// An object.
    Object(&'a dyn Entries),
    /// An object with the tag of its type first, which replaces the one among its entries.
    Tagged {
        /// The property that contains the tag.
        discriminator: &'static str,
        /// The tag.
        tag: &'a str,
        /// The object.
        object: &'a dyn Entries,
    },
}

/// A list for serialization.
pub trait ViewItems {
    /// Visits the items until one is refused.
    fn each(&self, put: &mut dyn FnMut(View<'_>) -> bool);
}

/// An object for serialization.
pub trait Entries {
    /// Visits the entries until one is refused.
    fn each(&self, put: &mut dyn FnMut(&str, View<'_>) -> bool);
}

impl View<'_> {
    /// Visits the entries of an object; other values have none.
    pub(crate) fn each_entry(&self, put: &mut dyn FnMut(&str, View<'_>) -> bool) {
        match self {
            Self::Object(entries) => entries.each(put),
            Self::Tagged {
                discriminator,
                tag,
                object,
            } if put(discriminator, View::Text(tag)) => {
                object.each(&mut |name, view| name == *discriminator || put(name, view));
            }
            _ => {}
        }
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Displayed(value) => serializer.collect_str(value),
            Self::Time(time) => serializer.serialize_str(&date_time(*time)),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::I64(number) => serializer.serialize_i64(*number),
            Self::F64(number) => serializer.serialize_f64(*number),
            Self::Json(value) => value.serialize(serializer),
            Self::JsonMap(map) => map.serialize(serializer),
            Self::List(items) => {
                let mut sequence = serializer.serialize_seq(None)?;
                let mut result = Ok(());
                items.each(&mut |view| {
                    result = sequence.serialize_element(&view);
                    result.is_ok()
                });
                result?;
                sequence.end()
            }
            Self::Object(_) | Self::Tagged { .. } => {
                let mut map = serializer.serialize_map(None)?;
                let mut result = Ok(());
                self.each_entry(&mut |name, view| {
                    result = map.serialize_entry(name, &view);
                    result.is_ok()
                });
                result?;
                map.end()
            }
        }
    }
}

impl From<View<'_>> for Value {
    fn from(view: View<'_>) -> Self {
        match view {
            View::Null => Self::Null,
            View::Text(text) => text.into(),
            View::Displayed(value) => value.to_string().into(),
            View::Time(time) => date_time(time).into(),
            View::Bool(flag) => flag.into(),
            View::I64(number) => number.into(),
            View::F64(number) => number.into(),
            View::Json(value) => value.clone(),
            View::JsonMap(map) => Self::Object(map.clone()),
            View::List(items) => {
                let mut list = Vec::new();
                items.each(&mut |view| {
                    list.push(view.into());
                    true
                });
                Self::Array(list)
            }
            View::Object(_) | View::Tagged { .. } => {
                let mut map = JsonMap::new();
                view.each_entry(&mut |name, view| {
                    map.insert(name.to_owned(), view.into());
                    true
                });
                Self::Object(map)
            }
        }
    }
}
