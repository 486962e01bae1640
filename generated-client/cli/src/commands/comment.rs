//! `incidents comment`: adds a comment.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::types::IncidentCommentCreate;

use super::preview;
use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::mass::{Mass, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents comment 2972395 --text \"mailbox rules removed\"
  incidents list --open --json id | incidents comment --text \"seen by the night shift\" --yes")]
pub(crate) struct Options {
    #[command(flatten)]
    ids: Ids,
    /// What to write
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    mass: Mass,
}

/// Adds a comment to each incident. It is never sent twice after a failure that leaves open whether it arrived.
pub(crate) async fn run(connection: &Connection, options: &Options) -> Result<ExitCode, Failure> {
    if options.text.trim().is_empty() {
        return Err(Failure::usage("the comment is empty"));
    }
    let ids = options.ids.read()?;
    if options.mass.dry_run {
        for id in &ids {
            let base = connection.client.base_url();
            let address = format!("{base}/security/incidents/{id}/comments");
            let body = IncidentCommentCreate::new(&options.text);
            preview::show("POST", &address, &record(&body)?, None)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    options.mass.confirm("a comment", "incidents", ids.len())?;
    let (client, text) = (connection.client.clone(), options.text.clone());
    options
        .mass
        .run(ids, move |id| {
            let (client, text) = (client.clone(), text.clone());
            Box::pin(async move {
                let result = client.incident(&id).comment(text).await;
                let result =
                    result.map(|comments| format!("{id} has {} comments", comments.value.len()));
                Outcome { id, result }
            })
        })
        .await
}
