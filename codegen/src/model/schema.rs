//! A schema: an object with its properties, an enumeration, a page, or any JSON object.

use std::collections::BTreeMap;

use super::Origin;

/// A named schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Its name in the fragment.
    pub name: String,
    /// The Rust type.
    pub type_name: String,
    /// What it is.
    pub description: String,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it looks like.
    pub kind: Kind,
    /// Where it stands.
    pub origin: Origin,
}

/// What a schema looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An object with declared properties.
    Object(Object),
    /// A set of texts.
    Enumeration(Enumeration),
    /// A page of a collection: `value`, and the annotations of OData.
    Page(Shape),
    /// Any JSON object.
    Open,
}

/// An object with declared properties.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    /// The type it extends.
    pub base: Option<String>,
    /// Its own properties, by name.
    pub properties: Vec<Property>,
    /// True where properties that are not declared are refused.
    pub closed: bool,
    /// How few properties it may have.
    pub minimum_properties: Option<u64>,
    /// How its subtypes are told apart.
    pub discriminator: Option<Discriminator>,
    /// Members that contradict each other: of each property some, and no value of one goes with one of the other
    /// (`x-graph-conflicts`).
    pub conflicts: Vec<Vec<(String, Vec<String>)>>,
}

/// How the subtypes of an object are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// The property that holds the tag.
    pub property: String,
    /// Type name by tag, in the order of the tags.
    pub mapping: BTreeMap<String, String>,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its name on the wire.
    pub name: String,
    /// The Rust field.
    pub field_name: String,
    /// What it holds.
    pub description: String,
    /// Its type.
    pub shape: Shape,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether the fragment demands it.
    pub required: bool,
    /// Whether only the service sets it (`readOnly`).
    pub read_only: bool,
    /// Whether it is set when its object is created, and never after (`x-ms-mutability` without `update`).
    pub immutable: bool,
    /// Whether a request may clear it, where something else than the document knows (`x-graph-clearable`).
    pub clearable: Option<bool>,
    /// Whether it identifies its object (`x-graph-key`).
    pub key: bool,
    /// Whether v1.0 lacks it (`x-graph-beta-only`).
    pub beta_only: bool,
    /// Whether the service filters by it (`x-graph-filterable`).
    pub filterable: bool,
    /// Whether the service orders by it (`x-graph-orderable`).
    pub orderable: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The only value it may have (a required enum of one member).
    pub constant: Option<String>,
    /// How long a text may be, in characters.
    pub maximum_length: Option<u64>,
    /// Whether a text must say something (`minLength`).
    pub filled: bool,
    /// How few items a list may have.
    pub minimum_items: Option<u64>,
    /// Whether it is there only where the request asks for it (`x-ms-navigationProperty`).
    pub navigation: bool,
    /// The page that documents it, where that is not the operation's own (`x-graph-documented-by`).
    pub documented_by: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Integer32,
    /// A whole number of 64 bits.
    Integer64,
    /// A floating-point number.
    Number,
    /// A point in time.
    DateTime,
    /// A GUID.
    Uuid,
    /// Any JSON value.
    Any,
    /// A named schema, by Rust type name.
    Named(String),
    /// A list.
    List(Box<Shape>),
}

/// A set of texts; the service may add members at any time.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// The members, in the order of the fragment.
    pub members: Vec<Member>,
    /// True where a value is several members joined by commas.
    pub flags: bool,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its spelling on the wire.
    pub value: String,
    /// The Rust variant.
    pub variant_name: String,
    /// What it says.
    pub description: String,
    /// True where the service sends it only to who asks for unknown members (`x-graph-evolvable`).
    pub evolvable: bool,
    /// Whether v1.0 lacks it (`x-graph-beta-only`).
    pub beta_only: bool,
    /// The description's name for a member that only the reference page uses (`x-graph-page-only`).
    pub page_only: Option<String>,
    /// How it stands to the other members that have a rank (`x-graph-rank`): the higher, the more.
    pub rank: Option<u64>,
    /// Why it must not be written by accident (`x-graph-guarded`).
    pub guarded: Option<String>,
}

impl Shape {
    /// The named schema that a value of this type holds, at any depth of lists.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(item) => item.named(),
            _ => None,
        }
    }
}
