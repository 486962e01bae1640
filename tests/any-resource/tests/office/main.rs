//! A generated client for another resource than incidents, used as programs use it.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod download;
mod long_running;
mod parameters;
mod programs;
mod retry;
mod scripted;
mod subtypes;
mod upload;
