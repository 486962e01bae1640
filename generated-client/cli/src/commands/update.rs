//! `incidents update`, `resolve` and `assign`: changes of incidents.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::types::{IncidentStatus, IncidentUpdate};
use graph_incidents::{Client, Error};

use super::preview;
use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::filters;
use crate::ids::Ids;
use crate::mass::{Mass, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents update 2972395 --status inProgress --severity high
  incidents update 2972395 --clear assigned-to --add-tag reviewed
  incidents list --open --json id | incidents update --add-tag night-shift --yes
  incidents update 2972395 --summary \"One device, contained\" --dry-run")]
pub(crate) struct Options {
    #[command(flatten)]
    ids: Ids,
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    mass: Mass,
}

/// What to change.
#[derive(Debug, Clone, Default, Args)]
struct Change {
    /// The new status
    #[arg(long, value_parser = filters::status())]
    status: Option<String>,
    /// The new severity
    #[arg(long, value_parser = ["informational", "low", "medium", "high"])]
    severity: Option<String>,
    /// The verdict
    #[arg(long, value_parser = ["truePositive", "falsePositive", "informationalExpectedActivity", "unknown"])]
    classification: Option<String>,
    /// What kind of true or false positive it is, such as phishing or notMalicious
    #[arg(long)]
    determination: Option<String>,
    /// The new owner; `me` is the one of the profile
    #[arg(long, value_name = "OWNER")]
    assigned_to: Option<String>,
    /// The new title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What happened
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// The description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Why it was resolved
    #[arg(long, value_name = "TEXT")]
    resolving_comment: Option<String>,
    /// Clear a property
    #[arg(long, value_name = "PROPERTY", value_delimiter = ',', value_parser = ["assigned-to", "classification", "determination", "summary", "description", "title", "resolving-comment", "tags"])]
    clear: Vec<String>,
    /// Add a tag and keep the others
    #[arg(long, value_name = "TAG")]
    add_tag: Vec<String>,
    /// Remove a tag and keep the others
    #[arg(long, value_name = "TAG")]
    remove_tag: Vec<String>,
}

impl Change {
    /// The update of everything but tags.
    fn update(&self, connection: &Connection) -> Result<IncidentUpdate, Failure> {
        let mut update = IncidentUpdate::new();
        if let Some(status) = &self.status {
            update = update.status(status.as_str().into());
        }
        if let Some(severity) = &self.severity {
            update = update.severity(severity.as_str().into());
        }
        if let Some(classification) = &self.classification {
            update = update.classification(classification.as_str().into());
        }
        if let Some(determination) = &self.determination {
            update = update.determination(determination.as_str().into());
        }
        if let Some(owner) = &self.assigned_to {
            update = update.assigned_to(connection.owner(owner)?);
        }
        if let Some(title) = &self.title {
            update = update.display_name(title);
        }
        if let Some(summary) = &self.summary {
            update = update.summary(summary);
        }
        if let Some(description) = &self.description {
            update = update.description(description);
        }
        if let Some(comment) = &self.resolving_comment {
            update = update.resolving_comment(comment);
        }
        for property in &self.clear {
            update = match property.as_str() {
                "assigned-to" => update.clear_assigned_to(),
                "classification" => update.clear_classification(),
                "determination" => update.clear_determination(),
                "summary" => update.clear_summary(),
                "description" => update.clear_description(),
                "title" => update.clear_display_name(),
                "resolving-comment" => update.clear_resolving_comment(),
                _ => update.custom_tags(Vec::<String>::new()),
            };
        }
        Ok(update)
    }

    fn changes_tags(&self) -> bool {
        !self.add_tag.is_empty() || !self.remove_tag.is_empty()
    }
}

