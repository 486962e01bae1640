//! Converts OpenAPI 3.1 and 3.2 to 3.0 as far as 3.0 can express them.
//!
//! Lists of types with `null`, `const`, `examples`, siblings of `$ref`, numeric exclusive bounds, `true` as a schema,
//! encoded contents and shared path items are converted in place. Other keywords are refused by name, or, if the client
//! is correct without them (webhooks, custom methods), left out with a warning.

mod bounds;
mod document;
mod schema;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Entry, Node, Value};
use crate::report::{Remark, Report, Treatment};

/// The version of a converted document.
const READ_AS: &str = "3.0.3";

/// Converts a document of OpenAPI 3.1 or 3.2; other versions stay unchanged.
///
/// # Errors
///
/// Returns every keyword that 3.0 cannot express, with its location.
pub fn read_as_3_0(document: &mut Document, report: &mut Report) -> Result<(), Problems> {
    let version = document
        .root
        .get("openapi")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let is_newer = ["3.1", "3.2"]
        .iter()
        .any(|newer| is_patch_of(version, newer));
    if !is_newer {
        return Ok(());
    }
    let mut rewriter = Rewriter {
        file: document.file.clone(),
        problems: Problems::default(),
        remarks: Vec::new(),
    };
    let mut root = document.root.clone();
    if let Some(version) = root.get_mut("openapi") {
        version.value = Value::String(READ_AS.to_owned());
    }
    rewriter.document(&mut root);
    rewriter.problems.into_result()?;
    report.extend(rewriter.remarks);
    *document = Document::new(&document.file, root);
    Ok(())
}

/// Whether a version is a patch of another: `3.0.3` and `3.0.0-rc1` are of `3.0`.
pub(crate) fn is_patch_of(version: &str, minor: &str) -> bool {
    let patch = version.strip_prefix(minor);
    let patch = patch.and_then(|rest| rest.strip_prefix('.'));
    patch.is_some_and(|patch| {
        let number = patch.split('-').next().unwrap_or_default();
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

struct Rewriter {
    file: String,
    problems: Problems,
    remarks: Vec<Remark>,
}

impl Rewriter {
    fn refuse(&mut self, position: Position, pointer: &str, message: String, help: &str) {
        self.problems.push(Problem {
            rule: "not-in-openapi-3.0",
            message,
            file: self.file.clone(),
            position: Some(position),
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    }

    /// Removes a keyword with a warning: the client is correct, but less complete, without it.
    fn leave_out(&mut self, node: &mut Node, key: &str, pointer: &str, reason: &str) {
        let Some(position) = node.entry(key).map(|entry| entry.key_position) else {
            return;
        };
        node.remove(key);
        self.remarks.push(Remark {
            treatment: Treatment::LeftOut,
            rule: "not-in-openapi-3.0",
            subject: format!("`{key}`"),
            reason: reason.to_owned(),
            is_warning: true,
            position: Some(position),
            pointer: format!("{pointer}/{}", crate::load::escape(key)),
        });
    }

    fn guess(&mut self, position: Position, pointer: &str, subject: &str, reason: &str) {
        self.remarks.push(Remark {
            treatment: Treatment::Guessed,
            rule: "not-in-openapi-3.0",
            subject: subject.to_owned(),
            reason: reason.to_owned(),
            is_warning: true,
            position: Some(position),
            pointer: pointer.to_owned(),
        });
    }
}

/// Adds a key to a mapping, with the position of the node that it follows from.
fn set(node: &mut Node, key: &str, value: Value, position: Position) {
    if let Some(known) = node.get_mut(key) {
        known.value = value;
        return;
    }
    if let Value::Mapping(entries) = &mut node.value {
        entries.push(Entry {
            key: key.to_owned(),
            key_position: position,
            node: Node { position, value },
        });
    }
}

fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", crate::load::escape(key))
}

#[cfg(test)]
mod tests;
