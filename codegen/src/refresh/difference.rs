//! A difference between the fragment and what upstream says now.

use crate::diagnostic::Position;
use crate::edit::Edit;

/// One thing that upstream says otherwise than the fragment.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What happened, by the review's name for it: `property-added`.
    pub kind: &'static str,
    /// What it happened to, as the review calls it: `Incident.tenantId`.
    pub subject: String,
    /// What the fragment says.
    pub from: Option<String>,
    /// What upstream says.
    pub to: Option<String>,
    /// Where upstream says it, or what it says something about.
    pub upstream: UpstreamPlace,
    /// Where the fragment says it, or what it lacks it in: a JSON pointer.
    pub pointer: String,
    /// How the fragment comes to say the same; nothing where a person has to.
    pub edits: Vec<Edit>,
    /// A remark for a reader, such as the date of a deprecation.
    pub remark: String,
}

/// A place in the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamPlace {
    /// Line and column.
    pub position: Position,
    /// The qualified name of what stands there: `microsoft.graph.security.incident/tenantId`.
    pub name: String,
}

impl Difference {
    /// `property-added Incident.tenantId`: how a decision names it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.kind, self.subject)
    }

    /// Whether it takes something out of the fragment.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.kind.ends_with("-removed")
    }
}
