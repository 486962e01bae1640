//! Compares what operations share: parameters, bodies and responses under `components`.

use graph_client_codegen::load::{Entry, Node};

use super::super::document::Place;
use super::super::same::same;
use super::Comparison;

impl<'a> Comparison<'a> {
    /// Shared parts that both sides have. One that only one side has is compared where it is used.
    pub(super) fn components(&mut self) {
        for kind in ["parameters", "requestBodies", "responses"] {
            for (old, new) in self.shared(kind) {
                let (before, after) = (Place::of(old), Place::of(new));
                if same(before.node, after.node) {
                    continue;
                }
                let (before, after) = (self.base.follow(before), self.head.follow(after));
                match kind {
                    "parameters" => self.shared_parameter(&new.key, before, after),
                    "requestBodies" => self.shared_request_body(&new.key, before, after),
                    _ => self.shared_response(&new.key, before, after),
                }
            }
        }
    }

    fn shared(&self, kind: &str) -> Vec<(&'a Entry, &'a Entry)> {
        let entries = |root: &'a Node| {
            root.get("components")
                .and_then(|all| all.get(kind))
                .map(Node::entries)
                .unwrap_or_default()
        };
        let head = entries(&self.head.document.root);
        entries(&self.base.document.root)
            .iter()
            .filter_map(|old| Some((old, head.iter().find(|new| new.key == old.key)?)))
            .collect()
    }
}
