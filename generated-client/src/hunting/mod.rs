//! Advanced hunting: queries in KQL, and their rows with the types that the response's schema gives them.
//!
//! ```
//! use std::time::Duration;
//!
//! use graph_incidents::hunting::{Timespan, kql};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
//! # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Finding {
//!     timestamp: graph_incidents::DateTime<graph_incidents::Utc>,
//!     device_name: String,
//!     file_size: Option<i64>,
//! }
//!
//! let host = r#"fin-ws-07" or "x" == "x"#;
//! let query = format!(
//!     "AlertEvidence | where DeviceName =~ {} | project Timestamp, DeviceName, FileSize",
//!     kql::text(host),
//! );
//! let week = Timespan::last(Duration::from_secs(7 * 86_400));
//! let found = client.hunt(query).within(week).await?;
//! for finding in found.rows::<Finding>()? {
//!     println!("{} {} {:?}", finding.timestamp, finding.device_name, finding.file_size);
//! }
//! # assert!(found.is_empty());
//! # Ok(())
//! # }
//! ```

pub mod kql;
mod mistake;
mod row;
mod timespan;
mod value;

use graph_client_runtime::Error;
use graph_client_runtime::generated_code::{CallFuture, awaitable};

pub use mistake::Position;
pub use row::{Column, Findings, Row};
pub use timespan::{Timespan, TimespanError};
pub use value::{Cell, ColumnType};

use crate::Client;
use crate::types::HuntingQueryRequest;

impl Client {
    /// Runs a query in Kusto Query Language over the tenant's raw events; see [`hunting`](crate::hunting).
    ///
    /// It only reads, and is repeated as a `GET` is, but not after a time-out of our own: the query would cost the
    /// tenant's quota again. An attempt may take 200 s and the whole call ten minutes, unless the client's
    /// [`Limits`](crate::Limits) and [`RetryPolicy`](crate::RetryPolicy) say otherwise.
    ///
    /// A response may have 50 MB. Where one of very many small values needs more memory than
    /// [`Limits::memory_bytes`](crate::Limits::memory_bytes) allows, it is an error that says so; allow more with
    /// [`with_limits`](Self::with_limits).
    ///
    /// A mistake in the query is an error with [`Error::is_bad_request`] and the engine's own words;
    /// [`Position::of`] says where it is.
    pub fn hunt(&self, query: impl Into<String>) -> Hunt<'_> {
        Hunt {
            client: self,
            query: query.into(),
            timespan: None,
        }
    }
}

/// A hunting query; it is run when it is awaited. See [`Client::hunt`].
#[derive(Debug, Clone)]
#[must_use = "a query is run only when it is awaited"]
pub struct Hunt<'a> {
    client: &'a Client,
    query: String,
    timespan: Option<Timespan>,
}

impl<'a> Hunt<'a> {
    /// Sets how far to look. Where the query filters by time itself, the narrower of the two counts. Default: the last
    /// 30 days.
    pub fn within(mut self, timespan: Timespan) -> Self {
        self.timespan = Some(timespan);
        self
    }

    /// Runs the query.
    ///
    /// # Errors
    ///
    /// Those of [`Client::run_hunting_query`]; an empty query, and a timespan that ends before it begins, are not sent.
    pub fn send(self) -> CallFuture<'a, Findings> {
        Box::pin(self.run())
    }

    async fn run(self) -> Result<Findings, Error> {
        if self.query.trim().is_empty() {
            return Err(Error::refused("the hunting query is empty"));
        }
        let mut body = HuntingQueryRequest::new(self.query);
        if let Some(timespan) = self.timespan {
            body = body.timespan(timespan.checked()?);
        }
        let results = self.client.run_hunting_query(&body).send().await?;
        Findings::of(results)
    }
}

awaitable!(Hunt => Findings);
