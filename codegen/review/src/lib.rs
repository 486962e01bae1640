#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod assemble;
mod bundle;
mod check;
mod compare;
mod document;
mod finding;
mod flavour;
mod json;
mod operation;
mod pairs;
mod reach;
mod rules;
mod rust;
mod same;
mod schema;
mod verdict;
mod walk;
mod wire;
mod words;

use std::fmt;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::load::{self, Document};

use document::Description;

pub use json::json_schema;
pub use rules::{Rule, rules, rules_table};
pub use verdict::{Summary, Verdict};

pub use finding::{Finding, FindingKind, Location, Rust, Side, Wire, identifier};

/// One of the two texts that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// Its name in messages and locations.
    pub file: &'t str,
    /// YAML, or JSON.
    pub text: &'t str,
}

/// The result of a comparison.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Review {
    /// The findings, most severe first.
    pub findings: Vec<Finding>,
    /// How the Rust axis was judged, and the changed items that no finding explains.
    pub rust: RustAxis,
}

/// How the Rust axis was judged, and the changed items that no finding explains.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustAxis {
    /// How the two sides were compared.
    pub basis: RustBasis,
    /// Changed public items that no finding explains, such as the name of a type for an unnamed schema.
    pub other_items: Vec<String>,
    /// The severity of the most severe of them.
    pub of_other_items: Rust,
}

impl RustAxis {
    fn new(basis: RustBasis) -> Self {
        Self {
            basis,
            other_items: Vec::new(),
            of_other_items: Rust::None,
        }
    }
}

/// How the Rust axis was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RustBasis {
    /// By the public items of the code that the generator writes for each side.
    Generated,
    /// By the names that the generator would choose, with the reason why no code was generated.
    Names(String),
}

/// The reasons why one or both texts cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    sides: Vec<Problems>,
}

impl Unreadable {
    /// Returns the problems of each unreadable text, the base first.
    #[must_use]
    pub fn sides(&self) -> &[Problems] {
        &self.sides
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problems) in self.sides.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            write!(formatter, "{problems}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Unreadable {}

/// Compares two descriptions, each a single text.
///
/// # Examples
///
/// ```
/// use graph_client_review::{FindingKind, Source, Verdict, review};
///
/// let old = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\nservers: [{url: https://a.example}]\n";
/// let new = old.replace("a.example", "b.example");
/// let source = |file, text| Source { file, text };
/// let found = review(source("old.yaml", old), source("new.yaml", &new))?;
/// assert_eq!(found.findings[0].kind, FindingKind::ServerChanged);
/// assert_eq!(found.findings[0].to.as_deref(), Some("https://b.example"));
/// assert_eq!(found.verdict(), Verdict::Major);
/// # Ok::<(), graph_client_review::Unreadable>(())
/// ```
///
/// # Errors
///
/// Returns the reasons why one or both texts cannot be compared, with file, line, column, pointer and remedy. A
/// reference to another file is such a reason: use [`review_with`] for it.
pub fn review(base: Source<'_>, head: Source<'_>) -> Result<Review, Unreadable> {
    review_with(base, head, &|_, name| {
        Err(format!("the file `{name}` was not given"))
    })
}

/// Compares two descriptions, which may refer to files beside them.
///
/// `read` returns the text of such a file. It is called with the side and the file's name relative to the description's
/// folder, such as `parts/alerts.yaml`, once for each file of a side.
///
/// # Errors
///
/// Returns the same errors as [`review`], and each error of `read` at the reference to the file.
pub fn review_with(
    base: Source<'_>,
    head: Source<'_>,
    read: &(dyn Fn(Side, &str) -> Result<String, String> + Sync),
) -> Result<Review, Unreadable> {
    let (old, new) = std::thread::scope(|scope| {
        let other = scope.spawn(|| parse(base, &|name| read(Side::Base, name)));
        let new = parse(head, &|name| read(Side::Head, name));
        // If `read` panicked in the thread, it is called again here, so that the caller sees the panic.
        let old = other.join();
        (
            old.unwrap_or_else(|_| parse(base, &|name| read(Side::Base, name))),
            new,
        )
    });
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let sides = [old.err(), new.err()];
            return Err(Unreadable {
                sides: sides.into_iter().flatten().collect(),
            });
        }
    };
    let (old, new) = (Description::read(&old), Description::read(&new));
    // The comparison asks for the names of both sides anyway: here each side makes its own at once.
    std::thread::scope(|scope| {
        scope.spawn(|| old.whole());
        new.whole();
    });
    let (old_operations, new_operations) = (operation::read(&old), operation::read(&new));
    let comparison = compare::compare(&old, &new, &old_operations, &new_operations);
    let (mut findings, directions) = assemble::findings(&comparison);
    let rust = rust::judge(&comparison, &directions, &mut findings);
    let has_pointers = old.has_pointers || new.has_pointers;
    Ok(Review {
        findings: assemble::settled(findings, has_pointers),
        rust,
    })
}

fn parse(source: Source<'_>, read: &bundle::Reading<'_>) -> Result<Document, Problems> {
    let document = load::parse_resolved(source.file, source.text)?;
    let shown = |problems: Problems| problems.with_source(source.text);
    let document = bundle::bundle(document, read).map_err(shown)?;
    check::check(&document).map_err(shown)?;
    Ok(document)
}
