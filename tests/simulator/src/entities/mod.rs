//! Entities of any contract: created, read, changed and deleted by their schemas.

mod kind;
mod store;

pub(crate) use kind::{Below, Catalogue, Entity, EntityOperation};
pub(crate) use store::{Change, Content, Entities, Item};
