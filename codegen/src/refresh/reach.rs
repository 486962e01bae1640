//! The schemas that the operations of a description refer to.

use std::collections::BTreeSet;

use crate::load::{Document, Node, Value};

use super::shape::schema_name;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// An operation: its path, method and location.
pub(super) fn operations(document: &Document) -> Vec<(&str, &str, &Node)> {
    let paths = document
        .root
        .get("paths")
        .map(Node::entries)
        .unwrap_or_default();
    paths
        .iter()
        .flat_map(|path| {
            let methods = path.node.entries().iter();
            methods
                .filter(|entry| METHODS.contains(&entry.key.as_str()))
                .map(|entry| (path.key.as_str(), entry.key.as_str(), &entry.node))
        })
        .collect()
}

/// The schema of a body or a response in JSON, if it has a name.
pub(super) fn named_content(document: &Document, holder: &Node) -> Option<String> {
    let holder = match holder.get("$ref").and_then(Node::as_str) {
        Some(reference) => document.resolve(reference)?,
        None => holder,
    };
    let content = holder.get("content")?.entries().first()?;
    schema_name(content.node.get("schema")?.get("$ref")?.as_str()?)
}

/// The schema of an operation's successful response, if it has a name.
pub(super) fn named_success(document: &Document, operation: &Node) -> Option<String> {
    let responses = operation.get("responses")?.entries();
    let success = responses.iter().find(|entry| entry.key.starts_with('2'))?;
    named_content(document, &success.node)
}

/// The schemas that requests contain.
pub(super) fn in_requests(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, _, operation) in operations(document) {
        if let Some(body) = operation.get("requestBody") {
            walk(document, body, &mut found);
        }
    }
    found
}

/// The schemas that are used outside of the components.
pub(super) fn in_use(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in document
        .root
        .entries()
        .iter()
        .filter(|entry| entry.key != "components")
    {
        walk(document, &entry.node, &mut found);
    }
    found
}

/// Follows every reference, to schemas and to other components.
pub(super) fn walk(document: &Document, node: &Node, found: &mut BTreeSet<String>) {
    let mut open = vec![node];
    let mut parts: BTreeSet<&str> = BTreeSet::new();
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Mapping(entries) => open.extend(entries.iter().map(|entry| &entry.node)),
            Value::Sequence(items) => open.extend(items),
            // A discriminator refers to schemas in the same way as `$ref`.
            Value::String(text) if text.starts_with("#/components/") => {
                let is_new = match schema_name(text) {
                    Some(name) => found.insert(name),
                    None => parts.insert(text),
                };
                if is_new && let Some(target) = document.resolve(text) {
                    open.push(target);
                }
            }
            _ => {}
        }
    }
}
