//! The effect of a difference on code that uses the generated crate, by the generator's output for both sides.
//!
//! If a side cannot be generated, the names that the generator would choose are compared instead, and the review says
//! so.

mod attach;
mod by_name;
mod items;
mod judge;
mod renaming;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::generate;
use graph_client_codegen::plan::Plan;

use super::RustBasis;
use super::document::Description;
use super::finding::{Finding, Rust};

use attach::attach;
use by_name::by_name;
use items::Listed;
pub(super) use judge::judge;

/// The public items of both sides, or why there are none.
fn items_of_both(
    base: &Description<'_>,
    head: &Description<'_>,
) -> Result<(Listed, Listed), RustBasis> {
    let items = |side: &Description<'_>| {
        let model = generate::model_of(side.document, side.whole().clone()).map_err(first_of)?;
        Ok(items::of(&Plan::of(&model)))
    };
    both(|| items(base), || items(head))
}

/// Runs a stage for both sides at once.
fn both<T: Send>(
    base: impl FnOnce() -> Result<T, String> + Send,
    head: impl FnOnce() -> Result<T, String>,
) -> Result<(T, T), RustBasis> {
    let (old, new) = std::thread::scope(|scope| {
        let other = scope.spawn(base);
        let new = head();
        let stopped = |_| Err("the generator stopped".to_owned());
        (other.join().unwrap_or_else(stopped), new)
    });
    let refused = |side: &str, reason: String| {
        RustBasis::Names(format!("the generator refuses the {side}: {reason}"))
    };
    Ok((
        old.map_err(|reason| refused("base", reason))?,
        new.map_err(|reason| refused("head", reason))?,
    ))
}

fn first_of(problems: Problems) -> String {
    let Some(problem) = problems.iter().next() else {
        return "no reason given".to_owned();
    };
    let line = problem
        .position
        .map(|position| format!("{}:", position.line))
        .unwrap_or_default();
    format!("{}:{line} {}", problem.file, problem.message)
}

/// A finding with items is as severe as the most severe of them.
pub(super) fn add_item(finding: &mut Finding, item: String, rust: Rust) {
    finding.rust = finding.rust.max(rust);
    finding.rust_items.push(item);
}
