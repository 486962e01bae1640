//! Leaves out of two models what is the same in both, so that only what differs has to be generated.
//!
//! A schema that is the same on both sides keeps its name and its kind, which is all that others see of it.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::Position;
use graph_client_codegen::model::{
    Content, Kind, Model, Operation, Origin, Property, Schema, Usage,
};

/// A side: its model, and who uses which schema of it.
type Side<'a> = (&'a mut Model, &'a Usage);

/// Narrows both models to what makes a difference to the items that are generated from them.
pub(super) fn narrow(old: Side<'_>, new: Side<'_>) {
    bare(old.0);
    bare(new.0);
    let links = Links::of([old.0, new.0]);
    let differing = differing((&*old.0, old.1), (&*new.0, new.1), &links);
    // Whoever stands between two that differ can close a circle, and a circle decides what is boxed.
    let above = links.closure(&differing, |links, name| links.referrers.get(name));
    let below = links.closure(&differing, |links, name| links.referred.get(name));
    let whole: BTreeSet<String> = above.intersection(&below).cloned().collect();
    let same: Vec<Operation> = old
        .0
        .operations
        .iter()
        .filter(|operation| new.0.operations.contains(operation))
        .filter(|operation| !types_of(operation).any(|name| whole.contains(name)))
        .cloned()
        .collect();
    for model in [&mut *old.0, &mut *new.0] {
        let operations = &mut model.operations;
        operations.retain(|operation| !same.contains(operation));
    }
    // On one side only, what is seen would look as if it were gone.
    let seen = seen([old.0, new.0], &whole, &links);
    for model in [old.0, new.0] {
        model.schemas.retain(|name, schema| {
            if !whole.contains(name) {
                empty(schema);
            }
            whole.contains(name) || seen.contains(name)
        });
    }
}

/// What is named by what stays whole.
fn seen(models: [&Model; 2], whole: &BTreeSet<String>, links: &Links) -> BTreeSet<String> {
    let operations = models.iter().flat_map(|model| &model.operations);
    let mut seen: BTreeSet<String> = operations.flat_map(types_of).map(str::to_owned).collect();
    let referred = |names: &BTreeSet<String>| -> Vec<String> {
        let names = names.iter().filter_map(|name| links.referred.get(name));
        names.flatten().cloned().collect()
    };
    seen.extend(referred(whole));
    // Whoever holds a page names what the page holds.
    let is_page = |name: &&String| {
        let schemas = models.iter().filter_map(|model| model.schema(name));
        schemas
            .into_iter()
            .any(|schema| matches!(schema.kind, Kind::Page(_)))
    };
    seen.extend(referred(&seen.iter().filter(is_page).cloned().collect()));
    seen
}

/// Forgets what no item shows: documentation and positions.
fn bare(model: &mut Model) {
    for schema in model.schemas.values_mut() {
        schema.description.clear();
        forget(&mut schema.origin);
        match &mut schema.kind {
            Kind::Object(object) => object.properties.iter_mut().for_each(bare_property),
            Kind::Enumeration(enumeration) => {
                for member in &mut enumeration.members {
                    member.description.clear();
                }
            }
            Kind::Page(_) | Kind::Open => {}
        }
    }
    for operation in &mut model.operations {
        operation.summary.clear();
        operation.description.clear();
        operation.reference = None;
        operation.access = Default::default();
        forget(&mut operation.origin);
        for parameter in &mut operation.parameters {
            parameter.description.clear();
            forget(&mut parameter.origin);
        }
    }
}

fn bare_property(property: &mut Property) {
    property.description.clear();
    property.documented_by = None;
    forget(&mut property.origin);
}

fn forget(origin: &mut Origin) {
    origin.pointer.clear();
    origin.position = Position { line: 0, column: 0 };
}

/// Who refers to whom, by type name, on either side.
#[derive(Default)]
struct Links {
    referred: BTreeMap<String, BTreeSet<String>>,
    referrers: BTreeMap<String, BTreeSet<String>>,
    subtypes: BTreeMap<String, BTreeSet<String>>,
}

