//! Judges the Rust axis of all findings: by the generated items if both sides can be generated, else by names.

use super::super::compare::Comparison;
use super::super::finding::{Finding, FindingKind, Rust};
use super::super::wire::Direction;
use super::super::{RustAxis, RustBasis};
use super::{attach, by_name, items_of_both};

/// Determines the effect of the differences on generated code.
pub(crate) fn judge(
    comparison: &Comparison<'_>,
    directions: &[Direction],
    findings: &mut [Finding],
) -> RustAxis {
    // Documentation is not part of an interface.
    if findings
        .iter()
        .all(|finding| finding.kind == FindingKind::DocsChanged)
    {
        return RustAxis::new(RustBasis::Generated);
    }
    match items_of_both(comparison.base, comparison.head) {
        Ok((old, new)) => {
            let unexplained = attach(&comparison.differences, findings, &old, &new);
            for finding in findings.iter_mut() {
                if finding.certainty < 1.0 || finding.kind.as_str().ends_with("-renamed") {
                    // Removed items first, then their replacements.
                    finding
                        .rust_items
                        .sort_by_key(|item| !item.starts_with('-'));
                }
            }
            let mut axis = RustAxis::new(RustBasis::Generated);
            // The flavours lead to other names, which no edit of a description causes.
            if !comparison.flavours_differ {
                axis.of_other_items = unexplained.rust.unwrap_or(Rust::None);
                axis.other_items = unexplained.items;
            }
            axis
        }
        Err(basis) => {
            by_name(&comparison.differences, directions, findings);
            RustAxis::new(basis)
        }
    }
}
