//! Finds and removes navigation properties.

use std::collections::BTreeSet;

use crate::diagnostic::{Position, Problems};
use crate::load::{Document, Entry, Node, Place, Value, unescape};
use crate::model;
use crate::report::{Remark, Treatment};

use super::choose::short;
use super::near::near;
use super::{Navigation, Selection, refusal, remark};

/// Microsoft's mark; a property that is a bare reference cannot have it.
const MARK: &str = "x-ms-navigationProperty";

/// The maximum number of references from a schema to its root.
const LONGEST_LINEAGE: usize = 32;

/// A navigation property to remove.
#[derive(Debug)]
pub(super) struct Cut {
    /// The full name of its schema.
    pub(super) schema: String,
    property: String,
    pointer: String,
    position: Position,
    raw: bool,
}

impl Cut {
    pub(super) fn remark(&self) -> Remark {
        let reason = match self.raw {
            true => "navigation property, kept as open JSON: add it to `expand` to get a type",
            false => "navigation property: add it to `expand` to get a type",
        };
        remark(
            Treatment::LeftOut,
            "navigation-property",
            format!("property `{}.{}`", short(&self.schema), self.property),
            reason,
            self.position,
            self.pointer.clone(),
        )
    }
}

/// The navigation properties that a selection does not request.
pub(super) fn cuts(
    document: &Document,
    selection: &Selection,
    problems: &mut Problems,
) -> Vec<Cut> {
    let navigation = selection.treatment_of_navigation();
    let mut unmatched: BTreeSet<usize> = (0..selection.expand.len()).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut cuts = Vec::new();
    for (schema, property, place) in navigation_properties(document) {
        let names = [
            property.to_owned(),
            format!("{schema}.{property}"),
            format!("{}.{property}", short(schema)),
        ];
        let wanted = |text: &str| names.iter().any(|name| name == text);
        let asked: Vec<usize> = (0..selection.expand.len())
            .filter(|index| wanted(&selection.expand[*index].text))
            .collect();
        asked.iter().for_each(|index| {
            unmatched.remove(index);
        });
        if asked.is_empty() && navigation != Navigation::Keep {
            cuts.push(Cut {
                schema: schema.to_owned(),
                property: property.to_owned(),
                position: place.key_position.unwrap_or(place.node.position),
                pointer: place.pointer,
                raw: navigation == Navigation::Raw,
            });
        }
        known.extend(names);
    }
    for wanted in unmatched.into_iter().map(|index| &selection.expand[index]) {
        problems.push(refusal(
            document,
            wanted,
            "selects-nothing",
            format!("there is no navigation property `{}`", wanted.text),
            near(
                &wanted.text,
                known.iter().map(String::as_str),
                "navigation properties",
            ),
        ));
    }
    cuts
}

/// Every navigation property with the full name of its schema.
fn navigation_properties(document: &Document) -> Vec<(&str, &str, Place<'_>)> {
    let Some(schemas) = document.root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let schemas = Place::new(schemas, "#/components/schemas").entries();
    let entities: BTreeSet<&str> = schemas
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| is_entity(document, name))
        .collect();
    let mut found = Vec::new();
    for (schema, place) in schemas {
        let parts = place
            .get("allOf")
            .map(|parts| parts.items())
            .unwrap_or_default();
        for part in parts.into_iter().chain([place]) {
            let properties = part
                .get("properties")
                .map(|properties| properties.entries())
                .unwrap_or_default();
            for (property, place) in properties {
                if is_navigation(property, place.node, &entities) {
                    found.push((schema, property, place));
                }
            }
        }
    }
    found
}

/// Whether the chain of bases ends at Graph's `entity`.
fn is_entity(document: &Document, name: &str) -> bool {
    let mut name = name.to_owned();
    for _ in 0..LONGEST_LINEAGE {
        if short(&name) == "entity" {
            return true;
        }
        let node = document.resolve(&super::closure::schema_pointer(&name));
        match node.and_then(model::base_reference) {
            Some(base) => name = base,
            None => return false,
        }
    }
    false
}

/// A marked property is one, and so is a reference to an entity, because no structural property contains one. `value`
/// holds the items of a page.
fn is_navigation(property: &str, node: &Node, entities: &BTreeSet<&str>) -> bool {
    let leads_to_entity = || {
        let name = target(node)
            .and_then(|target| target.strip_prefix("#/components/schemas/"))
            .map(unescape);
        name.is_some_and(|name| entities.contains(name.as_str()))
    };
    property != "value"
        && (node.get(MARK).and_then(Node::as_bool) == Some(true) || leads_to_entity())
}

/// The reference of a property, of its items, or of the part that is a reference.
fn target(node: &Node) -> Option<&str> {
    if let Some(target) = node.get("$ref") {
        return target.as_str();
    }
    if let Some(items) = node.get("items") {
        return target(items);
    }
    ["allOf", "anyOf", "oneOf"]
        .iter()
        .filter_map(|keyword| node.get(keyword)?.as_sequence())
        .flatten()
        .find_map(|part| part.get("$ref")?.as_str())
}

/// Removes the properties from the document, or makes them untyped JSON.
pub(super) fn cut(document: &mut Document, cuts: &[Cut]) {
    let pointers: BTreeSet<&str> = cuts.iter().map(|cut| cut.pointer.as_str()).collect();
    let raw: BTreeSet<&str> = cuts
        .iter()
        .filter(|cut| cut.raw)
        .map(|cut| cut.pointer.as_str())
        .collect();
    let schemas = ["components", "schemas"]
        .iter()
        .try_fold(&mut document.root, |node, key| node.get_mut(key));
    for entry in schemas.map(Node::entries_mut).unwrap_or_default() {
        let pointer = super::closure::schema_pointer(&entry.key);
        cut_in(&mut entry.node, &pointer, &pointers, &raw);
        if let Some(Value::Sequence(parts)) =
            entry.node.get_mut("allOf").map(|parts| &mut parts.value)
        {
            for (index, part) in parts.iter_mut().enumerate() {
                cut_in(part, &format!("{pointer}/allOf/{index}"), &pointers, &raw);
            }
        }
    }
}

fn cut_in(schema: &mut Node, pointer: &str, pointers: &BTreeSet<&str>, raw: &BTreeSet<&str>) {
    let mut gone = Vec::new();
    if let Some(Value::Mapping(properties)) = schema
        .get_mut("properties")
        .map(|properties| &mut properties.value)
    {
        properties.retain_mut(|property| {
            let pointer = format!(
                "{pointer}/properties/{}",
                crate::load::escape(&property.key)
            );
            if raw.contains(pointer.as_str()) {
                open(property);
                return true;
            }
            let stays = !pointers.contains(pointer.as_str());
            if !stays {
                gone.push(property.key.clone());
            }
            stays
        });
    }
    if let Some(Value::Sequence(required)) = schema
        .get_mut("required")
        .map(|required| &mut required.value)
    {
        required.retain(|name| {
            name.as_str()
                .is_none_or(|name| !gone.iter().any(|gone| gone == name))
        });
    }
}

/// Removes everything but the description from a property.
fn open(property: &mut Entry) {
    if let Value::Mapping(entries) = &mut property.node.value {
        entries.retain(|entry| entry.key == "description");
    }
}
