//! The users of a schema: responses, errors, request bodies. They decide which Rust types a schema becomes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Content, Kind, Model, Operation, Shape};

use super::item::BodyForm;

/// The uses of a document's schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// Schemas that only errors contain. The runtime reads those.
    pub errors: BTreeSet<String>,
    /// Objects that are request bodies, with the forms in which they are sent.
    pub bodies: BTreeMap<String, BTreeSet<BodyForm>>,
    /// Bodies without other uses: they need only the type of the body.
    pub only_bodies: BTreeSet<String>,
    /// Polymorphic types whose values a request updates: each of their types has an update.
    pub updated_families: BTreeSet<String>,
}

impl Roles {
    /// Follows every reference from every operation.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let mut roles = Self::default();
        let (mut responses, mut errors, mut sent) = Default::default();
        for operation in &model.operations {
            if let Content::Json(shape) = &operation.success.content {
                reach(model, shape.named(), &mut responses);
            }
            reach(model, operation.error.as_deref(), &mut errors);
            reach(model, body_name(operation), &mut sent);
            if let Some(name) = direct_body(model, operation) {
                let forms = roles.bodies.entry(name.to_owned()).or_default();
                forms.insert(form_of(operation));
            }
            if let Some(family) = updated_family(model, operation) {
                roles.updated_families.insert(family.to_owned());
                for name in types_of(model, family) {
                    let forms = roles.bodies.entry(name.to_owned()).or_default();
                    forms.insert(BodyForm::Patch);
                }
            }
        }
        let used = |name: &String| {
            responses.contains(name) || errors.contains(name) || sent.contains(name)
        };
        let mut elsewhere: BTreeSet<String> = responses.union(&sent).cloned().collect();
        for name in model.schemas.keys().filter(|name| !used(name)) {
            reach(model, Some(name), &mut elsewhere);
        }
        roles.errors = errors.difference(&elsewhere).cloned().collect();
        let mut referred = responses;
        for (name, schema) in &model.schemas {
            if !roles.errors.contains(name) {
                let held = held_by(&schema.kind).filter(|other| model.schemas.contains_key(*other));
                referred.extend(held.map(str::to_owned));
            }
        }
        let list_items = model.operations.iter().filter_map(|operation| {
            let shape = operation.body.as_ref()?.shape()?;
            matches!(shape, Shape::List(_)).then(|| shape.named())?
        });
        referred.extend(list_items.map(str::to_owned));
        referred.extend(model.whole.shared.iter().cloned());
        let alone = roles.bodies.keys().filter(|name| !referred.contains(*name));
        roles.only_bodies = alone.cloned().collect();
        roles
    }

    /// Every object that is a request body in the whole description, with the forms in which it is sent there.
    pub(super) fn bodies_of_whole(&self, model: &Model) -> BTreeMap<String, BTreeSet<BodyForm>> {
        let mut bodies = self.bodies.clone();
        for (name, methods) in &model.whole.bodies {
            let forms = methods.iter().map(|method| form_of_method(method));
            bodies.entry(name.clone()).or_default().extend(forms);
        }
        bodies
    }

    /// Whether values of a schema have a type of their own.
    #[must_use]
    pub fn has_type(&self, name: &str) -> bool {
        !self.errors.contains(name) && !self.only_bodies.contains(name)
    }
}

/// The schema of a body, at any depth of lists.
fn body_name(operation: &Operation) -> Option<&str> {
    operation.body.as_ref()?.shape()?.named()
}

/// The object that is a body as a whole. A polymorphic value is sent as it is.
pub(super) fn direct_body<'m>(model: &Model, operation: &'m Operation) -> Option<&'m str> {
    match operation.body.as_ref()?.shape()? {
        Shape::Named(name) if model.object(name).is_some() && !model.is_polymorphic(name) => {
            Some(name)
        }
        _ => None,
    }
}

/// The polymorphic type whose values an operation updates. An update of one has a type of its own, because a part of a
/// value is not a value.
pub(super) fn updated_family<'m>(model: &'m Model, operation: &'m Operation) -> Option<&'m str> {
    match operation.body.as_ref()?.shape()? {
        Shape::Named(name) if form_of(operation) == BodyForm::Patch => {
            let has_types = model.is_polymorphic(name) && types_of(model, name).next().is_some();
            has_types.then_some(name)
        }
        _ => None,
    }
}

/// The types that values of a polymorphic type can have.
fn types_of<'m>(model: &'m Model, family: &str) -> impl Iterator<Item = &'m str> {
    let discriminator = model
        .object(family)
        .and_then(|one| one.discriminator.as_ref());
    let targets = discriminator.into_iter().flat_map(|d| d.mapping.values());
    targets
        .map(String::as_str)
        .filter(|name| model.object(name).is_some() && !model.is_polymorphic(name))
}

/// The form in which an operation sends its body.
pub(super) fn form_of(operation: &Operation) -> BodyForm {
    form_of_method(&operation.method)
}

fn form_of_method(method: &str) -> BodyForm {
    match method {
        "PATCH" => BodyForm::Patch,
        "PUT" => BodyForm::Replacement,
        _ => BodyForm::Whole,
    }
}

/// The types that a value of a type can contain, by schema name.
fn held_by(kind: &Kind) -> Box<dyn Iterator<Item = &str> + '_> {
    match kind {
        Kind::Page(item) => Box::new(item.named().into_iter()),
        Kind::Object(object) => {
            let shapes = object.properties.iter().map(|property| &property.shape);
            let subtypes = object.discriminator.iter().flat_map(|d| d.mapping.values());
            Box::new(
                shapes
                    .filter_map(|shape| shape.named())
                    .chain(subtypes.map(String::as_str)),
            )
        }
        Kind::Enumeration(_) | Kind::Open => Box::new(std::iter::empty()),
    }
}

/// Adds a schema and everything that it refers to.
fn reach(model: &Model, name: Option<&str>, reached: &mut BTreeSet<String>) {
    let mut open: Vec<&str> = name.into_iter().collect();
    while let Some(name) = open.pop() {
        let Some(schema) = model.schema(name) else {
            continue;
        };
        if !reached.insert(name.to_owned()) {
            continue;
        }
        open.extend(held_by(&schema.kind));
        if let Kind::Object(object) = &schema.kind {
            open.extend(object.base.as_deref());
        }
    }
}
