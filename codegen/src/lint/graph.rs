//! The references between schemas: those inside a node, and cycles of names.

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
pub(super) fn cycles(mut edges: BTreeMap<&str, BTreeSet<String>>) -> BTreeSet<String> {
    peel(&mut edges);
    let mut cyclic = BTreeSet::new();
    for start in edges.keys() {
        if !cyclic.contains(*start) {
            cyclic.extend(way_back(start, &edges));
        }
    }
    cyclic
}

/// The names on a path from a name back to itself; none if there is no such path.
fn way_back(start: &str, edges: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(name) = open.pop() {
        for target in edges.get(name).into_iter().flatten() {
            if target == start {
                let way = std::iter::successors(Some(name), |name| came_from.get(name).copied());
                return way.map(str::to_owned).collect();
            }
            if edges.contains_key(target.as_str()) && !came_from.contains_key(target.as_str()) {
                came_from.insert(target, name);
                open.push(target);
            }
        }
    }
    Vec::new()
}

/// Removes everything that is not part of a cycle, layer by layer: usually that is everything.
fn peel(edges: &mut BTreeMap<&str, BTreeSet<String>>) {
    let mut sources: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, targets) in edges.iter() {
        let known = targets
            .iter()
            .filter(|target| edges.contains_key(target.as_str()));
        let mut count = 0;
        for target in known {
            sources.entry(target.clone()).or_default().push(name);
            count += 1;
        }
        open.insert(name, count);
    }
    let mut ended: Vec<&str> = open
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| *name)
        .collect();
    while let Some(name) = ended.pop() {
        edges.remove(name);
        for source in sources.remove(name).unwrap_or_default() {
            if let Some(count) = open.get_mut(source) {
                *count -= 1;
                if *count == 0 {
                    ended.push(source);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_members_of_a_cycle_are_cyclic() {
        let edges = [
            ("a", vec!["b"]),
            ("b", vec!["c"]),
            ("c", vec!["b"]),
            ("d", vec!["d", "x"]),
            ("e", vec!["a", "f"]),
            ("f", vec![]),
        ];
        let edges = edges
            .into_iter()
            .map(|(name, targets)| (name, targets.into_iter().map(str::to_owned).collect()))
            .collect();
        let cyclic: Vec<String> = cycles(edges).into_iter().collect();
        assert_eq!(cyclic, ["b", "c", "d"]);
    }

    #[test]
    fn all_members_of_a_large_cycle_are_found() {
        let names: Vec<String> = (0..3_000).map(|number| format!("S{number}")).collect();
        let next = names.iter().cycle().skip(1);
        let edges = names.iter().zip(next);
        let edges = edges
            .map(|(name, next)| (name.as_str(), BTreeSet::from([next.clone()])))
            .collect();
        assert_eq!(cycles(edges).len(), names.len());
    }
}
