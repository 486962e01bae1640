//! Every operation and schema of the fragment says where it comes from.

use std::collections::BTreeSet;
use std::fs;

use graph_incidents_codegen::load::{self, Node};
use graph_incidents_drift::root;
use xtask::workspace::{FRAGMENT, Workspace};

const PROVENANCE: &str = "spec/provenance.yaml";

fn tree(file: &str, text: &str) -> Node {
    load::parse(file, text)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .root
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The pointers of all operations and schemas.
fn needed(fragment: &Node) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    for path in fragment.get("paths").unwrap().entries() {
        for operation in path
            .node
            .entries()
            .iter()
            .filter(|entry| entry.node.get("operationId").is_some())
        {
            needed.insert(format!("#/paths/{}/{}", escape(&path.key), operation.key));
        }
    }
    for schema in fragment.pointer("/components/schemas").unwrap().entries() {
        needed.insert(format!("#/components/schemas/{}", escape(&schema.key)));
    }
    needed
}

#[test]
fn every_operation_and_schema_names_its_source_and_no_source_is_unknown() {
    let fragment = tree(FRAGMENT, &Workspace::at(&root()).fragment().unwrap());
    let provenance = tree(
        PROVENANCE,
        &fs::read_to_string(root().join(PROVENANCE)).unwrap(),
    );
    let sources: BTreeSet<&str> = provenance
        .get("sources")
        .unwrap()
        .entries()
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    let mut covered = BTreeSet::new();
    for fact in provenance.get("facts").unwrap().as_sequence().unwrap() {
        let source = fact.get("source").and_then(Node::as_str).unwrap();
        assert!(
            sources.contains(source),
            "{PROVENANCE}: `{source}` is no source"
        );
        for pointer in fact.get("covers").unwrap().as_sequence().unwrap() {
            let pointer = pointer.as_str().unwrap();
            assert!(
                fragment.pointer(pointer).is_some(),
                "{PROVENANCE}: {pointer} is not in the fragment"
            );
            covered.insert(pointer.to_owned());
        }
    }
    let missing: Vec<_> = needed(&fragment)
        .into_iter()
        .filter(|pointer| !covered.contains(pointer))
        .collect();
    assert!(
        missing.is_empty(),
        "{PROVENANCE} says nothing of {missing:#?}"
    );
}
