//! What metadata says, with every name written out in full: types, operations, containers and annotations.

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
    /// Elements that were not understood and left out, with how many there are and where the first one stands.
    pub left_out: BTreeMap<String, (usize, Position)>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// Its qualified name.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// What it is.
    pub kind: TypeKind,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// An entity or a complex type.
    Structured(Structured),
    /// An enumeration.
    Enumeration(Enumerated),
    /// Another name of a primitive type.
    Definition(String),
}

/// An entity or a complex type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Structured {
    /// Whether it is an entity.
    pub is_entity: bool,
    /// The type it extends.
    pub base: Option<String>,
    /// Whether only its subtypes are ever sent.
    pub is_abstract: bool,
    /// Whether it has properties that are not declared.
    pub is_open: bool,
    /// Whether it stands for a stream of bytes.
    pub has_stream: bool,
    /// The properties that identify it, where it says so itself.
    pub key: Vec<String>,
    /// Its own properties, in the order of the text.
    pub properties: Vec<TypeProperty>,
}

/// A property of a structured type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeProperty {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// Its type.
    pub type_: TypeReference,
    /// Whether it may be null; for a collection that is the collection itself, as the service means it.
    pub nullable: bool,
    /// Whether it leads to other entities.
    pub is_navigation: bool,
    /// Whether these entities are part of this one, and are reached below it.
    pub contains_target: bool,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeReference {
    /// The qualified name of the type, or of that of the items.
    pub name: String,
    /// Whether it is a collection of it.
    pub is_collection: bool,
}

/// An enumeration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Enumerated {
    /// Whether a value is several members.
    pub is_flags: bool,
    /// The members, in the order of the text.
    pub members: Vec<TypeMember>,
}

/// A member of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeMember {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// Its number.
    pub value: i64,
}

/// An action or a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceOperation {
    /// Its qualified name.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// Whether it is a function, which changes nothing.
    pub is_function: bool,
    /// What it is bound to.
    pub binding: Option<TypeReference>,
    /// Its other parameters, in order.
    pub parameters: Vec<ServiceParameter>,
    /// What it returns, and whether that may be null.
    pub returns: Option<(TypeReference, bool)>,
}

/// A parameter of an action or a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceParameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// Its type.
    pub type_: TypeReference,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it may be left out.
    pub optional: bool,
}

/// Where paths begin.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPoint {
    /// The type of the entity, or of those in the set.
    pub type_: String,
    /// Whether it is a set.
    pub is_set: bool,
    /// Where it stands.
    pub position: Position,
}

impl Type {
    /// The structured type, if it is one.
    #[must_use]
    pub fn structured(&self) -> Option<&Structured> {
        match &self.kind {
            TypeKind::Structured(structured) => Some(structured),
            _ => None,
        }
    }

    /// The enumeration, if it is one.
    #[must_use]
    pub fn enumeration(&self) -> Option<&Enumerated> {
        match &self.kind {
            TypeKind::Enumeration(enumeration) => Some(enumeration),
            _ => None,
        }
    }

    /// Its name without the namespace.
    #[must_use]
    pub fn short_name(&self) -> &str {
        short_name(&self.name)
    }
}

/// A qualified name without its namespace.
#[must_use]
pub fn short_name(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, short)| short)
}

impl Metadata {
    /// A structured type by its qualified name.
    #[must_use]
    pub fn structured(&self, name: &str) -> Option<&Structured> {
        self.types.get(name)?.structured()
    }

    /// A type and those that it extends, from itself to the root, as far as the document knows them.
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

    /// All types that extend a type, however far away, by name.
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

    /// The value of an annotation without a qualifier, by target and term.
    #[must_use]
    pub fn annotation(&self, target: &str, term: &str) -> Option<&Expression> {
        self.annotations
            .get(target)?
            .iter()
            .find(|annotation| annotation.term == term && annotation.qualifier.is_none())
            .map(|annotation| &annotation.value)
    }

    /// Whether an annotation that says yes or no says yes.
    #[must_use]
    pub fn is_marked(&self, target: &str, term: &str) -> bool {
        self.annotation(target, term).and_then(Expression::as_bool) == Some(true)
    }

    /// That something should no longer be used, if it says so.
    #[must_use]
    pub fn deprecation(&self, target: &str) -> Option<Deprecation> {
        Deprecation::of(self.annotation(target, "Org.OData.Core.V1.Revisions")?)
    }

    /// Whether the service alone sets a property: it is computed, or may only be read.
    #[must_use]
    pub fn is_computed(&self, target: &str) -> bool {
        let may_only_be_read = matches!(
            self.annotation(target, "Org.OData.Core.V1.Permissions"),
            Some(Expression::Members(members)) if members.len() == 1 && short_member(&members[0]) == "Read"
        );
        may_only_be_read || self.is_marked(target, "Org.OData.Core.V1.Computed")
    }

    /// Whether a property can be set when its entity is created, and never after.
    #[must_use]
    pub fn is_immutable(&self, target: &str) -> bool {
        self.is_marked(target, "Org.OData.Core.V1.Immutable")
    }
}

/// `Org.OData.Core.V1.Permission/Read` → `Read`.
fn short_member(member: &str) -> &str {
    member.rsplit_once('/').map_or(member, |(_, short)| short)
}
