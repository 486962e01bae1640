//! The commands, one file for each.

pub(crate) mod alerts;
pub(crate) mod api;
pub(crate) mod comment;
pub(crate) mod completions;
pub(crate) mod configuration;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod export;
#[cfg(feature = "fleet")]
pub(crate) mod fleet;
pub(crate) mod hunt;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod man;
pub(crate) mod merge;
mod preview;
mod raw;
mod records;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod update;
pub(crate) mod watch;
