//! Decides on every Rust item to generate: types, fields, members and functions, with names, types and locations.
//!
//! The plan is data that can be compared and printed. [`crate::emit`] writes it without further decisions; [`items`]
//! lists the items that a user of the client sees.

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

/// The modules that every client has; the module of a union cannot have such a name.
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
    /// The objects that are types of their own, by name.
    pub objects: Vec<StructItem>,
    /// The polymorphic types, by name.
    pub unions: Vec<UnionItem>,
    /// The bodies of requests, by name.
    pub bodies: Vec<BodyItem>,
    /// The updates of polymorphic values, by name.
    pub family_updates: Vec<FamilyUpdateItem>,
    /// The operations, by path and method.
    pub requests: Vec<RequestItem>,
    /// The filters and orders of listings, by entity.
    pub queries: Vec<QueryItem>,
}

impl Plan {
    /// Plans every item of a client.
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

    /// Returns every struct of an object that the service sends.
    pub fn structs(&self) -> impl Iterator<Item = &StructItem> {
        let of_unions = self.unions.iter().flat_map(|union| {
            let base = (!union.is_inner).then_some(&union.base);
            base.into_iter().chain(&union.subtypes)
        });
        self.objects.iter().chain(of_unions)
    }
}

/// The input of the decisions.
struct Planner<'m> {
    model: &'m Model,
    roles: Roles,
    boxes: Boxes,
    names: TypeNames,
}
