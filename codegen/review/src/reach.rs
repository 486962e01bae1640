//! Which operations and types a schema or a component reaches, and in which direction its values travel.
//!
//! A value of a type may be any of its subtypes, but a type that extends another one is no value of it: that is why a
//! change of one kind of evidence reaches every alert, and a change of an incident does not reach whatever else is an
//! entity.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use graph_client_codegen::load::{Node, Value};

use super::document::{Description, schema_name};
use super::operation::Operation;
use super::wire::Direction;

/// Who uses what, backwards.
#[derive(Debug, Default)]
pub(super) struct Reach<'a> {
    labels: Vec<String>,
    schemas: HashMap<&'a str, Users<'a>>,
    components: HashMap<&'a str, BTreeMap<usize, Direction>>,
}

/// Who uses one schema.
#[derive(Debug, Default)]
struct Users<'a> {
    /// Operations that name it.
    operations: Vec<(usize, Direction)>,
    /// Schemas that have values of it.
    owners: Vec<&'a str>,
    /// Schemas that extend it.
    extended_by: Vec<&'a str>,
    /// Schemas whose values it may be.
    subtype_of: Vec<&'a str>,
}

/// What a change reaches.
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
    /// A value of a schema travels.
    Value(&'a str),
}

impl<'a> Reach<'a> {
    pub(super) fn of(description: &Description<'a>, operations: &[Operation<'a>]) -> Self {
        let mut reach = Self::default();
        for (name, place) in &description.schemas {
            reach.schema(name, place.node, true);
        }
        for (index, operation) in operations.iter().enumerate() {
            reach.labels.push(operation.label());
            for (direction, node) in operation.parts() {
                let mut seen = HashSet::new();
                reach.part(description, index, direction, node, &mut seen);
            }
        }
        reach
    }

    fn users(&mut self, name: &'a str) -> &mut Users<'a> {
        self.schemas.entry(name).or_default()
    }

    /// Notes what a schema refers to.
    fn schema(&mut self, owner: &'a str, node: &'a Node, outermost: bool) {
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    match (entry.key.as_str(), &entry.node.value) {
                        ("$ref", Value::String(reference)) => {
                            if let Some(name) = schema_name(reference) {
                                match outermost {
                                    true => self.extends(owner, name),
                                    false => self.users(name).owners.push(owner),
                                }
                            }
                        }
                        ("allOf", Value::Sequence(parts)) => {
                            for part in parts {
                                self.schema(owner, part, outermost);
                            }
                        }
                        // Whatever has an id is an entity: that says nothing about what travels.
                        ("mapping", _) if is_entity(owner) => {}
                        ("mapping", Value::Mapping(targets)) => {
                            for target in targets {
                                if let Some(name) = target.node.as_str().and_then(schema_name) {
                                    self.users(name).subtype_of.push(owner);
                                }
                            }
                        }
                        ("discriminator", _) => self.schema(owner, &entry.node, outermost),
                        ("example" | "default", _) => {}
                        _ => self.schema(owner, &entry.node, false),
                    }
                }
            }
            Value::Sequence(items) => {
                for item in items {
                    self.schema(owner, item, false);
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

    /// Notes what a part of an operation refers to, through components.
    fn part(
        &mut self,
        description: &Description<'a>,
        operation: usize,
        direction: Direction,
        node: &'a Node,
        seen: &mut HashSet<&'a str>,
    ) {
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    let reference = match entry.key.as_str() {
                        "$ref" => entry.node.as_str(),
                        _ => None,
                    };
                    let Some(reference) = reference else {
                        self.part(description, operation, direction, &entry.node, seen);
                        continue;
                    };
                    if let Some(name) = schema_name(reference) {
                        self.users(name).operations.push((operation, direction));
                        continue;
                    }
                    let known = self.components.entry(reference).or_default();
                    let before = known.entry(operation).or_default();
                    *before = before.and(direction);
                    if seen.insert(reference)
                        && let Some(target) = description.resolve(reference)
                    {
                        self.part(description, operation, direction, target.node, seen);
                    }
                }
            }
            Value::Sequence(items) => {
                for item in items {
                    self.part(description, operation, direction, item, seen);
                }
            }
            _ => {}
        }
    }

    /// What a change of a schema reaches.
    pub(super) fn schema_reaches(&self, name: &str, description: &Description<'a>) -> Reached {
        let mut reached = Reached::default();
        let Some((name, _)) = description.schemas.get_key_value(name) else {
            return reached;
        };
        let mut seen = HashSet::new();
        let mut open = vec![Step::Content(name)];
        while let Some(step) = open.pop() {
            if !seen.insert(step) {
                continue;
            }
            match step {
                Step::Content(schema) => {
                    if schema != *name {
                        reached.types.insert(description.short_name(schema));
                    }
                    open.push(Step::Value(schema));
                    if let Some(users) = self.schemas.get(schema) {
                        open.extend(users.extended_by.iter().map(|name| Step::Content(name)));
                    }
                }
                Step::Value(schema) => {
                    let Some(users) = self.schemas.get(schema) else {
                        continue;
                    };
                    for (operation, direction) in &users.operations {
                        reached.operations.insert(self.labels[*operation].clone());
                        reached.direction = reached.direction.and(*direction);
                    }
                    open.extend(users.owners.iter().map(|name| Step::Content(name)));
                    open.extend(users.subtype_of.iter().map(|name| Step::Value(name)));
                }
            }
        }
        reached
    }

    /// What a change of a shared parameter, body or response reaches.
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
