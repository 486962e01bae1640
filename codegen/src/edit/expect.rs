//! The expected tree of an edited document, computed from the tree and not from the text.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::load::{Entry, Node, Position, Value, escape};

use super::Edit;

/// The tree after the edits.
pub(super) fn expected(root: &Node, edits: &[Edit]) -> Json {
    let mut by_parent: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_parent.entry(edit.parent()).or_default().push(edit);
    }
    rebuild(root, "#", &by_parent)
}

/// The new state of a child.
enum Fate<'e> {
    Kept,
    Replaced(&'e Node),
    Removed,
}

fn fate<'e>(pointer: &str, edits: &[&'e Edit]) -> Fate<'e> {
    for edit in edits {
        match edit {
            Edit::Remove { pointer: known } if known == pointer => return Fate::Removed,
            Edit::Replace {
                pointer: known,
                node,
            } if known == pointer => {
                return Fate::Replaced(node);
            }
            _ => {}
        }
    }
    Fate::Kept
}

fn rebuild(node: &Node, pointer: &str, by_parent: &BTreeMap<&str, Vec<&Edit>>) -> Json {
    let edits = by_parent
        .get(pointer)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let child = |node: &Node, pointer: String| match fate(&pointer, edits) {
        Fate::Kept => Some(rebuild(node, &pointer, by_parent)),
        Fate::Replaced(other) => Some(other.to_json()),
        Fate::Removed => None,
    };
    match &node.value {
        Value::Mapping(entries) => {
            let mut map = serde_json::Map::new();
            for entry in entries {
                let pointer = format!("{pointer}/{}", escape(&entry.key));
                if let Some(value) = child(&entry.node, pointer) {
                    map.insert(entry.key.clone(), value);
                }
            }
            for edit in edits {
                if let Edit::Insert { key, node, .. } = edit {
                    map.insert(key.clone(), node.to_json());
                }
            }
            Json::Object(map)
        }
        Value::Sequence(items) => {
            let mut list = Vec::new();
            let inserted = |after: usize| {
                edits.iter().filter_map(move |edit| match edit {
                    Edit::InsertItem {
                        node, after: known, ..
                    } if known
                        .unwrap_or(usize::MAX)
                        .min(items.len().saturating_sub(1))
                        == after =>
                    {
                        Some(node.to_json())
                    }
                    _ => None,
                })
            };
            for (index, item) in items.iter().enumerate() {
                list.extend(child(item, format!("{pointer}/{index}")));
                list.extend(inserted(index));
            }
            if items.is_empty() {
                list.extend(inserted(0));
            }
            Json::Array(list)
        }
        _ => node.to_json(),
    }
}

/// JSON as a tree whose parts all have one position.
pub(super) fn node_of(at: Position, json: &Json) -> Node {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.clone()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(|item| node_of(at, item)).collect()),
        Json::Object(entries) => Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| Entry {
                    key: key.clone(),
                    key_position: at,
                    node: node_of(at, value),
                })
                .collect(),
        ),
    };
    Node {
        position: at,
        value,
    }
}
