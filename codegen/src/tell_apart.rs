//! Gives every operation of another author's description a unique id and a unique method name.
//!
//! It reads the whole description before the selection, so that a name does not depend on the selection: the first of
//! several operations with one id keeps it, and the others are named by method and path.

use std::collections::BTreeMap;

use crate::load::{Document, Entry, Node, Position, Value, escape};
use crate::model::METHODS;
use crate::names;
use crate::report::{Remark, Treatment};

/// An operation and its id.
struct Operation {
    path: String,
    method: String,
    id: Option<String>,
    position: Position,
}

/// Renames operations with equal ids or method names, and names those without an id. Returns the renamed operations.
pub fn tell_apart(document: &mut Document) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let operations = operations(document);
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut methods: BTreeMap<String, usize> = BTreeMap::new();
    let known = operations
        .iter()
        .filter_map(|operation| operation.id.as_deref());
    let method_names = names::method_names(known.collect::<std::collections::BTreeSet<_>>());
    let mut renamed = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let id = operation.id.as_ref().filter(|id| names::is_usable(id));
        let method = id.and_then(|id| method_names.get(id));
        let is_taken = id.is_none_or(|id| ids.contains_key(id))
            || method.is_none_or(|method| methods.contains_key(method));
        if is_taken {
            renamed.push(index);
        } else if let (Some(id), Some(method)) = (id, method) {
            ids.insert(id.clone(), index);
            methods.insert(method.clone(), index);
        }
    }
    for operation in renamed.iter().filter_map(|index| operations.get(*index)) {
        let id = free(&by_path(operation), &ids);
        let index = operation.id.as_ref().and_then(|id| ids.get(id));
        let first = index.and_then(|index| operations.get(*index));
        remarks.push(remark(operation, &id, first));
        ids.insert(id.clone(), usize::MAX);
        set_id(document, operation, id);
    }
    remarks
}

fn operations(document: &Document) -> Vec<Operation> {
    let mut operations = Vec::new();
    for path in document
        .root
        .get("paths")
        .map(Node::entries)
        .unwrap_or_default()
    {
        for entry in path.node.entries() {
            if METHODS.contains(&entry.key.as_str()) {
                let id = entry.node.get("operationId");
                // The lint refuses an id that is not a string.
                if id.is_some_and(|id| id.as_str().is_none()) {
                    continue;
                }
                operations.push(Operation {
                    path: path.key.clone(),
                    method: entry.key.clone(),
                    id: id.and_then(Node::as_str).map(str::to_owned),
                    position: id.map_or(entry.key_position, |id| id.position),
                });
            }
        }
    }
    operations
}

/// `get /drives/{drive-id}/root` → `getDrivesDriveIdRoot`.
fn by_path(operation: &Operation) -> String {
    let mut id = operation.method.clone();
    for word in operation
        .path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
    {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            id.push(first.to_ascii_uppercase());
            id.push_str(letters.as_str());
        }
    }
    id
}

/// A unique name; paths may differ in special characters only.
fn free(name: &str, taken: &BTreeMap<String, usize>) -> String {
    let numbered = (2..).map(|number| format!("{name}{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains_key(name))
        .unwrap_or_default()
}

fn remark(operation: &Operation, id: &str, first: Option<&Operation>) -> Remark {
    let reason = match (&operation.id, first) {
        (None, _) => format!("it has no `operationId`; it is called `{id}`"),
        (Some(known), Some(first)) => format!(
            "`{known}` is also {} {}; it is called `{id}`",
            first.method.to_uppercase(),
            first.path
        ),
        (Some(known), None) => {
            format!("`{known}` does not give a distinct method name; it is called `{id}`")
        }
    };
    Remark {
        treatment: Treatment::Renamed,
        rule: "operation-id",
        subject: format!(
            "operation `{} {}`",
            operation.method.to_uppercase(),
            operation.path
        ),
        reason,
        is_warning: true,
        position: Some(operation.position),
        pointer: format!("#/paths/{}/{}", escape(&operation.path), operation.method),
    }
}

fn set_id(document: &mut Document, operation: &Operation, id: String) {
    let node = ["paths", &operation.path, &operation.method]
        .iter()
        .try_fold(&mut document.root, |node, key| node.get_mut(key));
    if let Some(node) = node {
        match node.get_mut("operationId") {
            Some(known) => known.value = Value::String(id),
            None => add_id(node, id, operation.position),
        }
    }
}

fn add_id(node: &mut Node, id: String, position: Position) {
    if let Value::Mapping(entries) = &mut node.value {
        entries.push(Entry {
            key: "operationId".to_owned(),
            key_position: position,
            node: Node {
                position,
                value: Value::String(id),
            },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::parse;
    use crate::report::Report;

    fn ids(paths: &str) -> (Vec<String>, Report) {
        let mut document = parse("a.yaml", &format!("paths:\n{paths}")).unwrap();
        let mut report = Report::new("a.yaml");
        report.extend(tell_apart(&mut document));
        let ids = operations(&document)
            .into_iter()
            .filter_map(|operation| operation.id);
        (ids.collect(), report)
    }

    #[test]
    fn the_first_operation_keeps_its_id_and_the_others_are_named_by_path() {
        let (ids, report) = ids("
  /a: {get: {operationId: x_ListB}}
  /b/{b-id}: {get: {operationId: x_ListB}, post: {}}
  \"/b/f(p='{p}')\": {get: {operationId: x_ListB}}
");
        assert_eq!(ids, ["x_ListB", "getBBId", "postBBId", "getBFPP"]);
        assert_eq!(report.warnings().count(), 3);
        assert!(
            report
                .table()
                .contains("`x_ListB` is also GET /a; it is called `getBBId`")
        );
    }

    #[test]
    fn a_description_with_distinct_ids_is_unchanged() {
        let (ids, report) = ids("  /a: {get: {operationId: a}, post: {operationId: b}}\n");
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(report.remarks().count(), 0);
    }

    #[test]
    fn paths_that_differ_only_in_punctuation_get_numbers() {
        let (ids, _) = ids("  /a-b: {get: {}}\n  /a/b: {get: {}}\n  /a_b: {get: {}}\n");
        assert_eq!(ids, ["getAB", "getAB2", "getAB3"]);
    }
}
