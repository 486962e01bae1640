//! The operations and types that a selection names.

use std::collections::BTreeSet;

use regex::Regex;

use crate::diagnostic::Problems;
use crate::load::{Document, Place};
use crate::model::METHODS;
use crate::report::{Remark, Treatment};

use super::near::near;
use super::{Selection, Wanted, refusal, remark};

/// What was chosen, before its dependencies are added.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Paths with their methods.
    pub(super) operations: BTreeSet<(String, String)>,
    /// Full names of schemas.
    pub(super) types: BTreeSet<String>,
    remarks: Vec<Remark>,
}

impl Choice {
    pub(super) fn has_operation(&self, path: &str, method: &str) -> bool {
        self.operations
            .contains(&(path.to_owned(), method.to_owned()))
    }

    pub(super) fn has_path(&self, path: &str) -> bool {
        let start = (path.to_owned(), String::new());
        self.operations
            .range(start..)
            .next()
            .is_some_and(|(first, _)| first == path)
    }

    pub(super) fn remarks(&self) -> Vec<Remark> {
        self.remarks.clone()
    }

    fn take(&mut self, operation: &Candidate<'_>) {
        let key = (operation.path.to_owned(), operation.method.to_owned());
        if self.operations.insert(key) {
            self.remarks.push(remark(
                Treatment::Selected,
                "selected-operation",
                format!("operation `{}`", operation.line()),
                operation.id.as_deref().unwrap_or_default(),
                operation
                    .place
                    .key_position
                    .unwrap_or(operation.place.node.position),
                operation.place.pointer.clone(),
            ));
        }
    }
}

/// An operation of the description.
struct Candidate<'d> {
    path: &'d str,
    method: &'d str,
    id: Option<String>,
    tags: Vec<String>,
    place: Place<'d>,
}

impl Candidate<'_> {
    fn line(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// Finds what was requested; a request that matches nothing becomes a problem.
pub(super) fn choose(
    document: &Document,
    selection: &Selection,
    problems: &mut Problems,
) -> Choice {
    let candidates = candidates(document);
    let mut choice = Choice::default();
    for wanted in &selection.paths {
        choose_paths(document, wanted, &candidates, &mut choice, problems);
    }
    for wanted in &selection.operations {
        let is_it = |candidate: &Candidate<'_>| {
            candidate.id.as_deref() == Some(&wanted.text) || is_line(&wanted.text, candidate)
        };
        if !take_all(&candidates, &mut choice, is_it) {
            let lines: Vec<String> = candidates.iter().map(Candidate::line).collect();
            let ids = candidates
                .iter()
                .filter_map(|candidate| candidate.id.as_deref());
            let known: Vec<&str> = match wanted.text.contains('/') {
                true => lines.iter().map(String::as_str).collect(),
                false => ids.collect(),
            };
            problems.push(nothing(document, wanted, "operation", &known));
        }
    }
    for wanted in &selection.tags {
        if !take_all(&candidates, &mut choice, |candidate| {
            candidate.tags.contains(&wanted.text)
        }) {
            let tags: BTreeSet<&str> = candidates
                .iter()
                .flat_map(|candidate| candidate.tags.iter().map(String::as_str))
                .collect();
            problems.push(nothing(
                document,
                wanted,
                "tag",
                &tags.into_iter().collect::<Vec<_>>(),
            ));
        }
    }
    for wanted in &selection.types {
        choose_type(document, wanted, &mut choice, problems);
    }
    choice
}

/// Every operation, in the order of the text.
fn candidates(document: &Document) -> Vec<Candidate<'_>> {
    let paths = Place::new(&document.root, "#").get("paths");
    let mut candidates = Vec::new();
    for (path, item) in paths.map(|paths| paths.entries()).unwrap_or_default() {
        for (method, place) in item.entries() {
            if METHODS.contains(&method) {
                candidates.push(Candidate {
                    path,
                    method,
                    id: place.optional_text("operationId"),
                    tags: place.texts("tags"),
                    place,
                });
            }
        }
    }
    candidates
}

fn take_all(
    candidates: &[Candidate<'_>],
    choice: &mut Choice,
    is_it: impl Fn(&Candidate<'_>) -> bool,
) -> bool {
    let mut found = false;
    for candidate in candidates.iter().filter(|candidate| is_it(candidate)) {
        found = true;
        choice.take(candidate);
    }
    found
}

fn choose_paths(
    document: &Document,
    wanted: &Wanted,
    candidates: &[Candidate<'_>],
    choice: &mut Choice,
    problems: &mut Problems,
) {
    let pattern = match Regex::new(&wanted.text) {
        Ok(pattern) => pattern,
        Err(error) => {
            let text = error.to_string();
            let reason = text
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            problems.push(refusal(
                document,
                wanted,
                "invalid-pattern",
                format!("`{}` is not a regular expression: {reason}", wanted.text),
                r"write the braces of a path as `\{user-id\}`".to_owned(),
            ));
            return;
        }
    };
    if !take_all(candidates, choice, |candidate| {
        pattern.is_match(candidate.path)
    }) {
        let paths: BTreeSet<&str> = candidates.iter().map(|candidate| candidate.path).collect();
        problems.push(nothing(
            document,
            wanted,
            "path",
            &paths.into_iter().collect::<Vec<_>>(),
        ));
    }
}

/// Whether a string is `METHOD /path`.
fn is_line(text: &str, candidate: &Candidate<'_>) -> bool {
    let (method, path) = text.split_once(char::is_whitespace).unwrap_or_default();
    method.eq_ignore_ascii_case(candidate.method) && path.trim() == candidate.path
}

fn choose_type(document: &Document, wanted: &Wanted, choice: &mut Choice, problems: &mut Problems) {
    let schemas = document.root.pointer("/components/schemas");
    let known: Vec<&str> = schemas
        .map(|schemas| schemas.entries())
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    let matching: Vec<&&str> = match known.contains(&wanted.text.as_str()) {
        true => known.iter().filter(|name| **name == wanted.text).collect(),
        false => known
            .iter()
            .filter(|name| short(name) == wanted.text)
            .collect(),
    };
    match matching[..] {
        [] => problems.push(nothing(document, wanted, "type", &known)),
        [name] => {
            choice.types.insert((*name).to_owned());
        }
        _ => {
            let names: Vec<String> = matching.iter().map(|name| format!("`{name}`")).collect();
            problems.push(refusal(
                document,
                wanted,
                "ambiguous-type",
                format!("several types are called `{}`", wanted.text),
                format!("write the full name: {}", names.join(" or ")),
            ));
        }
    }
}

/// The part of a name after its last dot.
pub(super) fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn nothing(
    document: &Document,
    wanted: &Wanted,
    what: &str,
    known: &[&str],
) -> crate::diagnostic::Problem {
    let message = match what {
        "path" => format!("no path matches `{}`", wanted.text),
        "type" => format!("no type is called `{}`", wanted.text),
        "tag" => format!("no operation has the tag `{}`", wanted.text),
        _ => format!("there is no operation `{}`", wanted.text),
    };
    let help = near(&wanted.text, known.iter().copied(), &format!("{what}s"));
    refusal(document, wanted, "selects-nothing", message, help)
}
