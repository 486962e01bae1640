//! What the fleet does in Redis: a connection, and the scripts that each do one thing whole.

mod link;
mod scripts;

pub use link::{Link, LinkSettings};
pub(crate) use scripts::Script;
