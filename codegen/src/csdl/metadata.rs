//! The content of metadata, with every name in full: types, operations, containers and annotations.

use std::collections::BTreeMap;

use crate::diagnostic::Position;

use super::annotation::{Annotation, Deprecation, Expression};

/// A document of OData metadata.
///
/// Every name is qualified by its namespace, whatever alias the text used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// Its name in messages.
    pub file: String,
    /// The namespaces, each with its alias if it has one, in the order of the text.
    pub namespaces: Vec<(String, Option<String>)>,
    /// The types by qualified name.
    pub types: BTreeMap<String, Type>,
    /// The actions and functions, in the order of the text.
    pub operations: Vec<ServiceOperation>,
    /// The entity sets and singletons by name.
    pub entry_points: BTreeMap<String, EntryPoint>,
    /// The annotations by target: `microsoft.graph.user`, `microsoft.graph.user/id`.
    pub annotations: BTreeMap<String, Vec<Annotation>>,
    /// Elements that were not understood and left out, with their number and the location of the first one.
    pub left_out: BTreeMap<String, (usize, Position)>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// Its qualified name.
    pub name: String,
    /// Its location.
    pub position: Position,
    /// Its kind.
    pub kind: TypeKind,
}

/// The kind of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// An entity or a complex type.
    Structured(Structured),
    /// An enumeration.
    Enumeration(Enumerated),
    /// An alias of a primitive type.
    Definition(String),
}

/// An entity or a complex type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Structured {
    /// Whether it is an entity.
    pub is_entity: bool,
    /// The type it extends.
    pub base: Option<String>,
    /// Whether it is abstract, so that only its subtypes are sent.
    pub is_abstract: bool,
    /// Whether it can have undeclared properties.
    pub is_open: bool,
    /// Whether it is a stream of bytes.
    pub has_stream: bool,
    /// The key properties that it declares itself.
    pub key: Vec<String>,
    /// Its own properties, in the order of the text.
    pub properties: Vec<TypeProperty>,
}

/// A property of a structured type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeProperty {
    /// Its name.
    pub name: String,
    /// Its location.
    pub position: Position,
    /// Its type.
    pub type_: TypeReference,
    /// Whether it may be null; for a collection, whether the collection itself may be, as the service uses it.
    pub nullable: bool,
    /// Whether it is a navigation property.
    pub is_navigation: bool,
    /// Whether the target entities are contained in this one, and have paths below it.
    pub contains_target: bool,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeReference {
    /// The qualified name of the type, or of the type of the items.
    pub name: String,
    /// Whether it is a collection.
    pub is_collection: bool,
}

/// An enumeration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Enumerated {
    /// Whether a value can be several members.
    pub is_flags: bool,
    /// The members, in the order of the text.
    pub members: Vec<TypeMember>,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeMember {
    /// Its name.
    pub name: String,
    /// Its location.
    pub position: Position,
    /// Its number.
    pub value: i64,
}

/// An action or a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceOperation {
    /// Its qualified name.
    pub name: String,
    /// Its location.
    pub position: Position,
    /// Whether it is a function, which changes nothing.
    pub is_function: bool,
    /// The type to which it is bound.
    pub binding: Option<TypeReference>,
    /// Its other parameters, in order.
    pub parameters: Vec<ServiceParameter>,
    /// The type that it returns, and whether that may be null.
    pub returns: Option<(TypeReference, bool)>,
}

/// A parameter of an action or a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceParameter {
    /// Its name.
    pub name: String,
    /// Its location.
    pub position: Position,
    /// Its type.
    pub type_: TypeReference,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it is optional.
    pub optional: bool,
}

/// An entry point for paths.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPoint {
    /// The type of the entity, or of the entities in the set.
    pub type_: String,
    /// Whether it is a set.
    pub is_set: bool,
    /// Its location.
    pub position: Position,
}

impl Type {
    /// Returns the structured type, if it is one.
    #[must_use]
    pub fn structured(&self) -> Option<&Structured> {
        match &self.kind {
            TypeKind::Structured(structured) => Some(structured),
            _ => None,
        }
    }

    /// Returns the enumeration, if it is one.
    #[must_use]
    pub fn enumeration(&self) -> Option<&Enumerated> {
        match &self.kind {
            TypeKind::Enumeration(enumeration) => Some(enumeration),
            _ => None,
        }
    }

    /// Returns its name without the namespace.
    #[must_use]
    pub fn short_name(&self) -> &str {
        short_name(&self.name)
    }
}

/// Returns a qualified name without its namespace.
#[must_use]
pub fn short_name(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, short)| short)
}

impl Metadata {
    /// Returns a structured type by its qualified name.
    #[must_use]
    pub fn structured(&self, name: &str) -> Option<&Structured> {
        self.types.get(name)?.structured()
    }

    /// Returns a type and its bases, from itself to the root, as far as the document defines them.
    #[must_use]
    pub fn lineage(&self, name: &str) -> Vec<&Type> {
        let mut lineage = Vec::new();
        let mut next = self.types.get(name);
        // Cycles were refused.
        while let Some(type_) = next {
            lineage.push(type_);
            next = type_
                .structured()
                .and_then(|structured| structured.base.as_deref())
                .and_then(|base| self.types.get(base));
        }
        lineage
    }

    /// Returns all direct and indirect subtypes of a type, by name.
    #[must_use]
    pub fn subtypes(&self, name: &str) -> Vec<&Type> {
        let mut known = std::collections::BTreeSet::from([name]);
        // Each pass finds the next generation.
        loop {
            let before = known.len();
            for type_ in self.types.values() {
                let base = type_.structured().and_then(|own| own.base.as_deref());
                if base.is_some_and(|base| known.contains(base)) {
                    known.insert(&type_.name);
                }
            }
            if known.len() == before {
                break;
            }
        }
        known.remove(name);
        known
            .into_iter()
            .filter_map(|name| self.types.get(name))
            .collect()
    }

    /// Returns the value of an annotation without a qualifier, by target and term.
    #[must_use]
    pub fn annotation(&self, target: &str, term: &str) -> Option<&Expression> {
        self.annotations
            .get(target)?
            .iter()
            .find(|annotation| annotation.term == term && annotation.qualifier.is_none())
            .map(|annotation| &annotation.value)
    }

    /// Returns whether a boolean annotation is true.
    #[must_use]
    pub fn is_marked(&self, target: &str, term: &str) -> bool {
        self.annotation(target, term).and_then(Expression::as_bool) == Some(true)
    }

    /// Returns the deprecation of a target, if there is one.
    #[must_use]
    pub fn deprecation(&self, target: &str) -> Option<Deprecation> {
        Deprecation::of(self.annotation(target, "Org.OData.Core.V1.Revisions")?)
    }

    /// Returns whether only the service sets a property: it is computed or read-only.
    #[must_use]
    pub fn is_computed(&self, target: &str) -> bool {
        let may_only_be_read = matches!(
            self.annotation(target, "Org.OData.Core.V1.Permissions"),
            Some(Expression::Members(members)) if members.len() == 1 && short_member(&members[0]) == "Read"
        );
        may_only_be_read || self.is_marked(target, "Org.OData.Core.V1.Computed")
    }

    /// Returns whether a property can be set when its entity is created, and never later.
    #[must_use]
    pub fn is_immutable(&self, target: &str) -> bool {
        self.is_marked(target, "Org.OData.Core.V1.Immutable")
    }
}

/// `Org.OData.Core.V1.Permission/Read` → `Read`.
fn short_member(member: &str) -> &str {
    member.rsplit_once('/').map_or(member, |(_, short)| short)
}
