//! The report as SARIF 2.1.0, for code scanning.

use std::collections::BTreeSet;

use graph_client_review::{Finding, FindingKind, Side};
use serde_json::{Value, json};

use super::accepted::Acceptance;
use super::report::Report;
use super::words::{axes, change, title, used_by};

pub(super) fn write(report: &Report) -> String {
    let used: BTreeSet<FindingKind> = report
        .review
        .findings
        .iter()
        .map(|finding| finding.kind)
        .collect();
    let kinds: Vec<FindingKind> = FindingKind::ALL
        .iter()
        .copied()
        .filter(|kind| used.contains(kind))
        .collect();
    let rules: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            json!({
                "id": kind.as_str(),
                "name": pascal(kind.as_str()),
                "shortDescription": {"text": kind.description()},
                "defaultConfiguration": {"level": "note"},
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings()
        .map(|(finding, acceptance)| result(report, &kinds, finding, acceptance))
        .collect();
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "spec-review",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn result(
    report: &Report,
    kinds: &[FindingKind],
    finding: &Finding,
    acceptance: Option<&Acceptance>,
) -> Value {
    let level = report.levels.of(finding).as_str();
    let mut message = title(finding);
    if let Some(change) = change(finding, 500) {
        message.push_str(&format!(": {change}"));
    }
    message.push_str(&format!(" ({})", axes(finding)));
    if let Some(used_by) = used_by(finding, 10) {
        message.push_str(&format!("; used by {used_by}"));
    }
    for item in &finding.rust_items {
        message.push_str(&format!("\n{item}"));
    }
    let (line, column) = report
        .place_in_head(finding)
        .map_or((1, 1), |place| (place.line, place.column));
    let mut result = json!({
        "ruleId": finding.kind.as_str(),
        "ruleIndex": kinds.iter().position(|kind| *kind == finding.kind),
        "level": level,
        "message": {"text": message},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&report.path(Side::Head)), "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": line, "startColumn": column},
            },
            "logicalLocations": [{"fullyQualifiedName": finding.subject}],
        }],
        "partialFingerprints": {"findingId/v1": finding.id},
        "properties": {
            "wire": finding.wire.as_str(),
            "rust": finding.rust.as_str(),
            "understood": finding.understood,
            "certainty": finding.certainty,
        },
    });
    if let Some(acceptance) = acceptance {
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": acceptance.reason}]);
    }
    result
}

/// The names of rules are identifiers.
fn pascal(kebab: &str) -> String {
    kebab
        .split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}

/// A relative path as a URI reference: special characters are escaped.
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_becomes_a_relative_reference() {
        assert_eq!(uri("../a b/c:d.yaml"), "../a%20b/c%3Ad.yaml");
    }
}
