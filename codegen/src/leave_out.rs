//! Leaves out, by name and with a warning, the operations that cannot be generated, so that the others become a client.
//!
//! This is for descriptions of other authors. In your own fragment, such an operation is an error; and so is, in any
//! description, a problem that would make the client wrong.

use std::collections::BTreeMap;

use crate::diagnostic::{Problem, Problems};
use crate::load::{Document, Node, Value, escape, unescape};
use crate::report::{Remark, Report, Treatment};

/// The lint rules that prevent one operation from being generated and do not make the others wrong.
const RULES: [&str; 7] = [
    "body-without-meaning",
    "header-name",
    "no-success",
    "several-successes",
    "unsupported-media-type",
    "unsupported-parameter",
    "unsupported-server",
];

/// Sections of components that are parts of operations.
const PARTS: [&str; 4] = ["parameters", "responses", "requestBodies", "headers"];

/// An operation by path and method.
type Key = (String, String);

/// Removes the operations that have such lint problems. Returns whether any were removed.
pub fn leave_out(document: &mut Document, problems: &Problems, report: &mut Report) -> bool {
    let mut reasons: BTreeMap<Key, &Problem> = BTreeMap::new();
    let mut parts: Vec<&str> = Vec::new();
    for problem in problems
        .iter()
        .filter(|problem| RULES.contains(&problem.rule))
    {
        if let Some(key) = operation_of(&problem.pointer) {
            reasons.entry(key).or_insert(problem);
        } else if let Some(part) = part_of(&problem.pointer) {
            parts.push(part);
            for key in users_of(document, part) {
                reasons.entry(key).or_insert(problem);
            }
        }
    }
    if reasons.len() >= count(document) {
        // A client without operations is useless: the document is refused with its problems.
        return false;
    }
    for ((path, method), problem) in &reasons {
        remove(document, path, method);
        report.push(Remark {
            treatment: Treatment::LeftOut,
            rule: problem.rule,
            subject: format!("operation `{} {path}`", method.to_uppercase()),
            reason: problem.message.clone(),
            is_warning: true,
            position: problem.position,
            pointer: format!("#/paths/{}/{method}", escape(path)),
        });
    }
    // Nothing is left that refers to them.
    for part in &parts {
        remove_part(document, part);
    }
    let changed = !reasons.is_empty() || !parts.is_empty();
    if changed {
        *document = Document::new(&document.file, document.root.clone());
    }
    changed
}

/// The number of operations.
fn count(document: &Document) -> usize {
    let paths = document.root.get("paths");
    let entries = paths.map(Node::entries).unwrap_or_default().iter();
    entries
        .flat_map(|path| path.node.entries())
        .filter(|entry| crate::model::METHODS.contains(&entry.key.as_str()))
        .count()
}

/// The operation that a pointer leads into: `#/paths/~1a/get/responses/…`.
fn operation_of(pointer: &str) -> Option<Key> {
    let mut parts = pointer.strip_prefix("#/paths/")?.split('/');
    let (path, method) = (parts.next()?, parts.next()?);
    crate::model::METHODS
        .contains(&method)
        .then(|| (unescape(path), method.to_owned()))
}

/// The component that a pointer leads into, if it is part of an operation.
fn part_of(pointer: &str) -> Option<&str> {
    let rest = pointer.strip_prefix("#/components/")?;
    let (section, rest_of) = rest.split_once('/')?;
    let name = rest_of.split('/').next()?;
    let length = "#/components/".len() + section.len() + 1 + name.len();
    PARTS.contains(&section).then(|| pointer.get(..length))?
}

/// The operations that refer to a component, directly or on the path's own level.
fn users_of(document: &Document, part: &str) -> Vec<Key> {
    let mut users = Vec::new();
    for path in document
        .root
        .get("paths")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let shared = path
            .node
            .get("parameters")
            .is_some_and(|shared| refers(shared, part));
        for entry in path.node.entries() {
            let is_method = crate::model::METHODS.contains(&entry.key.as_str());
            if is_method && (shared || refers(&entry.node, part)) {
                users.push((path.key.clone(), entry.key.clone()));
            }
        }
    }
    users
}

fn refers(node: &Node, target: &str) -> bool {
    match &node.value {
        Value::Sequence(items) => items.iter().any(|item| refers(item, target)),
        Value::Mapping(entries) => entries.iter().any(|entry| {
            (entry.key == "$ref" && entry.node.as_str() == Some(target))
                || refers(&entry.node, target)
        }),
        _ => false,
    }
}

fn remove(document: &mut Document, path: &str, method: &str) {
    let Some(paths) = document.root.get_mut("paths") else {
        return;
    };
    let Some(item) = paths.get_mut(path) else {
        return;
    };
    item.remove(method);
    let has_operations = item
        .entries()
        .iter()
        .any(|entry| crate::model::METHODS.contains(&entry.key.as_str()));
    if !has_operations {
        paths.remove(path);
    }
}

fn remove_part(document: &mut Document, pointer: &str) {
    let mut keys = pointer.split('/').skip(1).map(unescape);
    if let (Some(components), Some(section), Some(name)) = (keys.next(), keys.next(), keys.next())
        && let Some(section) = document
            .root
            .get_mut(&components)
            .and_then(|node| node.get_mut(&section))
    {
        section.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, generate};

    const TEXT: &str = r##"
openapi: 3.0.3
info: {title: Files, version: "1"}
paths:
  /files/{id}:
    get:
      operationId: getFile
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/File"}}}}}
    put:
      operationId: putFile
      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {$ref: "#/components/parameters/mood"}]
      responses: {"204": {description: d}}
components:
  parameters:
    mood: {name: mood, in: cookie, schema: {type: string}}
  schemas:
    File: {type: object, properties: {name: {type: string}}}
"##;

    #[test]
    fn unsupported_parts_are_left_out_by_name_and_the_rest_is_generated() {
        let generated = generate("files.yaml", TEXT, &Settings::for_description("x"))
            .unwrap_or_else(|problems| panic!("{problems}"));
        let ids: Vec<_> = generated
            .model()
            .operations
            .iter()
            .map(|operation| operation.id.as_str())
            .collect();
        assert_eq!(ids, ["getFile"]);
        let warnings: Vec<_> = generated
            .report()
            .warnings()
            .map(|remark| remark.subject.as_str())
            .collect();
        assert_eq!(warnings, ["operation `PUT /files/{id}`"]);
    }

    #[test]
    fn strict_runs_and_own_fragments_refuse_unsupported_parts() {
        for settings in [
            Settings::for_description("x").strict(true),
            Settings::for_fragment("x"),
        ] {
            let problems = generate("files.yaml", TEXT, &settings).unwrap_err();
            assert!(problems.to_string().contains("files.yaml:"), "{problems}");
        }
    }

    #[test]
    fn a_description_without_supported_parts_is_refused() {
        let text = TEXT.replace("name: id, in: path", "name: id, in: cookie");
        assert!(generate("files.yaml", &text, &Settings::for_description("x")).is_err());
    }
}
