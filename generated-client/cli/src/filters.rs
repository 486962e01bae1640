//! The filters of `list`, `watch` and `export`.

use chrono::{DateTime, Utc};
use clap::Args;
use graph_incidents::query::{Filter, IncidentFilter};
use graph_incidents::types::{AlertSeverity, Incident};

use crate::connect::Connection;
use crate::exit::Failure;
use crate::output::tell;
use crate::times;
use crate::words;

/// Conditions on incidents, all of which must hold.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Filters {
    /// Only incidents with one of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = words::statuses())]
    status: Vec<String>,
    /// Only incidents of one of these severities
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = words::severities())]
    severity: Vec<String>,
    /// Only incidents of this severity or a higher one
    #[arg(long, value_name = "SEVERITY", value_parser = words::severities(), conflicts_with = "severity")]
    at_least: Option<String>,
    /// Only incidents of this owner; `me` is set in the profile, `nobody` means unassigned
    #[arg(long, value_name = "OWNER")]
    assigned_to: Option<String>,
    /// Only incidents that changed since: 2h, 7d, a date such as 2026-01-31 (from midnight UTC), or a time such as
    /// 2026-01-31T08:00:00+01:00
    #[arg(long, value_name = "TIME", value_parser = times::since)]
    pub(crate) since: Option<DateTime<Utc>>,
    /// Only incidents that are neither resolved nor merged into another
    #[arg(long)]
    open: bool,
    /// Only incidents with this tag; the command filters, not the service
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// An OData filter for the service
    #[arg(long, value_name = "ODATA")]
    filter: Option<String>,
}

impl Filters {
    /// The same, with `me` replaced by the owner.
    pub(crate) fn of(&self, connection: &Connection) -> Result<Self, Failure> {
        let mut filters = self.clone();
        if let Some(owner) = &mut filters.assigned_to {
            *owner = connection.owner(owner)?;
        }
        Ok(filters)
    }

    /// The condition for the service, if there is one.
    pub(crate) fn condition(&self) -> Option<Filter> {
        let mut conditions = Vec::new();
        if !self.status.is_empty() {
            conditions.push(
                IncidentFilter::status()
                    .any_of(self.status.iter().map(|name| name.as_str().into())),
            );
        }
        if self.open {
            conditions.push(IncidentFilter::open());
        }
        if !self.severity.is_empty() {
            conditions.push(
                IncidentFilter::severity()
                    .any_of(self.severity.iter().map(|name| name.as_str().into())),
            );
        }
        if let Some(least) = &self.at_least {
            conditions
                .push(IncidentFilter::severity().at_least(AlertSeverity::from(least.as_str())));
        }
        match self.assigned_to.as_deref() {
            Some("nobody") => conditions.push(IncidentFilter::assigned_to().is_null()),
            Some(owner) => conditions.push(IncidentFilter::assigned_to().eq(owner)),
            None => {}
        }
        if let Some(time) = self.since {
            conditions.push(IncidentFilter::last_update_date_time().ge(time));
        }
        if let Some(text) = &self.filter {
            conditions.push(Filter::raw(text.clone()));
        }
        conditions.into_iter().reduce(Filter::and)
    }

    /// Whether an incident has all requested tags, which the service cannot filter by.
    pub(crate) fn has_tags(&self, incident: &Incident) -> bool {
        if !self.tag.is_empty() {
            let missing = format!("incident {} is left out", incident.id);
            tell::unreadable(&missing, "customTags", incident.unreadable());
        }
        let tags = incident.custom_tags();
        self.tag.iter().all(|tag| tags.contains(tag))
    }
}
