//! `incidents list`: incidents that match conditions.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use graph_incidents::query::{IncidentProperty, Order};
use graph_incidents::requests::ListIncidents;

use super::raw;
use super::records::{INCIDENTS, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::filters::Filters;
use crate::output::{Output, tell};

/// The default number of incidents.
const SHOWN: usize = 50;
/// The service's maximum page size.
const PAGE: usize = 50;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents list --open --at-least high
  incidents list --since 24h --assigned-to nobody --json id,displayName
  incidents list --status active,inProgress --sort created --all --format csv > open.csv")]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    /// The number of items to show [default: 50]
    #[arg(long, value_name = "COUNT", conflicts_with = "all")]
    top: Option<usize>,
    /// Show all items
    #[arg(long)]
    all: bool,
    /// The property to sort by, latest first
    #[arg(long, value_name = "PROPERTY", value_enum, default_value_t = Sort::Changed)]
    sort: Sort,
    /// Reverse the order
    #[arg(long)]
    reverse: bool,
}

/// The property to sort by.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Changed,
    Created,
}

impl Options {
    fn order(&self) -> Order {
        let property = match self.sort {
            Sort::Changed => IncidentProperty::LastUpdateDateTime,
            Sort::Created => IncidentProperty::CreatedDateTime,
        };
        match self.reverse {
            true => property.ascending(),
            false => property.descending(),
        }
    }

    fn wanted(&self) -> usize {
        match self.all {
            true => usize::MAX,
            false => self.top.unwrap_or(SHOWN),
        }
    }

    fn request<'a>(&self, connection: &'a Connection, filters: &Filters) -> ListIncidents<'a> {
        let page = self.wanted().clamp(1, PAGE);
        let request = connection
            .client
            .list_incidents()
            .orderby([self.order()])
            .top(u32::try_from(page).unwrap_or(1));
        match filters.condition() {
            Some(condition) => request.filter(condition),
            None => request,
        }
    }
}

/// Lists incidents.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let filters = options.filters.of(connection)?;
    let request = options.request(connection, &filters);
    if output.is_raw() {
        if !filters.tag.is_empty() {
            return Err(Failure::usage(
                "the service cannot filter by tags: --raw shows what it sent",
            ));
        }
        raw::is_page(options.top.unwrap_or(SHOWN), options.all, PAGE)?;
        raw::pages(connection, request, options.all).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = options.wanted();
    let mut incidents = request.items();
    let mut records = Vec::new();
    let mut shown = 0;
    if output.is_streamed() {
        output.header(&INCIDENTS)?;
    }
    while shown < wanted {
        let Some(incident) = incidents.next().await else {
            break;
        };
        let incident = incident?;
        if !filters.has_tags(&incident) {
            continue;
        }
        shown += 1;
        let record = record(&incident)?;
        match output.is_streamed() {
            true => output.next(&record, &INCIDENTS)?,
            false => records.push(record),
        }
    }
    if !output.is_streamed() {
        output.list(&records, &INCIDENTS)?;
    }
    let may_be_cut = output.is_table() || options.top.is_none();
    if may_be_cut && shown == wanted && incidents.next().await.is_some() {
        tell::line(&format!(
            "{shown} shown; for more, use --top COUNT or --all"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
