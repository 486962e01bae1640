//! An operation as a method of the client, and the request that it begins.

use crate::model::{Location, Origin, Promised};
use crate::plan::docs::Docs;
use crate::plan::rust_type::RustType;

use super::FunctionItem;

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
    /// How it becomes a text where it is no text itself.
    pub text: ParameterText,
    /// Whether it stands between quotes in the path: then a quote in it is doubled, and it may be empty.
    pub quoted: bool,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The smallest and the largest value, where they are not in the type.
    pub bounds: Option<(Option<i64>, Option<i64>)>,
    /// The parameter in the document.
    pub origin: Origin,
}

/// How a parameter becomes the text that is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterText {
    /// It is passed as it is.
    Itself,
    /// The items of a list are joined by commas.
    Joined,
    /// A member of an enumeration has a text.
    Member,
    /// A point in time is written.
    DateTime,
    /// A day is written.
    Date,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBody {
    /// Its type.
    pub rust_type: RustType,
    /// The media type of a body that is a stream of bytes; any other is JSON.
    pub bytes: Option<String>,
    /// Whether a request without it is refused.
    pub required: bool,
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
    /// A stream of bytes.
    Bytes,
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
    /// Application permissions, the least first.
    pub permissions: Vec<String>,
    /// The method of the client.
    pub method: FunctionItem,
    /// Parameters in the path, in its order.
    pub path_parameters: Vec<ParameterItem>,
    /// All other parameters.
    pub options: Vec<ParameterItem>,
    /// What it carries.
    pub body: Option<RequestBody>,
    /// Whether the body says before it is sent what is wrong with it.
    pub checked_body: bool,
    /// What a successful response holds.
    pub response_kind: ResponseKind,
    /// Its type.
    pub response: RustType,
    /// Whether it only reads, whatever its method says.
    pub reads: bool,
    /// How long an attempt and the whole call may take, in seconds.
    pub patience: Option<(u64, u64)>,
    /// Whether a call that may have been carried out can be repeated without harm.
    pub repeatable: bool,
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