impl Links {
    fn of(models: [&Model; 2]) -> Self {
        let mut links = Self::default();
        let add = |map: &mut BTreeMap<String, BTreeSet<String>>, from: &str, to: &str| {
            map.entry(from.to_owned())
                .or_default()
                .insert(to.to_owned());
        };
        for schema in models.iter().flat_map(|model| model.schemas.values()) {
            let name = &schema.type_name;
            for other in referred_by(schema) {
                add(&mut links.referred, name, other);
                add(&mut links.referrers, other, name);
            }
            if let Kind::Object(object) = &schema.kind
                && let Some(base) = &object.base
            {
                add(&mut links.subtypes, base, name);
            }
        }
        links
    }

    /// The names and all that can be reached from them.
    fn closure<'l>(
        &'l self,
        names: &BTreeSet<String>,
        next: impl Fn(&'l Self, &str) -> Option<&'l BTreeSet<String>>,
    ) -> BTreeSet<String> {
        let mut reached = names.clone();
        let mut open: Vec<String> = names.iter().cloned().collect();
        while let Some(name) = open.pop() {
            for other in next(self, &name).into_iter().flatten() {
                if reached.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        reached
    }
}

fn referred_by(schema: &Schema) -> Vec<&str> {
    match &schema.kind {
        Kind::Page(item) => item.named().into_iter().collect(),
        Kind::Object(object) => {
            let shapes = object.properties.iter().map(|property| &property.shape);
            let subtypes = object.discriminator.iter().flat_map(|d| d.mapping.values());
            shapes
                .filter_map(|shape| shape.named())
                .chain(object.base.as_deref())
                .chain(subtypes.map(String::as_str))
                .collect()
        }
        Kind::Enumeration(_) | Kind::Open => Vec::new(),
    }
}

fn types_of(operation: &Operation) -> impl Iterator<Item = &str> {
    let answer = match &operation.success.content {
        Content::Json(shape) => shape.named(),
        Content::Nothing | Content::Number => None,
    };
    let body = operation.body.as_ref().and_then(|body| body.shape.named());
    [answer, body, operation.error.as_deref()]
        .into_iter()
        .flatten()
}

/// The types of which an item can differ.
fn differing(old: (&Model, &Usage), new: (&Model, &Usage), links: &Links) -> BTreeSet<String> {
    let names: BTreeSet<&String> = old.0.schemas.keys().chain(new.0.schemas.keys()).collect();
    let used = |usage: &Usage, name: &String| {
        [&usage.bodies, &usage.patches, &usage.errors].map(|names| names.contains(name))
    };
    let mut differing = BTreeSet::new();
    let mut open: Vec<&str> = names
        .into_iter()
        .filter(|name| {
            let (before, after) = (old.0.schema(name), new.0.schema(name));
            before != after || used(old.1, name) != used(new.1, name)
        })
        .map(String::as_str)
        .collect();
    let is_object = |name: &str| old.0.object(name).is_some() && new.0.object(name).is_some();
    while let Some(name) = open.pop() {
        if !differing.insert(name.to_owned()) {
            continue;
        }
        // A subtype shows what it inherits.
        open.extend(
            links
                .subtypes
                .get(name)
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
        // Of an object, others show the name alone; of anything else, what it is.
        if !is_object(name) {
            let referrers = links.referrers.get(name).into_iter().flatten();
            open.extend(referrers.map(String::as_str));
        }
    }
    differing
}

/// Leaves the name, the kind and the place in a family.
fn empty(schema: &mut Schema) {
    match &mut schema.kind {
        Kind::Object(object) => object.properties.clear(),
        // Whether a body can hold a guarded member shows in its methods.
        Kind::Enumeration(enumeration) => enumeration.members.retain(|m| m.guarded.is_some()),
        Kind::Page(_) | Kind::Open => {}
    }
}

#[cfg(test)]
mod tests;
