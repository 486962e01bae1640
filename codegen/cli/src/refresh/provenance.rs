//! Records in `provenance.yaml` the sources of the parts that a refresh added.

use std::collections::BTreeSet;

use graph_client_codegen::csdl::schemas::{mapping, sequence, text};
use graph_client_codegen::edit::{Edit, edit};
use graph_client_codegen::load::{Document, Node, Position, escape};
use sha2::{Digest as _, Sha256};

use super::Run;
use super::fetch::Source;
use crate::Failure;

const START: Position = Position { line: 1, column: 1 };

/// The text with a source and a fact for the edits; unchanged if they add nothing.
pub(super) fn with_source(
    document: &Document,
    old: &str,
    run: &Run,
    source: &Source,
    edits: &[Edit],
    today: &str,
) -> Result<String, Failure> {
    let key = key_of(run, source);
    let covered = covered_by(document, &key);
    let new: Vec<String> = brought(edits).difference(&covered).cloned().collect();
    if new.is_empty() {
        return Ok(old.to_owned());
    }
    let mut changes = Vec::new();
    if document.root.pointer(&format!("#/sources/{key}")).is_none() {
        changes.push(insert(
            "#/sources",
            &key,
            described(run, source, today),
            document,
        ));
    }
    let fact = mapping(
        START,
        vec![
            (
                "covers",
                sequence(START, new.iter().map(|new| text(START, new)).collect()),
            ),
            ("source", text(START, &key)),
            ("since", text(START, today)),
            ("note", text(START, "Brought by a refresh.")),
        ],
    );
    changes.push(Edit::InsertItem {
        list: "#/facts".to_owned(),
        node: fact,
        after: None,
    });
    Ok(edit(&document.file, old, &changes)?)
}

/// `metadata-v1.0-1a2b3c4d`: equal for equal texts.
fn key_of(run: &Run, source: &Source) -> String {
    let digest = Sha256::digest(source.text.as_bytes());
    let short: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    match run.cloud {
        super::Cloud::Global => format!("metadata-{}-{short}", run.version),
        super::Cloud::UsGovernment => format!("metadata-{}-government-{short}", run.version),
    }
}

fn described(run: &Run, source: &Source, today: &str) -> Node {
    let digest = Sha256::digest(source.text.as_bytes());
    let revision: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let title = format!(
        "OData metadata of {} in the {}, as a refresh read it",
        run.version,
        run.cloud.title()
    );
    let mut entries = vec![
        ("title", text(START, &title)),
        ("revision", text(START, &format!("sha256 {revision}"))),
        ("date", text(START, today)),
    ];
    if source.path.is_none() {
        entries.push(("address", text(START, &source.name)));
    }
    mapping(START, entries)
}

fn insert(parent: &str, key: &str, node: Node, document: &Document) -> Edit {
    let last = document
        .root
        .pointer(parent)
        .map(Node::entries)
        .unwrap_or_default()
        .last();
    Edit::Insert {
        parent: parent.to_owned(),
        key: key.to_owned(),
        node,
        after: last.map(|entry| entry.key.clone()),
    }
}

/// The parts that a fact of the same source already covers: an earlier run was interrupted.
fn covered_by(document: &Document, key: &str) -> BTreeSet<String> {
    let facts = document.root.get("facts").and_then(Node::as_sequence);
    facts
        .unwrap_or_default()
        .iter()
        .filter(|fact| fact.get("source").and_then(Node::as_str) == Some(key))
        .filter_map(|fact| fact.get("covers")?.as_sequence())
        .flatten()
        .filter_map(|pointer| pointer.as_str().map(str::to_owned))
        .collect()
}

/// The schemas and properties that edits add or change.
fn brought(edits: &[Edit]) -> BTreeSet<String> {
    edits
        .iter()
        .filter_map(|edit| {
            let pointer = match edit {
                Edit::Insert { parent, key, .. } => format!("{parent}/{}", escape(key)),
                Edit::InsertItem { list, .. } => list.clone(),
                Edit::Replace { pointer, .. } => pointer.clone(),
                Edit::Remove { .. } => return None,
            };
            Some(owner(&pointer))
        })
        .collect()
}

/// The property that a pointer leads into, or else the schema.
fn owner(pointer: &str) -> String {
    let parts: Vec<&str> = pointer.split('/').collect();
    let property = parts.iter().position(|part| *part == "properties");
    let end = match property {
        Some(index) if parts.len() > index + 1 => index + 2,
        _ => parts.len().min(4),
    };
    parts.get(..end).unwrap_or_default().join("/")
}
