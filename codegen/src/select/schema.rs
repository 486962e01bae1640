//! The keywords that lead from one schema to another.

use crate::load::{Document, Node, Value};

/// A schema inside another, and whether its properties become those of the outer one.
pub(super) struct Inner<'d> {
    pub(super) node: &'d Node,
    pub(super) is_base: bool,
}

/// The schemas directly inside a schema.
pub(super) fn inner(schema: &Node) -> Vec<Inner<'_>> {
    let mut found = Vec::new();
    for entry in schema.entries() {
        match (entry.key.as_str(), &entry.node.value) {
            ("allOf", Value::Sequence(parts)) => {
                // A lone `allOf: [$ref]` is the type itself, written this way to add a description.
                let composes = parts.len() > 1 || schema.get("properties").is_some();
                found.extend(parts.iter().map(|node| Inner {
                    node,
                    is_base: composes || node.get("$ref").is_none(),
                }));
            }
            ("oneOf" | "anyOf", Value::Sequence(parts)) => {
                found.extend(parts.iter().map(|node| Inner {
                    node,
                    is_base: false,
                }));
            }
            ("properties", Value::Mapping(properties)) => {
                found.extend(properties.iter().map(|property| Inner {
                    node: &property.node,
                    is_base: false,
                }));
            }
            ("items" | "additionalProperties" | "not", _) => {
                found.push(Inner {
                    node: &entry.node,
                    is_base: false,
                });
            }
            _ => {}
        }
    }
    found
}

/// The reference in a discriminator's mapping: a bare name means a schema.
pub(super) fn mapped(document: &Document, target: &str) -> String {
    let named = format!("#/components/schemas/{}", crate::load::escape(target));
    match target.starts_with('#') || document.resolve(&named).is_none() {
        true => target.to_owned(),
        false => named,
    }
}

/// The component that a reference leads to or into: `#/components/schemas/user`.
pub(super) fn component_of(reference: &str) -> Option<&str> {
    let rest = reference.strip_prefix("#/components/")?;
    let mut slashes = rest.match_indices('/').map(|(index, _)| index);
    slashes.next()?;
    let end = slashes
        .next()
        .map_or(reference.len(), |index| index + "#/components/".len());
    reference.get(..end)
}
