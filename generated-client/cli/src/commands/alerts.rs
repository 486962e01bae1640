//! `incidents alerts`: alerts independent of incidents.

mod change;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use graph_incidents::query::{AlertFilter, Filter};
use graph_incidents::requests::ListAlerts;

use super::raw;
use super::records::{ALERT, ALERTS, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::{Output, tell};
use crate::words;

/// The largest page of alerts.
const PAGE: usize = 50;

#[derive(Debug, Subcommand)]
pub(crate) enum AlertsCommand {
    /// List alerts, newest first
    #[command(after_help = "Examples:
  incidents alerts list --severity high --status new
  incidents alerts list --all --format jsonl > alerts.jsonl")]
    List(List),
    /// Show one alert
    #[command(after_help = "Examples:
  incidents alerts show da637578995287051192_756343937 --format json | jq .evidence")]
    Show {
        /// The id of the alert
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
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = words::severities())]
    severity: Vec<String>,
    /// Only alerts with one of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = words::alert_statuses())]
    status: Vec<String>,
    /// An OData filter for the service
    #[arg(long, value_name = "ODATA")]
    filter: Option<String>,
    /// The number of items to show [default: 50]
    #[arg(long, value_name = "COUNT", conflicts_with = "all")]
    top: Option<usize>,
    /// Show all items
    #[arg(long)]
    all: bool,
}

impl List {
    fn wanted(&self) -> usize {
        match self.all {
            true => usize::MAX,
            false => self.top.unwrap_or(PAGE),
        }
    }

    fn condition(&self) -> Option<Filter> {
        let mut conditions = Vec::new();
        if !self.severity.is_empty() {
            let members = self.severity.iter().map(|name| name.as_str().into());
            conditions.push(AlertFilter::severity().any_of(members));
        }
        if !self.status.is_empty() {
            let members = self.status.iter().map(|name| name.as_str().into());
            conditions.push(AlertFilter::status().any_of(members));
        }
        conditions.extend(self.filter.as_ref().map(|text| Filter::raw(text.as_str())));
        conditions.into_iter().reduce(Filter::and)
    }

    fn request<'a>(&self, connection: &'a Connection) -> ListAlerts<'a> {
        let page = u32::try_from(self.wanted().clamp(1, PAGE)).unwrap_or(1);
        let request = connection.client.list_alerts().top(page);
        match self.condition() {
            Some(condition) => request.filter(condition),
            None => request,
        }
    }
}

/// Runs a command on alerts.
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
        AlertsCommand::Move(options) => return change::move_alerts(connection, options).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(connection: &Connection, id: &str, output: &Output) -> Result<(), Failure> {
    if output.is_raw() {
        return raw::one(connection.client.get_alert(id)).await;
    }
    let alert = connection.client.get_alert(id).await?;
    output.one(&record(&alert)?, &ALERT)
}

async fn list(connection: &Connection, options: &List, output: &Output) -> Result<(), Failure> {
    if output.is_raw() {
        raw::is_page(options.top.unwrap_or(PAGE), options.all, PAGE)?;
        return raw::pages(connection, options.request(connection), options.all).await;
    }
    let request = options.request(connection);
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
    if !output.is_streamed() {
        output.list(&records, &ALERTS)?;
    }
    let may_be_cut = output.is_table() || options.top.is_none();
    if may_be_cut && shown == wanted && alerts.next().await.is_some() {
        tell::line(&format!(
            "{shown} shown; for more, use --top COUNT or --all"
        ));
    }
    Ok(())
}
