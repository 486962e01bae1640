//! `incidents merge`: folds incidents into one that the service picks.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::types::MergeIncidentsRequest;

use super::preview;
use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents merge 2972395 2972396 --yes
  incidents merge 2972395 2972396 --comment \"the same campaign\" --dry-run")]
pub(crate) struct Options {
    /// The incidents, by their numbers: two or more
    #[arg(value_name = "ID", required = true, num_args = 2..)]
    ids: Vec<String>,
    /// A comment for the incident that holds them all
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask: nothing undoes a merge
    #[arg(short, long)]
    yes: bool,
}

/// Merges incidents.
pub(crate) async fn run(connection: &Connection, options: &Options) -> Result<ExitCode, Failure> {
    let mut request = MergeIncidentsRequest::new(options.ids.iter().map(String::as_str));
    if let Some(comment) = &options.comment {
        request = request.incident_comment(comment);
    }
    if options.dry_run {
        let base = connection.client.base_url();
        let address = format!("{base}/security/incidents/microsoft.graph.security.mergeIncidents");
        preview::show("POST", &address, &record(&request)?, None)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mass = crate::mass::Mass {
        yes: options.yes,
        ..Default::default()
    };
    mass.confirm("a merge", "incidents", options.ids.len())?;
    let merged = connection.client.merge_incidents(&request).await?;
    let target = merged.target_incident_id.unwrap_or_default();
    Output::say(&format!("{} merged into {target}", options.ids.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}
