//! The dependencies of operations and types: the components that they refer to.

use std::collections::BTreeMap;

use crate::load::{Document, Node, Value, escape};
use crate::model;

use super::choose::Choice;
use super::schema::{component_of, inner, mapped};

/// Why a schema is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Its properties are part of a subtype.
    Base,
    /// A value is of this type, or of one of its subtypes.
    Value,
}

/// The needed components, by pointer.
#[derive(Debug, Default)]
pub(super) struct Reached {
    components: BTreeMap<String, Role>,
}

impl Reached {
    pub(super) fn holds(&self, pointer: &str) -> bool {
        self.components.contains_key(pointer)
    }

    pub(super) fn holds_schema(&self, name: &str) -> bool {
        self.holds(&schema_pointer(name))
    }
}

pub(super) fn schema_pointer(name: &str) -> String {
    format!("#/components/schemas/{}", escape(name))
}

/// Follows all references from what was chosen.
pub(super) fn reached(document: &Document, choice: &Choice) -> Reached {
    let mut walk = Walk {
        document,
        subtypes: subtypes(document),
        reached: Reached::default(),
        open: Vec::new(),
    };
    for name in &choice.types {
        walk.refer(&schema_pointer(name), Role::Value);
    }
    let paths = document.root.get("paths");
    for path in paths.map(Node::entries).unwrap_or_default() {
        if !choice.has_path(&path.key) {
            continue;
        }
        for entry in path.node.entries() {
            let is_method = model::METHODS.contains(&entry.key.as_str());
            if !is_method || choice.has_operation(&path.key, &entry.key) {
                walk.part(&entry.node);
            }
        }
    }
    while let Some((pointer, role)) = walk.open.pop() {
        let Some(node) = document.resolve(&pointer) else {
            continue;
        };
        match pointer.starts_with("#/components/schemas/") {
            true => walk.schema(node, node, role),
            false => walk.part(node),
        }
    }
    walk.reached
}

/// The schemas whose `allOf` refers to a schema, by that schema.
fn subtypes(document: &Document) -> BTreeMap<*const Node, Vec<String>> {
    let mut subtypes: BTreeMap<*const Node, Vec<String>> = BTreeMap::new();
    let schemas = document.root.pointer("/components/schemas");
    for entry in schemas.map(Node::entries).unwrap_or_default() {
        for base in inner(&entry.node).into_iter().filter(|inner| inner.is_base) {
            let reference = base.node.get("$ref").and_then(Node::as_str);
            if let Some(target) = reference.and_then(|target| document.resolve(target)) {
                subtypes
                    .entry(std::ptr::from_ref(target))
                    .or_default()
                    .push(schema_pointer(&entry.key));
            }
        }
    }
    subtypes
}

struct Walk<'d> {
    document: &'d Document,
    subtypes: BTreeMap<*const Node, Vec<String>>,
    reached: Reached,
    open: Vec<(String, Role)>,
}

impl Walk<'_> {
    fn refer(&mut self, reference: &str, role: Role) {
        let Some(component) = component_of(reference) else {
            return;
        };
        // A reference into a component needs the whole component.
        let role = if component == reference {
            role
        } else {
            Role::Value
        };
        let known = self.reached.components.get(component);
        if known.is_none_or(|known| *known < role) {
            self.reached.components.insert(component.to_owned(), role);
            self.open.push((component.to_owned(), role));
        }
    }

    /// A part of the description that is not a schema: an operation, a parameter, a response.
    fn part(&mut self, node: &Node) {
        match &node.value {
            Value::Sequence(items) => items.iter().for_each(|item| self.part(item)),
            Value::Mapping(entries) => {
                for entry in entries {
                    match (entry.key.as_str(), &entry.node.value) {
                        ("$ref", Value::String(target)) => self.refer(target, Role::Value),
                        ("schema", _) => self.schema(&entry.node, &entry.node, Role::Value),
                        ("example" | "value", _) => {}
                        (
                            "responses" | "headers" | "content" | "callbacks" | "links"
                            | "examples" | "encoding",
                            Value::Mapping(named),
                        ) => {
                            named.iter().for_each(|named| self.part(&named.node));
                        }
                        (key, _) if key.starts_with("x-") => {}
                        _ => self.part(&entry.node),
                    }
                }
            }
            _ => {}
        }
    }

    /// A schema, or a part of its `allOf`.
    fn schema(&mut self, node: &Node, whole: &Node, role: Role) {
        if let Some(target) = node.get("$ref").and_then(Node::as_str) {
            self.refer(target, role);
            return;
        }
        for inner in inner(node) {
            match (inner.is_base, inner.node.get("$ref")) {
                (true, Some(_)) => self.schema(inner.node, inner.node, Role::Base),
                (true, None) => self.schema(inner.node, whole, role),
                (false, _) => self.schema(inner.node, inner.node, Role::Value),
            }
        }
        if let (Role::Value, Some(discriminator)) = (role, node.get("discriminator")) {
            self.subtypes_of(whole, discriminator);
        }
    }

    /// A value may be of any type in the discriminator's mapping. Without a mapping, it may be of any schema that
    /// extends this one.
    fn subtypes_of(&mut self, schema: &Node, discriminator: &Node) {
        if let Some(mapping) = discriminator.get("mapping") {
            for target in mapping
                .entries()
                .iter()
                .filter_map(|entry| entry.node.as_str())
            {
                let target = mapped(self.document, target);
                self.refer(&target, Role::Value);
            }
            return;
        }
        let subtypes = self.subtypes.get(&std::ptr::from_ref(schema));
        for subtype in subtypes.cloned().unwrap_or_default() {
            self.refer(&subtype, Role::Value);
        }
    }
}
