//! A client of an office: people, files and jobs, generated when this crate is built from `spec/office.yaml`.

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// The path of the contract that a simulator serves the same description by.
pub const CONTRACT: &str = concat!(env!("OUT_DIR"), "/contract.json");

/// Clients of every construct and name: that they compile is the promise.
#[allow(missing_docs, clippy::all, reason = "the descriptions say nothing")]
pub mod constructs {
    include!(concat!(env!("OUT_DIR"), "/constructs.rs"));
}
