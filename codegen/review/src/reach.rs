//! The operations and types that a schema or component affects, and the directions in which its values travel.
//!
//! A value of a type may be a value of any of its subtypes, but a subtype's base is not a value of the subtype. So a
//! change to one type of evidence affects every alert, and a change to an incident does not affect other entities.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use graph_client_codegen::load::{Node, Value};

use super::compare::ways;
use super::document::{Description, Spot};
use super::operation::{Endpoint, of_path};
use super::walk::Keys;
use super::wire::Direction;

/// The uses of each part, from the part to its users.
#[derive(Debug, Default)]
pub(super) struct Reach<'a> {
    labels: Vec<String>,
    schemas: HashMap<&'a str, Users<'a>>,
    components: HashMap<&'a str, BTreeMap<usize, Direction>>,
}

/// The users of one schema.
#[derive(Debug, Default)]
struct Users<'a> {
    /// Operations that refer to it.
    operations: Vec<(usize, Direction)>,
    /// Schemas whose values contain it, with the directions in which such a value can travel.
    owners: Vec<(&'a str, Direction)>,
    /// Schemas that extend it.
    extended_by: Vec<&'a str>,
    /// Schemas whose values may be values of it.
    subtype_of: Vec<&'a str>,
}

/// What a change affects.
#[derive(Debug, Default, Clone)]
pub(super) struct Reached {
    pub(super) operations: BTreeSet<String>,
    pub(super) types: BTreeSet<String>,
    pub(super) direction: Direction,
}

impl Reached {
    pub(super) fn and(mut self, other: Self) -> Self {
        self.operations.extend(other.operations);
        self.types.extend(other.types);
        self.direction = self.direction.and(other.direction);
        self
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step<'a> {
    /// The properties of a schema are part of something.
    Content(&'a str),
    /// A value of the schema travels.
    Value(&'a str),
}

impl<'a> Reach<'a> {
    pub(super) fn of(description: &Description<'a>, operations: &[Endpoint<'a>]) -> Self {
        let mut reach = Self::default();
        for (name, spot) in &description.schemas {
            reach.schema(description, name, spot.node, true, Direction::BOTH);
        }
        let webhooks = description.document.root.get("webhooks");
        let webhooks = webhooks.map(Node::entries).unwrap_or_default();
        let called: Vec<Endpoint<'a>> = webhooks
            .iter()
            .flat_map(|entry| of_path(entry, description, "webhook ", true))
            .collect();
        for operation in operations.iter().chain(&called) {
            reach.operation(description, operation);
        }
        reach
    }

    fn operation(&mut self, description: &Description<'a>, operation: &Endpoint<'a>) {
        let index = self.labels.len();
        self.labels.push(operation.label());
        for (direction, node, keys) in operation.parts() {
            let mut seen = HashSet::new();
            self.part(description, (index, direction), node, keys, &mut seen);
        }
        for (_, spot, endpoints) in operation.callbacks(description) {
            if let Some(reference) = spot.text("$ref") {
                let known = self.components.entry(reference).or_default();
                known.insert(index, Direction::BOTH);
            }
            for endpoint in endpoints {
                for (direction, node, keys) in endpoint.parts() {
                    let mut seen = HashSet::new();
                    self.part(description, (index, direction), node, keys, &mut seen);
                }
            }
        }
    }

    fn users(&mut self, name: &'a str) -> &mut Users<'a> {
        self.schemas.entry(name).or_default()
    }

    /// Records the references of a schema, and the directions in which the values can travel.
    fn schema(
        &mut self,
        description: &Description<'a>,
        owner: &'a str,
        node: &'a Node,
        outermost: bool,
        direction: Direction,
    ) {
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    match (entry.key.as_str(), &entry.node.value) {
                        ("$ref", Value::String(reference)) => {
                            match (description.schema_name(reference), outermost) {
                                (Some(name), true) => self.extends(owner, name),
                                (Some(name), false) => {
                                    self.users(name).owners.push((owner, direction))
                                }
                                (None, _) => {}
                            }
                        }
                        ("allOf", Value::Sequence(parts)) => {
                            for part in parts {
                                self.schema(description, owner, part, outermost, direction);
                            }
                        }
                        // Every object with an id is an entity, so a reference to it does not tell what travels.
                        ("mapping", _) if is_entity(owner) => {}
                        ("mapping", Value::Mapping(targets)) => {
                            for target in targets {
                                let name = target
                                    .node
                                    .as_str()
                                    .and_then(|target| description.schema_name(target));
                                if let Some(name) = name {
                                    self.users(name).subtype_of.push(owner);
                                }
                            }
                        }
                        ("discriminator", _) => {
                            self.schema(description, owner, &entry.node, outermost, direction)
                        }
                        // In a schema, it is a list of values.
                        ("examples", _) => {}
                        (key, value) => match (Keys::Keywords.below(key), value) {
                            (Keys::Data, _) => {}
                            (Keys::Names, Value::Mapping(named)) => {
                                for property in named {
                                    let through = direction.through(ways(Spot::of(property)));
                                    self.schema(description, owner, &property.node, false, through);
                                }
                            }
                            _ => self.schema(description, owner, &entry.node, false, direction),
                        },
                    }
                }
            }
            Value::Sequence(items) => {
                for item in items {
                    self.schema(description, owner, item, false, direction);
                }
            }
            _ => {}
        }
    }

