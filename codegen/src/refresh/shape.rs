//! The type of a value, normalized for all sources.

use std::fmt;

use crate::csdl::schemas::primitive;
use crate::csdl::{Metadata, TypeKind, TypeReference, short_name};
use crate::load::{Document, Node, unescape};

/// The maximum number of references between a type and its use.
const LONGEST_CHAIN: usize = 32;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComparedType {
    /// Any value.
    Any,
    /// A primitive type with its format.
    Primitive(&'static str, Option<String>),
    /// A named type: a schema's name, or a qualified name of the metadata.
    Named(String),
    /// A list.
    List(Box<ComparedType>),
}

impl fmt::Display for ComparedType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("any value"),
            Self::Primitive(name, None) => formatter.write_str(name),
            Self::Primitive(name, Some(format)) => write!(formatter, "{name} ({format})"),
            Self::Named(name) => formatter.write_str(short_name(name)),
            Self::List(item) => write!(formatter, "[{item}]"),
        }
    }
}

impl ComparedType {
    /// Returns the name of the type, or of the items' type.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(item) => item.name(),
            _ => None,
        }
    }

    /// Returns the same type with another name.
    #[must_use]
    pub fn renamed(&self, rename: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Named(name) => Self::Named(rename(name)),
            Self::List(item) => Self::List(Box::new(item.renamed(rename))),
            other => other.clone(),
        }
    }

    /// Returns the shape of a type in metadata.
    #[must_use]
    pub fn of_metadata(metadata: &Metadata, reference: &TypeReference) -> Self {
        let name = match metadata.types.get(&reference.name).map(|type_| &type_.kind) {
            Some(TypeKind::Definition(underlying)) => underlying,
            _ => &reference.name,
        };
        let one = match (primitive(name), name.starts_with("Edm.")) {
            (Some((kind, format)), _) => Self::Primitive(kind, format.map(str::to_owned)),
            (None, true) => Self::Any,
            (None, false) => Self::Named(name.clone()),
        };
        match reference.is_collection {
            true => Self::List(Box::new(one)),
            false => one,
        }
    }

    /// Returns the shape of a schema in a description, and whether it is nullable.
    #[must_use]
    pub fn of_schema(document: &Document, node: &Node) -> (Self, bool) {
        of_schema(document, node, 0)
    }
}

/// The name of the schema that a reference leads to.
pub(super) fn schema_name(reference: &str) -> Option<String> {
    reference
        .strip_prefix("#/components/schemas/")
        .map(unescape)
}

/// Whether a schema is more than an alias of a primitive type.
pub(super) fn is_type(node: &Node) -> bool {
    node.get("enum").is_some()
        || node.get("allOf").is_some()
        || node.get("properties").is_some()
        || node.get("type").and_then(Node::as_str) == Some("object")
}

fn of_schema(document: &Document, node: &Node, depth: usize) -> (ComparedType, bool) {
    let own_null = node.get("nullable").and_then(Node::as_bool) == Some(true);
    if depth > LONGEST_CHAIN {
        return (ComparedType::Any, own_null);
    }
    if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
        return match (document.resolve(reference), schema_name(reference)) {
            (Some(target), Some(name)) if is_type(target) => (ComparedType::Named(name), own_null),
            (Some(target), _) => of_schema(document, target, depth + 1),
            (None, name) => (
                ComparedType::Named(name.unwrap_or_else(|| reference.to_owned())),
                own_null,
            ),
        };
    }
    if let Some([one]) = node.get("allOf").and_then(Node::as_sequence) {
        let (shape, nullable) = of_schema(document, one, depth + 1);
        return (shape, nullable || own_null);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(choices) = node.get(key).and_then(Node::as_sequence) {
            return of_choice(document, choices, own_null, depth);
        }
    }
    let (kind, null_in_list) = kind_of(node);
    let nullable = own_null || null_in_list;
    let format = node.get("format").and_then(Node::as_str);
    let shape = match kind {
        Some("array") => {
            let item = node
                .get("items")
                .map(|items| of_schema(document, items, depth + 1).0);
            ComparedType::List(Box::new(item.unwrap_or(ComparedType::Any)))
        }
        Some(kind) => primitive_of(kind, format),
        None => ComparedType::Any,
    };
    (shape, nullable)
}

/// `type`, and whether null is one of its types.
fn kind_of(node: &Node) -> (Option<&str>, bool) {
    let Some(kind) = node.get("type") else {
        return (None, false);
    };
    match kind.as_sequence() {
        Some(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Node::as_str).collect();
            let other = kinds.iter().find(|kind| **kind != "null").copied();
            (other, kinds.contains(&"null"))
        }
        None => (kind.as_str(), false),
    }
}

fn of_choice(
    document: &Document,
    choices: &[Node],
    own_null: bool,
    depth: usize,
) -> (ComparedType, bool) {
    let is_null = |node: &Node| {
        node.get("$ref").is_none()
            && (node.get("nullable").and_then(Node::as_bool) == Some(true)
                || node.get("type").and_then(Node::as_str) == Some("null"))
    };
    let mut nullable = own_null;
    let mut shapes = Vec::new();
    for choice in choices {
        let is_only_null = is_null(choice)
            && matches!(
                choice.get("type").and_then(Node::as_str),
                None | Some("object" | "null")
            );
        let (shape, null) = of_schema(document, choice, depth + 1);
        nullable |= null || is_only_null;
        if !is_only_null {
            shapes.push(shape);
        }
    }
    // A number that may be written as a string is a number.
    let number = shapes
        .iter()
        .find(|shape| matches!(shape, ComparedType::Primitive("number" | "integer", _)));
    let shape = match (number, shapes.as_slice()) {
        (Some(number), _) => number.clone(),
        (None, [one]) => one.clone(),
        _ => ComparedType::Any,
    };
    (shape, nullable)
}

/// The form of a type and format in [`primitive`].
fn primitive_of(kind: &str, format: Option<&str>) -> ComparedType {
    let owned = |kind| ComparedType::Primitive(kind, format.map(str::to_owned));
    match (kind, format) {
        ("integer" | "number", Some("uint8" | "int8" | "int16" | "int32")) | ("integer", None) => {
            ComparedType::Primitive("integer", Some("int32".to_owned()))
        }
        ("number", Some("int64")) => ComparedType::Primitive("integer", Some("int64".to_owned())),
        ("string", Some("byte" | "binary" | "base64url")) => {
            ComparedType::Primitive("string", Some("base64url".to_owned()))
        }
        ("integer", _) => owned("integer"),
        ("number", _) => owned("number"),
        ("string", _) => owned("string"),
        ("boolean", _) => ComparedType::Primitive("boolean", None),
        _ => ComparedType::Any,
    }
}
