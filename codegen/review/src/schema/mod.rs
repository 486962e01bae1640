//! A schema in normal form, one level deep.

mod choices;
mod facets;
mod forms;
mod read;
mod text;

use std::collections::BTreeMap;

pub(crate) use facets::{bound, takes_all, tighter};

use graph_client_codegen::load::Node;

use super::document::Spot;
use super::same::same;

/// One level of a schema: everything that applies to a value, whether it is inline, in parts of an `allOf`, or behind
/// references to unnamed parts.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    /// The schemas that it was read from.
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) form: Form<'a>,
    /// The location that allows null, if there is one.
    pub(crate) nullable: Option<Spot<'a>>,
    /// The location of the type: at `type`, or at the reference.
    pub(crate) type_spot: Option<Spot<'a>>,
    /// Whether the type is explicit, and not derived from other keywords.
    pub(crate) is_typed: bool,
    pub(crate) format: Option<&'a str>,
    /// Keywords that only repeat the default are left out. It has the values of all parts.
    pub(crate) facets: BTreeMap<&'a str, Vec<Spot<'a>>>,
    /// All of these apply.
    pub(crate) choices: Vec<Choice<'a>>,
    pub(crate) discriminator: Option<Spot<'a>>,
    /// The nodes that were read: the other fields cover each of them.
    pub(crate) read: Vec<*const Node>,
}

/// The kind of value.
#[derive(Debug, Clone)]
pub(crate) enum Form<'a> {
    /// A named schema.
    Reference(&'a str),
    /// A reference to something other than a component.
    Pointer(&'a str),
    Object(ObjectForm<'a>),
    Enumeration(EnumForm<'a>),
    /// A list; every item must satisfy all of these.
    Array(Vec<Spot<'a>>),
    Text,
    Integer,
    Number,
    Boolean,
    Null,
    Any,
    /// One of several types.
    Several(Vec<(&'a str, Spot<'a>)>),
    /// No value is valid: parts that contradict each other, or `false`.
    Never,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ObjectForm<'a> {
    /// The named schemas that it extends.
    pub(crate) bases: Vec<&'a str>,
    pub(crate) properties: Vec<PropertyForm<'a>>,
    /// Its required names, with their locations: its own properties and those of its bases.
    pub(crate) required: Vec<(&'a str, Spot<'a>)>,
    /// The `required` lists.
    pub(crate) required_lists: Vec<Spot<'a>>,
    pub(crate) additional: Additional<'a>,
}

#[derive(Debug, Clone)]
pub(crate) struct PropertyForm<'a> {
    pub(crate) name: &'a str,
    /// Every declaration of it; all of them apply.
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) required: bool,
}

/// The undeclared properties that an object accepts.
#[derive(Debug, Clone, Default)]
pub(crate) enum Additional<'a> {
    /// Anything: also by default, and if Microsoft writes `{type: object}` beside properties.
    #[default]
    Open,
    Closed(Spot<'a>),
    Typed(Vec<Spot<'a>>),
}

#[derive(Debug, Clone)]
pub(crate) struct EnumForm<'a> {
    pub(crate) members: Vec<EnumMember<'a>>,
    /// Whether readers are told to expect unlisted members.
    pub(crate) open: bool,
    /// `x-ms-enum`.
    pub(crate) extension: Option<Spot<'a>>,
    /// The list of the members.
    pub(crate) list: Spot<'a>,
    /// The explicit type beside the members.
    pub(crate) kind: Option<&'a str>,
}

#[derive(Debug, Clone)]
pub(crate) struct EnumMember<'a> {
    pub(crate) value: String,
    pub(crate) spot: Spot<'a>,
}

/// `oneOf` or `anyOf`.
#[derive(Debug, Clone)]
pub(crate) struct Choice<'a> {
    pub(crate) keyword: &'a str,
    pub(crate) spot: Spot<'a>,
    /// The alternatives without null.
    pub(crate) alternatives: Vec<Spot<'a>>,
}

impl EnumMember<'_> {
    /// The same value: the string `1` and the number 1 differ.
    pub(crate) fn is(&self, other: &EnumMember<'_>) -> bool {
        same(self.spot.node, other.spot.node)
    }
}

impl<'a> PropertyForm<'a> {
    /// The location of the property for a reader: its last declaration, which is the most specific one.
    pub(crate) fn spot(&self) -> Option<Spot<'a>> {
        self.spots.last().copied()
    }
}

impl<'a> View<'a> {
    /// Whether it is a choice and nothing else.
    pub(crate) fn is_choice(&self) -> bool {
        matches!(self.form, Form::Any) && self.choices.len() == 1
    }

    /// Whether only keywords beside the type describe the value: `{}`, `true`, a description alone.
    pub(crate) fn takes_anything(&self) -> bool {
        matches!(self.form, Form::Any) && self.choices.is_empty() && self.discriminator.is_none()
    }

    /// The location of its type, or else its start.
    pub(crate) fn type_or_start(&self) -> Option<Spot<'a>> {
        self.type_spot.or(self.spots.first().copied())
    }
}
