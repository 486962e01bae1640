//! Reads schemas: objects with their bases, enumerations, open objects, and the type of every property.

use std::collections::BTreeMap;

use crate::load::{Node, Place, Value, unescape};
use crate::names;

use super::read::Reader;
use super::{Discriminator, Enumeration, Kind, Member, Object, Origin, Property, Schema, Shape};

/// How many references a type may be away from the place that names it.
const LONGEST_ALIAS_CHAIN: usize = 32;

/// The type of a value, and whether it may be null.
pub(super) struct Typed {
    pub(super) shape: Shape,
    pub(super) nullable: bool,
}

impl Typed {
    fn new(shape: Shape, nullable: bool) -> Self {
        Self { shape, nullable }
    }
}

impl<'a> Reader<'a> {
    /// Reads all of `components.schemas` that is more than another name for a type.
    pub(super) fn read_schemas(&mut self) {
        let Some(schemas) = self.document.root.pointer("/components/schemas") else {
            return;
        };
        let schemas = Place::new(schemas, "#/components/schemas");
        for (name, place) in schemas.entries() {
            if is_named(place.node) {
                let type_name = self.type_names.get(name).cloned();
                self.define(
                    name,
                    type_name.unwrap_or_else(|| names::type_name(name)),
                    &place,
                );
            }
        }
    }

