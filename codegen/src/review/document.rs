//! A description that can be compared: its parts by name, and every reason why it could not be.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{self, Document, Entry, Node, escape, unescape};
use crate::names;

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
    /// How a schema is called in reports.
    short_names: HashMap<&'a str, String>,
}

impl<'a> Description<'a> {
    /// Reads a document as far as it has to be in order to be compared.
    pub(super) fn read(document: &'a Document) -> Result<Self, Problems> {
        super::check::check(document)?;
        let schemas: BTreeMap<_, _> = document
            .root
            .pointer("#/components/schemas")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|entry| (entry.key.as_str(), Place::of(entry)))
            .collect();
        Ok(Self {
            document,
            short_names: short_names(schemas.keys().copied()),
            schemas,
        })
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

    /// How a schema is called in reports: by its Rust type, unless two schemas would be called the same.
    pub(super) fn short_name(&self, name: &str) -> String {
        self.short_names
            .get(name)
            .cloned()
            .unwrap_or_else(|| names::type_name(name))
    }
}

/// The schema that a reference names. Names that need escaping are not looked up, but compared by their text.
pub(super) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SCHEMAS)
}

fn short_names<'a>(all: impl Iterator<Item = &'a str> + Clone) -> HashMap<&'a str, String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in all.clone() {
        *counts.entry(names::type_name(name)).or_default() += 1;
    }
    all.map(|name| {
        let short = names::type_name(name);
        if counts.get(&short) == Some(&1) {
            return (name, short);
        }
        let mut segments = name.rsplit('.');
        let last = segments.next().unwrap_or(name);
        let longer = match segments.next() {
            Some(space) if space != "graph" => format!("{space}.{last}").replace('.', "_"),
            _ => last.to_owned(),
        };
        (name, names::type_name(&longer))
    })
    .collect()
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
