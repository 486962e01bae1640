//! Changes of alerts: properties, comments, and the incident that they belong to.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::Call as _;
use graph_incidents::types::{AlertCommentCreate, AlertUpdate, MoveAlertsRequest};
use serde_json::json;

use crate::commands::preview::{self, Difference};
use crate::commands::records::{ALERT, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::interrupts;
use crate::mass::{Deed, Mass, Outcome};
use crate::output::Output;
use crate::words;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents alerts update da637578995287051192_756343937 --status resolved --classification truePositive --determination malware
  incidents alerts list --status new --json id | incidents alerts update --assigned-to me --yes
  incidents alerts update da637578995287051192_756343937 --assigned-to nobody --dry-run")]
pub(crate) struct Update {
    #[command(flatten)]
    ids: Ids,
    /// The new status
    #[arg(long, value_parser = words::alert_statuses())]
    status: Option<String>,
    /// The classification
    #[arg(long, value_parser = words::classifications())]
    classification: Option<String>,
    /// The determination
    #[arg(long, value_parser = words::determinations(), hide_possible_values = true)]
    determination: Option<String>,
    /// The new owner; `me` is set in the profile, `nobody` removes the owner
    #[arg(long, value_name = "OWNER")]
    assigned_to: Option<String>,
    #[command(flatten)]
    mass: Mass,
}

impl Update {
    fn body(&self, connection: &Connection) -> Result<AlertUpdate, Failure> {
        let mut update = AlertUpdate::new();
        if let Some(status) = &self.status {
            update = update.status(status.as_str().into());
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
        match update.is_empty() {
            true => Err(Failure::usage("nothing to change")
                .help("name a property, such as --status resolved")),
            false => Ok(update),
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents alerts comment da637578995287051192_756343937 --text \"seen by the night shift\"")]
pub(crate) struct Comment {
    #[command(flatten)]
    ids: Ids,
    /// The text of the comment
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    mass: Mass,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents alerts move da637578995287051192_756343937 --to 2972395
  incidents alerts move da637578995287051192_756343937 --to-new --dry-run")]
pub(crate) struct Move {
    /// The ids of the alerts
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The incident to move them to
    #[arg(long, value_name = "INCIDENT", required_unless_present = "to_new")]
    to: Option<String>,
    /// Open a new incident for them
    #[arg(long, conflicts_with = "to")]
    to_new: bool,
    /// A comment for every moved alert
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Show the request without sending it
    #[arg(long)]
    dry_run: bool,
    /// Move more than one alert without asking
    #[arg(short, long)]
    yes: bool,
}

/// Applies the changes of the flags.
pub(super) async fn update(
    connection: &Connection,
    options: &Update,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let update = options.body(connection)?;
    let ids = options.ids.read()?;
    let client = &connection.client;
    if options.mass.dry_run {
        for id in &ids {
            let before = record(&client.get_alert(id).await?)?;
            let request = client.update_alert(id, &update).request()?;
            preview::show(&request, &preview::differences(&request, &before)?)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let [id] = ids.as_slice() {
        let written = async { client.update_alert(id, &update).await };
        return interrupts::whole(written, |alert| output.one(&record(&alert)?, &ALERT)).await;
    }
    let told = output.told()?;
    options.mass.confirm(Deed::CHANGE, "alerts", ids.len())?;
    let client = client.clone();
    options
        .mass
        .run(ids, move |id| {
            let (client, update, told) = (client.clone(), update.clone(), told.clone());
            Box::pin(async move {
                let result = client.update_alert(&id, &update).await;
                let result = result.map(|alert| told.of(&alert, || format!("{id} changed")));
                Outcome { id, result }
            })
        })
        .await
}

/// Adds a comment to each alert. It is never sent again after a failure that leaves its outcome unknown.
pub(super) async fn comment(
    connection: &Connection,
    options: &Comment,
) -> Result<ExitCode, Failure> {
    if options.text.trim().is_empty() {
        return Err(Failure::usage("the comment is empty"));
    }
    let body = AlertCommentCreate::new(&options.text);
    let ids = options.ids.read()?;
    if options.mass.dry_run {
        for id in &ids {
            let request = connection
                .client
                .create_alert_comment(id, &body)
                .request()?;
            let comment = Difference::added("comments", json!(options.text).to_string());
            preview::show(&request, &[comment])?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    options.mass.confirm(Deed::COMMENT, "alerts", ids.len())?;
    let client = connection.client.clone();
    options
        .mass
        .run(ids, move |id| {
            let (client, body) = (client.clone(), body.clone());
            Box::pin(async move {
                let result = client.create_alert_comment(&id, &body).await;
                let result = result.map(|_| format!("{id} has the comment"));
                Outcome { id, result }
            })
        })
        .await
}

/// Moves alerts.
pub(super) async fn move_alerts(
    connection: &Connection,
    options: &Move,
) -> Result<ExitCode, Failure> {
    let client = &connection.client;
    let ids = options.ids.iter().map(String::as_str);
    if options.dry_run {
        let mut body = MoveAlertsRequest::new(ids, options.to.clone());
        if let Some(comment) = &options.comment {
            body = body.alert_comment(comment);
        }
        let request = client.move_alerts_to_incident(&body).request()?;
        let mut differences = Vec::new();
        for id in &options.ids {
            let alert = client.get_alert(id).await?;
            let target = match &options.to {
                Some(target) => json!(target).to_string(),
                None => "a new incident".to_owned(),
            };
            let before = json!(alert.incident_id).to_string();
            differences.push(Difference::of(
                format!("incidentId of {id}"),
                before,
                target,
            ));
        }
        preview::show(&request, &differences)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mass = Mass {
        yes: options.yes,
        ..Mass::default()
    };
    mass.confirm(Deed::MOVE, "alerts", options.ids.len())?;
    let moving = async {
        let mut alerts = client.move_alerts(ids);
        if let Some(comment) = &options.comment {
            alerts = alerts.comment(comment);
        }
        match &options.to {
            Some(incident) => alerts.to(incident).await,
            None => alerts.to_new_incident().await,
        }
    };
    interrupts::whole(moving, |target| Output::say(&format!("moved to {target}"))).await
}
