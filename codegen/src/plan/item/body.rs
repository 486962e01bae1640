//! A request body, and the checks before it is sent.

use crate::model::Origin;
use crate::plan::docs::Docs;

use super::{FieldItem, FunctionItem};

/// How a body treats the properties that it omits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyForm {
    /// They keep their values (`PATCH`).
    Patch,
    /// The new object does not have them (`POST`).
    Whole,
    /// They are removed: the body replaces the object (`PUT`).
    Replacement,
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyItem {
    /// Its name.
    pub name: String,
    /// The schema's name in the document.
    pub schema: String,
    /// How it treats the properties that it omits.
    pub form: BodyForm,
    /// A field for each property, sorted by name.
    pub fields: Vec<BodyField>,
    /// Whether it can contain members that must not be sent by accident.
    pub guarded: bool,
    /// The minimum number of properties.
    pub minimum: u64,
    /// `new`, setters, and its other functions.
    pub functions: Vec<FunctionItem>,
    /// The checks before it is sent, in this order.
    pub checks: Vec<BodyCheck>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The schema in the document.
    pub origin: Origin,
}

/// A field of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyField {
    /// The field.
    pub field: FieldItem,
    /// When it is sent.
    pub presence: Presence,
}

/// When a property of a body is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// If the caller sets or clears it.
    Changed,
    /// If the caller sets it; null is refused.
    Optional,
    /// Always: it is an argument of `new`.
    Required,
    /// Always, with this value.
    Constant(String),
}

/// A check before a body is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyCheck {
    /// The body changes something.
    ChangesSomething,
    /// This field contains no guarded member, unless the caller allows it.
    Guarded(String),
    /// The string has at most this number of characters.
    Characters(String, u64),
    /// The string is not empty.
    Filled(String),
    /// The list has at least this number of items.
    Items(String, u64),
    /// The values of these fields do not contradict each other, unless the caller allows it.
    Conflict(Vec<(String, Vec<String>)>),
}
