//! The type of a value, in any form of the document.

use crate::load::{Node, Place, unescape};
use crate::model::Shape;
use crate::names;

use super::Reader;

/// The maximum number of references between a type and its use.
pub(super) const LONGEST_ALIAS_CHAIN: usize = 32;

/// The type of a value, and whether it is nullable.
pub(super) struct Typed {
    pub(super) shape: Shape,
    pub(super) nullable: bool,
}

impl Typed {
    pub(super) fn new(shape: Shape, nullable: bool) -> Self {
        Self { shape, nullable }
    }
}

impl<'a> Reader<'a> {
    /// The type of a value. Inline objects and enums become schemas of their own, named after `context`.
    pub(super) fn typed(&mut self, context: &str, place: &Place<'a>, depth: usize) -> Typed {
        if depth > LONGEST_ALIAS_CHAIN {
            self.report(
                place,
                "reference-cycle",
                "a reference refers to itself".to_owned(),
                "give one of the schemas in between a type",
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

    /// `anyOf`/`oneOf`: a nullable reference, or one of Microsoft's numbers that may be written as a string.
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
            Some("string") if has_members(place.node) => self.inline_schema(context, place),
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
}

/// Whether a component is a type of its own, and not an alias.
pub(crate) fn is_named(node: &Node) -> bool {
    if has_members(node) {
        return node
            .get("type")
            .and_then(Node::as_str)
            .is_none_or(|kind| kind == "string");
    }
    is_object(node)
}

/// The name of an object's base: the first reference of its `allOf`. The lint refuses more than one.
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

/// An `allOf` that adds something to its reference.
fn has_own_part(node: &Node) -> bool {
    node.get("allOf")
        .and_then(Node::as_sequence)
        .is_some_and(|parts| parts.iter().any(|part| part.get("$ref").is_none()))
}

/// A value that may be any string or a number. Microsoft's numbers, which may be one of a few strings, are different.
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

/// Whether a schema is an enumeration of strings; one of null only does not describe values.
pub(super) fn has_members(node: &Node) -> bool {
    let members = node.get("enum").and_then(Node::as_sequence);
    members.is_some_and(|members| members.iter().any(|member| member.as_str().is_some()))
}
