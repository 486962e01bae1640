//! The basis of every client that is generated from a Microsoft Graph description: sign-in, retries, limits, pages,
//! JSON.
//!
//! A generated client is a thin type around a [`Core`]; a user of one needs this crate only for types that clients
//! share. [`Core`] can also call any path of Microsoft Graph:
//!
//! ```
//! use graph_client_runtime::Core;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
//! let core = Core::builder().token("a token");
//! # let core = core.token(simulator.token()).base_url(simulator.base_url());
//! let core = core.build()?;
//! let incident = core.get("/security/incidents/2972395").query("$select", "id,status").await?;
//! assert_eq!(incident["id"], "2972395");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls with reqwest's defaults and the certificates that the system trusts |
//! | `rustls-ring` | no | TLS by rustls and ring instead, also beside `rustls`; without `rustls`, a `reqwest::Client` of your own needs a provider that you install |
//! | `gzip` | yes | compressed responses |
//! | `http2` | no | HTTP/2, if the service offers it |
//! | `oauth` | no | sign-in by client secret, managed or workload identity, `az`, device code |
//! | `certificate` | no | sign-in by client certificate |
//! | `azure-core` | no | credentials of the Azure SDK as token sources |
//! | `schemars` | no | JSON schemas of every public type |
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod auth;
mod batch;
mod budget;
mod builder;
mod call;
mod cloud;
mod core;
mod data;
mod error;
#[doc(hidden)]
pub mod files;
mod filter;
#[doc(hidden)]
pub mod generated_code;
mod headers;
mod http;
mod limits;
mod operation;
pub mod pages;
mod path;
mod product;
mod property;
mod query;
mod random;
mod raw;
mod requests;
mod retry;
mod telemetry;
mod transfer;

pub use crate::core::{Core, Request};
pub use batch::{Batch, Ticket};
pub use budget::{BudgetSource, PermissionFuture, RateBudget};
pub use builder::ClientBuilder;
pub use call::Call;
pub use cloud::{ApiVersion, Cloud};
pub use data::check::Body;
pub use data::json;
pub use data::rank::RankedEnum;
pub use data::{
    Change, Flags, InvalidItem, JsonMap, Nulls, OpenEnum, Other, OtherReason, Page, Refusal,
    Unreadable, Unrecognized,
};
pub use error::{Effect, Error, ErrorDetail};
pub use filter::{DateField, EnumField, Filter, PlainField, TextField};
pub use headers::WithHeaders;
pub use limits::Limits;
pub use operation::{Expected, Operation};
pub use product::{Product, ServiceClient};
pub use property::Order;
pub use raw::RawRequest;
pub use retry::RetryPolicy;
pub use transfer::{ByteRange, Download, Upload};

pub use chrono::{DateTime, NaiveDate, Utc};
#[cfg(feature = "schemars")]
pub use schemars;
pub use serde_json::Value;
pub use uuid::Uuid;

/// The README's program runs.
#[cfg(all(doctest, feature = "oauth"))]
#[doc = include_str!("../README.md")]
struct Readme;
