//! The promises of a refresh: every difference is reported, edits keep a person's text, decisions hold until they expire.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod apply;
mod decisions;
mod issue;
mod report;
mod sources;
mod support;
