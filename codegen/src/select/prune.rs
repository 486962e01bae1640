//! Removes unneeded parts from the document.

use crate::load::{Document, Node, Value, escape};
use crate::model::METHODS;
use crate::report::{Remark, Treatment};

use super::choose::{Choice, short};
use super::closure::Reached;
use super::remark;
use super::schema::mapped;

/// Keeps the chosen operations and the needed components, in their positions.
pub(super) fn prune(document: &mut Document, choice: &Choice, reached: &Reached) -> Vec<Remark> {
    let mut root = std::mem::replace(
        &mut document.root,
        Node {
            position: crate::diagnostic::Position { line: 1, column: 1 },
            value: Value::Null,
        },
    );
    let whole = Document::new(&document.file, root.clone());
    if let Some(Value::Mapping(paths)) = root.get_mut("paths").map(|paths| &mut paths.value) {
        paths.retain(|path| choice.has_path(&path.key));
        for path in paths {
            if let Value::Mapping(entries) = &mut path.node.value {
                let key = &path.key;
                entries.retain(|entry| {
                    !METHODS.contains(&entry.key.as_str()) || choice.has_operation(key, &entry.key)
                });
            }
        }
    }
    let mut remarks = Vec::new();
    if let Some(Value::Mapping(sections)) = root
        .get_mut("components")
        .map(|components| &mut components.value)
    {
        for section in sections
            .iter_mut()
            .filter(|section| is_selected(&section.key))
        {
            let name = section.key.clone();
            if let Value::Mapping(components) = &mut section.node.value {
                components.retain(|component| {
                    reached.holds(&format!("#/components/{name}/{}", escape(&component.key)))
                });
                for component in components.iter_mut().filter(|_| name == "schemas") {
                    remarks.extend(trim(&component.key, &mut component.node, &whole, reached));
                }
            }
        }
        sections.retain(|section| !is_selected(&section.key) || !section.node.entries().is_empty());
    }
    *document = Document::new(&document.file, root);
    remarks
}

/// Whether the components of a section are removed one by one.
fn is_selected(section: &str) -> bool {
    section != "securitySchemes" && !section.starts_with("x-")
}

/// The schema itself, or the part of its `allOf` that has its discriminator.
fn owner(schema: &mut Node) -> Option<&mut Node> {
    if schema.get("discriminator").is_some() {
        return Some(schema);
    }
    match &mut schema.get_mut("allOf")?.value {
        Value::Sequence(parts) => {
            let mut parts = parts.iter_mut();
            parts.find(|part| part.get("discriminator").is_some())
        }
        _ => None,
    }
}

/// Removes unneeded subtypes from a discriminator's mapping.
fn trim(name: &str, schema: &mut Node, whole: &Document, reached: &Reached) -> Option<Remark> {
    let owner = owner(schema)?;
    let discriminator = owner.get_mut("discriminator")?;
    let position = discriminator.position;
    let Value::Mapping(mapping) = &mut discriminator.get_mut("mapping")?.value else {
        return None;
    };
    let before = mapping.len();
    mapping.retain(|entry| {
        let target = entry.node.as_str().map(|target| mapped(whole, target));
        target.is_none_or(|target| reached.holds(&target) || whole.resolve(&target).is_none())
    });
    let (left, gone) = (mapping.len(), before - mapping.len());
    if left == 0 && gone > 0 {
        owner.remove("discriminator");
    }
    (gone > 0).then(|| {
        remark(
            Treatment::LeftOut,
            "unused-subtypes",
            format!("{gone} of {before} subtypes of `{}`", short(name)),
            "only its subtypes are used",
            position,
            format!("#/components/schemas/{}/discriminator", escape(name)),
        )
    })
}
