//! Advanced hunting: recorded results for exact queries, and a few operators over the simulator's own alerts.

mod condition;
mod evaluate;
mod lexer;
mod parser;
mod quota;
mod reader;
mod table;
mod tables;
mod timespan;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::object::Object;
use table::Cell;

pub(crate) use quota::Spent;
pub(crate) use timespan::Range;

/// The key of recorded results in the state.
pub(crate) const RECORDED: &str = "/admin/hunting";

/// A recorded result for exactly one hunting query.
///
/// ```
/// # use graph_incidents_simulator::{HuntingResult, Simulator};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let simulator = Simulator::builder().start().await?;
/// let result = HuntingResult::new("DeviceEvents | summarize count() by DeviceName")
///     .column("DeviceName", "String")
///     .column("count_", "Int64")
///     .row(["fin-ws-07".into(), 12.into()]);
/// simulator.record_hunting(result);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct HuntingResult {
    /// The query, as it will be sent; surrounding white space is ignored.
    pub query: String,
    /// The columns, in order.
    #[serde(default)]
    pub schema: Vec<HuntingColumn>,
    /// The rows: objects with the columns as properties, and any others.
    #[serde(default)]
    pub results: Vec<Object>,
    /// The processor time that counts for the quota. Default: 0.
    #[serde(default)]
    pub cpu_milliseconds: u64,
    /// An error message of the engine, sent with 400 instead of the rows. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuntingColumn {
    /// Its name.
    pub name: String,
    /// `DateTime`, `String`, `Int64` …; any text.
    #[serde(rename = "type")]
    pub kind: String,
}

impl HuntingResult {
    /// Creates a result without columns and rows.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            schema: Vec::new(),
            results: Vec::new(),
            cpu_milliseconds: 0,
            error: None,
        }
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>, kind: impl Into<String>) -> Self {
        let (name, kind) = (name.into(), kind.into());
        self.schema.push(HuntingColumn { name, kind });
        self
    }

    /// Adds a row: the values of the columns, in order.
    #[must_use]
    pub fn row(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        let names = self.schema.iter().map(|column| column.name.clone());
        self.results.push(names.zip(values).collect());
        self
    }

    /// Sets the processor time.
    #[must_use]
    pub fn cpu_milliseconds(mut self, milliseconds: u64) -> Self {
        self.cpu_milliseconds = milliseconds;
        self
    }

    /// Sets an error message of the engine, sent with 400 instead of rows.
    #[must_use]
    pub fn error(mut self, message: impl Into<String>) -> Self {
        self.error = Some(message.into());
        self
    }
}

/// An error in a query, at a byte offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    message: String,
    at: usize,
}

impl Mistake {
    fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { message, at }
    }

    /// The engine's message, with line and position counted from 1.
    pub(crate) fn told(&self, query: &str) -> String {
        let before = query.get(..self.at).unwrap_or(query);
        let line = before.matches('\n').count() + 1;
        let position = before.rsplit('\n').next().unwrap_or_default();
        let position = position.chars().count() + 1;
        format!("{} [line:position={line}:{position}]", self.message)
    }
}

/// Runs a query over alerts.
pub(crate) fn run(query: &str, alerts: &[Object], range: Range) -> Result<HuntingResult, Mistake> {
    let parsed = parser::parse(query)?;
    let table = tables::named(&parsed.table, parsed.at, alerts, range)?;
    let table = evaluate::evaluate(table, &parsed.steps)?;
    let mut result = HuntingResult::new(query);
    for column in &table.columns {
        result = result.column(&column.name, column.kind.name());
    }
    for row in table.rows {
        result = result.row(row.iter().map(Cell::json));
    }
    Ok(result)
}
