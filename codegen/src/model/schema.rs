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
    /// The description.
    pub description: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its kind.
    pub kind: Kind,
    /// Its location.
    pub origin: Origin,
}

/// The kind of a schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An object with declared properties.
    Object(Object),
    /// A set of strings.
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
    /// Whether undeclared properties are refused.
    pub closed: bool,
    /// The minimum number of properties.
    pub minimum_properties: Option<u64>,
    /// The discriminator of its subtypes.
    pub discriminator: Option<Discriminator>,
    /// Members that contradict each other: lists of members for several properties, where no member of one property
    /// goes with one of another (`x-graph-conflicts`).
    pub conflicts: Vec<Vec<(String, Vec<String>)>>,
}

/// The discriminator of an object's subtypes.
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
    /// The description.
    pub description: String,
    /// Its type.
    pub shape: Shape,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether the fragment requires it.
    pub required: bool,
    /// Whether only the service sets it (`readOnly`).
    pub read_only: bool,
    /// Whether it is set when its object is created, and never later (`x-ms-mutability` without `update`).
    pub immutable: bool,
    /// Whether a request may clear it, if something other than the document specifies it (`x-graph-clearable`).
    pub clearable: Option<bool>,
    /// Whether it identifies its object (`x-graph-key`).
    pub key: bool,
    /// Whether v1.0 lacks it (`x-graph-beta-only`).
    pub beta_only: bool,
    /// Whether the service can filter by it (`x-graph-filterable`).
    pub filterable: bool,
    /// Whether the service can order by it (`x-graph-orderable`).
    pub orderable: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its only possible value (a required enum of one member).
    pub constant: Option<String>,
    /// The maximum length of a string, in characters.
    pub maximum_length: Option<u64>,
    /// Whether a string must not be empty (`minLength`).
    pub filled: bool,
    /// The minimum number of items of a list.
    pub minimum_items: Option<u64>,
    /// Whether it is returned only on request (`x-ms-navigationProperty`).
    pub navigation: bool,
    /// The page that documents it, if it is not the operation's own (`x-graph-documented-by`).
    pub documented_by: Option<String>,
    /// Its location.
    pub origin: Origin,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// An integer of 32 bits.
    Integer32,
    /// An integer of 64 bits.
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

/// A set of strings; the service may add members at any time.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// The members, in the order of the fragment.
    pub members: Vec<Member>,
    /// Whether a value can be several members joined by commas.
    pub flags: bool,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its spelling on the wire.
    pub value: String,
    /// The Rust variant.
    pub variant_name: String,
    /// The description.
    pub description: String,
    /// Whether the service sends it only if the request asks for unknown members (`x-graph-evolvable`).
    pub evolvable: bool,
    /// Whether v1.0 lacks it (`x-graph-beta-only`).
    pub beta_only: bool,
    /// The description's name for a member that only the reference page uses (`x-graph-page-only`).
    pub page_only: Option<String>,
    /// Its rank among the members that have one (`x-graph-rank`).
    pub rank: Option<u64>,
    /// Why it must not be sent by accident (`x-graph-guarded`).
    pub guarded: Option<String>,
}

impl Shape {
    /// Returns the named schema that a value of this type contains, at any depth of lists.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(item) => item.named(),
            _ => None,
        }
    }
}