/// Changes what the flags say.
pub(crate) async fn run(connection: &Connection, options: &Options) -> Result<ExitCode, Failure> {
    let change = &options.change;
    let update = change.update(connection)?;
    if update.is_empty() && !change.changes_tags() {
        return Err(Failure::usage("nothing is to be changed")
            .help("name a property, such as --status inProgress"));
    }
    carry_out(
        connection,
        &options.ids,
        update,
        change,
        &options.mass,
        "change",
    )
    .await
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents resolve 2972395 --classification truePositive --determination phishing --comment \"sessions revoked\"
  incidents resolve 2972395 2972396 --classification falsePositive --determination notMalicious --yes")]
pub(crate) struct Resolve {
    #[command(flatten)]
    ids: Ids,
    /// The verdict
    #[arg(long, value_parser = ["truePositive", "falsePositive", "informationalExpectedActivity"])]
    classification: String,
    /// What kind of true or false positive it is, such as phishing or notMalicious
    #[arg(long)]
    determination: String,
    /// Why it is resolved
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    mass: Mass,
}

/// Resolves incidents.
pub(crate) async fn resolve(
    connection: &Connection,
    options: &Resolve,
) -> Result<ExitCode, Failure> {
    let mut update = IncidentUpdate::new()
        .status(IncidentStatus::Resolved)
        .classification(options.classification.as_str().into())
        .determination(options.determination.as_str().into());
    if let Some(comment) = &options.comment {
        update = update.resolving_comment(comment);
    }
    let none = Change::default();
    carry_out(
        connection,
        &options.ids,
        update,
        &none,
        &options.mass,
        "resolution",
    )
    .await
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents assign 2972395 --to triage@contoso.example
  incidents assign 2972395 --to me
  incidents assign 2972395 --to nobody")]
pub(crate) struct Assign {
    #[command(flatten)]
    ids: Ids,
    /// The new owner; `me` is the one of the profile, `nobody` takes the owner away
    #[arg(long, value_name = "OWNER")]
    to: String,
    #[command(flatten)]
    mass: Mass,
}

/// Assigns incidents.
pub(crate) async fn assign(connection: &Connection, options: &Assign) -> Result<ExitCode, Failure> {
    let update = match options.to.as_str() {
        "nobody" => IncidentUpdate::new().clear_assigned_to(),
        owner => IncidentUpdate::new().assigned_to(connection.owner(owner)?),
    };
    let none = Change::default();
    carry_out(
        connection,
        &options.ids,
        update,
        &none,
        &options.mass,
        "assignment",
    )
    .await
}

async fn carry_out(
    connection: &Connection,
    ids: &Ids,
    update: IncidentUpdate,
    change: &Change,
    mass: &Mass,
    what: &str,
) -> Result<ExitCode, Failure> {
    let ids = ids.read()?;
    if mass.dry_run {
        for id in &ids {
            preview(&connection.client, id, &update, change).await?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    mass.confirm(what, "incidents", ids.len())?;
    let (client, change) = (connection.client.clone(), change.clone());
    mass.run(ids, move |id| {
        let (client, update, change) = (client.clone(), update.clone(), change.clone());
        Box::pin(async move {
            let result = write(&client, &id, update, &change).await;
            Outcome { id, result }
        })
    })
    .await
}

/// Sends the update of one incident; tags are read first, for the service knows whole lists only.
async fn write(
    client: &Client,
    id: &str,
    update: IncidentUpdate,
    change: &Change,
) -> Result<String, Error> {
    let update = with_tags(client, id, update, change).await?;
    if !update.is_empty() {
        client.update_incident(id, &update).await?;
    }
    Ok(format!("{id} changed"))
}

async fn with_tags(
    client: &Client,
    id: &str,
    update: IncidentUpdate,
    change: &Change,
) -> Result<IncidentUpdate, Error> {
    if !change.changes_tags() {
        return Ok(update);
    }
    let before = client.get_incident(id).await?;
    let mut tags = before.custom_tags().to_vec();
    tags.retain(|tag| !change.remove_tag.contains(tag));
    for tag in &change.add_tag {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    match tags == before.custom_tags() {
        true => Ok(update),
        false => Ok(update.custom_tags(tags)),
    }
}

/// Shows method, address, body and what would change, and sends nothing but a read.
async fn preview(
    client: &Client,
    id: &str,
    update: &IncidentUpdate,
    change: &Change,
) -> Result<(), Failure> {
    let before = record(&client.get_incident(id).await?)?;
    let update = with_tags(client, id, update.clone(), change).await?;
    let address = format!("{}/security/incidents/{id}", client.base_url());
    preview::show("PATCH", &address, &record(&update)?, Some(&before))
}
