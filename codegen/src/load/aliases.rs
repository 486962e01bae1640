//! YAML anchors in texts of other authors: aliases become copies of the anchored node, and merge keys add its entries.

use std::collections::HashMap;

use crate::diagnostic::Position;

use super::{Entry, Node, Value};

/// The merge key.
pub(super) const MERGE: &str = "<<";

/// Why an alias is refused where anchors are not allowed, and what to do about it.
pub(super) const REFUSED: (&str, &str) = (
    "YAML aliases are not supported",
    "repeat the value, or move it into a component and refer to it with `$ref`",
);

/// The maximum number of nodes that all aliases of a text may expand to.
const MOST_NODES: usize = 500_000;

/// The node of each anchor.
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

    /// A copy of an anchored node, with a limited depth.
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

/// The number of nodes, and their depth.
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

/// The entries of a mapping with the merged ones: the mapping's own entry wins, then that of the mapping merged first.
/// Fails at a merge key with any other value.
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
