//! A stateful stand-in for the Microsoft Graph incidents service, on loopback and in memory.
//!
//! ```
//! # use graph_incidents_simulator::Simulator;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::builder().start().await?;
//! assert!(simulator.base_url().ends_with("/beta"));
//! assert_eq!(simulator.incident("2972395").unwrap()["status"], "active");
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod action;
mod admin;
mod auth;
mod batch;
mod builder;
mod call;
mod claims;
mod contract;
mod data;
mod encoding;
mod entities;
mod error;
mod exchange;
mod faults;
mod filter;
mod freshness;
mod generator;
mod handler;
mod headers;
mod hunting;
mod identity;
mod ids;
mod ledger;
mod object;
mod operations;
mod profile;
mod pseudonyms;
mod query;
mod reference;
mod replay;
mod respond;
mod response;
mod retry_after;
mod route;
mod schedule;
mod service;
mod simulator;
mod source_file;
mod start;
mod state;
mod store;
mod throttle;
mod time;
mod transport;
mod unprompted;
mod validate;
mod view;
mod walk;

pub use builder::Builder;
pub use faults::{Active, Fault, FaultRule, Faults, InvalidRule};
pub use handler::{HandlerRequest, HandlerResponse};
pub use hunting::{HuntingColumn, HuntingResult};
pub use ledger::{Ledger, RequestEntry, WriteEntry};
pub use profile::{
    Casing, Hunting, LargePages, Limit, MergeTarget, Profile, RetryAfter, Throttling, TypeName,
};
pub use simulator::Simulator;
pub use state::Recovery;
pub use time::set_clock_ahead;

/// The README's program runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
