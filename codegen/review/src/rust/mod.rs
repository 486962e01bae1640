//! What a difference does to code that uses the generated crate, judged by what the generator writes for both sides.
//!
//! Where it cannot write one of them, the names that it would give are compared instead, and the review says so.

mod attach;
mod by_name;
mod items;
mod narrow;
mod renaming;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::generate;
use graph_client_codegen::harden::Host;
use graph_client_codegen::model::{Model, Usage};

use super::RustBasis;
use super::document::Description;
use super::finding::{Finding, Rust};

use narrow::narrow;

pub(super) use attach::attach;
pub(super) use by_name::by_name;
pub(super) use items::Items;

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
    let model = |side: &Description<'_>| generate::model_of(side.document).map_err(first_of);
    let (mut old, mut new) = both(|| model(base), || model(head))?;
    let (old_usage, new_usage) = (Usage::of(&old), Usage::of(&new));
    narrow((&mut old, &old_usage), (&mut new, &new_usage));
    both(
        || items(base, &old, &old_usage),
        || items(head, &new, &new_usage),
    )
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

fn items(side: &Description<'_>, model: &Model, usage: &Usage) -> Result<Items, String> {
    let file = &side.document.file;
    let modules = generate::modules(file, model, usage, &Host::Runtime).map_err(first_of)?;
    items::of(&modules)
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

/// A finding with items is as grave as the gravest of them.
pub(super) fn add_item(finding: &mut Finding, item: String, rust: Rust) {
    finding.rust = finding.rust.max(rust);
    finding.rust_items.push(item);
}
