//! Why a document cannot be compared: all reasons, with line, pointer and remedy.
//!
//! This is deliberately less than what [`graph_client_codegen::lint`] asks for: a description with defects, such as Microsoft's own
//! duplicate operation ids, can still be compared.

use std::collections::HashSet;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::load::{Document, Node, Value, escape};

use super::document::problem;

/// How many references may lead from one to the next.
const LONGEST_CHAIN: usize = 32;

/// Refuses what is no OpenAPI 3 document, and what refers to what is not there.
pub(super) fn check(document: &Document) -> Result<(), Problems> {
    let mut check = Check {
        document,
        problems: Problems::default(),
        known: HashSet::new(),
    };
    check.version();
    check.outline();
    let mut pointer = String::from("#");
    check.references(&document.root, &mut pointer, "");
    check.problems.into_result()
}

struct Check<'a> {
    document: &'a Document,
    problems: Problems,
    /// References that were found to lead somewhere.
    known: HashSet<&'a str>,
}

impl<'a> Check<'a> {
    fn report(
        &mut self,
        rule: &'static str,
        node: &Node,
        pointer: &str,
        message: String,
        help: &str,
    ) {
        self.problems.push(problem(
            self.document,
            rule,
            node.position,
            pointer.to_owned(),
            message,
            help,
        ));
    }

    fn version(&mut self) {
        let root = &self.document.root;
        match root.get("openapi") {
            Some(node) => {
                let version = super::same::inline_text(node);
                if !version.starts_with("3.") {
                    self.report(
                        "unsupported-version",
                        node,
                        "#/openapi",
                        format!("OpenAPI {version} cannot be reviewed"),
                        "give a description of version 3.0",
                    );
                }
            }
            None => {
                let help = match root.get("swagger") {
                    Some(_) => "convert the Swagger description to OpenAPI 3.0",
                    None => "give an OpenAPI description: a mapping with `openapi: 3.0.3`",
                };
                self.report(
                    "not-openapi",
                    root,
                    "#",
                    "this is no OpenAPI description: `openapi` is missing".to_owned(),
                    help,
                );
            }
        }
        if root.get("openapi").is_some() && root.get("paths").is_none() {
            self.report(
                "missing-paths",
                root,
                "#",
                "`paths` is missing".to_owned(),
                "write `paths: {}` where there are no operations",
            );
        }
    }

    /// The parts that a comparison goes through have to be what they are called.
    fn outline(&mut self) {
        let root = &self.document.root;
        self.mapping_of_mappings(root.get("paths"), "#/paths", 2);
        let Some(components) = root.get("components") else {
            return;
        };
        self.mapping(components, "#/components");
        for kind in ["schemas", "parameters", "responses", "requestBodies"] {
            let pointer = format!("#/components/{kind}");
            self.mapping_of_mappings(components.get(kind), &pointer, 1);
        }
    }

    fn mapping(&mut self, node: &Node, pointer: &str) -> bool {
        if node.as_mapping().is_some() {
            return true;
        }
        let message = format!("a mapping belongs here, not {}", node.kind());
        self.report(
            "unexpected-type",
            node,
            pointer,
            message,
            "write keys and values",
        );
        false
    }

    fn mapping_of_mappings(&mut self, node: Option<&'a Node>, pointer: &str, depth: usize) {
        let Some(node) = node else { return };
        if !self.mapping(node, pointer) || depth == 0 {
            return;
        }
        for entry in node.entries() {
            // What a path holds beside its operations may be texts and lists.
            let is_other = entry.key.starts_with("x-")
                || matches!(
                    entry.key.as_str(),
                    "parameters" | "servers" | "summary" | "description" | "$ref"
                );
            if is_other && entry.node.as_mapping().is_none() {
                continue;
            }
            let pointer = format!("{pointer}/{}", escape(&entry.key));
            self.mapping_of_mappings(Some(&entry.node), &pointer, depth - 1);
        }
    }

    fn references(&mut self, node: &'a Node, pointer: &mut String, key: &str) {
        let length = pointer.len();
        match &node.value {
            Value::Mapping(entries) => {
                // Below these a `$ref` is data.
                if matches!(key, "example" | "default") {
                    return;
                }
                for entry in entries {
                    pointer.push('/');
                    pointer.push_str(&escape(&entry.key));
                    match (entry.key.as_str(), entry.node.as_str()) {
                        ("$ref", Some(reference)) if key != "properties" => {
                            self.reference(reference, &entry.node, pointer);
                        }
                        _ => self.references(&entry.node, pointer, &entry.key),
                    }
                    pointer.truncate(length);
                }
            }
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    self.references(item, pointer, "");
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, reference: &'a str, node: &Node, pointer: &str) {
        if self.known.contains(reference) {
            return;
        }
        if !reference.starts_with("#/") {
            self.report(
                "external-reference",
                node,
                pointer,
                format!("`{reference}` lies outside of this file"),
                "bring what it refers to into `components`",
            );
            return;
        }
        let mut target = reference;
        for _ in 0..LONGEST_CHAIN {
            let Some(found) = self.document.resolve(target) else {
                self.report(
                    "dangling-reference",
                    node,
                    pointer,
                    format!("`{reference}` does not exist"),
                    "define it, or correct the reference",
                );
                return;
            };
            match found.get("$ref").and_then(Node::as_str) {
                Some(next) => target = next,
                None => {
                    self.known.insert(reference);
                    return;
                }
            }
        }
        self.report(
            "reference-cycle",
            node,
            pointer,
            format!("`{reference}` leads back to itself"),
            "let one of the components on the way say what it is",
        );
    }
}
