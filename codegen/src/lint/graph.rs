//! Who refers to whom: the references inside a node, and the names that lead back to themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::{Node, Value, unescape};

/// The names of all schemas that a node refers to, at any depth.
pub(super) fn references_in(node: &Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Sequence(items) => open.extend(items),
            Value::Mapping(entries) => {
                for entry in entries {
                    match (entry.key.as_str(), entry.node.as_str()) {
                        ("$ref", Some(reference)) => names.extend(schema_name(reference)),
                        _ => open.push(&entry.node),
                    }
                }
            }
            _ => {}
        }
    }
    names
}

/// The name of the schema that a reference points at.
pub(super) fn schema_name(reference: &str) -> Option<String> {
    reference
        .strip_prefix("#/components/schemas/")
        .map(unescape)
}

/// The names that can be reached from themselves.
pub(super) fn cycles(edges: BTreeMap<&str, BTreeSet<String>>) -> BTreeSet<String> {
    edges
        .keys()
        .filter(|start| {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut open: Vec<&str> = vec![start];
            while let Some(name) = open.pop() {
                let targets = edges.get(name).into_iter().flatten();
                for target in targets.filter(|target| edges.contains_key(target.as_str())) {
                    if target == *start {
                        return true;
                    }
                    if seen.insert(target) {
                        open.push(target);
                    }
                }
            }
            false
        })
        .map(|name| (*name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_on_a_cycle_is_cyclic() {
        let edges = [
            ("a", vec!["b"]),
            ("b", vec!["c"]),
            ("c", vec!["b"]),
            ("d", vec!["d", "x"]),
        ];
        let edges = edges
            .into_iter()
            .map(|(name, targets)| (name, targets.into_iter().map(str::to_owned).collect()))
            .collect();
        let cyclic: Vec<String> = cycles(edges).into_iter().collect();
        assert_eq!(cyclic, ["b", "c", "d"]);
    }
}
