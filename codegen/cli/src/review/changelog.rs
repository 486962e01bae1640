//! The report as entries of a changelog: the changes that users must know.

use super::report::Report;
use super::weight::Weight;
use super::words::changelog_entry;

/// Entries by severity; documentation has one line.
pub(super) fn write(report: &Report) -> String {
    let mut out = String::new();
    for (weight, heading) in [
        (Weight::Breaking, "Breaking"),
        (Weight::Additive, "Added"),
        (Weight::Other, "Changed"),
    ] {
        let findings = report.of_weight(weight);
        if findings.is_empty() {
            continue;
        }
        out.push_str(&format!("### {heading}\n\n"));
        for (finding, acceptance) in findings {
            out.push_str(&changelog_entry(finding));
            if let Some(acceptance) = acceptance {
                out.push_str(&format!(" ({})", acceptance.reason));
            }
            out.push('\n');
        }
        out.push('\n');
    }
    let docs = report.of_weight(Weight::Docs).len();
    if docs > 0 {
        out.push_str(&format!(
            "### Documentation\n\n- {} said in other words\n",
            crate::counted(docs, "thing is", "things are")
        ));
    }
    out
}
