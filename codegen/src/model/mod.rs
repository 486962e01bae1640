//! A fragment in normal form: the model that every later stage reads.
//!
//! Microsoft publishes one description in two flavours, and a schema can be written in many equivalent ways (see
//! `read`). The model has one form: an operation has a list of parameters, a body and a response; an object has its own
//! properties and at most one base; a property has a type, and is nullable or not.

mod operation;
mod promised;
mod read;
mod schema;
mod whole;
mod wire;

use std::collections::BTreeMap;

use crate::load::{Place, Position};

pub use operation::{
    Access, Body, BodyContent, Content, Location, Operation, Parameter, ParameterKind, Permissions,
    Success,
};
pub use promised::Promised;
pub(crate) use read::{base_reference, is_named};
pub use read::{read, read_part};
pub use schema::{Discriminator, Enumeration, Kind, Member, Object, Property, Schema, Shape};
pub use whole::Whole;
pub use wire::{METHODS, media_type};

/// A fragment in normal form.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Base addresses, in the order of the fragment, without a trailing slash.
    pub servers: Vec<Server>,
    /// Clouds that do not offer the described resources, with the reason (`x-graph-refused-clouds`).
    pub refused_clouds: Vec<(String, String)>,
    /// The operations, sorted by path, then by method.
    pub operations: Vec<Operation>,
    /// The schemas by Rust type name.
    pub schemas: BTreeMap<String, Schema>,
    /// Facts about the whole description that this is a part of.
    pub whole: Whole,
}

/// A base address of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The address, without a trailing slash.
    pub url: String,
    /// Its description.
    pub description: String,
}

/// The location of a part of the fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Line and column.
    pub position: Position,
    /// JSON pointer, with `#` in front.
    pub pointer: String,
}

impl Model {
    /// Returns the schema with a Rust type name.
    #[must_use]
    pub fn schema(&self, type_name: &str) -> Option<&Schema> {
        self.schemas.get(type_name)
    }

    /// Returns the object with a Rust type name.
    #[must_use]
    pub fn object(&self, type_name: &str) -> Option<&Object> {
        match &self.schema(type_name)?.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Returns whether a discriminator tells the values of a type apart, so that they are one Rust enum.
    ///
    /// A base that is a type of its own mapping (such as `Alert`, whose mapping includes `Alert`) stays a struct: it is
    /// complete even if the subtype is unknown.
    #[must_use]
    pub fn is_polymorphic(&self, type_name: &str) -> bool {
        self.object(type_name)
            .and_then(|object| object.discriminator.as_ref())
            .is_some_and(|discriminator| {
                !discriminator.mapping.is_empty()
                    && !discriminator
                        .mapping
                        .values()
                        .any(|target| target == type_name)
            })
    }

    /// Returns whether a type is another one, or extends it.
    #[must_use]
    pub fn is_a(&self, type_name: &str, wanted: &str) -> bool {
        let mut level = Some(type_name);
        // The lint reports a cycle; here the search must only end.
        for _ in 0..=self.schemas.len() {
            match level {
                Some(name) if name == wanted => return true,
                Some(name) => level = self.object(name).and_then(|object| object.base.as_deref()),
                None => return false,
            }
        }
        false
    }

    /// Returns the outermost base of an object that is polymorphic; its properties become the field `base`, even if
    /// another polymorphic type is in between: the object belongs to both families.
    #[must_use]
    pub fn polymorphic_base(&self, object: &Object) -> Option<&str> {
        let mut base = object.base.as_deref();
        let mut outermost = None;
        while let Some(name) = base {
            if let Some((known, _)) = self.schemas.get_key_value(name)
                && self.is_polymorphic(known)
            {
                outermost = Some(known.as_str());
            }
            base = self.object(name).and_then(|object| object.base.as_deref());
        }
        outermost
    }

    /// Returns all properties that an object's struct must hold: its own and those of its bases, up to its
    /// [polymorphic base](Self::polymorphic_base); sorted by name.
    #[must_use]
    pub fn flattened<'a>(&'a self, object: &'a Object) -> Vec<&'a Property> {
        let family = self.polymorphic_base(object);
        let mut properties: BTreeMap<&str, &Property> = BTreeMap::new();
        let mut level = Some(object);
        while let Some(object) = level {
            for property in &object.properties {
                properties.entry(&property.name).or_insert(property);
            }
            level = object
                .base
                .as_deref()
                .filter(|base| Some(*base) != family)
                .and_then(|base| self.object(base));
        }
        properties.into_values().collect()
    }

    /// Returns the properties that are fields of an object's struct: [`Self::flattened`], without the discriminator of
    /// a tagged union, which the Rust type expresses.
    #[must_use]
    pub fn struct_properties<'a>(
        &'a self,
        type_name: &str,
        object: &'a Object,
    ) -> Vec<&'a Property> {
        let family = match self.is_polymorphic(type_name) {
            true => Some(type_name),
            false => self.polymorphic_base(object),
        };
        let tag = family
            .and_then(|family| self.object(family))
            .and_then(|family| family.discriminator.as_ref())
            .map(|discriminator| discriminator.property.as_str());
        let mut properties = self.flattened(object);
        properties.retain(|property| Some(property.name.as_str()) != tag);
        properties
    }

    /// Returns the properties of an object and of all of its bases, polymorphic or not; sorted by name.
    #[must_use]
    pub fn all_properties<'a>(&'a self, object: &'a Object) -> Vec<&'a Property> {
        let mut properties: BTreeMap<&str, &Property> = BTreeMap::new();
        let mut level = Some(object);
        while let Some(object) = level {
            for property in &object.properties {
                properties.entry(&property.name).or_insert(property);
            }
            level = object.base.as_deref().and_then(|base| self.object(base));
        }
        properties.into_values().collect()
    }

    /// Returns the tag of a subtype, as the service writes it.
    #[must_use]
    pub fn tag_of(&self, type_name: &str) -> Option<&str> {
        let mut base = self.object(type_name)?.base.as_deref();
        while let Some(name) = base {
            let object = self.object(name)?;
            if let Some(discriminator) = &object.discriminator {
                return discriminator
                    .mapping
                    .iter()
                    .find(|(_, target)| *target == type_name)
                    .map(|(tag, _)| tag.as_str());
            }
            base = object.base.as_deref();
        }
        None
    }
}

impl Origin {
    fn of(place: &Place<'_>) -> Self {
        Self {
            position: place.node.position,
            pointer: place.pointer.clone(),
        }
    }
}
