//! Advanced hunting: queries in KQL, and rows with the types that the response's schema gives them.
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
    /// It only reads, so it is repeated like a `GET`, but not after the client's own timeout: each run costs the tenant's
    /// quota. An attempt may take 200 s and the whole call ten minutes, unless the client's [`Limits`](crate::Limits) and
    /// [`RetryPolicy`](crate::RetryPolicy) say otherwise.
    ///
    /// A response may have up to 50 MB. A response of very many small values can need more memory than
    /// [`Limits::memory_bytes`](crate::Limits::memory_bytes) allows and is then an error; allow more with
    /// [`with_limits`](Self::with_limits).
    ///
    /// An invalid query is an error with [`Error::is_bad_request`] and the engine's message; [`Position::of`] finds the
    /// line and column.
    pub fn hunt(&self, query: impl Into<String>) -> Hunt<'_> {
        Hunt {
            client: self,
            query: query.into(),
            timespan: None,
        }
    }
}

/// A hunting query, which runs when it is awaited; see [`Client::hunt`].
#[derive(Debug, Clone)]
#[must_use = "a query is run only when it is awaited"]
pub struct Hunt<'a> {
    client: &'a Client,
    query: String,
    timespan: Option<Timespan>,
}

impl<'a> Hunt<'a> {
    /// Sets the time range to search. If the query itself filters by time, the narrower range counts. Default: the last 30
    /// days.
    pub fn within(mut self, timespan: Timespan) -> Self {
        self.timespan = Some(timespan);
        self
    }

    /// Runs the query.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::run_hunting_query`]. An empty query, or a timespan that ends before it begins, is
    /// refused before it is sent.
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
