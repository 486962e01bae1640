//! The report by operation: one line each, or every finding below the operation that it affects.

use std::collections::BTreeMap;

use graph_client_review::{Finding, Wire};

use super::report::Report;
use super::weight::Weight;
use super::words::{axes, change, title};
use crate::counted;

/// The heading for findings that affect no operation.
const NONE: &str = "no operation";

/// The findings that affect each operation; a finding that affects several is repeated.
fn by_operation(report: &Report) -> BTreeMap<String, Vec<&Finding>> {
    let mut all: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.review.findings {
        let operations: Vec<&String> = finding
            .used_by
            .iter()
            .filter(|name| name.contains(' '))
            .collect();
        if operations.is_empty() {
            all.entry(NONE.to_owned()).or_default().push(finding);
        }
        for operation in operations {
            all.entry(operation.clone()).or_default().push(finding);
        }
    }
    all
}

/// One line for each operation: its severity, and the number of its findings by severity.
pub(super) fn summary(report: &Report) -> String {
    let mut out = String::new();
    for (operation, findings) in by_operation(report) {
        let mut counts = Vec::new();
        for weight in Weight::ALL {
            let count = findings
                .iter()
                .filter(|finding| Weight::of(finding) == weight)
                .count();
            if count > 0 {
                counts.push(format!("{count} {}", weight.title().to_lowercase()));
            }
        }
        out.push_str(&format!(
            "{:<10} {operation}: {}\n",
            gravity(&findings),
            counts.join(", ")
        ));
    }
    out.push_str(&format!(
        "{} {}\n",
        report.verdict().as_str(),
        report.numbers()
    ));
    out
}

/// Every finding below the operations that it affects.
pub(super) fn grouped(report: &Report) -> String {
    let mut out = String::new();
    for (operation, findings) in by_operation(report) {
        out.push_str(&format!(
            "{operation} ({}, {})\n",
            gravity(&findings),
            counted(findings.len(), "finding", "findings")
        ));
        for finding in findings {
            let change = change(finding, 70)
                .map(|change| format!(": {change}"))
                .unwrap_or_default();
            let at = &finding.at;
            out.push_str(&format!(
                "  {}{change}\n    {}:{}:{} [{}] {}\n",
                title(finding),
                at.file,
                at.line,
                at.column,
                finding.id,
                axes(finding)
            ));
        }
    }
    out.push_str(&format!(
        "{} {}\n",
        report.verdict().as_str(),
        report.numbers()
    ));
    out
}

fn gravity(findings: &[&Finding]) -> &'static str {
    findings
        .iter()
        .map(|finding| finding.wire)
        .max()
        .unwrap_or(Wire::None)
        .as_str()
}
