//! The real program against the simulator: what people see, what scripts read, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper of tests fails as a test does"
)]

mod configuration;
mod endings;
mod hostile;
mod interrupted;
mod machines;
mod people;
mod program;
mod writes;
