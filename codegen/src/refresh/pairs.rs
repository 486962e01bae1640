//! Pairs the schemas of a fragment with the types of the metadata.

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::{Metadata, TypeKind, short_name};
use crate::load::{Document, Node};

use super::fragment::{SchemaView, schemas};
use super::shape::schema_name;

/// Pairs of schemas and types.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// The type of each schema, by the schema's name.
    pub(super) type_of: BTreeMap<String, String>,
    /// The schema of each type, by its qualified name.
    pub(super) schema_of: BTreeMap<String, String>,
    /// Tags of the fragment that the metadata lacks, with their schemas.
    pub(super) unknown_tags: BTreeMap<String, String>,
    /// Ambiguous schemas, with the possible types.
    pub(super) ambiguous: BTreeMap<String, Vec<String>>,
}

impl Pairs {
    fn pair(&mut self, schema: &str, type_: &str) {
        if self.schema_of.contains_key(type_) || self.type_of.contains_key(schema) {
            return;
        }
        self.type_of.insert(schema.to_owned(), type_.to_owned());
        self.schema_of.insert(type_.to_owned(), schema.to_owned());
    }
}

/// Pairs by what the fragment itself says (tags, full names), then by short names in the namespaces of those.
pub(super) fn pair(document: &Document, metadata: &Metadata) -> Pairs {
    let views = schemas(document);
    let mut pairs = Pairs::default();
    for (tag, schema) in tags(&views) {
        match metadata.types.contains_key(tag.trim_start_matches('#')) {
            true => pairs.pair(&schema, tag.trim_start_matches('#')),
            false => {
                pairs.unknown_tags.insert(tag, schema);
            }
        }
    }
    for view in &views {
        if metadata.types.contains_key(&view.name) {
            pairs.pair(&view.name, &view.name.clone());
        }
    }
    by_short_name(&views, metadata, &mut pairs);
    pairs
}

/// Every tag of every discriminator, with its schema.
fn tags(views: &[SchemaView<'_>]) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for view in views {
        let Some((_, mapping)) = view.mapping() else {
            continue;
        };
        for entry in mapping.entries() {
            if let Some(schema) = entry.node.as_str().and_then(schema_name) {
                tags.insert(entry.key.clone(), schema);
            }
        }
    }
    tags
}

fn by_short_name(views: &[SchemaView<'_>], metadata: &Metadata, pairs: &mut Pairs) {
    let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for type_ in metadata.types.values() {
        if !matches!(type_.kind, TypeKind::Definition(_)) {
            let name = type_.short_name().to_lowercase();
            by_name.entry(name).or_default().push(&type_.name);
        }
    }
    let unknown: BTreeSet<&String> = pairs.unknown_tags.values().collect();
    let candidates: Vec<(&SchemaView<'_>, Vec<&str>)> = views
        .iter()
        .filter(|view| !pairs.type_of.contains_key(&view.name) && !unknown.contains(&view.name))
        // A full name means exactly that type.
        .filter(|view| !view.name.contains('.'))
        .filter_map(|view| {
            let given = view.node.get("x-ms-enum").and_then(|told| told.get("name"));
            let name = given
                .and_then(Node::as_str)
                .unwrap_or(short_name(&view.name));
            let found = by_name.get(&name.to_lowercase())?;
            let of_kind = found
                .iter()
                .copied()
                .filter(|name| is_of_kind(view, metadata, name));
            Some((view, of_kind.collect()))
        })
        .collect();
    // The namespaces of the fragment: those of its tags and of unique names.
    let mut weight: BTreeMap<&str, usize> = BTreeMap::new();
    let sure = candidates
        .iter()
        .filter_map(|(_, found)| match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
        .chain(pairs.type_of.values().map(String::as_str));
    for name in sure {
        *weight.entry(namespace(name)).or_default() += 1;
    }
    let mut chosen = Vec::new();
    let mut ambiguous = BTreeMap::new();
    for (view, mut found) in candidates {
        found.sort_by_key(|name| {
            std::cmp::Reverse(weight.get(namespace(name)).copied().unwrap_or(0))
        });
        let heaviest = |name: &str| weight.get(namespace(name)).copied().unwrap_or(0);
        match found.as_slice() {
            [] => {}
            [one] => chosen.push((view.name.clone(), (*one).to_owned())),
            [first, second, ..] if heaviest(first) > heaviest(second) => {
                chosen.push((view.name.clone(), (*first).to_owned()));
            }
            several => {
                let several = several.iter().map(|name| (*name).to_owned()).collect();
                ambiguous.insert(view.name.clone(), several);
            }
        }
    }
    for (schema, type_) in chosen {
        pairs.pair(&schema, &type_);
    }
    pairs.ambiguous = ambiguous;
}

fn namespace(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(namespace, _)| namespace)
}

/// An enumeration is not an object.
fn is_of_kind(view: &SchemaView<'_>, metadata: &Metadata, name: &str) -> bool {
    let Some(type_) = metadata.types.get(name) else {
        return false;
    };
    type_.enumeration().is_some() == view.is_enumeration()
}
