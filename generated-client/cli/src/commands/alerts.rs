//! `incidents alerts`: alerts by themselves.

mod change;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::raw;
use super::records::{ALERT, ALERTS, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::{Output, tell};

/// The largest page of alerts.
const PAGE: usize = 50;

#[derive(Debug, Subcommand)]
pub(crate) enum AlertsCommand {
    /// List alerts, the newest first
    #[command(after_help = "Examples:
  incidents alerts list --severity high --status new
  incidents alerts list --all --format jsonl > alerts.jsonl")]
    List(List),
    /// Show one alert
    #[command(after_help = "Examples:
  incidents alerts show da637578995287051192_756343937 --format json | jq .evidence")]
    Show {
        /// The alert, by its id
        id: String,
    },
    /// Change alerts
    Update(change::Update),
    /// Add a comment to alerts
    Comment(change::Comment),
    /// Move alerts to another incident, or to a new one
    Move(change::Move),
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
    #[arg(long, value_name = "COUNT", default_value_t = PAGE, conflicts_with = "all")]
    top: usize,
    /// Show all, however many there are
    #[arg(long)]
    all: bool,
}

impl List {
    fn wanted(&self) -> usize {
        if self.all { usize::MAX } else { self.top }
    }

    fn page(&self) -> u32 {
        u32::try_from(self.wanted().clamp(1, PAGE)).unwrap_or(1)
    }

    /// The condition as OData. What stands in it is one of our own words, but for `--filter`.
    fn condition(&self) -> Option<String> {
        let any_of = |property: &str, members: &[String]| {
            let conditions: Vec<String> = members
                .iter()
                .map(|member| format!("{property} eq '{member}'"))
                .collect();
            (!conditions.is_empty()).then(|| format!("({})", conditions.join(" or ")))
        };
        let conditions: Vec<String> = [
            any_of("severity", &self.severity),
            any_of("status", &self.status),
            self.filter.as_ref().map(|text| format!("({text})")),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!conditions.is_empty()).then(|| conditions.join(" and "))
    }
}

/// Carries out a command on alerts.
pub(crate) async fn run(
    connection: &Connection,
    command: &AlertsCommand,
    output: &Output,
) -> Result<ExitCode, Failure> {
    match command {
        AlertsCommand::List(options) => list(connection, options, output).await?,
        AlertsCommand::Show { id } => show(connection, id, output).await?,
        AlertsCommand::Update(options) => return change::update(connection, options, output).await,
        AlertsCommand::Comment(options) => return change::comment(connection, options).await,
        AlertsCommand::Move(options) => change::move_alerts(connection, options).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(connection: &Connection, id: &str, output: &Output) -> Result<(), Failure> {
    if output.is_raw() {
        let core = connection.client.core();
        let path = format!("/security/alerts_v2/{}", crate::ids::segment(id)?);
        return raw::one(core.get(&path)).await;
    }
    let alert = connection.client.get_alert(id).await?;
    output.one(&record(&alert)?, &ALERT)
}

async fn list(connection: &Connection, options: &List, output: &Output) -> Result<(), Failure> {
    if output.is_raw() {
        let mut query = vec![("$top", options.page().to_string())];
        query.extend(options.condition().map(|text| ("$filter", text)));
        return raw::pages(connection, "/security/alerts_v2", &query, options.all).await;
    }
    let mut request = connection.client.list_alerts().top(options.page());
    if let Some(condition) = options.condition() {
        request = request.filter(condition);
    }
    let mut alerts = request.items();
    let mut records = Vec::new();
    let (mut shown, wanted) = (0, options.wanted());
    if output.is_streamed() {
        output.header(&ALERTS)?;
    }
    while shown < wanted {
        let Some(alert) = alerts.next().await else {
            break;
        };
        let record = record(&alert?)?;
        shown += 1;
        match output.is_streamed() {
            true => output.next(&record, &ALERTS)?,
            false => records.push(record),
        }
    }
    if output.is_streamed() {
        return Ok(());
    }
    output.list(&records, &ALERTS)?;
    if output.is_table() && shown == wanted && alerts.next().await.is_some() {
        tell::line(&format!(
            "{shown} shown, there are more: --top COUNT or --all"
        ));
    }
    Ok(())
}
