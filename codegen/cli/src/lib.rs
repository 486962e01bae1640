//! The commands of `graph-client`, as a library: for programs that know their own paths, and for tests.
//!
//! Every command writes its output to a `&mut dyn io::Write` and returns an [`Outcome`] or a [`Failure`]. Files are
//! written to the caller's paths, either all of a run or none.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod client;
mod environment;
mod files;
pub mod generate;
pub mod input;
pub mod lint;
mod outcome;
#[cfg(feature = "refresh")]
pub mod refresh;
pub mod repository;
pub mod review;
pub mod sync;
pub mod transaction;

pub use outcome::{Failure, Outcome, counted};