    fn extends(&mut self, owner: &'a str, base: &'a str) {
        self.users(base).extended_by.push(owner);
        if !is_entity(base) {
            self.users(owner).subtype_of.push(base);
        }
    }

    /// Records the references of a part of an operation, also through components.
    fn part(
        &mut self,
        description: &Description<'a>,
        (operation, direction): (usize, Direction),
        node: &'a Node,
        keys: Keys,
        seen: &mut HashSet<(&'a str, Direction)>,
    ) {
        for item in node.as_sequence().unwrap_or_default() {
            self.part(description, (operation, direction), item, keys, seen);
        }
        for entry in node.entries() {
            let below = keys.below(&entry.key);
            let reference = match (keys, entry.key.as_str()) {
                (Keys::Keywords, "$ref") => entry.node.as_str(),
                _ => None,
            };
            match (reference, below) {
                (Some(reference), _) => {
                    self.referred(description, (operation, direction), reference, seen)
                }
                (None, Keys::Data) => {}
                (None, _) if keys == Keys::Keywords && entry.key == "properties" => {
                    for property in entry.node.entries() {
                        let through = direction.through(ways(Spot::of(property)));
                        self.part(
                            description,
                            (operation, through),
                            &property.node,
                            Keys::Keywords,
                            seen,
                        );
                    }
                }
                (None, _) => self.part(
                    description,
                    (operation, direction),
                    &entry.node,
                    below,
                    seen,
                ),
            }
        }
    }

    fn referred(
        &mut self,
        description: &Description<'a>,
        (operation, direction): (usize, Direction),
        reference: &'a str,
        seen: &mut HashSet<(&'a str, Direction)>,
    ) {
        if let Some(name) = description.schema_name(reference) {
            return self.users(name).operations.push((operation, direction));
        }
        let known = self.components.entry(reference).or_default();
        let before = known.entry(operation).or_default();
        *before = before.and(direction);
        if seen.insert((reference, direction))
            && let Some(target) = description.resolve(reference)
        {
            self.part(
                description,
                (operation, direction),
                target.node,
                Keys::Keywords,
                seen,
            );
        }
    }

    /// What a change to a schema affects.
    pub(super) fn schema_reaches(&self, name: &str, description: &Description<'a>) -> Reached {
        let mut reached = Reached::default();
        let Some((name, _)) = description.schemas.get_key_value(name) else {
            return reached;
        };
        let mut seen = HashSet::new();
        let mut open = vec![(Step::Content(name), Direction::BOTH)];
        while let Some((step, direction)) = open.pop() {
            if direction == Direction::default() || !seen.insert((step, direction)) {
                continue;
            }
            match step {
                Step::Content(schema) => {
                    if schema != *name {
                        reached.types.insert(description.short_name(schema));
                    }
                    open.push((Step::Value(schema), direction));
                    if let Some(users) = self.schemas.get(schema) {
                        open.extend(
                            users
                                .extended_by
                                .iter()
                                .map(|name| (Step::Content(name), direction)),
                        );
                    }
                }
                Step::Value(schema) => {
                    let Some(users) = self.schemas.get(schema) else {
                        continue;
                    };
                    for (operation, own) in &users.operations {
                        reached.operations.insert(self.labels[*operation].clone());
                        reached.direction = reached.direction.and(own.through(direction));
                    }
                    let owners = users.owners.iter();
                    open.extend(
                        owners.map(|(name, own)| (Step::Content(name), own.through(direction))),
                    );
                    open.extend(
                        users
                            .subtype_of
                            .iter()
                            .map(|name| (Step::Value(name), direction)),
                    );
                }
            }
        }
        reached
    }

    /// What a change to a shared parameter, body or response affects.
    pub(super) fn component_reaches(&self, reference: &str) -> Reached {
        let mut reached = Reached::default();
        for (operation, direction) in self.components.get(reference).into_iter().flatten() {
            reached.operations.insert(self.labels[*operation].clone());
            reached.direction = reached.direction.and(*direction);
        }
        reached
    }
}

fn is_entity(name: &str) -> bool {
    name.rsplit('.').next() == Some("entity")
}
