//! Reads schemas: objects with their bases and properties, enumerations, open objects.

use std::collections::BTreeMap;

use crate::load::{Node, Place, Value, unescape};
use crate::names;

use super::Reader;
use super::types::{LONGEST_ALIAS_CHAIN, Typed, base_reference, has_members, is_named};
use crate::model::{
    Discriminator, Enumeration, Kind, Member, Object, Origin, Property, Schema, Shape,
};

impl<'a> Reader<'a> {
    /// Reads all of `components.schemas` except aliases of types.
    pub(super) fn read_schemas(&mut self) {
        let Some(schemas) = self.document.root.pointer("/components/schemas") else {
            return;
        };
        let schemas = Place::new(schemas, "#/components/schemas");
        for (name, place) in schemas.entries() {
            if is_named(place.node) {
                let type_name = self.whole.type_names.get(name).cloned();
                self.define(
                    name,
                    type_name.unwrap_or_else(|| names::type_name(name)),
                    &place,
                );
            }
        }
    }

    /// Defines a schema under a Rust type name.
    pub(super) fn define(&mut self, name: &str, type_name: String, place: &Place<'a>) {
        let kind = self.kind(&type_name, place);
        let mut description = place.text("description");
        if description.is_empty() {
            // Microsoft puts the texts of a composed object on its inline part.
            description = own_parts(place)
                .iter()
                .map(|part| part.text("description"))
                .find(|text| !text.is_empty())
                .unwrap_or_default();
        }
        let schema = Schema {
            name: name.to_owned(),
            type_name: type_name.clone(),
            description,
            deprecated: place.flag("deprecated"),
            kind,
            origin: Origin::of(place),
        };
        if let Some(earlier) = self.schemas.insert(type_name.clone(), schema) {
            self.report(
                place,
                "type-name-collision",
                format!(
                    "`{name}` and `{}` both become the Rust type `{type_name}`",
                    earlier.name
                ),
                "rename one of the two schemas",
            );
        }
    }

    fn kind(&mut self, type_name: &str, place: &Place<'a>) -> Kind {
        if has_members(place.node) {
            return Kind::Enumeration(self.enumeration(place));
        }
        let parts = own_parts(place);
        let has_properties = parts
            .iter()
            .any(|part| part.node.get("properties").is_some());
        let base = self.base(place);
        let is_open =
            !has_properties && base.is_none() && place.node.get("discriminator").is_none();
        if is_open {
            return Kind::Open;
        }
        let mut object = Object {
            base,
            closed: parts.iter().any(|part| {
                part.node
                    .get("additionalProperties")
                    .and_then(Node::as_bool)
                    == Some(false)
            }),
            minimum_properties: place.count("minProperties"),
            discriminator: parts
                .iter()
                .find_map(|part| self.discriminator(place, part)),
            conflicts: parts.iter().flat_map(conflicts).collect(),
            properties: Vec::new(),
        };
        let required: Vec<String> = parts
            .iter()
            .flat_map(|part| part.texts("required"))
            .collect();
        for part in &parts {
            let Some(properties) = part.get("properties") else {
                continue;
            };
            for (name, property) in properties.entries() {
                let property = self.property(
                    type_name,
                    name,
                    &property,
                    required.iter().any(|r| r == name),
                );
                object.properties.push(property);
            }
        }
        object
            .properties
            .sort_by(|left, right| left.name.cmp(&right.name));
        Kind::Object(object)
    }

    fn base(&mut self, place: &Place<'a>) -> Option<String> {
        let name = base_reference(place.node)?;
        self.whole.type_names.get(&name).cloned()
    }

    fn property(
        &mut self,
        parent: &str,
        name: &str,
        place: &Place<'a>,
        required: bool,
    ) -> Property {
        let context = format!("{parent}{}", names::type_name(name));
        let constant = required.then(|| constant(place)).flatten();
        let typed = if constant.is_some() {
            Typed::new(Shape::Text, false)
        } else {
            self.typed(&context, place, 0)
        };
        let mutability = mutability(place);
        Property {
            name: name.to_owned(),
            field_name: names::field_name(name),
            description: place.text("description"),
            shape: typed.shape,
            nullable: typed.nullable,
            required,
            read_only: place.flag("readOnly") || mutability.is_some_and(|[write, _]| !write),
            immutable: mutability.is_some_and(|[_, update]| !update),
            clearable: place.node.get("x-graph-clearable").and_then(Node::as_bool),
            key: place.flag("x-graph-key"),
            beta_only: place.flag("x-graph-beta-only"),
            filterable: place.flag("x-graph-filterable"),
            orderable: place.flag("x-graph-orderable"),
            deprecated: place.flag("deprecated"),
            constant,
            maximum_length: place.count("maxLength"),
            filled: place.count("minLength").is_some_and(|length| length > 0),
            minimum_items: place.count("minItems"),
            navigation: place.flag("x-ms-navigationProperty"),
            documented_by: place.optional_text("x-graph-documented-by"),
            origin: Origin::of(place),
        }
    }

