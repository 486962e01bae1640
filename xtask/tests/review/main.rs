//! `cargo xtask review`: what it finds, how it says it, and how it fails.

mod checkout;
mod edits;
mod failures;
mod flavours;
mod formats;
mod history;
mod page;
mod support;
mod symmetry;
