//! `graph-client review`: how it finds its texts, how it says what was found, and how it fails.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod checkout;
mod failures;
mod files;
mod formats;
mod lists;
mod page;

/// A description with one of everything that a review knows.
const SAMPLE: &str = include_str!("../../../review/tests/review/sample.yaml");
