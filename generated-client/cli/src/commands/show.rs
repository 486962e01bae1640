//! `incidents show`: one incident, on request with its alerts, evidence and comments.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::query::IncidentProperty;
use serde_json::Value;

use super::evidence;
use super::raw;
use super::records::{ALERTS, COMMENTS, INCIDENT, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::{Output, tell};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents show 2972395
  incidents show 2972395 --alerts --evidence --comments
  incidents show 2972395 --format json | jq .customTags")]
pub(crate) struct Options {
    /// The id of the incident
    #[arg(value_name = "ID")]
    id: String,
    /// Show its alerts too
    #[arg(long)]
    alerts: bool,
    /// Show the evidence of its alerts too
    #[arg(long)]
    evidence: bool,
    /// Show its comments too
    #[arg(long)]
    comments: bool,
    /// Show the incident that it was merged into instead
    #[arg(long)]
    follow: bool,
}

impl Options {
    /// Refuses flags whose result the output would not contain.
    fn check(&self, output: &Output) -> Result<(), Failure> {
        if output.is_raw() {
            return match self.follow {
                true => Err(Failure::usage(
                    "--raw shows the response for this id, and follows no merge",
                )
                .help("leave out --raw, or name the other incident")),
                false => Ok(()),
            };
        }
        for (flag, is_set, property) in [
            ("--alerts", self.alerts, "alerts"),
            ("--evidence", self.evidence, "alerts"),
            ("--comments", self.comments, "comments"),
        ] {
            if is_set && !output.writes(property) {
                return Err(Failure::usage(format!(
                    "{flag} has no effect: `{property}` is not written"
                ))
                .help(format!(
                    "leave it out, add `{property}` to the properties, or use another format"
                )));
            }
        }
        Ok(())
    }
}

/// Shows one incident.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    options.check(output)?;
    if output.is_raw() {
        let mut request = connection.client.get_incident(&options.id);
        if options.alerts || options.evidence {
            request = request.expand([IncidentProperty::Alerts]);
        }
        raw::one(request).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut handle = connection.client.incident(&options.id);
    if options.follow {
        handle = handle.following_merges();
    }
    let incident = handle.get().await?.into_incident();
    let mut shown = record(&incident)?;
    let (mut alerts, mut evidence) = (Vec::new(), Vec::new());
    if options.alerts || options.evidence {
        let mut items = connection.client.list_incident_alerts(&incident.id).items();
        while let Some(alert) = items.next().await {
            let alert = alert?;
            evidence.extend(evidence::rows(&incident.id, &alert)?);
            alerts.push(record(&alert)?);
        }
        shown["alerts"] = Value::Array(alerts.clone());
    }
    output.one(&shown, &INCIDENT)?;
    if !output.is_table() {
        return Ok(ExitCode::SUCCESS);
    }
    if options.alerts {
        output.print("\n")?;
        output.list(&alerts, &ALERTS)?;
    }
    if options.evidence {
        output.print("\n")?;
        output.list(&evidence, &evidence::COLUMNS)?;
    }
    if options.comments {
        let missing = format!("incident {} has comments that are not shown", incident.id);
        tell::unreadable(&missing, "comments", incident.unreadable());
        let comments = shown["comments"].as_array().cloned().unwrap_or_default();
        output.print("\n")?;
        output.list(&comments, &COMMENTS)?;
    }
    Ok(ExitCode::SUCCESS)
}
