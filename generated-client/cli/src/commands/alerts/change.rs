//! Changes of alerts: properties, comments, and the incident that they belong to.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::types::{AlertCommentCreate, AlertUpdate, MoveAlertsRequest};

use crate::commands::preview;
use crate::commands::records::{ALERT, record};
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::{self, Ids};
use crate::mass::{Mass, Outcome};
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents alerts update da637578995287051192_756343937 --status resolved --classification truePositive --determination malware
  incidents alerts list --status new --json id | incidents alerts update --assigned-to me --yes
  incidents alerts update da637578995287051192_756343937 --assigned-to nobody --dry-run")]
pub(crate) struct Update {
    #[command(flatten)]
    ids: Ids,
    /// The new status
    #[arg(long, value_parser = ["new", "inProgress", "resolved"])]
    status: Option<String>,
    /// The verdict
    #[arg(long, value_parser = ["truePositive", "falsePositive", "informationalExpectedActivity", "unknown"])]
    classification: Option<String>,
    /// What kind of true or false positive it is
    #[arg(long)]
    determination: Option<String>,
    /// The new owner; `me` is the one of the profile, `nobody` takes the owner away
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
            true => Err(Failure::usage("nothing is to be changed")
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
    /// What to write
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
    /// The alerts, by their ids
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The incident to move them to
    #[arg(long, value_name = "INCIDENT", required_unless_present = "to_new")]
    to: Option<String>,
    /// Open a new incident for them
    #[arg(long, conflicts_with = "to")]
    to_new: bool,
    /// A note on every alert that moves
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before more than one alert is moved
    #[arg(short, long)]
    yes: bool,
}

/// Changes what the flags say.
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
            let address = address(connection, id)?;
            let before = record(&client.get_alert(id).await?)?;
            preview::show("PATCH", &address, &record(&update)?, Some(&before))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let [id] = ids.as_slice() {
        let alert = client.update_alert(id, &update).await?;
        output.one(&record(&alert)?, &ALERT)?;
        return Ok(ExitCode::SUCCESS);
    }
    options.mass.confirm("change", "alerts", ids.len())?;
    let client = client.clone();
    options
        .mass
        .run(ids, move |id| {
            let (client, update) = (client.clone(), update.clone());
            Box::pin(async move {
                let result = client.update_alert(&id, &update).await;
                let result = result.map(|_| format!("{id} changed"));
                Outcome { id, result }
            })
        })
        .await
}

/// Adds a comment to each alert. It is never sent twice after a failure that leaves open whether it arrived.
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
            let address = format!("{}/comments", address(connection, id)?);
            preview::show("POST", &address, &record(&body)?, None)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    options.mass.confirm("a comment", "alerts", ids.len())?;
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
pub(super) async fn move_alerts(connection: &Connection, options: &Move) -> Result<(), Failure> {
    let ids = options.ids.iter().map(String::as_str);
    if options.dry_run {
        let mut body = MoveAlertsRequest::new(ids, options.to.clone());
        if let Some(comment) = &options.comment {
            body = body.alert_comment(comment);
        }
        let base = connection.client.base_url();
        let address = format!("{base}/security/alerts_v2/microsoft.graph.security.moveAlerts");
        return preview::show("POST", &address, &record(&body)?, None);
    }
    let mass = Mass {
        yes: options.yes,
        ..Mass::default()
    };
    mass.confirm("a move", "alerts", options.ids.len())?;
    let mut alerts = connection.client.move_alerts(ids);
    if let Some(comment) = &options.comment {
        alerts = alerts.comment(comment);
    }
    let target = match &options.to {
        Some(incident) => alerts.to(incident).await?,
        None => alerts.to_new_incident().await?,
    };
    Output::say(&format!("moved to {target}"))
}

fn address(connection: &Connection, id: &str) -> Result<String, Failure> {
    let base = connection.client.base_url();
    Ok(format!("{base}/security/alerts_v2/{}", ids::segment(id)?))
}
