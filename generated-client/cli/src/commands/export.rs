//! `incidents export`: all incidents, one a line, for a SIEM or a data lake.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::query::IncidentProperty;

use super::records::{INCIDENTS, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::filters::Filters;
use crate::global::Format;
use crate::output::Output;

/// The largest page that the service gives.
const PAGE: u32 = 50;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents export > incidents.jsonl
  incidents export --since 24h --alerts | gzip > yesterday.jsonl.gz
  incidents export --format csv > incidents.csv")]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    /// Write the alerts of each incident with it
    #[arg(long)]
    alerts: bool,
}

/// Writes every incident as soon as it has come, the one that changed longest ago first.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let filters = options.filters.of(connection)?;
    let output = output.streaming(Format::Jsonl)?;
    let mut request = connection
        .client
        .list_incidents()
        .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
        .top(PAGE);
    if let Some(condition) = filters.condition() {
        request = request.filter(condition);
    }
    output.header(&INCIDENTS)?;
    if options.alerts {
        let mut incidents = request.with_alerts();
        while let Some(found) = incidents.next().await {
            let found = found?;
            if filters.has_tags(found.custom_tags()) {
                let mut shown = record(&*found)?;
                shown["alerts"] = record(found.alerts())?;
                output.next(&shown, &INCIDENTS)?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut incidents = request.items();
    while let Some(incident) = incidents.next().await {
        let incident = incident?;
        if filters.has_tags(incident.custom_tags()) {
            output.next(&record(&incident)?, &INCIDENTS)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
