//! The edits for differences, and for their consequences: schemas to add, and schemas that are no longer used.

use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::load::{Document, Node, Value, escape};

use super::shape::schema_name;
use super::{Difference, Refresh, UNWRITTEN, reach};

pub(super) fn edits(
    refresh: &Refresh<'_>,
    differences: &[Difference],
    describe: &str,
    prunes: bool,
) -> Vec<Edit> {
    let mut edits: Vec<Edit> = differences
        .iter()
        .filter(|difference| prunes || !difference.is_removal())
        .flat_map(|difference| difference.edits.iter().cloned())
        .collect();
    let mut needed = needed(refresh, &edits);
    // A schema is added after the last one of its kind; schemas at one location are sorted by name.
    needed.sort();
    edits.extend(
        needed
            .into_iter()
            .filter_map(|name| new_schema(refresh, &name)),
    );
    if prunes {
        edits.extend(no_longer_used(refresh, &edits));
    }
    for edit in &mut edits {
        if let Edit::Insert { node, .. }
        | Edit::InsertItem { node, .. }
        | Edit::Replace { node, .. } = edit
        {
            describe_as(node, describe);
        }
    }
    edits
}

/// The schemas that new parts refer to and the fragment lacks.
fn needed(refresh: &Refresh<'_>, edits: &[Edit]) -> Vec<String> {
    let mut open: Vec<Node> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Insert { node, .. }
            | Edit::InsertItem { node, .. }
            | Edit::Replace { node, .. } => Some(node.clone()),
            Edit::Remove { .. } => None,
        })
        .collect();
    let mut found = BTreeSet::new();
    while let Some(node) = open.pop() {
        for name in references(&node) {
            if refresh.views.contains_key(&name) || !found.insert(name.clone()) {
                continue;
            }
            open.extend(schema_node(refresh, &name));
        }
    }
    found
        .into_iter()
        .filter(|name| !exists(refresh.document, name))
        .collect()
}

fn exists(document: &Document, name: &str) -> bool {
    document
        .resolve(&format!("#/components/schemas/{}", escape(name)))
        .is_some()
}

fn schema_node(refresh: &Refresh<'_>, name: &str) -> Option<Node> {
    let (type_, _) = refresh
        .schemas
        .names
        .iter()
        .find(|(_, schema)| *schema == name)?;
    Some(refresh.schemas.schema(refresh.metadata.types.get(type_)?))
}

/// The schemas that a node refers to.
fn references(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Mapping(entries) => open.extend(entries.iter().map(|entry| &entry.node)),
            Value::Sequence(items) => open.extend(items),
            Value::String(text) => names.extend(schema_name(text)),
            _ => {}
        }
    }
    names
}

fn new_schema(refresh: &Refresh<'_>, name: &str) -> Option<Edit> {
    let node = schema_node(refresh, name)?;
    let after = place_of(refresh, name, &node);
    Some(Edit::Insert {
        parent: "#/components/schemas".to_owned(),
        key: name.to_owned(),
        node,
        after,
    })
}

/// The schema that a new one is added after: a neighbour with the same base, or the last one of its kind.
fn place_of(refresh: &Refresh<'_>, name: &str, node: &Node) -> Option<String> {
    let base = node
        .get("allOf")
        .and_then(Node::as_sequence)
        .and_then(|parts| parts.iter().find_map(|part| part.get("$ref")?.as_str()))
        .and_then(schema_name);
    let is_enumeration = node.get("enum").is_some();
    let siblings: Vec<&String> = refresh
        .order
        .iter()
        .filter(|known| {
            refresh.views.get(*known).is_some_and(|view| match &base {
                Some(_) => view.base == base,
                None => view.is_enumeration() == is_enumeration && view.base.is_none(),
            })
        })
        .collect();
    let sorted = siblings
        .iter()
        .filter(|known| base.is_some() && known.to_lowercase() < name.to_lowercase())
        .max_by_key(|known| known.to_lowercase());
    sorted
        .or(siblings.last())
        .or(refresh.order.last().as_ref())
        .map(|known| (*known).clone())
}

/// Removes the schemas that become unused by the edits.
fn no_longer_used(refresh: &Refresh<'_>, edits: &[Edit]) -> Vec<Edit> {
    let removes_anything = edits
        .iter()
        .any(|edit| matches!(edit, Edit::Remove { .. } | Edit::Replace { .. }));
    if !removes_anything {
        return Vec::new();
    }
    let before = used(refresh.document);
    let edited = crate::edit::edited_tree(&refresh.document.root, edits);
    let after = used(&Document::new(&refresh.document.file, edited));
    let mut unused: Vec<&String> = before.difference(&after).collect();
    unused.retain(|name| exists(refresh.document, name));
    unused
        .into_iter()
        .map(|name| Edit::Remove {
            pointer: format!("#/components/schemas/{}", escape(name)),
        })
        .collect()
}

/// The schemas in use: by operations, or if there are none, by any schema.
fn used(document: &Document) -> BTreeSet<String> {
    let found = reach::in_use(document);
    if !found.is_empty() {
        return found;
    }
    let mut found = BTreeSet::new();
    if let Some(schemas) = document.root.pointer("#/components/schemas") {
        for entry in schemas.entries() {
            let mut reached = BTreeSet::new();
            reach::walk(document, &entry.node, &mut reached);
            reached.remove(&entry.key);
            found.extend(reached);
        }
    }
    found
}

/// Replaces the placeholder descriptions.
fn describe_as(node: &mut Node, describe: &str) {
    if describe == UNWRITTEN {
        return;
    }
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &mut node.value {
            Value::Mapping(entries) => open.extend(entries.iter_mut().map(|entry| &mut entry.node)),
            Value::Sequence(items) => open.extend(items),
            Value::String(text) if text == UNWRITTEN => describe.clone_into(text),
            _ => {}
        }
    }
}
