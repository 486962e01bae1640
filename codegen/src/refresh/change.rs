//! Edits of a property: its type, nullability and deprecation.

use crate::csdl::Deprecation;
use crate::csdl::schemas::{boolean, mapping, text};
use crate::diagnostic::Position;
use crate::edit::Edit;
use crate::load::{Node, escape};

/// The keys that describe the type of a value.
pub(super) const TYPE_KEYS: [&str; 10] = [
    "type", "format", "items", "allOf", "anyOf", "oneOf", "$ref", "pattern", "minimum", "maximum",
];

/// A deprecation in one sentence, with the service's own text.
pub(super) fn told(deprecation: &Deprecation) -> String {
    let mut parts = Vec::new();
    if let Some(date) = &deprecation.date {
        parts.push(format!("since {date}"));
    }
    if let Some(date) = &deprecation.removal_date {
        parts.push(format!("may be gone from {date}"));
    }
    if let Some(version) = &deprecation.version {
        parts.push(format!("announced as {version}"));
    }
    let facts = parts.join(", ");
    match &deprecation.text {
        Some(text) => format!("{facts}: {text}"),
        None => facts,
    }
}

pub(super) fn null_text(nullable: bool) -> String {
    if nullable {
        "may be null"
    } else {
        "never null"
    }
    .to_owned()
}

/// The last key that describes the type of a value; the other keys follow it.
fn after_type(node: &Node) -> Option<String> {
    let mut keys = node.entries().iter().rev().map(|entry| entry.key.as_str());
    keys.find(|key| TYPE_KEYS.contains(key)).map(str::to_owned)
}

pub(super) fn insert_flag(pointer: &str, key: &str, node: &Node) -> Edit {
    Edit::Insert {
        parent: pointer.to_owned(),
        key: key.to_owned(),
        node: boolean(node.position, true),
        after: after_type(node),
    }
}

pub(super) fn null_edits(pointer: &str, node: &Node, nullable: bool) -> Vec<Edit> {
    match (nullable, node.entry("nullable")) {
        // A reference cannot have keywords beside it.
        (true, None) if node.get("$ref").is_none() => vec![insert_flag(pointer, "nullable", node)],
        (false, Some(_)) => vec![Edit::Remove {
            pointer: format!("{pointer}/nullable"),
        }],
        (true, Some(_)) => vec![Edit::Replace {
            pointer: format!("{pointer}/nullable"),
            node: boolean(node.position, true),
        }],
        // Null is one of several choices here: a person decides how to write it.
        _ => Vec::new(),
    }
}

pub(super) fn type_edits(pointer: &str, node: &Node, keys: &[(&'static str, Node)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut kept: Option<String> = None;
    for entry in node.entries() {
        let new = keys.iter().find(|(key, _)| *key == entry.key);
        let child = format!("{pointer}/{}", escape(&entry.key));
        match new {
            Some((_, value)) if value.to_json() != entry.node.to_json() => {
                edits.push(Edit::Replace {
                    pointer: child,
                    node: value.clone(),
                })
            }
            None if TYPE_KEYS.contains(&entry.key.as_str()) => {
                edits.push(Edit::Remove { pointer: child });
            }
            _ => {}
        }
        if TYPE_KEYS.contains(&entry.key.as_str()) {
            kept = Some(entry.key.clone());
        }
    }
    for (key, value) in keys {
        if node.entry(key).is_none() {
            edits.push(Edit::Insert {
                parent: pointer.to_owned(),
                key: (*key).to_owned(),
                node: value.clone(),
                after: kept.clone(),
            });
        }
    }
    edits
}

pub(super) fn deprecation_edits(
    pointer: &str,
    deprecation: &Deprecation,
    at: Position,
) -> Vec<Edit> {
    let facts = [
        ("date", &deprecation.date),
        ("removalDate", &deprecation.removal_date),
        ("version", &deprecation.version),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .filter_map(|(key, value)| Some((key, text(at, value.as_ref()?))))
        .collect();
    let insert = |key: &str, node: Node| Edit::Insert {
        parent: pointer.to_owned(),
        key: key.to_owned(),
        node,
        after: Some("description".to_owned()),
    };
    let mut edits = vec![insert("deprecated", boolean(at, true))];
    if !facts.is_empty() {
        edits.push(insert("x-ms-deprecation", mapping(at, facts)));
    }
    edits
}
