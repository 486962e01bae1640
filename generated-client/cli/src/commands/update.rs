//! `incidents update`, `resolve` and `assign`: changes of incidents.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::Call as _;
use graph_incidents::types::{Incident, IncidentStatus, IncidentUpdate};
use graph_incidents::{Client, Error};

use super::preview;
use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::mass::{Deed, Mass, Outcome};
use crate::output::Output;
use crate::words;

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

/// The changes.
#[derive(Debug, Clone, Default, Args)]
struct Change {
    /// The new status
    #[arg(long, value_parser = words::new_statuses())]
    status: Option<String>,
    /// The new severity
    #[arg(long, value_parser = words::severities())]
    severity: Option<String>,
    /// The classification
    #[arg(long, value_parser = words::classifications())]
    classification: Option<String>,
    /// The determination, such as phishing or notMalicious
    #[arg(long, value_parser = words::determinations(), hide_possible_values = true)]
    determination: Option<String>,
    /// The new owner; `me` is set in the profile, `nobody` removes the owner
    #[arg(long, value_name = "OWNER")]
    assigned_to: Option<String>,
    /// The new title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The summary
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// The description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The comment on the resolution
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
    /// Refuses options that contradict each other.
    fn check(&self) -> Result<(), Failure> {
        let set = [
            ("assigned-to", &self.assigned_to),
            ("classification", &self.classification),
            ("determination", &self.determination),
            ("summary", &self.summary),
            ("description", &self.description),
            ("title", &self.title),
            ("resolving-comment", &self.resolving_comment),
        ];
        let is_cleared = |name: &str| self.clear.iter().any(|cleared| cleared == name);
        for (name, value) in set {
            if value.is_some() && is_cleared(name) {
                return Err(Failure::usage(format!(
                    "--{name} sets what --clear {name} clears"
                )));
            }
        }
        match self
            .add_tag
            .iter()
            .find(|tag| self.remove_tag.contains(tag))
        {
            Some(tag) => Err(Failure::usage(format!(
                "tag `{tag}` is both added and removed"
            ))),
            None => Ok(()),
        }
    }

    /// The new tags; none if they do not change.
    fn tags(&self, before: &[String]) -> Option<Vec<String>> {
        let mut tags = before.to_vec();
        if self.clear.iter().any(|name| name == "tags") {
            tags.clear();
        }
        tags.retain(|tag| !self.remove_tag.contains(tag));
        for tag in &self.add_tag {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        (tags != before).then_some(tags)
    }

    /// The update of everything except tags.
    fn update(&self, connection: &Connection) -> Result<IncidentUpdate, Failure> {
        self.check()?;
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
        match self.assigned_to.as_deref() {
            Some("nobody") => update = update.clear_assigned_to(),
            Some(owner) => update = update.assigned_to(connection.owner(owner)?),
            None => {}
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
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let change = &options.change;
    let update = change.update(connection)?;
    if update.is_empty() && !change.changes_tags() {
        return Err(Failure::usage("nothing to change")
            .help("name a property, such as --status inProgress"));
    }
    carry_out(
        connection,
        &options.ids,
        update,
        change,
        &options.mass,
        (Deed::CHANGE, output),
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
    /// The classification
    #[arg(long, value_parser = words::verdicts())]
    classification: String,
    /// The determination, such as phishing or notMalicious
    #[arg(long, value_parser = words::determinations(), hide_possible_values = true)]
    determination: String,
    /// The comment on the resolution
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    mass: Mass,
}

/// Resolves incidents.
pub(crate) async fn resolve(
    connection: &Connection,
    options: &Resolve,
    output: &Output,
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
        (Deed::RESOLVE, output),
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
    /// The new owner; `me` is set in the profile, `nobody` removes the owner
    #[arg(long, value_name = "OWNER")]
    to: String,
    #[command(flatten)]
    mass: Mass,
}

/// Assigns incidents.
pub(crate) async fn assign(
    connection: &Connection,
    options: &Assign,
    output: &Output,
) -> Result<ExitCode, Failure> {
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
        (Deed::ASSIGN, output),
    )
    .await
}

async fn carry_out(
    connection: &Connection,
    ids: &Ids,
    update: IncidentUpdate,
    change: &Change,
    mass: &Mass,
    (deed, output): (Deed, &Output),
) -> Result<ExitCode, Failure> {
    let ids = ids.read()?;
    if mass.dry_run {
        for id in &ids {
            preview(&connection.client, id, &update, change).await?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let told = output.told()?;
    mass.confirm(deed, "incidents", ids.len())?;
    let (client, change) = (connection.client.clone(), change.clone());
    mass.run(ids, move |id| {
        let (client, update, change) = (client.clone(), update.clone(), change.clone());
        let told = told.clone();
        Box::pin(async move {
            let result = write(&client, &id, update, &change).await;
            let result =
                result.map(|(incident, word)| told.of(&incident, || format!("{id} {word}")));
            Outcome { id, result }
        })
    })
    .await
}

/// Sends the update of one incident; tags are read first, because the service only accepts whole lists.
async fn write(
    client: &Client,
    id: &str,
    update: IncidentUpdate,
    change: &Change,
) -> Result<(Incident, &'static str), Error> {
    if !change.changes_tags() {
        return Ok((client.update_incident(id, &update).await?, "changed"));
    }
    let before = client.get_incident(id).await?;
    let update = with_tags(&before, update, change);
    match update.is_empty() {
        true => Ok((before, "has these tags already")),
        false => Ok((client.update_incident(id, &update).await?, "changed")),
    }
}

fn with_tags(before: &Incident, update: IncidentUpdate, change: &Change) -> IncidentUpdate {
    match change.tags(before.custom_tags()) {
        Some(tags) => update.custom_tags(tags),
        None => update.leave_custom_tags(),
    }
}

/// Shows method, URL, body and changes, and only sends a read request.
async fn preview(
    client: &Client,
    id: &str,
    update: &IncidentUpdate,
    change: &Change,
) -> Result<(), Failure> {
    let before = client.get_incident(id).await?;
    let update = match change.changes_tags() {
        true => with_tags(&before, update.clone(), change),
        false => update.clone(),
    };
    if update.is_empty() {
        return Output::say(&format!(
            "{id} has these tags already; nothing would be sent"
        ));
    }
    let request = client.update_incident(id, &update).request()?;
    let differences = preview::differences(&request, &record(&before)?)?;
    preview::show(&request, &differences)
}
