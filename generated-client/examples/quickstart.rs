//! Sends the update of the reference page, clears an incident's owner, and lists the open incidents.
//!
//! It starts a stand-in for the service on this machine. With `GRAPH_TOKEN` (and optionally `GRAPH_BASE_URL`) it reads
//! from the real service instead, and writes only to the incident that `--write` names:
//!
//! ```sh
//! cargo run --example quickstart
//! GRAPH_TOKEN=… cargo run --example quickstart
//! GRAPH_TOKEN=… cargo run --example quickstart -- --write 2972395
//! ```

use std::error::Error;

use comfy_table::{ContentArrangement, Table, presets};
use graph_incidents::Client;
use graph_incidents::query::{IncidentFilter, IncidentProperty};
use graph_incidents::types::{
    AlertClassification, AlertDetermination, Incident, IncidentStatus, IncidentUpdate,
};
use graph_incidents_simulator::Simulator;
use serde_json::Value;

/// The incident of the reference page, which the stand-in has.
const REFERENCE_INCIDENT: &str = "2972395";
/// The number of incidents in the table.
const SHOWN: usize = 10;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let wanted = incident_to_write(std::env::args().skip(1))?;
    if let Ok(token) = std::env::var("GRAPH_TOKEN") {
        let mut builder = Client::builder().token(token);
        if let Ok(url) = std::env::var("GRAPH_BASE_URL") {
            builder = builder.base_url(url);
        }
        let client = builder.build()?;
        println!("Service: {}\n", client.base_url());
        match wanted {
            Some(id) => write(&client, &id, None).await?,
            None => println!("Nothing is written: name an incident with `--write` to update it.\n"),
        }
        return list(&client).await;
    }
    let simulator = Simulator::builder().start().await?;
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()?;
    println!("Service: a stand-in at {}\n", client.base_url());
    let id = wanted.as_deref().unwrap_or(REFERENCE_INCIDENT);
    write(&client, id, Some(&simulator)).await?;
    list(&client).await
}

/// Parses `--write ID`.
fn incident_to_write(
    arguments: impl IntoIterator<Item = String>,
) -> Result<Option<String>, String> {
    let arguments: Vec<String> = arguments.into_iter().collect();
    match arguments.as_slice() {
        [] => Ok(None),
        [flag, id] if flag == "--write" => Ok(Some(id.clone())),
        _ => Err("usage: quickstart [--write ID]".to_owned()),
    }
}

/// Sends the update of the reference page, and one that clears a property.
async fn write(
    client: &Client,
    id: &str,
    simulator: Option<&Simulator>,
) -> Result<(), Box<dyn Error>> {
    let before = client.get_incident(id).await?;
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"]);
    let after = send(client, id, &update, &before, simulator).await?;
    let update = IncidentUpdate::new().clear_assigned_to();
    send(client, id, &update, &after, simulator).await?;
    Ok(())
}

/// Sends an update and shows what it did.
async fn send(
    client: &Client,
    id: &str,
    update: &IncidentUpdate,
    before: &Incident,
    simulator: Option<&Simulator>,
) -> Result<Incident, Box<dyn Error>> {
    println!("PATCH {}/security/incidents/{id}", client.base_url());
    println!("{}", serde_json::to_string_pretty(update)?);
    let after = client.update_incident(id, update).await?;
    // The client returns the incident; the stand-in's ledger has the request.
    match simulator.and_then(|simulator| simulator.ledger().requests().pop()) {
        Some(request) => println!("→ {}", request.status),
        None => println!("→ accepted"),
    }
    println!("{}\n", changes(before, &after)?);
    Ok(after)
}

/// Lists the properties that differ.
fn changes(before: &Incident, after: &Incident) -> Result<Table, serde_json::Error> {
    let (before, after) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    let mut table = table(["property", "before", "after"]);
    for (name, value) in after.as_object().into_iter().flatten() {
        let old = before.get(name).unwrap_or(&Value::Null);
        if old != value {
            table.add_row([name.clone(), old.to_string(), value.to_string()]);
        }
    }
    Ok(table)
}

/// Lists the open incidents, the most recently changed first.
async fn list(client: &Client) -> Result<(), Box<dyn Error>> {
    let open =
        IncidentFilter::status().any_of([IncidentStatus::Active, IncidentStatus::InProgress]);
    let count = client.count_incidents().filter(open.clone()).await?;
    let mut incidents = client
        .list_incidents()
        .filter(open)
        .orderby([IncidentProperty::LastUpdateDateTime.descending()])
        .top(50)
        .items();
    let mut table = table(["id", "severity", "status", "assigned to", "title"]);
    for _ in 0..SHOWN {
        let Some(incident) = incidents.next().await else {
            break;
        };
        let incident = incident?;
        table.add_row([
            incident.id,
            text(incident.severity),
            text(incident.status),
            text(incident.assigned_to),
            shortened(&text(incident.display_name)),
        ]);
    }
    println!("{} of {count} open incidents", table.row_iter().count());
    println!("{table}");
    Ok(())
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// Shortens a title so that it fits beside the other columns.
fn shortened(title: &str) -> String {
    match title.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.to_owned(),
    }
}

fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    table
}
