//! Corrections of known defects in a fragment's source, each with its symptom, reason and link.
//!
//! A fragment from upstream is not edited where upstream is wrong, because the next revision would bring the defect
//! back. A [`Correction`] describes the defect and its location; once it no longer changes anything, it is an error, so
//! that corrections expire by themselves.

use crate::diagnostic::{Problem, Problems};
use crate::load::{Document, Entry, Node, Value};

/// One change to a document, with the reason for it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Correction {
    /// A short name in kebab case.
    pub name: String,
    /// What goes wrong without it.
    pub symptom: String,
    /// The source of the fact: a reference page, an issue.
    pub link: String,
    /// The JSON pointer of the wrong node, such as `#/components/schemas/Incident/properties/tags`.
    pub pointer: String,
    /// How to correct it.
    pub edit: Fix,
}

/// The change that a correction makes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fix {
    /// Removes the node.
    Remove,
    /// Sets the node, which need not exist, to this value.
    Set(serde_json::Value),
    /// Renames the key of the node.
    Rename(String),
}

impl Correction {
    /// Creates a correction at a pointer.
    pub fn new(
        name: impl Into<String>,
        symptom: impl Into<String>,
        link: impl Into<String>,
        pointer: impl Into<String>,
        edit: Fix,
    ) -> Self {
        Self {
            name: name.into(),
            symptom: symptom.into(),
            link: link.into(),
            pointer: pointer.into(),
            edit,
        }
    }
}

/// Applies corrections in order.
///
/// # Errors
///
/// Returns every correction that changed nothing: its defect is gone, or its pointer is wrong.
pub fn apply(document: &mut Document, corrections: &[Correction]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for correction in corrections {
        if !correct(&mut document.root, correction) {
            problems.push(Problem {
                rule: "expired-correction",
                message: format!(
                    "correction `{}` no longer changes anything",
                    correction.name
                ),
                file: document.file.clone(),
                position: document
                    .root
                    .pointer(&correction.pointer)
                    .map(|node| node.position),
                pointer: correction.pointer.clone(),
                help: format!("remove it; it was needed because {}", correction.symptom),
            });
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Whether anything changed.
fn correct(root: &mut Node, correction: &Correction) -> bool {
    let mut keys: Vec<String> = correction
        .pointer
        .trim_start_matches('#')
        .split('/')
        .skip(1)
        .map(|key| key.replace("~1", "/").replace("~0", "~"))
        .collect();
    let Some(last) = keys.pop() else {
        return false;
    };
    let Some(parent) = keys.iter().try_fold(root, |node, key| child(node, key)) else {
        return false;
    };
    match &correction.edit {
        Fix::Remove => remove(parent, &last),
        Fix::Rename(name) => rename(parent, &last, name),
        Fix::Set(value) => set(parent, &last, value),
    }
}

fn child<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::Mapping(entries) => entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node),
        Value::Sequence(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    }
}

fn remove(parent: &mut Node, key: &str) -> bool {
    match &mut parent.value {
        Value::Mapping(entries) => {
            let before = entries.len();
            entries.retain(|entry| entry.key != key);
            entries.len() != before
        }
        Value::Sequence(items) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

fn rename(parent: &mut Node, key: &str, name: &str) -> bool {
    let Value::Mapping(entries) = &mut parent.value else {
        return false;
    };
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) if key != name => {
            entry.key = name.to_owned();
            true
        }
        _ => false,
    }
}

fn set(parent: &mut Node, key: &str, value: &serde_json::Value) -> bool {
    if let Some(node) = child(parent, key) {
        if node.to_json() == *value {
            return false;
        }
        *node = from_json(value, node.position);
        return true;
    }
    let position = parent.position;
    match &mut parent.value {
        Value::Mapping(entries) => {
            entries.push(Entry {
                key: key.to_owned(),
                key_position: position,
                node: from_json(value, position),
            });
            true
        }
        _ => false,
    }
}

/// A tree whose nodes have the positions of the nodes that they replace.
fn from_json(value: &serde_json::Value, position: crate::load::Position) -> Node {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Number(number.clone()),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(items) => {
            Value::Sequence(items.iter().map(|item| from_json(item, position)).collect())
        }
        serde_json::Value::Object(entries) => Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| Entry {
                    key: key.clone(),
                    key_position: position,
                    node: from_json(value, position),
                })
                .collect(),
        ),
    };
    Node { position, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::parse;

    const TEXT: &str = "schemas:\n  Incident:\n    properties:\n      tags: {type: array}\n";

    fn correction(pointer: &str, edit: Fix) -> Correction {
        Correction::new(
            "tags-renamed",
            "the service sends `customTags`",
            "https://example.com",
            pointer,
            edit,
        )
    }

    #[test]
    fn a_correction_changes_the_node_at_its_pointer() {
        let mut document = parse("a.yaml", TEXT).unwrap();
        let edit = Fix::Rename("customTags".to_owned());
        apply(
            &mut document,
            &[correction("#/schemas/Incident/properties/tags", edit)],
        )
        .unwrap();
        assert!(
            document
                .root
                .pointer("#/schemas/Incident/properties/customTags/type")
                .is_some()
        );
    }

    #[test]
    fn a_correction_without_effect_is_an_error_with_its_reason() {
        for edit in [Fix::Remove, Fix::Rename("customTags".to_owned())] {
            let mut document = parse("a.yaml", TEXT).unwrap();
            let problems = apply(
                &mut document,
                &[correction("#/schemas/Incident/properties/gone", edit)],
            )
            .unwrap_err();
            let text = problems.to_string();
            assert!(text.contains("expired-correction"), "{text}");
            assert!(text.contains("the service sends `customTags`"), "{text}");
        }
        let mut document = parse("a.yaml", TEXT).unwrap();
        let same = Fix::Set(serde_json::json!({"type": "array"}));
        assert!(
            apply(
                &mut document,
                &[correction("#/schemas/Incident/properties/tags", same)]
            )
            .is_err()
        );
    }
}
