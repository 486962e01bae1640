//! `incidents merge`: merges incidents into one that the service chooses.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::Call as _;
use graph_incidents::types::MergeIncidentsRequest;
use serde_json::json;

use super::preview::{self, Difference};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::interrupts;
use crate::mass::{Deed, Mass};
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents merge 2972395 2972396 --yes
  incidents merge 2972395 2972396 --comment \"the same campaign\" --dry-run")]
pub(crate) struct Options {
    /// The ids of two or more incidents
    #[arg(value_name = "ID", required = true, num_args = 2..)]
    ids: Vec<String>,
    /// A comment for the resulting incident
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Show the request without sending it
    #[arg(long)]
    dry_run: bool,
    /// Merge without asking, although a merge cannot be undone
    #[arg(short, long)]
    yes: bool,
}

/// Merges incidents.
pub(crate) async fn run(connection: &Connection, options: &Options) -> Result<ExitCode, Failure> {
    let mut request = MergeIncidentsRequest::new(options.ids.iter().map(String::as_str));
    if let Some(comment) = &options.comment {
        request = request.incident_comment(comment);
    }
    let client = &connection.client;
    if options.dry_run {
        let call = client.merge_incidents(&request);
        let mut differences = Vec::new();
        for id in &options.ids {
            let before = client.get_incident(id).await?;
            let after = "\"redirected\", unless the service keeps this one";
            let before = json!(before.status).to_string();
            differences.push(Difference::of(format!("status of {id}"), before, after));
        }
        preview::show(&call.request()?, &differences)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mass = Mass {
        yes: options.yes,
        ..Default::default()
    };
    mass.confirm(Deed::MERGE, "incidents", options.ids.len())?;
    interrupts::whole(client.merge_incidents(&request).send(), |merged| {
        let target = merged.target_incident_id.unwrap_or_default();
        Output::say(&format!("{} merged into {target}", options.ids.join(", ")))
    })
    .await
}
