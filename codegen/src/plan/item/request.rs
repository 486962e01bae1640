//! An operation as a method of the client, and its request.

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
    /// Its location in the request.
    pub location: Location,
    /// Its type in the request.
    pub stored: RustType,
    /// Its type in the function that builds the request, without `Option`.
    pub passed: RustType,
    /// How it is converted to a string, if it is not one.
    pub text: ParameterText,
    /// Whether it is quoted in the path: then quotes in it are doubled, and it may be empty.
    pub quoted: bool,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The smallest and the largest value, unless the type implies them.
    pub bounds: Option<(Option<i64>, Option<i64>)>,
    /// The parameter in the document.
    pub origin: Origin,
}

/// How a parameter is converted to a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterText {
    /// It is passed unchanged.
    Itself,
    /// The items of a list are joined by commas.
    Joined,
    /// A member of an enumeration is written as its text.
    Member,
    /// A point in time is formatted.
    DateTime,
    /// A date is formatted.
    Date,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBody {
    /// Its type.
    pub rust_type: RustType,
    /// The media type of a body that is a stream of bytes; any other is JSON.
    pub bytes: Option<String>,
    /// Whether a request without it is refused.
    pub required: bool,
}

/// The content of a successful response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// Nothing.
    Nothing,
    /// An integer as plain text.
    Number,
    /// A JSON value.
    Json,
    /// A stream of bytes.
    Bytes,
}

/// An operation: a method of the client, and its request.
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
    /// Application permissions, the least privileged first.
    pub permissions: Vec<String>,
    /// The method of the client.
    pub method: FunctionItem,
    /// Parameters in the path, in its order.
    pub path_parameters: Vec<ParameterItem>,
    /// All other parameters.
    pub options: Vec<ParameterItem>,
    /// The body.
    pub body: Option<RequestBody>,
    /// Whether the body is checked before it is sent.
    pub checked_body: bool,
    /// The content of a successful response.
    pub response_kind: ResponseKind,
    /// Its type.
    pub response: RustType,
    /// Whether it only reads, whatever its method is.
    pub reads: bool,
    /// How long an attempt and the whole call may take, in seconds.
    pub patience: Option<(u64, u64)>,
    /// Whether it can be repeated without harm after its outcome was lost.
    pub repeatable: bool,
    /// What a successful response must contain.
    pub promised: Promised,
    /// The type of the items, if the response is a page that can be continued.
    pub page_of: Option<RustType>,
    /// Setters of the options, and `send`.
    pub functions: Vec<FunctionItem>,
    /// Its documentation.
    pub docs: Docs,
    /// The operation in the document.
    pub origin: Origin,
}
