//! The properties of an object together with those of its bases.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Description, Spot};
use super::super::schema::{Form, ObjectForm, View};

/// A property, and the base that declares it, if it is inherited.
#[derive(Debug, Clone)]
pub(crate) struct Flat<'a> {
    /// Every declaration of it; all of them apply.
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) required: bool,
    pub(crate) base: Option<&'a str>,
}

impl<'a> Flat<'a> {
    pub(crate) fn spot(&self) -> Option<Spot<'a>> {
        self.spots.last().copied()
    }
}

impl<'a> Description<'a> {
    /// The properties of an object and its bases, by name; the nearest declaration wins.
    pub(crate) fn flattened(&self, object: &ObjectForm<'a>) -> BTreeMap<&'a str, Flat<'a>> {
        let mut flat = BTreeMap::new();
        let mut required: BTreeSet<&str> = object.required.iter().map(|(name, _)| *name).collect();
        add(object, None, &mut flat);
        for name in self.bases_in_order(object) {
            if let Some(base) = self.object(name) {
                add(&base, Some(name), &mut flat);
                required.extend(base.required.iter().map(|(name, _)| *name));
            }
        }
        for name in required {
            if let Some(property) = flat.get_mut(name) {
                property.required = true;
            }
        }
        flat
    }

    /// A named schema as an object, if it is one.
    fn object(&self, name: &str) -> Option<ObjectForm<'a>> {
        let spot = self.schemas.get(name)?;
        match View::of(*spot, self).form {
            Form::Object(object) => Some(object),
            // Another name for an object.
            Form::Reference(other) => Some(ObjectForm {
                bases: vec![other],
                ..ObjectForm::default()
            }),
            _ => None,
        }
    }

    /// Whether a named schema has no property, neither its own nor an inherited one.
    pub(super) fn declares_nothing(&self, name: &str) -> bool {
        let object = self.object(name);
        object.is_none_or(|object| self.flattened(&object).is_empty())
    }

    /// The bases of an object, the nearest first, each once.
    fn bases_in_order(&self, object: &ObjectForm<'a>) -> Vec<&'a str> {
        let mut order: Vec<&str> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = object.bases.iter().rev().copied().collect();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                order.push(name);
                let bases = self
                    .object(name)
                    .map(|object| object.bases)
                    .unwrap_or_default();
                open.extend(bases.into_iter().rev());
            }
        }
        order
    }

    /// The direct and indirect bases of an object.
    pub(super) fn bases(&self, object: &ObjectForm<'a>) -> BTreeSet<&'a str> {
        self.bases_in_order(object).into_iter().collect()
    }

    /// Whether a named schema requires a property, itself or by a base.
    pub(super) fn requires(&self, schema: &str, property: &str) -> bool {
        self.object(schema).is_some_and(|object| {
            self.flattened(&object)
                .get(property)
                .is_some_and(|flat| flat.required)
        })
    }
}

fn add<'a>(object: &ObjectForm<'a>, base: Option<&'a str>, flat: &mut BTreeMap<&'a str, Flat<'a>>) {
    for property in &object.properties {
        flat.entry(property.name).or_insert_with(|| Flat {
            spots: property.spots.clone(),
            required: property.required,
            base,
        });
    }
}
