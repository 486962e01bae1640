//! Components that no operation uses.

use std::collections::BTreeSet;

use crate::load::{Node, Place, Value};

use super::Linter;

impl Linter<'_> {
    pub(super) fn check_unused(&mut self) {
        let reached = self.reached();
        for section in [
            "schemas",
            "parameters",
            "responses",
            "requestBodies",
            "headers",
        ] {
            for (name, place) in self.components(section) {
                if !reached.contains(&place.pointer) {
                    self.report_key(
                        &place,
                        "unused-component",
                        format!("no operation uses `{name}`"),
                        "remove it, or use it",
                    );
                }
            }
        }
    }

    /// The pointers of the components that the paths use, including the subtypes of a discriminator.
    fn reached(&self) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let root = Place::new(&self.document.root, "#");
        let mut open: Vec<&Node> = root
            .get("paths")
            .map(|paths| paths.node)
            .into_iter()
            .collect();
        while let Some(node) = open.pop() {
            let entries = match &node.value {
                Value::Sequence(items) => {
                    open.extend(items);
                    continue;
                }
                Value::Mapping(entries) => entries,
                _ => continue,
            };
            for entry in entries {
                let targets: Vec<&str> = match (entry.key.as_str(), &entry.node.value) {
                    ("$ref", Value::String(target)) => vec![target],
                    ("mapping", Value::Mapping(targets)) => targets
                        .iter()
                        .filter_map(|target| target.node.as_str())
                        .collect(),
                    _ => {
                        open.push(&entry.node);
                        continue;
                    }
                };
                for target in targets {
                    if reached.insert(target.to_owned()) {
                        open.extend(self.document.resolve(target));
                    }
                }
            }
        }
        reached
    }
}
