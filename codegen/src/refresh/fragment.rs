//! The fragment as a refresh sees it: its schemas, their own parts and locations.

use crate::load::{Document, Node, escape};

use super::shape::schema_name;

/// A schema of a fragment or a description.
#[derive(Debug, Clone)]
pub(super) struct SchemaView<'a> {
    pub(super) name: String,
    pub(super) node: &'a Node,
    pub(super) pointer: String,
    /// Its base schema.
    pub(super) base: Option<String>,
    /// Its own parts, with pointers: itself, or the parts of `allOf` that are not references.
    pub(super) parts: Vec<(String, &'a Node)>,
}

impl<'a> SchemaView<'a> {
    pub(super) fn of(name: &str, node: &'a Node) -> Self {
        let pointer = format!("#/components/schemas/{}", escape(name));
        let all = node
            .get("allOf")
            .and_then(Node::as_sequence)
            .unwrap_or_default();
        let base = all
            .iter()
            .find_map(|part| part.get("$ref")?.as_str())
            .and_then(schema_name);
        let mut parts = vec![(pointer.clone(), node)];
        for (index, part) in all.iter().enumerate() {
            if part.get("$ref").is_none() {
                parts.push((format!("{pointer}/allOf/{index}"), part));
            }
        }
        Self {
            name: name.to_owned(),
            node,
            pointer,
            base,
            parts,
        }
    }

    pub(super) fn is_enumeration(&self) -> bool {
        self.node.get("enum").is_some()
    }

    /// The own properties with their pointers, without OData's annotations.
    pub(super) fn properties(&self) -> Vec<(&'a str, String, &'a Node)> {
        self.parts
            .iter()
            .flat_map(|(pointer, part)| {
                let properties = part
                    .get("properties")
                    .map(Node::entries)
                    .unwrap_or_default();
                properties.iter().map(move |entry| {
                    let pointer = format!("{pointer}/properties/{}", escape(&entry.key));
                    (entry.key.as_str(), pointer, &entry.node)
                })
            })
            .filter(|(name, ..)| !name.contains('@'))
            .collect()
    }

    /// The location of a new property: the mapping of the properties, if there is one.
    pub(super) fn properties_pointer(&self) -> Option<String> {
        self.parts
            .iter()
            .find(|(_, part)| {
                part.get("properties")
                    .is_some_and(|found| !found.entries().is_empty())
            })
            .map(|(pointer, _)| format!("{pointer}/properties"))
    }

    /// The part that a new key is added to if no part has properties.
    pub(super) fn own_part(&self) -> &str {
        self.parts
            .last()
            .map_or(self.pointer.as_str(), |(pointer, _)| pointer)
    }

    /// The mapping of the discriminator with its pointer.
    pub(super) fn mapping(&self) -> Option<(String, &'a Node)> {
        self.parts.iter().find_map(|(pointer, part)| {
            let mapping = part.get("discriminator")?.get("mapping")?;
            Some((format!("{pointer}/discriminator/mapping"), mapping))
        })
    }

    /// The members of an enumeration.
    pub(super) fn members(&self) -> Vec<&'a str> {
        let members = self.node.get("enum").and_then(Node::as_sequence);
        members
            .unwrap_or_default()
            .iter()
            .filter_map(Node::as_str)
            .collect()
    }

    /// Whether a value can be several members.
    pub(super) fn is_flags(&self) -> bool {
        let flags = self.node.get("x-ms-enum-flags");
        flags
            .and_then(|flags| flags.get("isFlags"))
            .and_then(Node::as_bool)
            == Some(true)
    }
}

/// The schemas of a document that are types.
pub(super) fn schemas(document: &Document) -> Vec<SchemaView<'_>> {
    document
        .root
        .pointer("#/components/schemas")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter(|entry| super::shape::is_type(&entry.node))
        .map(|entry| SchemaView::of(&entry.key, &entry.node))
        .collect()
}
