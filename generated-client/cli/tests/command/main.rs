//! The program against the simulator: output for people and scripts, and exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a helper of tests fails as a test does"
)]

mod alerts;
mod configuration;
mod doctor;
mod endings;
#[cfg(all(feature = "fleet", unix))]
mod fleet;
#[cfg(all(feature = "fleet", unix))]
mod fleet_tenants;
#[cfg(all(feature = "fleet", unix))]
mod fleet_tls;
mod hostile;
mod interrupted;
mod machines;
mod people;
mod program;
mod recording;
mod schemas;
mod signing_in;
#[cfg(unix)]
mod terminal;
mod writes;
