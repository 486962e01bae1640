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

/// One level of a schema: all that holds for a value, whether it is said in place, in parts of an `allOf`, or behind
/// references to what has no name.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    /// The schemas that it was read from.
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) form: Form<'a>,
    /// Where null is allowed, if it is.
    pub(crate) nullable: Option<Spot<'a>>,
    /// Where the type is said: at `type`, or at the reference.
    pub(crate) type_spot: Option<Spot<'a>>,
    /// Whether the type is said, rather than told from other keywords.
    pub(crate) is_typed: bool,
    pub(crate) format: Option<&'a str>,
    /// Keywords that say no more than what they say by default are left out. What several parts say is all here.
    pub(crate) facets: BTreeMap<&'a str, Vec<Spot<'a>>>,
    /// Each of these holds.
    pub(crate) choices: Vec<Choice<'a>>,
    pub(crate) discriminator: Option<Spot<'a>>,
    /// What was read on the way: every node of it is told of by one of the fields.
    pub(crate) read: Vec<*const Node>,
}

/// What kind of value it is.
#[derive(Debug, Clone)]
pub(crate) enum Form<'a> {
    /// A named schema.
    Reference(&'a str),
    /// A reference to a place that is no component.
    Pointer(&'a str),
    Object(ObjectForm<'a>),
    Enumeration(EnumForm<'a>),
    /// A list; every item is valid by all of these.
    Array(Vec<Spot<'a>>),
    Text,
    Integer,
    Number,
    Boolean,
    Null,
    Any,
    /// One of several types.
    Several(Vec<(&'a str, Spot<'a>)>),
    /// No value is right: parts that contradict each other, or `false`.
    Never,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ObjectForm<'a> {
    /// The named schemas that it extends.
    pub(crate) bases: Vec<&'a str>,
    pub(crate) properties: Vec<PropertyForm<'a>>,
    /// What it demands, of its own properties and of those of its bases: names, and where they stand.
    pub(crate) required: Vec<(&'a str, Spot<'a>)>,
    /// The lists of what is demanded.
    pub(crate) required_lists: Vec<Spot<'a>>,
    pub(crate) additional: Additional<'a>,
}

#[derive(Debug, Clone)]
pub(crate) struct PropertyForm<'a> {
    pub(crate) name: &'a str,
    /// Every declaration of it; all of them hold.
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) required: bool,
}

/// What an object may hold beside its declared properties.
#[derive(Debug, Clone, Default)]
pub(crate) enum Additional<'a> {
    /// Anything: also where nothing is said, and where Microsoft says `{type: object}` beside properties.
    #[default]
    Open,
    Closed(Spot<'a>),
    Typed(Vec<Spot<'a>>),
}

#[derive(Debug, Clone)]
pub(crate) struct EnumForm<'a> {
    pub(crate) members: Vec<EnumMember<'a>>,
    /// Whether readers are told to expect members that are not listed.
    pub(crate) open: bool,
    /// `x-ms-enum`.
    pub(crate) extension: Option<Spot<'a>>,
    /// The list of the members.
    pub(crate) list: Spot<'a>,
    /// The type that is said beside the members.
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
    /// The alternatives but for null.
    pub(crate) alternatives: Vec<Spot<'a>>,
}

impl EnumMember<'_> {
    /// The same value: the text `1` and the number 1 are not.
    pub(crate) fn is(&self, other: &EnumMember<'_>) -> bool {
        same(self.spot.node, other.spot.node)
    }
}

impl<'a> PropertyForm<'a> {
    /// Where a reader looks for the property: at its last declaration, which is the most special one.
    pub(crate) fn spot(&self) -> Option<Spot<'a>> {
        self.spots.last().copied()
    }
}

impl<'a> View<'a> {
    /// Whether it is a choice and nothing else.
    pub(crate) fn is_choice(&self) -> bool {
        matches!(self.form, Form::Any) && self.choices.len() == 1
    }

    /// Whether nothing is said of the value but in keywords beside the type: `{}`, `true`, a description alone.
    pub(crate) fn takes_anything(&self) -> bool {
        matches!(self.form, Form::Any) && self.choices.is_empty() && self.discriminator.is_none()
    }

    /// Where its type is said, or else where it starts.
    pub(crate) fn type_or_start(&self) -> Option<Spot<'a>> {
        self.type_spot.or(self.spots.first().copied())
    }
}
