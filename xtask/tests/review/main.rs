//! `cargo xtask review`: what it finds, how it says it, and how it fails.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod checkout;
mod edits;
mod edits_of_operations;
mod edits_of_schemas;
mod failures;
mod flavours;
mod formats;
mod history;
mod module;
mod page;
mod support;
mod symmetry;
mod truth;
