//! The promises of the fleet, tested against the simulator and a real Redis.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod budgets;
mod files;
mod leases;
mod moving;
mod redis;
mod server;
mod streams;
mod support;
mod tenants;
