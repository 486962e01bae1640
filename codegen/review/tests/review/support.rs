//! Shared helpers of the review's tests.

use graph_client_codegen::load;
use graph_client_review::{Finding, FindingKind, Review, Source, review};
use serde_json::Value;

/// A description with one of everything that a review supports.
pub(crate) const SAMPLE: &str = include_str!("sample.yaml");

pub(crate) fn sample() -> Value {
    json_of("sample.yaml", SAMPLE)
}

/// A description as a tree that can be edited.
pub(crate) fn json_of(name: &str, text: &str) -> Value {
    load::parse(name, text).unwrap().root.to_json()
}

/// Reviews two trees.
pub(crate) fn review_json(base: &Value, head: &Value) -> Review {
    let (base, head) = (format!("{base:#}"), format!("{head:#}"));
    let of = |file, text| Source { file, text };
    match review(of("base.json", &base), of("head.json", &head)) {
        Ok(review) => review,
        Err(problems) => panic!("{problems}"),
    }
}

/// A finding in one line: both axes, kind, subject, detail, and the old and new value.
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
        _ if finding.kind == FindingKind::DocsChanged => {}
        (Some(from), Some(to)) => line.push_str(&format!(": {from} -> {to}")),
        (Some(from), None) => line.push_str(&format!(": -{from}")),
        (None, Some(to)) => line.push_str(&format!(": +{to}")),
        (None, None) => {}
    }
    line
}
