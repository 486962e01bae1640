//! Reads OpenAPI 3.1 and 3.2 as 3.0, where they say what 3.0 can say.
//!
//! Lists of types with `null`, `const`, `examples`, siblings of `$ref`, numeric exclusive bounds, `true` as a schema,
//! encoded contents and shared path items have a form in 3.0, and get it, each at its place. What has none is refused
//! by name, or, where the client is right without it (webhooks, methods of one's own), left out with a warning.

mod document;
mod schema;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Entry, Node, Value};
use crate::report::{Remark, Report, Treatment};

/// What a document is called once it is read.
const READ_AS: &str = "3.0.3";

/// Rewrites a document of OpenAPI 3.1 or 3.2; one of another version stays as it is.
///
/// # Errors
///
/// Every keyword that says what 3.0 cannot say, with its place.
pub fn read_as_3_0(document: &mut Document, report: &mut Report) -> Result<(), Problems> {
    let version = document
        .root
        .get("openapi")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let is_newer = ["3.1.", "3.2."]
        .iter()
        .any(|newer| version.starts_with(newer));
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

    /// Takes a keyword out, and says so: the client is right, and less, without it.
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

/// Gives a mapping a key, where the node stands that the key follows from.
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
