#![doc = include_str!("../README.md")]

mod check;
mod compare;
mod document;
mod finding;
mod flavour;
mod operation;
mod pairs;
mod reach;
mod rust;
mod same;
mod schema;
mod verdict;
mod wire;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::load::{self, Document};

use compare::{Comparison, Difference, Owner};
use document::{Description, pointers};
use reach::{Reach, Reached};
use wire::Direction;

pub use verdict::{Summary, Verdict};

pub use finding::{Finding, Kind, Location, Rust, Side, Wire, identifier};

/// One of the two texts that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// Its name in messages and locations.
    pub file: &'t str,
    /// YAML, or JSON.
    pub text: &'t str,
}

/// What a comparison found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Review {
    /// Every finding, the gravest first.
    pub findings: Vec<Finding>,
    /// How the Rust axis was judged, and what of it no finding explains.
    pub rust: RustAxis,
}

/// How the Rust axis was judged, and what of it no finding explains.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustAxis {
    /// What was compared.
    pub basis: RustBasis,
    /// Public items that differ although nothing travels otherwise, such as the name of a type for what had none.
    pub other_items: Vec<String>,
    /// How grave the gravest of them is.
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
    /// By the public items of the code that is generated from both sides.
    Generated,
    /// By the names that the generator would give, for the reason that is named.
    Names(String),
}

/// Why one of the texts, or both, cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    sides: Vec<Problems>,
}

