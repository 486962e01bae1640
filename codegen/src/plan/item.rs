//! The items of a plan: types, fields, members, functions, requests.

use crate::model::{Location, Origin, Promised};

use super::docs::Docs;
use super::rust_type::RustType;

/// A field of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldItem {
    /// Its name.
    pub name: String,
    /// The property's name on the wire.
    pub wire: String,
    /// Its type.
    pub rust_type: RustType,
    /// Whether the service may send null, as far as the document knows.
    pub nullable: bool,
    /// Its documentation.
    pub docs: Docs,
    /// The property that it holds.
    pub origin: Origin,
}

/// How a struct shares the properties of other types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sharing {
    /// It stands alone.
    Alone,
    /// It holds the properties that the types of a union share.
    Base,
    /// It has the shared properties of its union in the field `base`, which is of that type.
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
    /// Accessors of its lists, and ways to its subtypes.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The schema that it is made from.
    pub origin: Origin,
}

/// A set of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumItem {
    /// Its name.
    pub name: String,
    /// The members, in the order of the document.
    pub members: Vec<MemberItem>,
    /// Members by the names that only a page uses, and what the description calls them.
    pub synonyms: Vec<(String, String)>,
    /// Functions beside those that the runtime adds.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The schema that it is made from.
    pub origin: Origin,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberItem {
    /// The variant.
    pub name: String,
    /// Its text on the wire.
    pub wire: String,
    /// How it stands to the other members that have a rank.
    pub rank: Option<u64>,
    /// Why it must not be written by accident.
    pub guarded: Option<String>,
    /// Its documentation.
    pub docs: Docs,
}

/// Types that a discriminator tells apart: one enum over all of them.
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
    /// A variant for each type.
    pub variants: Vec<VariantItem>,
    /// Accessors of the shared properties.
    pub functions: Vec<FunctionItem>,
    /// The types themselves.
    pub subtypes: Vec<StructItem>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The schema that it is made from.
    pub origin: Origin,
}

/// A type of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantItem {
    /// The variant.
    pub name: String,
    /// The type that it holds.
    pub type_name: String,
    /// The tag that tells it apart.
    pub tag: String,
    /// Its documentation.
    pub docs: Docs,
}

/// What a body does with what it leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyForm {
    /// It keeps its value (`PATCH`).
    Patch,
    /// It is not there: the body is sent whole.
    Whole,
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

/// What a function takes of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// Nothing.
    None,
    /// `&self`.
    Reference,
    /// `&'a self`.
    Borrowed,
    /// `self`, which it may change.
    Owned,
}

/// A function or method.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionItem {
    /// Its name.
    pub name: String,
    /// What it takes of its type.
    pub receiver: Receiver,
    /// Its arguments.
    pub arguments: Vec<(String, RustType)>,
    /// What it returns.
    pub returns: RustType,
    /// What it does.
    pub action: Action,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Returns the items of a list, none where it is absent or null.
    ListItems(String),
    /// Returns the items of a list, and nothing where the request did not ask for them.
    LoadedItems(String),
    /// Reads the object as one of its subtypes.
    Narrow {
        /// The field that holds the tag.
        field: String,
        /// The tag.
        tag: String,
    },
    /// Returns a property that the types of a union share.
    Shared(String, Access),
    /// Returns the member that the description has for a page's name.
    DescribedAs,
    /// Makes a body of its arguments, each for the field of its name.
    NewBody(Vec<(String, Conversion)>),
    /// Sets a field to what an argument of its name becomes.
    Set(String, Conversion),
    /// Clears a field.
    Clear(String),
    /// Leaves a field alone.
    Leave(String),
    /// Lets guarded members through.
    AllowGuarded,
    /// Says whether the body changes nothing.
    IsEmpty,
    /// Names the property of that name on the wire in a condition.
    FilterBy(String),
    /// Begins a request.
    Begin,
    /// Sends a request.
    Send,
}

/// How a shared property is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// By the accessor of its list.
    List,
    /// As a borrowed text that is always there.
    Key,
    /// As a borrowed text.
    Text,
    /// As a copy.
    Copy,
    /// As a reference.
    Reference,
}

/// How an argument becomes the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// As it is.
    Keep,
    /// By `into`.
    Into,
    /// Its items, by `into`.
    EachInto,
    /// Its items, as they are.
    Collect,
}

/// A parameter of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterItem {
    /// The field, and the method that sets it.
    pub name: String,
    /// Its name on the wire.
    pub wire: String,
    /// Where it travels.
    pub location: Location,
    /// How the request keeps it.
    pub stored: RustType,
    /// How the function that builds the request takes it, without `Option`.
    pub passed: RustType,
    /// Whether the items of a list are joined before they are passed.
    pub joined: bool,
    /// Whether it stands between quotes in the path: then a quote in it is doubled, and it may be empty.
    pub quoted: bool,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The smallest and the largest value, where they are not in the type.
    pub bounds: Option<(Option<i64>, Option<i64>)>,
    /// The parameter in the document.
    pub origin: Origin,
}

/// What a successful response holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// Nothing.
    Nothing,
    /// A whole number as text.
    Number,
    /// A JSON value.
    Json,
}

/// An operation: a method of the client and the request that it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestItem {
    /// The type of the request.
    pub name: String,
    /// `operationId`.
    pub operation_id: String,
    /// `GET`, `PATCH` …
    pub http_method: String,
    /// The path template.
    pub path: String,
    /// The constant that describes the operation.
    pub constant: String,
    /// Application permissions, the least first.
    pub permissions: Vec<String>,
    /// The method of the client.
    pub method: FunctionItem,
    /// Parameters in the path, in its order.
    pub path_parameters: Vec<ParameterItem>,
    /// All other parameters.
    pub options: Vec<ParameterItem>,
    /// The type of the body.
    pub body: Option<RustType>,
    /// Whether the body says before it is sent what is wrong with it.
    pub checked_body: bool,
    /// What a successful response holds.
    pub response_kind: ResponseKind,
    /// Its type.
    pub response: RustType,
    /// What a successful response must have.
    pub promised: Promised,
    /// The type of the items, where the response is a page that can be continued.
    pub page_of: Option<RustType>,
    /// Setters of the options, and `send`.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// The operation in the document.
    pub origin: Origin,
}

/// What a listing of an entity can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryItem {
    /// The entity.
    pub entity: String,
    /// The enum of its properties.
    pub properties: String,
    /// The type that has the conditions.
    pub filter: String,
    /// The properties, by name.
    pub names: Vec<PropertyName>,
    /// A condition for each property that can be filtered by.
    pub functions: Vec<FunctionItem>,
    /// The schema that it is made from.
    pub origin: Origin,
}

/// A property by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyName {
    /// The variant.
    pub variant: String,
    /// Its name on the wire.
    pub wire: String,
    /// Whether the service filters by it.
    pub filterable: bool,
    /// Whether the service orders by it.
    pub orderable: bool,
    /// Its documentation.
    pub docs: Docs,
    /// The property.
    pub origin: Origin,
}
