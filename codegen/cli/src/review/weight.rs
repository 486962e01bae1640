//! The severity of a finding, by what it breaks.

use graph_client_review::{Finding, FindingKind, Rust, Wire};

/// The severity of a finding: that of the more severe of its axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Breaking,
    Additive,
    Other,
    Docs,
}

impl Weight {
    pub(super) const ALL: [Self; 4] = [Self::Breaking, Self::Additive, Self::Other, Self::Docs];

    pub(super) fn of(finding: &Finding) -> Self {
        match (finding.wire, finding.rust) {
            (Wire::Breaking, _) | (_, Rust::Breaking) => Self::Breaking,
            (Wire::Compatible, _) | (_, Rust::Additive) => Self::Additive,
            _ if finding.kind == FindingKind::DocsChanged => Self::Docs,
            _ => Self::Other,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Additive => "Additive",
            Self::Other => "Neither",
            Self::Docs => "Documentation",
        }
    }
}
