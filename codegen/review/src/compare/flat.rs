//! The properties of an object together with those of its bases.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Description, Place};
use super::super::schema::{Kind, Object, Shape};

/// How long a chain of bases is followed.
const LONGEST_CHAIN: usize = 32;

/// A property, and the schema that declares it where that is a base.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Flat<'a> {
    pub(in super::super) place: Place<'a>,
    pub(in super::super) required: bool,
    pub(in super::super) base: Option<&'a str>,
}

impl<'a> Description<'a> {
    /// The properties of an object with those of its bases, by name; the nearest declaration wins.
    pub(in super::super) fn flattened(&self, object: &Object<'a>) -> BTreeMap<&'a str, Flat<'a>> {
        let mut flat = BTreeMap::new();
        self.flatten(object, None, 0, &mut flat);
        for name in &object.required {
            if let Some(property) = flat.get_mut(name) {
                property.required = true;
            }
        }
        flat
    }

    fn flatten(
        &self,
        object: &Object<'a>,
        base: Option<&'a str>,
        depth: usize,
        flat: &mut BTreeMap<&'a str, Flat<'a>>,
    ) {
        for property in &object.properties {
            flat.entry(property.name).or_insert(Flat {
                place: property.place,
                required: property.required,
                base,
            });
        }
        for name in &object.bases {
            if depth < LONGEST_CHAIN
                && let Some(place) = self.schemas.get(name)
                && let Kind::Object(object) = Shape::read(*place, self).kind
            {
                self.flatten(&object, Some(name), depth + 1, flat);
            }
        }
    }

    /// The named schemas that an object extends, near and far.
    pub(super) fn bases(&self, object: &Object<'a>) -> BTreeSet<&'a str> {
        let mut bases = BTreeSet::new();
        let mut open = object.bases.clone();
        while let Some(name) = open.pop() {
            if bases.insert(name)
                && let Some(place) = self.schemas.get(name)
                && let Kind::Object(object) = Shape::read(*place, self).kind
            {
                open.extend(object.bases);
            }
        }
        bases
    }
}
