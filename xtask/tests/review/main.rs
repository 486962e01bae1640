//! `cargo xtask review`: what it finds, how it says it, and how it fails.

mod edits;
mod flavours;
mod history;
mod support;
