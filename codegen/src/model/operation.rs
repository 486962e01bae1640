//! An operation: its parameters, its body, its response, and who may call it.

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
    /// One line.
    pub summary: String,
    /// What it does.
    pub description: String,
    /// The reference page.
    pub reference: Option<String>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Whether a call that may have been carried out can be repeated without harm, as the document or the settings say
    /// of a write (`x-graph-repeatable`).
    pub repeatable: bool,
    /// Who may call it.
    pub access: Access,
    /// Whether it only reads, whatever its method says (`x-graph-reads`).
    pub reads: bool,
    /// How long an attempt and the whole call may take, in seconds, where that is not the client's own business
    /// (`x-graph-attempt-seconds`, `x-graph-total-seconds`).
    pub patience: Option<(u64, u64)>,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// A member of a set, by Rust type.
    Member(String),
    /// A point in time.
    DateTime,
    /// A day.
    Date,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Integer64,
    /// A floating-point number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Texts in one value, joined by commas (`explode: false`).
    List,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// What it holds.
    pub content: BodyContent,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// What a request body holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyContent {
    /// A JSON value.
    Json(Shape),
    /// Bytes of a media type.
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
    /// What it holds.
    pub content: Content,
}

/// What a successful response holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A JSON value.
    Json(Shape),
    /// A whole number as plain text (`$count`).
    Number,
    /// Bytes of a media type: files, images, reports, texts.
    Bytes(String),
}
