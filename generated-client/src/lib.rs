//! A client for Microsoft Graph security incidents, generated from a checked-in OpenAPI fragment.

mod alerts;
pub mod auth;
mod budget;
pub mod bulk;
mod client;
mod cloud;
mod error;
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "its modules are public where it is the only module of a crate")]
mod generated;
mod incident;
mod limits;
pub mod pages;
pub mod query;
mod random;
mod retry;
pub mod runtime;
mod telemetry;
mod transport;
pub mod watch;

pub use alerts::{AlertSource, IncidentWithAlerts, IncidentsWithAlerts};
pub use budget::RateBudget;
pub use client::{Client, ClientBuilder};
pub use cloud::{ApiVersion, Cloud};
pub use error::{Effect, Error, ErrorDetail};
pub use generated::{requests, types};
pub use incident::{IncidentHandle, Reached, Resolution};
pub use limits::Limits;
pub use retry::RetryPolicy;
