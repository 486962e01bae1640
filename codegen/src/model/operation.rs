//! An operation: its parameters, its body, its response, and its permissions.

use super::{Origin, Shape};

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
    /// The summary.
    pub summary: String,
    /// The description.
    pub description: String,
    /// The reference page.
    pub reference: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether a write can be repeated without harm after its outcome was lost, as the document or the settings say
    /// (`x-graph-repeatable`).
    pub repeatable: bool,
    /// The required permissions.
    pub access: Access,
    /// Whether it only reads, whatever its method is (`x-graph-reads`).
    pub reads: bool,
    /// How long an attempt and the whole call may take, in seconds, if it differs from the client's default
    /// (`x-graph-attempt-seconds`, `x-graph-total-seconds`).
    pub patience: Option<(u64, u64)>,
    /// In the order of path template, then by name.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The successful response.
    pub success: Success,
    /// The schema of the error body.
    pub error: Option<String>,
    /// Its location.
    pub origin: Origin,
}

/// The permissions of an operation, and the clouds that offer it (`x-graph-permissions`, `x-graph-roles`,
/// `x-graph-clouds`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Permissions of a signed-in user.
    pub delegated: Permissions,
    /// Permissions of an application.
    pub application: Permissions,
    /// Built-in Entra roles, one of which a signed-in user also needs.
    pub roles: Vec<String>,
    /// Clouds that offer the operation.
    pub clouds: Vec<String>,
    /// False if no reference page describes the operation (`x-graph-documented: false`).
    pub undocumented: bool,
}

/// Permissions, each of which suffices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The least privileged ones.
    pub least: Vec<String>,
    /// More privileged ones that include them.
    pub higher: Vec<String>,
}

/// The location of a parameter in a request.
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
    /// Its location in the request.
    pub location: Location,
    /// The description.
    pub description: String,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its type.
    pub kind: ParameterKind,
    /// Smallest value.
    pub minimum: Option<i64>,
    /// Largest value.
    pub maximum: Option<i64>,
    /// The members, if the description has a closed set.
    pub members: Vec<String>,
    /// Its location in the fragment.
    pub origin: Origin,
}

/// The type of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterKind {
    /// Any string.
    Text,
    /// A member of a set, by Rust type.
    Member(String),
    /// A point in time.
    DateTime,
    /// A date.
    Date,
    /// An integer of 32 bits.
    Integer,
    /// An integer of 64 bits.
    Integer64,
    /// A floating-point number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Strings in one value, joined by commas (`explode: false`).
    List,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its content.
    pub content: BodyContent,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// The content of a request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyContent {
    /// A JSON value.
    Json(Shape),
    /// Bytes with a media type.
    Bytes(String),
}

impl Body {
    /// The type of a JSON value.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        match &self.content {
            BodyContent::Json(shape) => Some(shape),
            BodyContent::Bytes(_) => None,
        }
    }
}

/// A successful response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// As in the fragment: `200`, `2XX`, `204`.
    pub status: String,
    /// Its content.
    pub content: Content,
}

/// The content of a successful response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A JSON value.
    Json(Shape),
    /// An integer as plain text (`$count`).
    Number,
    /// Bytes with a media type: files, images, reports, texts.
    Bytes(String),
}
