//! The items of a plan: structs, enumerations and unions here; bodies, functions, requests and queries below.

mod body;
mod function;
mod query;
mod request;

use crate::model::Origin;

use super::docs::Docs;
use super::rust_type::RustType;

pub use body::{BodyCheck, BodyField, BodyForm, BodyItem, Presence};
pub use function::{Action, Conversion, FunctionItem, PropertyAccess, Receiver};
pub use query::{PropertyName, QueryItem};
pub use request::{ParameterItem, ParameterText, RequestBody, RequestItem, ResponseKind};

/// A field of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldItem {
    /// Its name.
    pub name: String,
    /// The property's name on the wire.
    pub wire: String,
    /// Its type.
    pub rust_type: RustType,
    /// Whether the service may send null, according to the document.
    pub nullable: bool,
    /// Its documentation.
    pub docs: Docs,
    /// The property in the document.
    pub origin: Origin,
}

/// How a struct shares properties with other types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sharing {
    /// It is a type of its own.
    Alone,
    /// It holds the properties that the types of a union share.
    Base,
    /// It has the shared properties of its union in the field `base`, which has that type.
    Extends(String),
}

/// An object that the service sends, or a part of one that a request sends.
#[derive(Debug, Clone, PartialEq)]
pub struct StructItem {
    /// Its name.
    pub name: String,
    /// The schema's name in the document.
    pub schema: String,
    /// How it shares the properties of others.
    pub sharing: Sharing,
    /// A field for each property, sorted by name.
    pub fields: Vec<FieldItem>,
    /// Accessors of its lists, and conversions to its subtypes.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The schema in the document.
    pub origin: Origin,
}

/// A set of strings.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumItem {
    /// Its name.
    pub name: String,
    /// The members, in the order of the document.
    pub members: Vec<MemberItem>,
    /// Members by names that only a reference page uses, with their names in the description.
    pub synonyms: Vec<(String, String)>,
    /// Functions beside those that the runtime adds.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The schema in the document.
    pub origin: Origin,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberItem {
    /// The variant.
    pub name: String,
    /// Its text on the wire.
    pub wire: String,
    /// Its rank among the members that have one.
    pub rank: Option<u64>,
    /// Why it must not be sent by accident.
    pub guarded: Option<String>,
    /// Its documentation.
    pub docs: Docs,
}

/// A polymorphic type: one enum over all of its types.
#[derive(Debug, Clone, PartialEq)]
pub struct UnionItem {
    /// Its name.
    pub name: String,
    /// The module that holds it and its types.
    pub module: String,
    /// The property that holds the tag.
    pub discriminator: String,
    /// The struct of the shared properties.
    pub base: StructItem,
    /// Whether it is a family within another one, which has the struct.
    pub is_inner: bool,
    /// A variant for each type.
    pub variants: Vec<VariantItem>,
    /// Accessors of the shared properties.
    pub functions: Vec<FunctionItem>,
    /// The types themselves.
    pub subtypes: Vec<StructItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The schema in the document.
    pub origin: Origin,
}

/// The update of a polymorphic value: an enum over the updates of all its types.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyUpdateItem {
    /// Its name.
    pub name: String,
    /// The property that holds the tag.
    pub discriminator: String,
    /// A variant for the update of each type.
    pub variants: Vec<VariantItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The schema in the document.
    pub origin: Origin,
}

/// A type of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantItem {
    /// The variant.
    pub name: String,
    /// The type that it holds.
    pub type_name: String,
    /// Its tag.
    pub tag: String,
    /// Its documentation.
    pub docs: Docs,
}
