//! `incidents hunt`: an advanced hunting query.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use graph_incidents::hunting::{Position, Timespan};
use graph_incidents::runtime::files;
use graph_incidents::types::HuntingQueryRequest;
use serde_json::Value;

use super::raw;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::Output;
use crate::output::table::Column;
use crate::times;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents hunt 'DeviceInfo | take 10'
  incidents hunt -f query.kql --timespan 7d --format csv > rows.csv
  incidents hunt - < query.kql")]
pub(crate) struct Options {
    /// The query, in Kusto Query Language; `-` reads it from standard input
    #[arg(value_name = "QUERY", required_unless_present = "file")]
    query: Option<String>,
    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    file: Option<PathBuf>,
    /// How far to look: 7d, a date, START/END, or ISO 8601 such as P7D. Default of the service: 30 days
    #[arg(long, value_name = "TIMESPAN", value_parser = times::timespan)]
    timespan: Option<Timespan>,
}

impl Options {
    fn text(&self) -> Result<String, Failure> {
        let text = match (&self.file, self.query.as_deref()) {
            (Some(path), _) => files::read_text(path, files::SMALL).map_err(|error| {
                Failure::usage(format!("failed to read {}: {error}", path.display()))
            })?,
            (None, Some("-")) => files::text(std::io::stdin(), files::SMALL).map_err(|error| {
                Failure::usage(format!("failed to read standard input: {error}"))
            })?,
            (None, query) => query.unwrap_or_default().to_owned(),
        };
        match text.trim().is_empty() {
            true => Err(Failure::usage("the query is empty")),
            false => Ok(text),
        }
    }
}

/// Runs a query and shows its rows.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let query = options.text()?;
    if output.is_raw() {
        let mut request = HuntingQueryRequest::new(query);
        if let Some(timespan) = &options.timespan {
            request = request.timespan(timespan.to_string());
        }
        raw::one(connection.client.run_hunting_query(&request)).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut hunt = connection.client.hunt(&*query);
    if let Some(timespan) = &options.timespan {
        hunt = hunt.within(timespan.clone());
    }
    let findings = hunt.await.map_err(|error| {
        let place = Position::of(&error).and_then(|position| shown(&query, position));
        let failure = Failure::from(error);
        match place {
            Some(place) => failure.help(place),
            None => failure,
        }
    })?;
    let columns: Vec<Column> = findings
        .columns()
        .iter()
        .map(|column| Column::named(&column.name))
        .collect();
    let names: Vec<String> = findings
        .columns()
        .iter()
        .map(|column| column.name.clone())
        .collect();
    output.check_fields(|| names)?;
    let rows: Vec<Value> = findings
        .iter()
        .map(|row| Value::Object(row.raw().clone()))
        .collect();
    output.list(&rows, &columns)?;
    Ok(ExitCode::SUCCESS)
}

/// The line of an error, with its position marked.
fn shown(query: &str, position: Position) -> Option<String> {
    let line = usize::try_from(position.line).ok()?.checked_sub(1)?;
    let line = query.lines().nth(line)?;
    Some(format!("look at {position}: {}", line.trim()))
}