    /// Defines a schema under a Rust type name.
    fn define(&mut self, name: &str, type_name: String, place: &Place<'a>) {
        let kind = self.kind(&type_name, place);
        let mut description = place.text("description");
        if description.is_empty() {
            // Microsoft puts the texts of a composed object on the part that is its own.
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
                    "`{name}` becomes the Rust type `{type_name}`, as `{}` does",
                    earlier.name
                ),
                "rename one of the two schemas",
            );
        }
    }

    fn kind(&mut self, type_name: &str, place: &Place<'a>) -> Kind {
        if place.node.get("enum").is_some() {
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
        self.type_names.get(&name).cloned()
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
        Property {
            name: name.to_owned(),
            field_name: names::field_name(name),
            description: place.text("description"),
            shape: typed.shape,
            nullable: typed.nullable,
            required,
            read_only: place.flag("readOnly"),
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

    /// The type of a value. Inline objects and enums become schemas of their own, named after `context`.
    pub(super) fn typed(&mut self, context: &str, place: &Place<'a>, depth: usize) -> Typed {
        if depth > LONGEST_ALIAS_CHAIN {
            self.report(
                place,
                "reference-cycle",
                "a reference leads back to itself".to_owned(),
                "let one of the schemas on the way say its type",
            );
            return Typed::new(Shape::Any, true);
        }
        let nullable = place.flag("nullable");
        if place.node.get("$ref").is_some() {
            return self.referenced(context, place, depth);
        }
        for composition in ["anyOf", "oneOf"] {
            if let Some(choices) = place.get(composition) {
                return self.choice(context, &choices, nullable, depth);
            }
        }
        if let Some(parts) = place.get("allOf")
            && place.node.get("properties").is_none()
            && let [only] = parts.items().as_slice()
        {
            let typed = self.typed(context, only, depth + 1);
            return Typed::new(typed.shape, nullable || typed.nullable);
        }
        Typed::new(self.inline(context, place, depth), nullable)
    }

    fn referenced(&mut self, context: &str, place: &Place<'a>, depth: usize) -> Typed {
        let Some(target) = self.follow(place) else {
            return Typed::new(Shape::Any, true);
        };
        if !is_named(target.node) {
            return self.typed(context, &target, depth + 1);
        }
        let type_name = place
            .node
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(|reference| self.referenced_type(reference));
        Typed::new(
            type_name.map_or(Shape::Any, Shape::Named),
            target.flag("nullable"),
        )
    }

    /// `anyOf`/`oneOf`: a reference that may be null, or one of Microsoft's numbers that may be written as text.
    fn choice(
        &mut self,
        context: &str,
        choices: &Place<'a>,
        nullable: bool,
        depth: usize,
    ) -> Typed {
        let choices = choices.items();
        if is_text_or_number(&choices) {
            return Typed::new(Shape::Any, true);
        }
        let nullable = nullable || choices.iter().any(|choice| choice.flag("nullable"));
        let chosen = choices
            .iter()
            .find(|choice| is_number(choice.node))
            .or_else(|| {
                choices
                    .iter()
                    .find(|choice| choice.node.get("$ref").is_some())
            })
            .or_else(|| choices.first());
        match chosen {
            Some(choice) => {
                let typed = self.typed(context, choice, depth + 1);
                Typed::new(typed.shape, nullable || typed.nullable)
            }
            None => Typed::new(Shape::Any, true),
        }
    }

    fn inline(&mut self, context: &str, place: &Place<'a>, depth: usize) -> Shape {
        let format = place.optional_text("format").unwrap_or_default();
        match place.node.get("type").and_then(Node::as_str) {
            Some("string") if place.node.get("enum").is_some() => {
                self.inline_schema(context, place)
            }
            Some("string") => match format.as_str() {
                "date-time" => Shape::DateTime,
                "uuid" => Shape::Uuid,
                _ => Shape::Text,
            },
            Some("boolean") => Shape::Boolean,
            Some("integer") => integer(&format),
            Some("number") if format.starts_with("int") => integer(&format),
            Some("number") => Shape::Number,
            Some("array") => {
                let item = place.get("items").map_or(Shape::Any, |items| {
                    self.typed(context, &items, depth + 1).shape
                });
                Shape::List(Box::new(item))
            }
            _ if is_object(place.node) => self.inline_schema(context, place),
            _ => Shape::Any,
        }
    }

    fn inline_schema(&mut self, context: &str, place: &Place<'a>) -> Shape {
        let type_name = self.free_type_name(&names::type_name(context));
        self.define(&type_name.clone(), type_name.clone(), place);
        Shape::Named(type_name)
    }

    /// The types that extend a schema, by their names in the document: the tags where no mapping gives others.
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
        let names = self.type_names.iter().filter(|(name, _)| extends(name));
        names
            .map(|(name, type_name)| (name.clone(), type_name.clone()))
            .collect()
    }

    /// The name, or the first with a number behind it that neither a component nor another inline type has.
    fn free_type_name(&self, name: &str) -> String {
        let is_taken = |name: &String| {
            self.schemas.contains_key(name) || self.type_names.values().any(|taken| taken == name)
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
                        let bare = self.type_names.get(target).cloned();
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
    // The order of keys means nothing: what is generated must not depend on it.
    let sides = |conflict: &Place<'_>| -> BTreeMap<String, Vec<String>> {
        let names = conflict.entries().into_iter().map(|(name, _)| name);
        names
            .map(|name| (name.to_owned(), conflict.texts(name)))
            .collect()
    };
    let listed = listed.iter().map(sides);
    listed.map(|sides| sides.into_iter().collect()).collect()
}

/// The parts of a schema that are written out: itself, and the members of its `allOf` that are no references.
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

/// Whether a component is a type of its own, rather than another name for one.
pub(crate) fn is_named(node: &Node) -> bool {
    if node.get("enum").is_some() {
        return node
            .get("type")
            .and_then(Node::as_str)
            .is_none_or(|kind| kind == "string");
    }
    is_object(node)
}

/// The name of the schema that an object extends: the first reference of its `allOf`. More than one is refused by
/// the lint.
pub(crate) fn base_reference(node: &Node) -> Option<String> {
    let parts = node.get("allOf")?.as_sequence()?;
    let reference = parts.iter().find_map(|part| part.get("$ref")?.as_str())?;
    reference
        .strip_prefix("#/components/schemas/")
        .map(unescape)
}

fn is_object(node: &Node) -> bool {
    match node.get("type").and_then(Node::as_str) {
        Some(kind) => kind == "object",
        None => {
            node.get("properties").is_some()
                || has_own_part(node)
                || node.get("additionalProperties").is_some()
        }
    }
}

/// An `allOf` that adds something to what it refers to.
fn has_own_part(node: &Node) -> bool {
    node.get("allOf")
        .and_then(Node::as_sequence)
        .is_some_and(|parts| parts.iter().any(|part| part.get("$ref").is_none()))
}

/// A value that may be any text or a number. Microsoft's numbers, which may be written as one of a few texts, are none.
fn is_text_or_number(choices: &[Place<'_>]) -> bool {
    let is_plain_text =
        |choice: &Place<'_>| choice.text("type") == "string" && choice.node.get("enum").is_none();
    let is_named =
        |choice: &Place<'_>| choice.node.get("$ref").is_some() || choice.node.get("enum").is_some();
    let is_plain_number =
        |choice: &Place<'_>| is_number(choice.node) && choice.node.get("format").is_none();
    choices.iter().any(is_plain_number)
        && choices.iter().any(is_plain_text)
        && !choices.iter().any(is_named)
}

fn is_number(node: &Node) -> bool {
    matches!(
        node.get("type").and_then(Node::as_str),
        Some("number" | "integer")
    )
}

fn integer(format: &str) -> Shape {
    match format {
        "int32" | "int16" | "int8" | "uint16" | "uint8" => Shape::Integer32,
        _ => Shape::Integer64,
    }
}

/// The member of an enum that has only one.
fn constant(place: &Place<'_>) -> Option<String> {
    match place.node.get("enum")?.as_sequence()? {
        [only] => only.as_str().map(str::to_owned),
        _ => None,
    }
}
