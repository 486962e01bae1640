//! What the tests of the review share.

use graph_incidents_codegen::review::{Finding, Kind};

/// A finding in one line: both axes, kind, subject, detail, and what became what.
pub(crate) fn line(finding: &Finding) -> String {
    let mut line = format!(
        "{}/{} {} {}",
        finding.wire.as_str(),
        finding.rust.as_str(),
        finding.kind,
        finding.subject
    );
    if !finding.detail.is_empty() {
        line.push_str(&format!(" ({})", finding.detail));
    }
    match (&finding.from, &finding.to) {
        _ if finding.kind == Kind::DocsChanged => {}
        (Some(from), Some(to)) => line.push_str(&format!(": {from} -> {to}")),
        (Some(from), None) => line.push_str(&format!(": -{from}")),
        (None, Some(to)) => line.push_str(&format!(": +{to}")),
        (None, None) => {}
    }
    line
}
