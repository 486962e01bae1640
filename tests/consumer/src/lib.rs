//! Proof that is too large for one test, for tests and for programs that run it longer.

pub mod fault_run;
pub mod service;
pub mod soak;

/// The README, whose programs run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;

#[cfg(doctest)]
mod book;
