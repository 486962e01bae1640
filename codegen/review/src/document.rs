//! A description that can be compared: its parts by name, and the locations that a report shows.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use graph_client_codegen::diagnostic::{Position, Problem};
use graph_client_codegen::load::{self, Document, Entry, Node, escape, unescape};
use graph_client_codegen::model::Whole;
use graph_client_codegen::names;

use super::bundle;

const SCHEMAS: &str = "#/components/schemas/";

/// A node, and the location that a report shows: its key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) node: &'a Node,
    pub(crate) position: Position,
}

impl<'a> Spot<'a> {
    pub(crate) fn of(entry: &'a Entry) -> Self {
        Self {
            node: &entry.node,
            position: entry.key_position,
        }
    }

    pub(crate) fn item(node: &'a Node) -> Self {
        Self {
            node,
            position: node.position,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Spot<'a>> {
        self.node.entry(key).map(Spot::of)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key).and_then(Node::as_str)
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    pub(crate) fn entries(&self) -> &'a [Entry] {
        self.node.entries()
    }

    pub(crate) fn items(&self) -> &'a [Node] {
        self.node.as_sequence().unwrap_or_default()
    }

    /// The identity of the node.
    pub(crate) fn address(&self) -> *const Node {
        std::ptr::from_ref(self.node)
    }
}

/// A description, with its parts by name.
#[derive(Debug)]
pub(crate) struct Description<'a> {
    pub(crate) document: &'a Document,
    pub(crate) schemas: BTreeMap<&'a str, Spot<'a>>,
    /// Whether any reference leads to something other than a component: into a path, into a part of a schema, into a
    /// file.
    pub(crate) has_pointers: bool,
    /// The names of the generated code, which reports use too.
    whole: OnceLock<Whole>,
}

impl<'a> Description<'a> {
    /// Reads a document that [`super::check`] found valid.
    pub(crate) fn read(document: &'a Document) -> Self {
        let schemas: BTreeMap<_, _> = document
            .root
            .pointer("#/components/schemas")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|entry| (entry.key.as_str(), Spot::of(entry)))
            .collect();
        Self {
            document,
            has_pointers: has_pointers(&document.root),
            whole: OnceLock::new(),
            schemas,
        }
    }

    /// The node itself, or the component that its `$ref` names.
    pub(crate) fn follow(&self, spot: Spot<'a>) -> Spot<'a> {
        let mut spot = spot;
        // Cycles of references were refused.
        while let Some(reference) = spot.text("$ref") {
            match self.resolve(reference) {
                Some(target) => spot = target,
                None => break,
            }
        }
        spot
    }

    /// The named schema that a reference leads to.
    pub(crate) fn schema_name(&self, reference: &str) -> Option<&'a str> {
        let name = reference.strip_prefix(SCHEMAS)?;
        let known = self.schemas.get_key_value(name);
        let known = known.or_else(|| self.schemas.get_key_value(unescape(name).as_str()));
        known.map(|(name, _)| *name)
    }

    /// What a reference leads to.
    pub(crate) fn resolve(&self, reference: &str) -> Option<Spot<'a>> {
        if let Some(name) = self.schema_name(reference) {
            return self.schemas.get(name).copied();
        }
        match self.document.resolve(reference) {
            Some(node) => Some(self.keyed(reference, node)),
            None => {
                let decoded = percent_decoded(reference)?;
                let node = self.document.resolve(&decoded)?;
                Some(self.keyed(&decoded, node))
            }
        }
    }

    /// Reports show the key of a component.
    fn keyed(&self, reference: &str, node: &'a Node) -> Spot<'a> {
        let position = reference
            .rsplit_once('/')
            .and_then(|(parent, key)| {
                let parent = self.document.root.pointer(parent)?;
                Some(parent.entry(&unescape(key))?.key_position)
            })
            .unwrap_or(node.position);
        Spot { node, position }
    }

    /// The names of the generated code, created at first use.
    pub(crate) fn whole(&self) -> &Whole {
        self.whole.get_or_init(|| Whole::of(self.document))
    }

    /// The Rust method of an operation.
    pub(crate) fn method(&self, path: &str, method: &str, id: &str) -> String {
        let place = (path.to_owned(), method.to_lowercase());
        let known = self.whole().method_names.get(&place);
        known.cloned().unwrap_or_else(|| names::method_name(id))
    }

    /// The name of a schema in reports: its Rust type.
    pub(crate) fn short_name(&self, name: &str) -> String {
        let known = self.whole().type_names.get(name);
        known.cloned().unwrap_or_else(|| names::type_name(name))
    }
}

/// Whether a reference leads to a component, and not into one.
pub(crate) fn is_component(reference: &str) -> bool {
    reference
        .strip_prefix("#/components/")
        .is_some_and(|rest| rest.matches('/').count() == 1)
}

/// Whether any reference below leads to something other than a component.
pub(crate) fn has_pointers(node: &Node) -> bool {
    match &node.value {
        load::Value::Mapping(entries) => entries.iter().any(|entry| {
            let reference = match entry.key.as_str() {
                "$ref" => entry.node.as_str(),
                _ => None,
            };
            reference.is_some_and(|reference| !is_component(reference)) || has_pointers(&entry.node)
        }),
        load::Value::Sequence(items) => items.iter().any(has_pointers),
        _ => false,
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|decoded| decoded != text)
}

/// The file, and the pointer in it, of a pointer into a bundled document.
pub(crate) fn file_and_pointer(document: &Document, pointer: &str) -> (String, String) {
    match bundle::split(pointer) {
        Some((file, rest)) => (bundle::beside(&document.file, &file), rest),
        None => (document.file.clone(), pointer.to_owned()),
    }
}

/// Finds the pointers of nodes in one pass over the tree.
pub(crate) fn pointers<'a>(
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
pub(crate) fn problem(
    document: &Document,
    rule: &'static str,
    position: Position,
    pointer: &str,
    message: String,
    help: &str,
) -> Problem {
    let (file, pointer) = file_and_pointer(document, pointer);
    Problem {
        rule,
        message,
        file,
        position: Some(position),
        pointer,
        help: help.to_owned(),
    }
}