impl Unreadable {
    /// The problems of each text that has any, the base first.
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

/// Compares two descriptions.
///
/// # Examples
///
/// ```
/// use graph_client_review::{Kind, Source, Verdict, review};
///
/// let old = "openapi: 3.0.3\npaths: {}\nservers: [{url: https://a.example}]\n";
/// let new = old.replace("a.example", "b.example");
/// let source = |file, text| Source { file, text };
/// let found = review(source("old.yaml", old), source("new.yaml", &new))?;
/// assert_eq!(found.findings[0].kind, Kind::ServerChanged);
/// assert_eq!(found.findings[0].to.as_deref(), Some("https://b.example"));
/// assert_eq!(found.verdict(), Verdict::Major);
/// # Ok::<(), graph_client_review::Unreadable>(())
/// ```
///
/// # Errors
///
/// Why one of the texts, or both, cannot be compared: with file, line, column, pointer and remedy.
pub fn review(base: Source<'_>, head: Source<'_>) -> Result<Review, Unreadable> {
    let (old, new) = std::thread::scope(|scope| {
        let other = scope.spawn(|| parse(base));
        let new = parse(head);
        // A reader that stopped is asked again, here, so that what stopped it is seen.
        (other.join().unwrap_or_else(|_| parse(base)), new)
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
    let (old_operations, new_operations) = (operation::read(&old), operation::read(&new));
    let comparison = compare::compare(&old, &new, &old_operations, &new_operations);
    let (mut findings, directions) = findings(&comparison);
    let rust = judge_rust(&comparison, &directions, &mut findings);
    // What is the same in every respect is one change that was met in two ways.
    let mut known = BTreeSet::new();
    findings.retain(|finding| known.insert(finding.id.clone()));
    findings.sort_by(|left, right| {
        let gravity = |finding: &Finding| {
            (
                finding.wire.max_rust(finding.rust),
                finding.wire,
                finding.rust,
            )
        };
        gravity(right).cmp(&gravity(left)).then_with(|| {
            (left.kind, &left.subject, &left.detail).cmp(&(
                right.kind,
                &right.subject,
                &right.detail,
            ))
        })
    });
    Ok(Review { findings, rust })
}

fn parse(source: Source<'_>) -> Result<Document, Problems> {
    let document = load::parse(source.file, source.text)?;
    check::check(&document).map_err(|problems| problems.with_source(source.text))?;
    Ok(document)
}

/// Finds out what each difference reaches, and with that what it does on the wire.
fn findings(comparison: &Comparison<'_>) -> (Vec<Finding>, Vec<Direction>) {
    if comparison.differences.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let (base, head) = (comparison.base, comparison.head);
    let reaches = Reaches {
        base: (base, Reach::of(base, comparison.base_operations)),
        head: (head, Reach::of(head, comparison.head_operations)),
    };
    let places = |side: Side| {
        let nodes = comparison.differences.iter().flat_map(move |difference| {
            let own = (difference.side == side).then_some(difference.place);
            let nearest = difference.nearest.filter(|_| difference.side != side);
            [own, nearest].into_iter().flatten().map(|place| place.node)
        });
        match side {
            Side::Base => pointers(base.document, nodes),
            Side::Head => pointers(head.document, nodes),
        }
    };
    let (in_base, in_head) = (places(Side::Base), places(Side::Head));
    let locate = |side: Side, place: document::Place<'_>| {
        let (description, pointers) = match side {
            Side::Base => (base, &in_base),
            Side::Head => (head, &in_head),
        };
        Location {
            side,
            file: description.document.file.clone(),
            line: place.position.line,
            column: place.position.column,
            pointer: pointers
                .get(&std::ptr::from_ref(place.node))
                .cloned()
                .unwrap_or_else(|| "#".to_owned()),
        }
    };
    comparison
        .differences
        .iter()
        .map(|difference| {
            let reached = reaches.of(&difference.owner);
            let direction = reached.direction;
            (finding(difference, reached, &locate), direction)
        })
        .unzip()
}

/// Finds out what the differences do to generated code.
fn judge_rust(
    comparison: &Comparison<'_>,
    directions: &[Direction],
    findings: &mut [Finding],
) -> RustAxis {
    // Documentation is not part of an interface.
    if findings
        .iter()
        .all(|finding| finding.kind == Kind::DocsChanged)
    {
        return RustAxis::new(RustBasis::Generated);
    }
    match rust::items_of_both(comparison.base, comparison.head) {
        Ok((old, new)) => {
            let unexplained = rust::attach(&comparison.differences, findings, &old, &new);
            for finding in findings.iter_mut() {
                if finding.certainty < 1.0 || finding.kind.as_str().ends_with("-renamed") {
                    // First what is gone, then what took its place.
                    finding
                        .rust_items
                        .sort_by_key(|item| !item.starts_with('-'));
                }
            }
            let mut axis = RustAxis::new(RustBasis::Generated);
            // The flavours lead to other names, which no edit of a description is to blame for.
            if !comparison.flavours_differ {
                axis.of_other_items = unexplained.rust.unwrap_or(Rust::None);
                axis.other_items = unexplained.items;
            }
            axis
        }
        Err(basis) => {
            rust::by_name(&comparison.differences, directions, findings);
            RustAxis::new(basis)
        }
    }
}

struct Reaches<'a, 'd> {
    base: (&'d Description<'a>, Reach<'a>),
    head: (&'d Description<'a>, Reach<'a>),
}

impl<'a> Reaches<'a, '_> {
    fn of(&self, owner: &Owner<'a>) -> Reached {
        match owner {
            Owner::Schema(base, head) => {
                let of = |(description, reach): &(&Description<'a>, Reach<'a>),
                          name: &Option<&str>| {
                    name.map_or_else(Reached::default, |name| {
                        reach.schema_reaches(name, description)
                    })
                };
                of(&self.base, base).and(of(&self.head, head))
            }
            Owner::Component(kind, name) => {
                let reference = format!("#/components/{kind}/{}", load::escape(name));
                self.base
                    .1
                    .component_reaches(&reference)
                    .and(self.head.1.component_reaches(&reference))
            }
            Owner::Operations(labels, direction) => Reached {
                operations: labels.clone(),
                types: BTreeSet::new(),
                direction: *direction,
            },
            Owner::Several(owners) => owners
                .iter()
                .map(|owner| self.of(owner))
                .fold(Reached::default(), Reached::and),
            Owner::Document => Reached {
                direction: Direction {
                    request: true,
                    response: true,
                },
                ..Reached::default()
            },
        }
    }
}

fn finding<'a>(
    difference: &Difference<'a>,
    reached: Reached,
    locate: &impl Fn(Side, document::Place<'a>) -> Location,
) -> Finding {
    let (from, to) = (difference.from.clone(), difference.to.clone());
    let mut used_by: Vec<String> = reached.operations.into_iter().collect();
    used_by.extend(reached.types);
    Finding {
        id: identifier(
            difference.kind,
            &difference.subject,
            &difference.detail,
            from.as_deref(),
            to.as_deref(),
        ),
        kind: difference.kind,
        subject: difference.subject.clone(),
        detail: difference.detail.clone(),
        from,
        to,
        wire: difference.effect.on_wire(reached.direction),
        rust: Rust::None,
        certainty: difference.certainty,
        at: locate(difference.side, difference.place),
        nearest: difference
            .nearest
            .map(|place| locate(difference.side.other(), place)),
        used_by,
        rust_items: Vec::new(),
    }
}
