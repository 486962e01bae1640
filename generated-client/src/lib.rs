//! A client for Microsoft Graph security incidents, generated from a checked-in OpenAPI fragment.
//!
//! ```
//! use graph_incidents::Client;
//! use graph_incidents::query::IncidentFilter;
//! use graph_incidents::types::{AlertClassification, AlertSeverity, IncidentUpdate};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
//! let client = Client::builder().token("a token of SecurityIncident.ReadWrite.All");
//! # let client = client.token(simulator.token()).base_url(simulator.base_url());
//! let client = client.build()?;
//!
//! let update = IncidentUpdate::new()
//!     .classification(AlertClassification::TruePositive)
//!     .custom_tags(["Demo"])
//!     .clear_assigned_to();
//! client.update_incident("2972395", &update).await?;
//!
//! let serious = IncidentFilter::severity().eq(AlertSeverity::High);
//! let mut incidents = client.list_incidents().filter(serious).items();
//! while let Some(incident) = incidents.next().await {
//!     println!("{}", incident?.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Where to find things:
//!
//! - [`Client`] has a method for each operation, whose request is sent when it is awaited. [`Client::incident`] and
//!   [`Client::alert`] return handles with verbs (assign, resolve, tag, comment); [`Client::move_alerts`] moves alerts
//!   between incidents, [`Client::update_many`] sends many updates, and [`Client::watch`] yields changes.
//! - [`Client::hunt`] runs a hunting query; its rows, timespans and literals are in [`hunting`].
//! - [`types`] contains what is sent and received, [`query`] conditions and orders, and [`pages`] listings.
//! - [`auth`] contains the token sources; [`RetryPolicy`], [`RateBudget`] and [`Limits`] control retries, the request rate
//!   and limits.
//! - [`Error`] is the only error type; [`Error::effect`] says whether anything was written.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls, as reqwest configures it, with the certificates that the system trusts |
//! | `rustls-ring` | no | TLS by rustls with ring, even if `rustls` is enabled too; without `rustls`, a `reqwest::Client` of your own needs a provider that you install |
//! | `gzip` | yes | compressed responses |
//! | `http2` | no | HTTP/2, if the service offers it |
//! | `oauth` | no | sign-in by client secret, managed or workload identity, `az`, device code |
//! | `certificate` | no | sign-in by client certificate |
//! | `azure-core` | no | credentials of the Azure SDK as token sources |
//! | `schemars` | no | JSON schemas of every public type |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod alert;
mod alerts;
pub mod bulk;
mod client;
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "its modules are public where it is the only module of a crate")]
mod generated;
pub mod hunting;
mod incident;
mod indicators;
mod move_alerts;
mod own_calls;
pub mod query;
mod resolution;
mod resolve_all;
pub mod watch;

pub use alert::AlertHandle;
pub use alerts::{AlertSource, IncidentWithAlerts, IncidentsWithAlerts};
pub use client::ClientBuilder;
pub use generated::{Client, requests, types};
pub use graph_client_runtime as runtime;
pub use graph_client_runtime::{
    ApiVersion, Cloud, Core, DateTime, Effect, Error, ErrorDetail, Limits, RateBudget, RetryPolicy,
    auth, pages,
};
pub use graph_client_runtime::{Utc, Uuid};
pub use incident::{FoundIncident, IncidentHandle};
pub use indicators::{Indicator, IndicatorKind};
pub use move_alerts::AlertMove;
pub use resolution::Resolution;
pub use resolve_all::{AlertOutcome, AlertResolution, ResolvedWithAlerts};

/// The README's program runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
