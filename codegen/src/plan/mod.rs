//! Decides which Rust there will be: every type, field, member and function with its name, type and place.
//!
//! The plan is data, and can be compared and printed. [`crate::emit`] writes it down and decides nothing;
//! [`items`] lists what a user of the client sees of it.

mod bodies;
mod body_functions;
mod boxes;
mod client;
mod docs;
mod enumerations;
mod family_updates;
mod item;
pub mod items;
mod naming;
mod objects;
mod property_type;
mod queries;
mod requests;
mod roles;
mod rust_type;
mod scope;
mod unions;

pub(crate) use client::cloud_variant;
pub use client::{ApiVersion, ClientItem};
pub use docs::{Docs, Paragraph};
pub use item::{
    Action, BodyCheck, BodyField, BodyForm, BodyItem, Conversion, EnumItem, FamilyUpdateItem,
    FieldItem, FunctionItem, MemberItem, ParameterItem, ParameterText, Presence, PropertyAccess,
    PropertyName, QueryItem, Receiver, RequestBody, RequestItem, ResponseKind, Sharing, StructItem,
    UnionItem, VariantItem,
};
pub use naming::base_type_name;
pub use roles::Roles;
pub use rust_type::RustType;

use crate::model::Model;

use boxes::Boxes;
use naming::TypeNames;

/// The modules that every client has; no union can have its module under such a name.
pub(crate) const MODULES: [&str; 8] = [
    "bodies",
    "client",
    "enumerations",
    "objects",
    "operations",
    "queries",
    "requests",
    "types",
];

/// All Rust items of a client.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The client itself.
    pub client: ClientItem,
    /// The enumerations, by name.
    pub enumerations: Vec<EnumItem>,
    /// The objects that stand alone, by name.
    pub objects: Vec<StructItem>,
    /// The types that discriminators tell apart, by name.
    pub unions: Vec<UnionItem>,
    /// The bodies of requests, by name.
    pub bodies: Vec<BodyItem>,
    /// The updates of values that discriminators tell apart, by name.
    pub family_updates: Vec<FamilyUpdateItem>,
    /// The operations, by path and method.
    pub requests: Vec<RequestItem>,
    /// What listings can be asked for, by entity.
    pub queries: Vec<QueryItem>,
}

impl Plan {
    /// Decides on every item of a client.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let roles = Roles::of(model);
        let planner = Planner {
            model,
            boxes: Boxes::of(model),
            names: TypeNames::of(model, &roles),
            roles,
        };
        Self {
            client: planner.client(),
            enumerations: planner.enumerations(),
            objects: planner.objects(),
            unions: planner.unions(),
            bodies: planner.bodies(),
            family_updates: planner.family_updates(),
            requests: planner.requests(),
            queries: planner.queries(),
        }
    }

    /// Every struct of an object that the service sends.
    pub fn structs(&self) -> impl Iterator<Item = &StructItem> {
        let of_unions = self
            .unions
            .iter()
            .flat_map(|union| std::iter::once(&union.base).chain(&union.subtypes));
        self.objects.iter().chain(of_unions)
    }
}

/// What the decisions rest on.
struct Planner<'m> {
    model: &'m Model,
    roles: Roles,
    boxes: Boxes,
    names: TypeNames,
}
