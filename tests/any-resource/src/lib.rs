//! A client of an office: people, files and jobs, generated when this crate is built from `spec/office.yaml`.

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// The path of the contract that a simulator serves the same description by.
pub const CONTRACT: &str = concat!(env!("OUT_DIR"), "/contract.json");
