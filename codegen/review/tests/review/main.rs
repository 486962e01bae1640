//! The findings of a review, with their axes, for edits, flavours, and the history of the real description.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod deep;
mod edits;
mod edits_of_enumerations;
mod edits_of_operations;
mod edits_of_schemas;
mod flavours;
mod history;
mod json;
mod kinds;
mod module;
mod never_the_same;
mod places;
mod random;
mod support;
mod symmetry;
mod truth;
