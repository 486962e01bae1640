//! Adds the missing parts of the type tree to a description: which types extend which, their discriminators, and what a
//! request may write. They follow from the service's own data model and, partly, from `allOf`.

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::Metadata;
use crate::csdl::schemas::Schemas;
use crate::load::{Document, Entry, Node, Position, Value, unescape};
use crate::marks::{creatable, parts_mut, schema_pointer, schemas_mut, set};
use crate::model;
use crate::report::{Remark, Report, Treatment};
use crate::settings::Settings;

/// The property that contains the type of a value.
const TAG: &str = "@odata.type";

/// A type with more subtypes than this is a common root and is not polymorphic.
const LARGEST_FAMILY: usize = 100;

/// Completes a whole description, before the selection.
pub fn complete(document: &mut Document, settings: &Settings, report: &mut Report) {
    if let Some(metadata) = &settings.metadata {
        complete_properties(document, metadata);
        add_subtypes(document, metadata, report);
    }
    if settings.leave_out || settings.metadata.is_some() {
        tell_subtypes_apart(document, settings.metadata.as_ref(), report);
    }
}

/// The metadata's type for a component: the type with its name, or the only one whose name ends with it.
struct Names<'m> {
    metadata: &'m Metadata,
    by_short_name: BTreeMap<&'m str, Vec<&'m str>>,
}

impl<'m> Names<'m> {
    fn of(metadata: &'m Metadata) -> Self {
        let mut by_short_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in metadata.types.keys() {
            let short = crate::csdl::short_name(name);
            by_short_name.entry(short).or_default().push(name);
        }
        Self {
            metadata,
            by_short_name,
        }
    }

    fn qualified(&self, component: &str) -> Option<&'m str> {
        if let Some((name, _)) = self.metadata.types.get_key_value(component) {
            return Some(name);
        }
        match self.by_short_name.get(component)?.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Marks properties that only the service sets, that are set once, and that may be cleared.
fn complete_properties(document: &mut Document, metadata: &Metadata) {
    let names = Names::of(metadata);
    for entry in schemas_mut(&mut document.root).into_iter().flatten() {
        let Some(qualified) = names.qualified(&entry.key) else {
            continue;
        };
        let Some(structured) = metadata.structured(qualified) else {
            continue;
        };
        for part in parts_mut(&mut entry.node) {
            let properties = part.get_mut("properties").map(Node::entries_mut);
            for property in properties.unwrap_or_default() {
                let known = structured.properties.iter();
                let Some(known) = known.into_iter().find(|known| known.name == property.key) else {
                    continue;
                };
                let target = format!("{qualified}/{}", known.name);
                let position = property.node.position;
                if metadata.is_computed(&target) {
                    set(&mut property.node, "readOnly", Value::Bool(true));
                } else if metadata.is_immutable(&target) {
                    set(&mut property.node, "x-ms-mutability", creatable(position));
                }
                if !known.type_.is_collection && !known.is_navigation {
                    let clearable = Value::Bool(known.nullable);
                    set(&mut property.node, "x-graph-clearable", clearable);
                }
            }
        }
    }
}

/// Adds the subtypes that the model has and the text lacks, for every type that has values.
fn add_subtypes(document: &mut Document, metadata: &Metadata, report: &mut Report) {
    let names = Names::of(metadata);
    let schemas = document.root.pointer("/components/schemas");
    let Some(position) = schemas.map(|schemas| schemas.position) else {
        return;
    };
    let components = schemas.map(Node::entries).unwrap_or_default().iter();
    let mut known: BTreeMap<String, String> = components
        .filter_map(|entry| Some((names.qualified(&entry.key)?.to_owned(), entry.key.clone())))
        .collect();
    let mut missing = Vec::new();
    for value in values(document) {
        let Some(base) = names.qualified(&value) else {
            continue;
        };
        let subtypes = metadata.subtypes(base);
        if subtypes.len() > LARGEST_FAMILY {
            continue;
        }
        for subtype in subtypes {
            if !known.contains_key(&subtype.name) {
                known.insert(subtype.name.clone(), subtype.name.clone());
                missing.push((base, subtype));
            }
        }
    }
    if missing.is_empty() {
        return;
    }
    let writer = Schemas {
        metadata,
        names: known,
        values: BTreeSet::new(),
        keeps_links: false,
        describe: Box::new(|_| None),
    };
    let mut added = Vec::new();
    for (base, subtype) in missing {
        let mut node = writer.schema(subtype);
        // The text has no location for it except the list that it is added to.
        place_at(&mut node, position);
        report.push(Remark {
            treatment: Treatment::Guessed,
            rule: "subtypes",
            subject: format!("schema `{}`", subtype.name),
            reason: format!("the metadata lists it among the subtypes of `{base}`"),
            is_warning: false,
            position: Some(position),
            pointer: schema_pointer(&subtype.name),
        });
        added.push(Entry {
            key: subtype.name.clone(),
            key_position: position,
            node,
        });
    }
    let schemas = document.root.get_mut("components");
    let schemas = schemas.and_then(|components| components.get_mut("schemas"));
    if let Some(Value::Mapping(entries)) = schemas.map(|schemas| &mut schemas.value) {
        entries.extend(added);
    }
    *document = Document::new(&document.file, document.root.clone());
}

fn place_at(node: &mut Node, position: Position) {
    node.position = position;
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| place_at(item, position)),
        Value::Mapping(entries) => {
            for entry in entries {
                entry.key_position = position;
                place_at(&mut entry.node, position);
            }
        }
        _ => {}
    }
}

