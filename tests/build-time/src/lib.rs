//! A client that is generated when this crate is built, from a fragment that knows only what a triage screen shows.
//!
//! See `build.rs`: a crate that wants the same adds `graph-client-codegen` to its build dependencies, copies
//! `build/generate.rs`, and includes the result as below.

/// The generated client of `spec/triage.yaml`.
pub mod triage {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
