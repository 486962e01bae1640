//! A client for an office (people, files and jobs), generated from `spec/office.yaml` when this crate is built.

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// The path of the contract with which a simulator serves the same description.
pub const CONTRACT: &str = concat!(env!("OUT_DIR"), "/contract.json");

/// Clients of every construct and name, which only have to compile.
#[allow(missing_docs, clippy::all, reason = "the descriptions say nothing")]
pub mod constructs {
    include!(concat!(env!("OUT_DIR"), "/constructs.rs"));
}
