//! Compares shared parts: everything below `components` except schemas and security schemes.

use std::collections::BTreeSet;

use graph_client_codegen::load::{Entry, Node};

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::same;
use super::super::walk::Keys;
use super::super::wire::Direction;
use super::keywords::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot, Touch};

/// The kinds of shared parts that are compared here.
const KINDS: [&str; 9] = [
    "parameters",
    "requestBodies",
    "responses",
    "headers",
    "links",
    "callbacks",
    "examples",
    "pathItems",
    "mediaTypes",
];

impl<'a> Comparison<'a> {
    pub(super) fn components(&mut self) {
        let (Some(old), Some(new)) = (
            components(&self.base.document.root),
            components(&self.head.document.root),
        ) else {
            for (side, root) in [
                (Side::Base, &self.base.document.root),
                (Side::Head, &self.head.document.root),
            ] {
                if let Some(lone) = components(root) {
                    self.look(lone);
                    self.lone_components(side, lone);
                }
            }
            return;
        };
        self.twin(old, new);
        for kind in KINDS {
            self.components_of(kind, old, new);
        }
        let slot = slot_of("components", Owner::Document, (old, new));
        let rest = changed_keywords(old, new, |key, _| {
            KINDS.contains(&key) || matches!(key, "schemas" | "securitySchemes")
        });
        self.keywords(&slot, rest);
        self.lone_components(Side::Base, old);
        self.lone_components(Side::Head, new);
    }

    /// Compares shared parts that both sides have.
    fn components_of(&mut self, kind: &'static str, old: Spot<'a>, new: Spot<'a>) {
        if let (Some(before), Some(after)) = (old.get(kind), new.get(kind)) {
            self.twin(before, after);
        }
        for (old, new) in shared(kind, old, new) {
            let (before, after) = (Spot::of(old), Spot::of(new));
            // Whether it was compared at a reference to it.
            let is_met =
                self.seen.contains(&before.address()) && self.twins.contains_key(&before.address());
            self.twin(before, after);
            // The target of a pointer may differ although the pointer is the same.
            let has_pointers = self.base.has_pointers || self.head.has_pointers;
            if same(before.node, after.node) && !has_pointers {
                continue;
            }
            let (before, after) = (
                self.follow(Side::Base, before),
                self.follow(Side::Head, after),
            );
            match kind {
                "pathItems" if is_met => {}
                "pathItems" => self.shared_path(&new.key, old, new),
                "mediaTypes" if is_met => {}
                _ => self.component(kind, &new.key, before, after),
            }
        }
    }

    fn component(&mut self, kind: &'static str, name: &'a str, before: Spot<'a>, after: Spot<'a>) {
        let slot = |word: &str| {
            slot_of(
                &format!("{word} {name}"),
                Owner::Component(kind, name),
                (before, after),
            )
        };
        match kind {
            "parameters" => self.shared_parameter(name, before, after),
            "requestBodies" => self.shared_request_body(name, before, after),
            "responses" => self.shared_response(name, before, after),
            "headers" => self.shared_header(name, before, after),
            "callbacks" => self.shared_callback(name, before, after),
            "links" => self.link(&slot("link"), name, before, after),
            "examples" if !same(before.node, after.node) => {
                self.look_at_all(before);
                self.look_at_all(after);
                self.texts(
                    &slot("example"),
                    vec![("example", Some(before), Some(after))],
                );
            }
            // What is referred to is compared at its reference; what nothing refers to is reported as it is.
            "mediaTypes" => {
                let changes = changed_keywords(before, after, |_, _| false);
                self.keywords(&slot("shared part"), changes);
            }
            _ => {}
        }
    }

    /// Reports shared parts that only one side has. Parts that an operation refers to were compared there.
    fn lone_components(&mut self, side: Side, components: Spot<'a>) {
        let other = match side {
            Side::Base => &self.head.document.root,
            Side::Head => &self.base.document.root,
        };
        let referred = self.referred(side);
        for kind in KINDS {
            let Some(all) = components.get(kind) else {
                continue;
            };
            self.look(all);
            let known: BTreeSet<&str> = self::components(other)
                .and_then(|components| components.get(kind))
                .map(|spot| {
                    spot.entries()
                        .iter()
                        .map(|entry| entry.key.as_str())
                        .collect()
                })
                .unwrap_or_default();
            for entry in all
                .entries()
                .iter()
                .filter(|entry| !known.contains(entry.key.as_str()))
            {
                let spot = Spot::of(entry);
                let reference = format!(
                    "#/components/{kind}/{}",
                    graph_client_codegen::load::escape(&entry.key)
                );
                self.look_at_all(spot);
                if referred.contains(reference.as_str()) {
                    continue;
                }
                let slot = slot_of(
                    &format!("{kind} {}", entry.key),
                    Owner::Nobody,
                    (spot, spot),
                );
                let mut difference = match side {
                    Side::Base => Difference::at(FindingKind::ComponentRemoved, &slot, side, spot)
                        .from(&*entry.key),
                    Side::Head => Difference::at(FindingKind::ComponentAdded, &slot, side, spot)
                        .to(&*entry.key),
                };
                difference.nearest = None;
                self.note(difference);
            }
        }
    }

    /// Whether anything refers to a named schema.
    pub(super) fn is_referred(&self, side: Side, name: &str) -> bool {
        let description = self.description(side);
        self.referred(side)
            .into_iter()
            .any(|reference| description.schema_name(reference) == Some(name))
    }

    /// Every reference of a side.
    fn referred(&self, side: Side) -> BTreeSet<&'a str> {
        let mut referred = BTreeSet::new();
        let root = &self.description(side).document.root;
        collect(root, Keys::Keywords, "", &mut referred);
        referred
    }
}

fn collect<'a>(node: &'a Node, keys: Keys, key: &str, referred: &mut BTreeSet<&'a str>) {
    if keys == Keys::Data {
        return;
    }
    for entry in node.entries() {
        match (entry.key.as_str(), entry.node.as_str()) {
            ("$ref", Some(reference)) if keys == Keys::Keywords => {
                referred.insert(reference);
            }
            (key, _) => collect(&entry.node, keys.below(key), key, referred),
        }
    }
    for item in node.as_sequence().unwrap_or_default() {
        collect(item, keys.of_items(key), "", referred);
    }
}

fn components(root: &Node) -> Option<Spot<'_>> {
    root.entry("components").map(Spot::of)
}

fn shared<'a>(kind: &str, old: Spot<'a>, new: Spot<'a>) -> Vec<(&'a Entry, &'a Entry)> {
    let entries = |spot: Spot<'a>| {
        spot.get(kind)
            .map(|spot| spot.entries())
            .unwrap_or_default()
    };
    let head = entries(new);
    entries(old)
        .iter()
        .filter_map(|old| Some((old, head.iter().find(|new| new.key == old.key)?)))
        .collect()
}

/// A slot of a part that does not belong to one operation.
pub(super) fn slot_of<'a>(
    subject: &str,
    owner: Owner<'a>,
    whole: (Spot<'a>, Spot<'a>),
) -> Slot<'a> {
    Slot {
        role: Role::Schema,
        subject: subject.to_owned(),
        owner,
        travels: Direction::BOTH,
        is_reversed: false,
        ignores_null: false,
        parameter: None,
        touch: Touch::default(),
        whole,
        cause: None,
        shared_subject: None,
    }
}
