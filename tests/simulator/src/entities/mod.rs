//! Entities of any contract: what its schemas say they are, created, read, changed and deleted.

mod kind;
mod store;

pub(crate) use kind::{Below, Catalogue, Entity, EntityOperation};
pub(crate) use store::{Change, Content, Entities, Item};
