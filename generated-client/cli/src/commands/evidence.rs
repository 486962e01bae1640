//! `incidents evidence`: hosts, users, addresses, files and other evidence of incidents, as flat rows.

use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use graph_incidents::IndicatorKind;
use graph_incidents::types::Alert;
use serde_json::Value;

use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::output::table::Column;
use crate::output::{Output, tell};

/// The columns of a row.
pub(crate) static COLUMNS: [Column; 5] = [
    Column::text("TYPE", "type"),
    Column::text("VALUE", "value"),
    Column::text("VERDICT", "verdict"),
    Column::text("ALERT", "alertId"),
    Column::text("INCIDENT", "incidentId"),
];

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents evidence 2972395
  incidents evidence 2972395 --type host --json value
  incidents list --open --json id | incidents evidence --format csv")]
pub(crate) struct Options {
    #[command(flatten)]
    ids: Ids,
    /// Only rows of these types
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = kinds())]
    types: Vec<String>,
}

/// The types of rows.
fn kinds() -> PossibleValuesParser {
    IndicatorKind::ALL.iter().map(|kind| kind.as_str()).into()
}

/// Shows evidence.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let mut found = Vec::new();
    for id in options.ids.read()? {
        let mut alerts = connection.client.list_incident_alerts(&id).items();
        while let Some(alert) = alerts.next().await {
            found.extend(rows(&id, &alert?)?);
        }
    }
    if !options.types.is_empty() {
        found.retain(|row| options.types.iter().any(|wanted| row["type"] == **wanted));
    }
    output.list(&found, &COLUMNS)?;
    Ok(ExitCode::SUCCESS)
}

/// The rows of an alert.
pub(crate) fn rows(incident_id: &str, alert: &Alert) -> Result<Vec<Value>, Failure> {
    let missing = format!("alert {} has evidence that is not shown", alert.id);
    tell::unreadable(&missing, "evidence", alert.unreadable());
    let rows = alert.indicators().into_iter().map(|indicator| {
        let mut row = record(&indicator)?;
        row["incidentId"] = Value::String(incident_id.to_owned());
        Ok(row)
    });
    rows.collect()
}
