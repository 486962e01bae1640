//! A difference between the fragment and its upstream.

use crate::diagnostic::Position;
use crate::edit::Edit;

/// One difference between the fragment and its upstream.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its kind, with the review's name for it: `property-added`.
    pub kind: &'static str,
    /// Its subject, with the review's name for it: `Incident.tenantId`.
    pub subject: String,
    /// The value in the fragment.
    pub from: Option<String>,
    /// The value upstream.
    pub to: Option<String>,
    /// The location upstream, or of the part that it is about.
    pub upstream: UpstreamPlace,
    /// The location in the fragment, or of the part that lacks it: a JSON pointer.
    pub pointer: String,
    /// The edits that resolve it; none if a person must edit.
    pub edits: Vec<Edit>,
    /// A remark for readers, such as the date of a deprecation.
    pub remark: String,
}

/// A location in the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamPlace {
    /// Line and column.
    pub position: Position,
    /// The qualified name of the part: `microsoft.graph.security.incident/tenantId`.
    pub name: String,
}

impl Difference {
    /// `property-added Incident.tenantId`: its name in a decision.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.kind, self.subject)
    }

    /// Whether it removes something from the fragment.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.kind.ends_with("-removed")
    }
}
