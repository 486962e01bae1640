//! What a difference does to code that uses the generated crate, judged by what the generator writes for both sides.
//!
//! Where it cannot write one of them, the names that it would give are compared instead, and the review says so.

mod attach;
mod by_name;
mod items;
mod renaming;

use super::document::Description;
use super::finding::{Finding, Rust};

pub(super) use attach::attach;
pub(super) use by_name::by_name;
pub(super) use items::Items;

use super::RustBasis;

/// More schemas than this are not generated: no fragment has as many, and generating them takes minutes.
const MOST_SCHEMAS: usize = 400;

/// The public items of both sides, or why there are none.
pub(super) fn items_of_both(
    base: &Description<'_>,
    head: &Description<'_>,
) -> Result<(Items, Items), RustBasis> {
    for (name, description) in [("base", base), ("head", head)] {
        let count = description.schemas.len();
        if count > MOST_SCHEMAS {
            return Err(RustBasis::Names(format!(
                "the {name} has {count} schemas, too many to generate"
            )));
        }
    }
    let (old, new) = std::thread::scope(|scope| {
        let other = scope.spawn(|| items_of(base));
        let new = items_of(head);
        let old = other
            .join()
            .unwrap_or_else(|_| Err("the generator stopped".to_owned()));
        (old, new)
    });
    let refused = |name: &str, reason: String| {
        RustBasis::Names(format!("the generator refuses the {name}: {reason}"))
    };
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(reason), _) => Err(refused("base", reason)),
        (_, Err(reason)) => Err(refused("head", reason)),
    }
}

fn items_of(description: &Description<'_>) -> Result<Items, String> {
    let modules = crate::generate::modules_of(description.document).map_err(|problems| {
        match problems.iter().next() {
            Some(problem) => {
                let line = problem
                    .position
                    .map(|position| format!("{}:", position.line))
                    .unwrap_or_default();
                format!("{}:{line} {}", problem.file, problem.message)
            }
            None => "no reason given".to_owned(),
        }
    })?;
    items::of(&modules)
}

/// A finding with items is as grave as the gravest of them.
pub(super) fn add_item(finding: &mut Finding, item: String, rust: Rust) {
    finding.rust = finding.rust.max(rust);
    finding.rust_items.push(item);
}