/// A type with subtypes.
struct Family {
    base: String,
    position: Position,
    /// Components by tag.
    mapping: BTreeMap<String, String>,
}

fn tell_subtypes_apart(document: &mut Document, metadata: Option<&Metadata>, report: &mut Report) {
    let names = metadata.map(Names::of);
    let children = children(document);
    let values = values(document);
    let mut families = Vec::new();
    for (base, direct) in &children {
        let schema = document.resolve(&schema_pointer(base));
        let Some(schema) = schema.filter(|schema| !is_told_apart(schema)) else {
            continue;
        };
        if !values.contains(base) {
            continue;
        }
        let subtypes = descendants(direct, &children);
        if subtypes.len() > LARGEST_FAMILY || subtypes.contains(base) {
            continue;
        }
        let tag = |component: &str| tag(component, names.as_ref());
        let qualified = names.as_ref().and_then(|names| names.qualified(base));
        let own = qualified.and_then(|name| metadata?.structured(name));
        let is_abstract = own.is_some_and(|own| own.is_abstract);
        let itself = (!is_abstract).then(|| base.clone());
        let mapping: Option<BTreeMap<String, String>> = subtypes
            .into_iter()
            .chain(itself)
            .map(|component| Some((tag(&component)?, component)))
            .collect();
        families.extend(mapping.map(|mapping| Family {
            base: base.clone(),
            position: schema.position,
            mapping,
        }));
    }
    for family in families {
        report.push(remark(&family));
        let schemas = schemas_mut(&mut document.root).into_iter().flatten();
        for entry in schemas.filter(|entry| entry.key == family.base) {
            declare(&mut entry.node, &family);
        }
    }
}

/// The tag of a component, which includes the namespace.
fn tag(component: &str, names: Option<&Names<'_>>) -> Option<String> {
    let qualified = names.and_then(|names| names.qualified(component));
    match qualified {
        Some(name) => Some(format!("#{name}")),
        None if component.contains('.') => Some(format!("#{component}")),
        None => None,
    }
}

fn is_told_apart(schema: &Node) -> bool {
    let parts = schema.get("allOf").and_then(Node::as_sequence);
    let mut parts = parts.unwrap_or_default().iter();
    schema.get("discriminator").is_some() || parts.any(|part| part.get("discriminator").is_some())
}

