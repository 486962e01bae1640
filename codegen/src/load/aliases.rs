//! What YAML anchors name, for texts of others: aliases become copies of it, and merge keys bring its entries.

use std::collections::HashMap;

use crate::diagnostic::Position;

use super::{Entry, Node, Value};

/// The key that merges.
pub(super) const MERGE: &str = "<<";

/// Why an alias is not read where anchors are not allowed, and what to do about it.
pub(super) const REFUSED: (&str, &str) = (
    "YAML aliases are not supported",
    "repeat the value, or move it into a component and refer to it with `$ref`",
);

/// How many nodes all aliases of a text may stand for.
const MOST_NODES: usize = 500_000;

/// What stands under each anchor.
#[derive(Default)]
pub(super) struct Aliases {
    anchors: HashMap<usize, (Node, usize, usize)>,
    nodes: usize,
}

impl Aliases {
    pub(super) fn remember(&mut self, anchor: usize, node: &Node) {
        let (nodes, depth) = size(node);
        self.anchors.insert(anchor, (node.clone(), nodes, depth));
    }

    /// A copy of what stands under an anchor, which may be nested so deep.
    pub(super) fn take(
        &mut self,
        anchor: usize,
        room: usize,
    ) -> Result<Node, (&'static str, &'static str)> {
        let Some((node, nodes, depth)) = self.anchors.get(&anchor) else {
            return Err((
                "an alias is used inside the value of its own anchor",
                "refer to it with `$ref`",
            ));
        };
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err((
                "the aliases of this text expand to too many nodes",
                "move values that are used often into components and refer to them with `$ref`",
            ));
        }
        if *depth > room {
            return Err((
                "an alias expands to a value that is nested too deeply here",
                "give inner schemas a name under `components` and refer to them",
            ));
        }
        Ok(node.clone())
    }
}

/// How many nodes there are, and how deep they are nested.
fn size(node: &Node) -> (usize, usize) {
    let inner: Vec<&Node> = match &node.value {
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(entries) => entries.iter().map(|entry| &entry.node).collect(),
        _ => return (1, 0),
    };
    let sizes = inner.into_iter().map(size);
    let (nodes, depth) = sizes.fold((0, 0), |all, one| (all.0 + one.0, all.1.max(one.1)));
    (nodes + 1, depth + 1)
}

/// The entries with those that they merge: an entry of the mapping itself wins, then the mapping that is merged first.
/// Fails at the merge key that has something else.
pub(super) fn merged(entries: Vec<Entry>) -> Result<Vec<Entry>, Position> {
    let (merges, mut merged): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key == MERGE);
    for merge in merges {
        let sources = match merge.node.value {
            Value::Sequence(items) => items,
            _ => vec![merge.node],
        };
        for source in sources {
            let Value::Mapping(entries) = source.value else {
                return Err(merge.key_position);
            };
            for entry in entries {
                if !merged.iter().any(|known| known.key == entry.key) {
                    merged.push(entry);
                }
            }
        }
    }
    Ok(merged)
}
