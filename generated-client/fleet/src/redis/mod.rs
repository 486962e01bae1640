//! The connection to Redis, and its atomic scripts.

mod link;
mod scripts;

pub use link::{Link, LinkSettings};
pub(crate) use scripts::Script;
