//! Merges an update into a node, as the specification requires.

use crate::load::{Entry, Node, Position, Value};

use super::read::kind;

/// Merges an update into a selected node. Returns whether anything changed.
///
/// # Errors
///
/// Returns a sentence if the two do not fit.
pub(super) fn into_selected(node: &mut Node, update: &Node) -> Result<bool, String> {
    match (&mut node.value, &update.value) {
        // An array accepts any new item.
        (Value::Sequence(items), update_value) if !matches!(update_value, Value::Sequence(_)) => {
            items.push(placed(update, node.position));
            Ok(true)
        }
        _ => merge(node, update),
    }
}

fn merge(node: &mut Node, update: &Node) -> Result<bool, String> {
    let position = node.position;
    match (&mut node.value, &update.value) {
        (Value::Mapping(entries), Value::Mapping(updates)) => {
            let mut changed = false;
            for wanted in updates {
                match entries.iter_mut().find(|entry| entry.key == wanted.key) {
                    Some(entry) => {
                        changed |= merge(&mut entry.node, &wanted.node)
                            .map_err(|reason| format!("`{}`: {reason}", wanted.key))?;
                    }
                    None => {
                        changed = true;
                        entries.push(Entry {
                            key: wanted.key.clone(),
                            key_position: position,
                            node: placed(&wanted.node, position),
                        });
                    }
                }
            }
            Ok(changed)
        }
        (Value::Sequence(items), Value::Sequence(more)) => {
            items.extend(more.iter().map(|item| placed(item, position)));
            Ok(!more.is_empty())
        }
        (Value::Mapping(_) | Value::Sequence(_), _)
        | (_, Value::Mapping(_) | Value::Sequence(_)) => Err(format!(
            "{} cannot be merged into {}",
            kind(update),
            kind(node)
        )),
        (old, new) if old == new => Ok(false),
        (old, new) => {
            *old = new.clone();
            Ok(true)
        }
    }
}

/// A node whose parts all have the position of the node that it was merged into.
fn placed(node: &Node, position: Position) -> Node {
    let value = match &node.value {
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| placed(item, position)).collect())
        }
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| Entry {
                    key: entry.key.clone(),
                    key_position: position,
                    node: placed(&entry.node, position),
                })
                .collect(),
        ),
        scalar => scalar.clone(),
    };
    Node { position, value }
}
