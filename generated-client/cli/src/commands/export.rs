//! `incidents export`: all incidents, one per line, for a SIEM or a data lake.

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use graph_incidents::pages::Items;
use graph_incidents::query::IncidentProperty;
use graph_incidents::types::Incident;
use graph_incidents::{IncidentWithAlerts, IncidentsWithAlerts};
use serde_json::Value;

use super::records::{INCIDENTS, record};
use crate::connect::Connection;
use crate::exit::{self, Failure};
use crate::filters::Filters;
use crate::global::Format;
use crate::interrupts::interrupts;
use crate::output::{Output, tell};

/// The service's maximum page size.
const PAGE: u32 = 50;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents export > incidents.jsonl
  incidents export --since 24h --alerts | gzip > yesterday.jsonl.gz
  incidents export --format csv > incidents.csv")]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    /// Include the alerts of each incident
    #[arg(long)]
    alerts: bool,
}

/// Writes every incident as soon as it is received, in the order of the last change, oldest first.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let filters = options.filters.of(connection)?;
    let output = output.streaming(Format::Jsonl)?;
    let mut request = connection
        .client
        .list_incidents()
        .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
        .top(PAGE);
    if let Some(condition) = filters.condition() {
        request = request.filter(condition);
    }
    output.header(&INCIDENTS)?;
    let mut written = Written::default();
    let mut interrupted = interrupts();
    let mut incidents = match options.alerts {
        true => Source::WithAlerts(request.with_alerts()),
        false => Source::Alone(Box::new(request.items())),
    };
    loop {
        let next = tokio::select! {
            next = incidents.next() => next,
            _ = interrupted.recv() => return Ok(written.interrupted()),
        };
        let Some((incident, shown)) = next.transpose()? else {
            return Ok(ExitCode::SUCCESS);
        };
        if filters.has_tags(&incident) {
            output.next(&shown, &INCIDENTS)?;
        }
        written.count(&incident);
    }
}

/// The source of the incidents.
enum Source<'a> {
    Alone(Box<Items<'a, Incident>>),
    WithAlerts(IncidentsWithAlerts<'a>),
}

impl Source<'_> {
    /// The next incident, and its serialized form.
    async fn next(&mut self) -> Option<Result<(Incident, Value), Failure>> {
        let found = match self {
            Self::Alone(items) => items.next().await?,
            Self::WithAlerts(items) => {
                let next = items.next().await?;
                next.map(IncidentWithAlerts::into_incident)
            }
        };
        let incident = match found {
            Ok(incident) => incident,
            Err(error) => return Some(Err(error.into())),
        };
        Some(record(&incident).map(|shown| (incident, shown)))
    }
}

/// The progress.
#[derive(Default)]
struct Written {
    incidents: u64,
    last: Option<DateTime<Utc>>,
}

impl Written {
    fn count(&mut self, incident: &Incident) {
        self.incidents += 1;
        self.last = incident.last_update_date_time.or(self.last);
    }

    /// Reports the progress, and how to continue.
    fn interrupted(&self) -> ExitCode {
        tell::line(&format!(
            "interrupted: {} incidents were read",
            self.incidents
        ));
        if let Some(last) = self.last {
            let last = last.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            tell::line(&format!("help: --since {last} goes on from there"));
        }
        ExitCode::from(exit::INTERRUPTED)
    }
}
