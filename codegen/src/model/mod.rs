//! What a fragment says, once the ways of saying it are out of the way: the model that every later stage reads.
//!
//! Microsoft publishes one description in two flavours, and a schema can be written in many ways that mean the
//! same (see [`crate::model`]'s reading half). After this stage there is one form: an operation has a list of
//! parameters, a body and an answer; an object has its own properties and at most one base; a property has a
//! type, and is nullable or not.

mod operations;
mod promised;
mod read;
mod schemas;
mod wire;

use std::collections::BTreeMap;

use crate::load::{Place, Position};

pub use promised::Promised;
pub use read::read;

pub(crate) use schemas::{base_reference, is_named};
pub use wire::{METHODS, media_type};

/// A fragment in normal form.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Base addresses, in the order of the fragment, without a trailing slash.
    pub servers: Vec<Server>,
    /// Clouds that do not offer what is described, with the reason (`x-graph-refused-clouds`).
    pub refused_clouds: Vec<(String, String)>,
    /// The operations, sorted by path, then by method.
    pub operations: Vec<Operation>,
    /// The schemas by Rust type name.
    pub schemas: BTreeMap<String, Schema>,
}

/// A base address of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The address, without a trailing slash.
    pub url: String,
    /// What it is.
    pub description: String,
}

/// Where a part of the fragment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Line and column.
    pub position: Position,
    /// JSON pointer, with `#` in front.
    pub pointer: String,
}

/// One method on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// The Rust method: `updateIncident` → `update_incident`.
    pub method_name: String,
    /// `GET`, `PATCH` …
    pub method: String,
    /// The path template.
    pub path: String,
    /// One line.
    pub summary: String,
    /// What it does.
    pub description: String,
    /// The reference page.
    pub reference: Option<String>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Who may call it.
    pub access: Access,
    /// In the order of path template, then by name.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back when all went well.
    pub success: Success,
    /// The schema of the error body.
    pub error: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// Who may call an operation, and where it is offered (`x-graph-permissions`, `x-graph-roles`, `x-graph-clouds`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Permissions of a signed-in user.
    pub delegated: Permissions,
    /// Permissions of an application.
    pub application: Permissions,
    /// Built-in Entra roles, any of which a signed-in user needs as well.
    pub roles: Vec<String>,
    /// Clouds that offer the operation.
    pub clouds: Vec<String>,
    /// False where no reference page describes the operation (`x-graph-documented: false`).
    pub undocumented: bool,
}

/// Permissions, any one of which suffices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The least that suffices.
    pub least: Vec<String>,
    /// Wider ones that include it.
    pub higher: Vec<String>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name on the wire, such as `$filter`.
    pub name: String,
    /// The Rust argument or method: `filter`.
    pub field_name: String,
    /// Where it travels.
    pub location: Location,
    /// What it does.
    pub description: String,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its type.
    pub kind: ParameterKind,
    /// Smallest value.
    pub minimum: Option<i64>,
    /// Largest value.
    pub maximum: Option<i64>,
    /// Members, where the description closes the set.
    pub members: Vec<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Texts in one value, joined by commas (`explode: false`).
    List,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its type.
    pub shape: Shape,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// As in the fragment: `200`, `2XX`, `204`.
    pub status: String,
    /// What it holds.
    pub content: Content,
}

/// What a successful answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A JSON value.
    Json(Shape),
    /// A whole number as plain text (`$count`).
    Number,
}

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
    /// The description's name for a member that only the reference page uses (`x-graph-page-only`).
    pub page_only: Option<String>,
    /// How it stands to the other members that have a rank (`x-graph-rank`): the higher, the more.
    pub rank: Option<u64>,
    /// Why it must not be written by accident (`x-graph-guarded`).
    pub guarded: Option<String>,
}

impl Model {
    /// The schema of that Rust type name.
    #[must_use]
    pub fn schema(&self, type_name: &str) -> Option<&Schema> {
        self.schemas.get(type_name)
    }

    /// The object of that Rust type name.
    #[must_use]
    pub fn object(&self, type_name: &str) -> Option<&Object> {
        match &self.schema(type_name)?.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether values of that type are told apart by a discriminator, so that they are one Rust enum.
    ///
    /// A base that is a type of its own mapping (such as `Alert`, whose mapping names `Alert` itself) stays a struct:
    /// it is complete without knowing the subtype.
    #[must_use]
    pub fn is_polymorphic(&self, type_name: &str) -> bool {
        self.object(type_name)
            .and_then(|object| object.discriminator.as_ref())
            .is_some_and(|discriminator| {
                !discriminator.mapping.is_empty()
                    && !discriminator
                        .mapping
                        .values()
                        .any(|target| target == type_name)
            })
    }

    /// The nearest base of an object that is polymorphic; its properties become the field `base`.
    #[must_use]
    pub fn polymorphic_base(&self, object: &Object) -> Option<&str> {
        let mut base = object.base.as_deref();
        while let Some(name) = base {
            if let Some((known, _)) = self.schemas.get_key_value(name)
                && self.is_polymorphic(known)
            {
                return Some(known);
            }
            base = self.object(name).and_then(|object| object.base.as_deref());
        }
        None
    }

    /// All properties of an object that a struct of its own has to hold: its own and those of its bases, up to a
    /// polymorphic base; sorted by name.
    #[must_use]
    pub fn flattened<'a>(&'a self, object: &'a Object) -> Vec<&'a Property> {
        let mut properties: BTreeMap<&str, &Property> = BTreeMap::new();
        let mut level = Some(object);
        while let Some(object) = level {
            for property in &object.properties {
                properties.entry(&property.name).or_insert(property);
            }
            level = object
                .base
                .as_deref()
                .filter(|base| !self.is_polymorphic(base))
                .and_then(|base| self.object(base));
        }
        properties.into_values().collect()
    }

    /// The properties that the struct of an object has as fields: [`Self::flattened`], without the discriminator of a
    /// polymorphic family, which the Rust type expresses.
    #[must_use]
    pub fn struct_properties<'a>(
        &'a self,
        type_name: &str,
        object: &'a Object,
    ) -> Vec<&'a Property> {
        let family = match self.is_polymorphic(type_name) {
            true => Some(type_name),
            false => self.polymorphic_base(object),
        };
        let tag = family
            .and_then(|family| self.object(family))
            .and_then(|family| family.discriminator.as_ref())
            .map(|discriminator| discriminator.property.as_str());
        let mut properties = self.flattened(object);
        properties.retain(|property| Some(property.name.as_str()) != tag);
        properties
    }

    /// The tag that tells a subtype apart, as the service writes it.
    #[must_use]
    pub fn tag_of(&self, type_name: &str) -> Option<&str> {
        let mut base = self.object(type_name)?.base.as_deref();
        while let Some(name) = base {
            let object = self.object(name)?;
            if let Some(discriminator) = &object.discriminator {
                return discriminator
                    .mapping
                    .iter()
                    .find(|(_, target)| *target == type_name)
                    .map(|(tag, _)| tag.as_str());
            }
            base = object.base.as_deref();
        }
        None
    }
}

impl Origin {
    fn of(place: &Place<'_>) -> Self {
        Self {
            position: place.node.position,
            pointer: place.pointer.clone(),
        }
    }
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