    /// The subtypes of a schema, by their names in the document, which are the tags without a mapping.
    fn subtypes_by_name(&self, pointer: &str) -> BTreeMap<String, String> {
        let Some(base) = pointer.strip_prefix("#/components/schemas/").map(unescape) else {
            return BTreeMap::new();
        };
        let schemas = self.document.root.pointer("/components/schemas");
        let extends = |name: &str| {
            let mut node = schemas.and_then(|schemas| schemas.get(name));
            // Longer chains are cycles, which are reported.
            for _ in 0..LONGEST_ALIAS_CHAIN {
                let Some(parent) = node.and_then(base_reference) else {
                    return false;
                };
                if parent == base {
                    return true;
                }
                node = schemas.and_then(|schemas| schemas.get(&parent));
            }
            false
        };
        let names = self
            .whole
            .type_names
            .iter()
            .filter(|(name, _)| extends(name));
        names
            .map(|(name, type_name)| (name.clone(), type_name.clone()))
            .collect()
    }

    /// The name, or the first one with a number that neither a component nor another inline type has.
    pub(super) fn free_type_name(&self, name: &str) -> String {
        let is_taken = |name: &String| {
            self.schemas.contains_key(name)
                || self.whole.type_names.values().any(|taken| taken == name)
        };
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        candidates.find(|name| !is_taken(name)).unwrap_or_default()
    }

    fn discriminator(&self, schema: &Place<'_>, part: &Place<'_>) -> Option<Discriminator> {
        let discriminator = part.get("discriminator")?;
        if discriminator.get("mapping").is_none() {
            return Some(Discriminator {
                property: discriminator.text("propertyName"),
                mapping: self.subtypes_by_name(&schema.pointer),
            });
        }
        let mapping = discriminator
            .get("mapping")
            .map(|mapping| mapping.entries())
            .unwrap_or_default();
        Some(Discriminator {
            property: discriminator.text("propertyName"),
            mapping: mapping
                .into_iter()
                .filter_map(|(tag, target)| match &target.node.value {
                    Value::String(target) => {
                        let bare = self.whole.type_names.get(target).cloned();
                        let target = self.referenced_type(target).or(bare)?;
                        Some((tag.to_owned(), target))
                    }
                    _ => None,
                })
                .collect(),
        })
    }

    fn enumeration(&mut self, place: &Place<'a>) -> Enumeration {
        let documented = place
            .get("x-ms-enum")
            .and_then(|extension| extension.get("values"))
            .map(|values| values.items())
            .unwrap_or_default();
        let members = place
            .get("enum")
            .map(|members| members.items())
            .unwrap_or_default();
        let members = members
            .iter()
            .filter_map(|member| member.node.as_str())
            .map(|value| {
                let known = documented
                    .iter()
                    .find(|entry| entry.node.get("value").and_then(Node::as_str) == Some(value));
                Member {
                    value: value.to_owned(),
                    variant_name: names::variant_name(value),
                    description: known
                        .map(|entry| entry.text("description"))
                        .unwrap_or_default(),
                    evolvable: known.is_some_and(|entry| entry.flag("x-graph-evolvable")),
                    beta_only: known.is_some_and(|entry| entry.flag("x-graph-beta-only")),
                    page_only: known.and_then(|entry| entry.optional_text("x-graph-page-only")),
                    rank: known.and_then(|entry| entry.count("x-graph-rank")),
                    guarded: known.and_then(|entry| entry.optional_text("x-graph-guarded")),
                }
            })
            .collect();
        let flags = place
            .get("x-ms-enum-flags")
            .is_some_and(|extension| extension.flag("isFlags"));
        Enumeration { members, flags }
    }
}

fn conflicts(place: &Place<'_>) -> Vec<Vec<(String, Vec<String>)>> {
    let listed = place.get("x-graph-conflicts");
    let listed = listed.map(|listed| listed.items()).unwrap_or_default();
    // The order of keys has no meaning: the output must not depend on it.
    let sides = |conflict: &Place<'_>| -> BTreeMap<String, Vec<String>> {
        let names = conflict.entries().into_iter().map(|(name, _)| name);
        names
            .map(|name| (name.to_owned(), conflict.texts(name)))
            .collect()
    };
    let listed = listed.iter().map(sides);
    listed.map(|sides| sides.into_iter().collect()).collect()
}

/// The inline parts of a schema: itself, and the members of its `allOf` that are not references.
fn own_parts<'a>(place: &Place<'a>) -> Vec<Place<'a>> {
    let mut parts = vec![place.clone()];
    if let Some(all) = place.get("allOf") {
        parts.extend(
            all.items()
                .into_iter()
                .filter(|part| part.node.get("$ref").is_none()),
        );
    }
    parts
}

/// The member of an enumeration with only one.
fn constant(place: &Place<'_>) -> Option<String> {
    match place.node.get("enum")?.as_sequence()? {
        [only] => only.as_str().map(str::to_owned),
        _ => None,
    }
}

/// Whether a property can be written at all, and whether it can be changed later, by `x-ms-mutability`.
fn mutability(place: &Place<'_>) -> Option<[bool; 2]> {
    let modes = place.node.get("x-ms-mutability")?.as_sequence()?;
    let has = |wanted: &str| modes.iter().any(|mode| mode.as_str() == Some(wanted));
    Some([has("create") || has("update"), has("update")])
}
