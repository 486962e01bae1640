//! Every operation and schema of the fragment has a source.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;
use std::fs;

use graph_client_codegen::load::{self, Node};
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

/// A text, or a list of strings.
fn texts(node: &Node) -> Vec<String> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    items
        .iter()
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
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
fn every_operation_and_schema_has_a_known_source() {
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
    let pointers = |entry: &Node| -> Vec<String> {
        let pointers: Vec<String> = texts(entry.get("covers").unwrap());
        for pointer in &pointers {
            assert!(
                fragment.pointer(pointer).is_some(),
                "{PROVENANCE}: {pointer} is not in the fragment"
            );
        }
        pointers
    };
    for fact in provenance.get("facts").unwrap().as_sequence().unwrap() {
        for source in texts(fact.get("source").unwrap()) {
            assert!(
                sources.contains(source.as_str()),
                "{PROVENANCE}: `{source}` is no source"
            );
        }
        covered.extend(pointers(fact));
    }
    for decision in provenance.get("decisions").unwrap().as_sequence().unwrap() {
        assert!(!pointers(decision).is_empty());
        assert!(decision.get("decision").and_then(Node::as_str).is_some());
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

/// What the fragment marks as missing in v1.0, in the words of a refresh.
fn marked(fragment: &Node) -> BTreeSet<String> {
    const MARK: &str = "x-graph-beta-only";
    let mut marked = BTreeSet::new();
    for schema in fragment.pointer("/components/schemas").unwrap().entries() {
        let parts = schema.node.get("allOf").and_then(Node::as_sequence);
        let own = std::slice::from_ref(&schema.node);
        for part in own.iter().chain(parts.unwrap_or_default()) {
            for property in part
                .get("properties")
                .map(Node::entries)
                .unwrap_or_default()
            {
                if property.node.get(MARK).is_some() {
                    let subject = format!("{}.{}", schema.key, property.key);
                    marked.insert(format!("property-removed {subject}"));
                }
            }
            let members = part
                .pointer("/x-ms-enum/values")
                .and_then(Node::as_sequence);
            for member in members.unwrap_or_default() {
                if member.get(MARK).is_some() {
                    let value = member.get("value").and_then(Node::as_str).unwrap();
                    marked.insert(format!("enum-member-removed {}.{value}", schema.key));
                }
            }
        }
    }
    marked
}

#[test]
fn properties_marked_as_beta_only_are_absent_from_the_v1_metadata() {
    let fragment = tree(FRAGMENT, &Workspace::at(&root()).fragment().unwrap());
    let text = fs::read_to_string(root().join(PROVENANCE)).unwrap();
    let provenance = tree(PROVENANCE, &text);
    let decisions = provenance.get("decisions").unwrap().as_sequence().unwrap();
    // A refresh with the metadata of v1.0 reports marked parts that v1.0 has, and unmarked ones that it lacks.
    let kept: BTreeSet<String> = decisions
        .iter()
        .filter_map(|decision| decision.get("keeps")?.as_sequence())
        .flatten()
        .filter(|keep| keep.get("version").and_then(Node::as_str) == Some("v1.0"))
        .filter_map(|keep| keep.get("what")?.as_str())
        .filter(|what| {
            what.starts_with("property-removed ") || what.starts_with("enum-member-removed ")
        })
        .map(str::to_owned)
        .collect();
    assert!(!kept.is_empty());
    assert_eq!(marked(&fragment), kept);
}
