//! `incidents api`: a request to any path of Microsoft Graph, with the client's retry and paging.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::files;
use serde_json::Value;

use super::{preview, raw};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::interrupts;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents api GET /security/secureScores --query '$top=1'
  incidents api GET /security/alerts_v2 --paginate
  incidents api PATCH /security/incidents/2972395 --input - < body.json")]
pub(crate) struct Options {
    /// The method
    #[arg(value_name = "METHOD", value_parser = ["GET", "POST", "PATCH", "PUT", "DELETE"], ignore_case = true)]
    method: String,
    /// The path below the version, such as /security/incidents
    #[arg(value_name = "PATH")]
    path: String,
    /// A query option, as NAME=VALUE
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// A file with the JSON body; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    input: Option<String>,
    /// Follow the links of a list, and write all of its items, one a line
    #[arg(long)]
    paginate: bool,
    /// Show the request without sending it
    #[arg(long)]
    dry_run: bool,
}

/// Sends the request and writes the response.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    // The properties of a path are unknown: names cannot be checked.
    output.check_fields(Vec::new)?;
    let core = connection.client.core();
    let path = options.path.as_str();
    let method = options.method.to_ascii_uppercase();
    let is_read = method == "GET";
    let mut request = match method.as_str() {
        "POST" => core.post(path),
        "PATCH" => core.patch(path),
        "PUT" => core.put(path),
        "DELETE" => core.delete(path),
        _ => core.get(path),
    };
    for pair in &options.query {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{pair}` is not NAME=VALUE")))?;
        request = request.query(name, value);
    }
    if let Some(body) = options.body()? {
        request = request.json(&body);
    }
    if options.dry_run {
        preview::show(&request.build()?, &[])?;
        return Ok(ExitCode::SUCCESS);
    }
    if options.paginate {
        if !is_read {
            return Err(Failure::usage("only GET has pages: leave --paginate out"));
        }
        if output.is_raw() {
            return Err(
                Failure::usage("--paginate writes items, and --raw a response")
                    .help("leave one of the two out"),
            );
        }
        let output = output.items_of_any_list()?;
        let mut items = request.pages().into_items();
        while let Some(item) = items.next().await {
            output.next(&item?, &[])?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if output.is_raw() {
        return interrupts::whole(raw::any(request), |()| Ok(())).await;
    }
    interrupts::whole(request.send::<Value>(), |response| {
        output.document(&response)
    })
    .await
}

impl Options {
    fn body(&self) -> Result<Option<Value>, Failure> {
        let text = match self.input.as_deref() {
            None => return Ok(None),
            Some("-") => files::text(std::io::stdin(), files::LARGE).map_err(|error| {
                Failure::usage(format!("failed to read standard input: {error}"))
            })?,
            Some(path) => files::read_text(path, files::LARGE)
                .map_err(|error| Failure::usage(format!("failed to read {path}: {error}")))?,
        };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Failure::usage(format!("the body is not JSON: {error}")))
    }
}
