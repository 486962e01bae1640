//! `graph-client review`: its inputs, its reports, and its failures.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod branches;
mod checkout;
mod failures;
mod files;
mod formats;
mod lists;
mod page;

/// A description with one of everything that a review supports.
const SAMPLE: &str = include_str!("../../../review/tests/review/sample.yaml");