/// The components that extend a component, by its name.
fn children(document: &Document) -> BTreeMap<String, BTreeSet<String>> {
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let schemas = document.root.pointer("/components/schemas");
    for entry in schemas.map(Node::entries).unwrap_or_default() {
        let is_type = model::is_named(&entry.node) && entry.node.get("enum").is_none();
        if let Some(base) = model::base_reference(&entry.node).filter(|_| is_type) {
            children.entry(base).or_default().insert(entry.key.clone());
        }
    }
    children
}

fn descendants(
    direct: &BTreeSet<String>,
    children: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open: Vec<&String> = direct.iter().collect();
    while let Some(name) = open.pop() {
        if all.insert(name.clone()) {
            open.extend(children.get(name).into_iter().flatten());
        }
    }
    all
}

/// The components that have values, and are not only part of a subtype.
fn values(document: &Document) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let schemas = document.root.pointer("/components/schemas");
    for entry in schemas.map(Node::entries).unwrap_or_default() {
        let is_type = model::is_named(&entry.node);
        for own in entry.node.entries() {
            match (own.key.as_str(), own.node.as_sequence()) {
                ("allOf", Some(parts)) if is_type => {
                    let parts = parts.iter().filter(|part| part.get("$ref").is_none());
                    parts.for_each(|part| collect(part, &mut values));
                }
                _ => collect(&own.node, &mut values),
            }
        }
    }
    for entry in document.root.entries() {
        match entry.key.as_str() {
            "components" => {
                let sections = entry.node.entries().iter();
                let others = sections.filter(|section| section.key != "schemas");
                others.for_each(|section| collect(&section.node, &mut values));
            }
            "paths" => collect(&entry.node, &mut values),
            _ => {}
        }
    }
    values
}

fn collect(node: &Node, values: &mut BTreeSet<String>) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, values)),
        Value::Mapping(entries) => {
            for entry in entries {
                match (entry.key.as_str(), entry.node.as_str()) {
                    ("$ref", Some(reference)) => {
                        let name = reference.strip_prefix("#/components/schemas/");
                        values.extend(name.map(unescape));
                    }
                    _ => collect(&entry.node, values),
                }
            }
        }
        _ => {}
    }
}

/// Writes the equivalent discriminator.
fn declare(schema: &mut Node, family: &Family) {
    let position = family.position;
    let node = |value| Node { position, value };
    let text = |text: String| node(Value::String(text));
    let entry = |key: &str, node| Entry {
        key: key.to_owned(),
        key_position: position,
        node,
    };
    let mapping = family
        .mapping
        .iter()
        .map(|(tag, component)| entry(tag, text(schema_pointer(component))));
    let mapping = node(Value::Mapping(mapping.collect()));
    let discriminator = Value::Mapping(vec![
        entry("propertyName", text(TAG.to_owned())),
        entry("mapping", mapping),
    ]);
    let tag = Value::Mapping(vec![
        entry("type", text("string".to_owned())),
        entry("description", text("The type of the value.".to_owned())),
    ]);
    if parts_mut(schema).is_empty() {
        return declare_bare(schema, discriminator, tag);
    }
    let mut parts = parts_mut(schema);
    let Some(owner) = parts.first_mut() else {
        return;
    };
    if owner.get("properties").is_none() {
        set(owner, "properties", Value::Mapping(Vec::new()));
    }
    if let Some(properties) = owner.get_mut("properties")
        && properties.get(TAG).is_none()
    {
        set(properties, TAG, tag);
    }
    set(owner, "discriminator", discriminator);
}

/// A base without any properties.
fn declare_bare(schema: &mut Node, discriminator: Value, tag: Value) {
    set(schema, "properties", Value::Mapping(Vec::new()));
    if let Some(properties) = schema.get_mut("properties") {
        set(properties, TAG, tag);
    }
    set(schema, "discriminator", discriminator);
}

fn remark(family: &Family) -> Remark {
    Remark {
        treatment: Treatment::Guessed,
        rule: "subtypes",
        subject: format!("schema `{}`", family.base),
        reason: format!(
            "{} types are distinguished by `{TAG}`, following the type tree",
            family.mapping.len()
        ),
        is_warning: false,
        position: Some(family.position),
        pointer: schema_pointer(&family.base),
    }
}

#[cfg(test)]
mod tests;
