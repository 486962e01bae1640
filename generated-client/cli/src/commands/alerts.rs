//! `incidents alerts`: alerts by themselves.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::records::{ALERT, ALERTS};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::{Output, safe};

/// The largest page of alerts.
const PAGE: usize = 50;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List alerts, the newest first
    List(List),
    /// Show one alert
    Show {
        /// The alert, by its id
        id: String,
    },
    /// Change an alert
    Update(Update),
    /// Add a comment to an alert
    Comment {
        /// The alert, by its id
        id: String,
        /// What to write
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
    /// Move alerts to another incident, or to a new one
    Move(Move),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only alerts of one of these severities
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = ["informational", "low", "medium", "high"])]
    severity: Vec<String>,
    /// Only alerts with one of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = ["new", "inProgress", "resolved"])]
    status: Vec<String>,
    /// An OData filter, as the service reads it
    #[arg(long, value_name = "ODATA")]
    filter: Option<String>,
    /// How many to show
    #[arg(long, value_name = "COUNT", default_value_t = PAGE)]
    top: usize,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The alert, by its id
    id: String,
    /// The new status
    #[arg(long, value_parser = ["new", "inProgress", "resolved"])]
    status: Option<String>,
    /// The verdict
    #[arg(long, value_parser = ["truePositive", "falsePositive", "informationalExpectedActivity", "unknown"])]
    classification: Option<String>,
    /// What kind of true or false positive it is
    #[arg(long)]
    determination: Option<String>,
    /// The new owner; `nobody` takes the owner away
    #[arg(long, value_name = "OWNER")]
    assigned_to: Option<String>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The alerts, by their ids
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The incident to move them to
    #[arg(long, value_name = "INCIDENT", required_unless_present = "to_new")]
    to: Option<String>,
    /// Open a new incident for them
    #[arg(long, conflicts_with = "to")]
    to_new: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
}

/// Carries out a command on alerts.
pub(crate) async fn run(
    connection: &Connection,
    command: &Command,
    output: &Output,
) -> Result<ExitCode, Failure> {
    match command {
        Command::List(options) => list(connection, options, output).await?,
        Command::Show { id } => {
            let alert = connection.client.core().get(&path(id)?).await?;
            output.one(&alert, &ALERT)?;
        }
        Command::Update(options) => update(connection, options, output).await?,
        Command::Comment { id, text } => comment(connection, id, text).await?,
        Command::Move(options) => move_alerts(connection, options).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The path of an alert. An id is one segment of it.
fn path(id: &str) -> Result<String, Failure> {
    let is_plain = !id.is_empty()
        && !id.chars().all(|character| character == '.')
        && id
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.~".contains(character));
    match is_plain {
        true => Ok(format!("/security/alerts_v2/{id}")),
        false => Err(Failure::usage(format!("`{id}` is not the id of an alert"))),
    }
}

async fn list(connection: &Connection, options: &List, output: &Output) -> Result<(), Failure> {
    let any_of = |property: &str, members: &[String]| {
        let conditions: Vec<String> = members
            .iter()
            .map(|member| format!("{property} eq '{member}'"))
            .collect();
        (!conditions.is_empty()).then(|| format!("({})", conditions.join(" or ")))
    };
    let conditions: Vec<String> = [
        any_of("severity", &options.severity),
        any_of("status", &options.status),
        options.filter.as_ref().map(|text| format!("({text})")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut request = connection.client.core().get("/security/alerts_v2");
    request = request.query("$top", &options.top.clamp(1, PAGE).to_string());
    if !conditions.is_empty() {
        request = request.query("$filter", &conditions.join(" and "));
    }
    let mut alerts = request.pages().into_items();
    let mut records = Vec::new();
    while records.len() < options.top {
        let Some(alert) = alerts.next().await else {
            break;
        };
        records.push(alert?);
    }
    output.list(&records, &ALERTS)
}

async fn update(connection: &Connection, options: &Update, output: &Output) -> Result<(), Failure> {
    let mut body = serde_json::Map::new();
    let texts = [
        ("status", &options.status),
        ("classification", &options.classification),
        ("determination", &options.determination),
    ];
    for (property, value) in texts {
        if let Some(value) = value {
            body.insert(property.to_owned(), Value::String(value.clone()));
        }
    }
    match options.assigned_to.as_deref() {
        Some("nobody") => body.insert("assignedTo".to_owned(), Value::Null),
        Some(owner) => body.insert("assignedTo".to_owned(), Value::String(owner.to_owned())),
        None => None,
    };
    if body.is_empty() {
        return Err(Failure::usage("nothing is to be changed")
            .help("name a property, such as --status resolved"));
    }
    let (path, body) = (path(&options.id)?, Value::Object(body));
    if options.dry_run {
        return preview(connection, "PATCH", &path, &body);
    }
    let alert = connection.client.core().patch(&path).json(&body).await?;
    output.one(&alert, &ALERT)
}

async fn comment(connection: &Connection, id: &str, text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Err(Failure::usage("the comment is empty"));
    }
    let body = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": text});
    let path = format!("{}/comments", path(id)?);
    connection.client.core().post(&path).json(&body).await?;
    println!("{} has the comment", safe::line(id));
    Ok(())
}

async fn move_alerts(connection: &Connection, options: &Move) -> Result<(), Failure> {
    let body = json!({"alertIds": options.ids, "incidentId": options.to});
    let path = "/security/alerts_v2/moveAlerts";
    if options.dry_run {
        return preview(connection, "POST", path, &body);
    }
    let moved = connection.client.core().post(path).json(&body).await?;
    let target = moved["targetIncidentId"].as_str().unwrap_or_default();
    println!("moved to {}", safe::line(target));
    Ok(())
}

fn preview(connection: &Connection, method: &str, path: &str, body: &Value) -> Result<(), Failure> {
    let body = crate::output::machine::json(body)?;
    print!(
        "{}",
        safe::paragraph(&format!(
            "{method} {}{path}\n{body}",
            connection.client.base_url()
        ))
    );
    Ok(())
}
