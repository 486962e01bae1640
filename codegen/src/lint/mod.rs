//! Finds every problem of a fragment in one run, each with its location and remedy.
//!
//! A walk by the grammar of OpenAPI 3.0 (`grammar.rs`) refuses keywords that would silently change the meaning, and
//! sorts every node by its kind; the rules, one file for each topic, then check the nodes of their kind.

mod compositions;
mod discriminators;
mod document;
mod enumerations;
mod extensions;
mod grammar;
mod graph;
mod names;
mod operations;
mod parameters;
mod references;
mod responses;
mod schemas;
mod unused;
mod unwritten;
mod walk;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Place};

use grammar::NodeKind;

/// Returns every problem that prevents a document from being generated.
#[must_use]
pub fn check(document: &Document) -> Problems {
    let mut linter = Linter::new(document);
    if !linter.check_version() {
        // With another version, the rules would find everything else wrong.
        return linter.problems;
    }
    linter.walk();
    linter.check_document();
    linter.check_references();
    linter.check_operations();
    linter.check_parameters();
    linter.check_responses();
    linter.check_schemas();
    linter.check_extensions();
    linter.check_compositions();
    linter.check_enumerations();
    linter.check_discriminators();
    linter.check_names();
    linter.check_unwritten();
    linter.problems
}

/// Returns the components that no operation uses.
///
/// Your own fragment should have none; a part of another author's description may.
#[must_use]
pub fn unused(document: &Document) -> Problems {
    let mut linter = Linter::new(document);
    linter.check_unused();
    linter.problems
}

/// A document, its nodes by kind, and its problems.
struct Linter<'a> {
    document: &'a Document,
    nodes: Vec<(NodeKind, Place<'a>)>,
    problems: Problems,
}

impl<'a> Linter<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            nodes: Vec::new(),
            problems: Problems::default(),
        }
    }

    /// The nodes of a kind, without references.
    fn of_kind(&self, wanted: NodeKind) -> Vec<Place<'a>> {
        self.nodes
            .iter()
            .filter(|(kind, _)| *kind == wanted)
            .map(|(_, place)| place.clone())
            .collect()
    }

    /// The schemas under `components`, including aliases.
    fn named_schemas(&self) -> Vec<(&'a str, Place<'a>)> {
        self.components("schemas")
    }

    fn components(&self, section: &str) -> Vec<(&'a str, Place<'a>)> {
        let root = Place::new(&self.document.root, "#");
        root.get("components")
            .and_then(|components| components.get(section))
            .map(|section| section.entries())
            .unwrap_or_default()
    }

    /// Reports a problem at the node itself.
    fn report(&mut self, place: &Place<'_>, rule: &'static str, message: String, help: &str) {
        self.report_at(place.node.position, place, rule, message, help);
    }

    /// Reports a problem at the key of the node.
    fn report_key(&mut self, place: &Place<'_>, rule: &'static str, message: String, help: &str) {
        let position = place.key_position.unwrap_or(place.node.position);
        self.report_at(position, place, rule, message, help);
    }

    fn report_at(
        &mut self,
        position: Position,
        place: &Place<'_>,
        rule: &'static str,
        message: String,
        help: &str,
    ) {
        self.problems.push(Problem {
            rule,
            message,
            file: self.document.file.clone(),
            position: Some(position),
            pointer: place.pointer.clone(),
            help: help.to_owned(),
        });
    }
}

/// `; did you mean X?` if one of the known names is similar enough.
fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let furthest = (name.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&name.to_lowercase(), &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= furthest)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
