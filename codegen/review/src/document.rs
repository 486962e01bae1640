//! A description that can be compared: its parts by name, and every reason why it could not be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use graph_client_codegen::diagnostic::{Position, Problem};
use graph_client_codegen::load::{self, Document, Entry, Node, escape, unescape};
use graph_client_codegen::names;

const SCHEMAS: &str = "#/components/schemas/";

/// A node, and where a reader looks for it: at its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) node: &'a Node,
    pub(super) position: Position,
}

impl<'a> Place<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self {
            node: &entry.node,
            position: entry.key_position,
        }
    }

    pub(super) fn item(node: &'a Node) -> Self {
        Self {
            node,
            position: node.position,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Place<'a>> {
        self.node.entry(key).map(Place::of)
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key).and_then(Node::as_str)
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    pub(super) fn entries(&self) -> &'a [Entry] {
        self.node.entries()
    }

    pub(super) fn items(&self) -> &'a [Node] {
        self.node.as_sequence().unwrap_or_default()
    }
}

/// A description, with its parts by name.
#[derive(Debug)]
pub(super) struct Description<'a> {
    pub(super) document: &'a Document,
    pub(super) schemas: BTreeMap<&'a str, Place<'a>>,
    /// The Rust types of the schemas: how they are called in reports.
    short_names: BTreeMap<String, String>,
    /// The Rust methods of the operations, by their ids.
    methods: BTreeMap<String, String>,
}

impl<'a> Description<'a> {
    /// Reads a document that [`super::check`] has found in order.
    pub(super) fn read(document: &'a Document) -> Self {
        let schemas: BTreeMap<_, _> = document
            .root
            .pointer("#/components/schemas")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|entry| (entry.key.as_str(), Place::of(entry)))
            .collect();
        Self {
            document,
            short_names: names::type_names(schemas.keys().copied()),
            methods: names::method_names(ids(document)),
            schemas,
        }
    }

    /// The node itself, or the component that its `$ref` names.
    pub(super) fn follow(&self, place: Place<'a>) -> Place<'a> {
        let mut place = place;
        // Cycles of references were refused.
        while let Some(reference) = place.text("$ref") {
            match self.resolve(reference) {
                Some(target) => place = target,
                None => break,
            }
        }
        place
    }

    /// The component that a reference names.
    pub(super) fn resolve(&self, reference: &str) -> Option<Place<'a>> {
        if let Some(name) = schema_name(reference)
            && let Some(place) = self.schemas.get(name)
        {
            return Some(*place);
        }
        let node = self.document.resolve(reference)?;
        // The key of a component is where a reader looks for it.
        let position = reference
            .rsplit_once('/')
            .and_then(|(parent, key)| {
                let parent = self.document.root.pointer(parent)?;
                Some(parent.entry(&unescape(key))?.key_position)
            })
            .unwrap_or(node.position);
        Some(Place { node, position })
    }

    /// The Rust method of an operation.
    pub(super) fn method(&self, id: &str) -> String {
        self.methods
            .get(id)
            .cloned()
            .unwrap_or_else(|| names::method_name(id))
    }

    /// How a schema is called in reports: by its Rust type.
    pub(super) fn short_name(&self, name: &str) -> String {
        self.short_names
            .get(name)
            .cloned()
            .unwrap_or_else(|| names::type_name(name))
    }
}

/// The ids of all operations, each once.
fn ids(document: &Document) -> impl Iterator<Item = &str> {
    let paths = document
        .root
        .get("paths")
        .map(Node::entries)
        .unwrap_or_default();
    let operations = paths.iter().flat_map(|path| path.node.entries());
    let ids: BTreeSet<&str> = operations
        .filter_map(|operation| operation.node.get("operationId").and_then(Node::as_str))
        .collect();
    ids.into_iter()
}

/// The schema that a reference names. Names that need escaping are not looked up, but compared by their text.
pub(super) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SCHEMAS)
}

/// Finds the pointers of nodes, by going once through the tree.
pub(super) fn pointers<'a>(
    document: &'a Document,
    wanted: impl Iterator<Item = &'a Node>,
) -> HashMap<*const Node, String> {
    let mut found: HashMap<*const Node, Option<String>> = wanted
        .map(|node| (std::ptr::from_ref(node), None))
        .collect();
    if !found.is_empty() {
        walk(&document.root, &mut String::from("#"), &mut found);
    }
    found
        .into_iter()
        .filter_map(|(node, pointer)| Some((node, pointer?)))
        .collect()
}

fn walk(node: &Node, pointer: &mut String, found: &mut HashMap<*const Node, Option<String>>) {
    if let Some(slot) = found.get_mut(&std::ptr::from_ref(node)) {
        *slot = Some(pointer.clone());
    }
    let length = pointer.len();
    match &node.value {
        load::Value::Mapping(entries) => {
            for entry in entries {
                pointer.push('/');
                pointer.push_str(&escape(&entry.key));
                walk(&entry.node, pointer, found);
                pointer.truncate(length);
            }
        }
        load::Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                walk(item, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// A problem of a document, at a node.
pub(super) fn problem(
    document: &Document,
    rule: &'static str,
    position: Position,
    pointer: String,
    message: String,
    help: &str,
) -> Problem {
    Problem {
        rule,
        message,
        file: document.file.clone(),
        position: Some(position),
        pointer,
        help: help.to_owned(),
    }
}
