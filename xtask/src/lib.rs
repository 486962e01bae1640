//! The commands of the maintainers, as a library, so that tests can run them on folders of their own.
//!
//! They share their code with `graph-client`, which works in any repository (`graph-client-cli`), and add the paths of
//! this one. Every command writes its output to a `&mut dyn io::Write` and returns an [`Outcome`] or a [`Failure`].

pub mod build_time;
mod cargo;
mod checkout;
pub mod ci;
pub mod client;
pub mod corpus;
pub mod dependencies;
pub mod drawing;
pub mod instructions;
pub mod lint;
pub mod minimal_versions;
pub mod package;
pub mod refresh;
pub mod regen;
pub mod release;
pub mod repository;
pub mod review;
pub mod witness;
pub mod workspace;

pub use graph_client_cli::{Failure, Outcome, sync, transaction};

use graph_client_cli::counted;
