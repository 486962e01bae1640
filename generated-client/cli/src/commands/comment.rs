//! `incidents comment`: adds a comment.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::Call as _;
use graph_incidents::types::IncidentCommentCreate;
use serde_json::json;

use super::preview::{self, Difference};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::mass::{Deed, Mass, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents comment 2972395 --text \"mailbox rules removed\"
  incidents list --open --json id | incidents comment --text \"seen by the night shift\" --yes")]
pub(crate) struct Options {
    #[command(flatten)]
    ids: Ids,
    /// The text of the comment
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    mass: Mass,
}

/// Adds a comment to each incident. It is never sent again after a failure that leaves its outcome unknown.
pub(crate) async fn run(connection: &Connection, options: &Options) -> Result<ExitCode, Failure> {
    if options.text.trim().is_empty() {
        return Err(Failure::usage("the comment is empty"));
    }
    let ids = options.ids.read()?;
    if options.mass.dry_run {
        for id in &ids {
            let body = IncidentCommentCreate::new(&options.text);
            let client = &connection.client;
            let request = client.create_incident_comment(id, &body).request()?;
            let comment = Difference::added("comments", json!(options.text).to_string());
            preview::show(&request, &[comment])?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    options
        .mass
        .confirm(Deed::COMMENT, "incidents", ids.len())?;
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
