//! Runs that are too large for one test, shared by the tests and by examples that run longer.

pub mod fault_run;
pub mod service;
pub mod soak;

/// The README, whose programs run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;

#[cfg(doctest)]
mod book;
