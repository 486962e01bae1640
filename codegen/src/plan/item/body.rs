//! The body of a request, and what is checked before it is sent.

use crate::model::Origin;
use crate::plan::docs::Docs;

use super::{FieldItem, FunctionItem};

/// What a body does with what it leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyForm {
    /// It keeps its value (`PATCH`).
    Patch,
    /// It is not there: what is made does not have it (`POST`).
    Whole,
    /// It is gone: the body stands in the place of what was there (`PUT`).
    Replacement,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyItem {
    /// Its name.
    pub name: String,
    /// The schema's name in the document.
    pub schema: String,
    /// What it does with what it leaves out.
    pub form: BodyForm,
    /// A field for each property, sorted by name.
    pub fields: Vec<BodyField>,
    /// Whether it can hold members that must not be written by accident.
    pub guarded: bool,
    /// How few properties it may have.
    pub minimum: u64,
    /// `new`, setters, and what else can be done with it.
    pub functions: Vec<FunctionItem>,
    /// What is refused before it is sent, in this order.
    pub checks: Vec<BodyCheck>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The schema that it is made from.
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
    /// Where the caller sets or clears it.
    Changed,
    /// Where the caller sets it; null is refused.
    Optional,
    /// Always: it is an argument of `new`.
    Required,
    /// Always, with this value.
    Constant(String),
}

/// What is checked before a body is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyCheck {
    /// It changes something.
    ChangesSomething,
    /// No guarded member is in this field, unless the caller allows it.
    Guarded(String),
    /// The text is no longer than this, in characters.
    Characters(String, u64),
    /// The text says something.
    Filled(String),
    /// The list has no fewer items than this.
    Items(String, u64),
    /// No two of these fields have values that contradict each other, unless the caller allows it.
    Conflict(Vec<(String, Vec<String>)>),
}
