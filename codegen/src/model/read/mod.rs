//! Reads a linted document into a [`Model`]: only this module knows the ways to write a schema.

mod operations;
mod schemas;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Problem, Problems};
use crate::load::{Document, Node, Place, unescape};

use super::{Kind, Model, Object, Schema, Server, Shape, Whole};

pub(crate) use types::{base_reference, is_named};

/// Reads a document that [`crate::lint::check`] accepts.
///
/// # Errors
///
/// Returns every construct that the model cannot represent, with file, line, column and pointer.
pub fn read(document: &Document) -> Result<Model, Problems> {
    read_part(document, Whole::of(document))
}

/// Reads a part of a description, with the names of the whole.
///
/// # Errors
///
/// Returns the same errors as [`read`].
pub fn read_part(document: &Document, whole: Whole) -> Result<Model, Problems> {
    let mut reader = Reader {
        document,
        whole,
        schemas: BTreeMap::new(),
        parameter_types: BTreeMap::new(),
        problems: Problems::default(),
    };
    reader.read_schemas();
    let operations = reader.read_operations();
    reader.recognise_pages();
    reader.refuse_base_cycles();
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    let root = &document.root;
    Ok(Model {
        title: root
            .pointer("/info/title")
            .map(Node::trimmed)
            .unwrap_or_default(),
        version: root
            .pointer("/info/version")
            .map(Node::trimmed)
            .unwrap_or_default(),
        servers: servers(root),
        refused_clouds: refused_clouds(root),
        operations,
        schemas: reader.schemas,
        whole: reader.whole,
    })
}

/// The state of a read.
pub(super) struct Reader<'a> {
    pub(super) document: &'a Document,
    pub(super) whole: Whole,
    pub(super) schemas: BTreeMap<String, Schema>,
    /// Rust types of inline enumerations in parameters, by pointer.
    pub(super) parameter_types: BTreeMap<String, String>,
    pub(super) problems: Problems,
}

impl<'a> Reader<'a> {
    /// The Rust type name of the schema that a reference refers to.
    pub(super) fn referenced_type(&self, reference: &str) -> Option<String> {
        let name = unescape(reference.strip_prefix("#/components/schemas/")?);
        self.whole.type_names.get(&name).cloned()
    }

    /// The node itself, or the component that its `$ref` refers to.
    pub(super) fn follow(&mut self, place: &Place<'a>) -> Option<Place<'a>> {
        let Some(reference) = place.node.get("$ref").and_then(Node::as_str) else {
            return Some(place.clone());
        };
        let Some(node) = self.document.resolve(reference) else {
            self.report(
                place,
                "dangling-reference",
                format!("`{reference}` does not exist"),
                "define it, or correct the reference",
            );
            return None;
        };
        Some(Place::new(node, reference))
    }

    pub(super) fn report(
        &mut self,
        place: &Place<'_>,
        rule: &'static str,
        message: String,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem {
            rule,
            message,
            file: self.document.file.clone(),
            position: Some(place.node.position),
            pointer: place.pointer.clone(),
            help: help.into(),
        });
    }

    /// Turns objects with only `value` and OData's annotations into pages.
    fn recognise_pages(&mut self) {
        let mut pages = BTreeMap::new();
        for (type_name, schema) in &self.schemas {
            if let Kind::Object(object) = &schema.kind
                && let Some(item) = self.page_item(object)
            {
                pages.insert(type_name.clone(), item);
            }
        }
        // A page of pages is not a page: if they are the same, the type would contain itself.
        let all: BTreeSet<String> = pages.keys().cloned().collect();
        pages.retain(|_, item| item.named().is_none_or(|name| !all.contains(name)));
        for (type_name, item) in pages {
            if let Some(schema) = self.schemas.get_mut(&type_name) {
                schema.kind = Kind::Page(item);
            }
        }
    }

    fn page_item(&self, object: &Object) -> Option<Shape> {
        const ANNOTATIONS: [&str; 3] = ["@odata.nextLink", "@odata.count", "@odata.deltaLink"];
        let mut item = None;
        let mut level = Some(object);
        let mut depth = 0;
        while let Some(object) = level {
            for property in &object.properties {
                match &property.shape {
                    Shape::List(shape) if property.name == "value" => {
                        item = Some((**shape).clone())
                    }
                    _ if ANNOTATIONS.contains(&property.name.as_str()) => {}
                    _ => return None,
                }
            }
            // Cycles of bases are reported later; until then, this must terminate.
            depth += 1;
            level = object
                .base
                .as_deref()
                .filter(|_| depth < 32)
                .and_then(|base| match &self.schemas.get(base)?.kind {
                    Kind::Object(object) => Some(object),
                    _ => None,
                });
        }
        item
    }

    fn refuse_base_cycles(&mut self) {
        let mut cyclic = Vec::new();
        for (type_name, schema) in &self.schemas {
            let mut seen = vec![type_name.as_str()];
            let mut current = schema;
            while let Kind::Object(Object {
                base: Some(base), ..
            }) = &current.kind
            {
                if seen.contains(&base.as_str()) {
                    cyclic.push(schema.clone());
                    break;
                }
                seen.push(base);
                let Some(next) = self.schemas.get(base) else {
                    break;
                };
                current = next;
            }
        }
        for schema in cyclic {
            self.problems.push(Problem {
                rule: "inheritance-cycle",
                message: format!("`{}` extends itself through `allOf`", schema.name),
                file: self.document.file.clone(),
                position: Some(schema.origin.position),
                pointer: schema.origin.pointer,
                help: "remove one of the `allOf` references".to_owned(),
            });
        }
    }
}

fn text(node: &Node, key: &str) -> String {
    node.get(key).map(Node::trimmed).unwrap_or_default()
}

fn refused_clouds(root: &Node) -> Vec<(String, String)> {
    let refused = root.get("x-graph-refused-clouds");
    let entries = refused.map(Node::entries).unwrap_or_default();
    let pairs = entries.iter();
    pairs
        .map(|entry| (entry.key.clone(), entry.node.trimmed()))
        .collect()
}

fn servers(root: &Node) -> Vec<Server> {
    let Some(servers) = root.get("servers").and_then(Node::as_sequence) else {
        return Vec::new();
    };
    servers
        .iter()
        .map(|server| Server {
            url: text(server, "url").trim_end_matches('/').to_owned(),
            description: text(server, "description"),
        })
        .collect()
}
