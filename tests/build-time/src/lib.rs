//! A client that is generated when this crate is built, from a fragment with only what a triage screen shows.
//!
//! To do the same in your crate, add `graph-client-codegen` to its build dependencies, copy `build.rs` and
//! `build/generate.rs`, and include the result as below.

/// The generated client of `spec/triage.yaml`.
pub mod triage {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
