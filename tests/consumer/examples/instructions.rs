//! Repeats one task of the client; `cargo xtask instructions` counts its instructions with callgrind.
//!
//! `cargo run --release -p graph-incidents-consumer --example instructions -- decode|encode|update|page COUNT`

use std::error::Error;
use std::hint::black_box;

use graph_incidents::Client;
use graph_incidents::runtime::{Page, json};
use graph_incidents::types::{AlertClassification, Incident, IncidentUpdate};
use graph_incidents_consumer::service::{Service, serve_if_asked};

/// An incident with alerts and evidence.
const INCIDENT: &str = include_str!("../fixtures/expanded_incident.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if serve_if_asked().await? {
        return Ok(());
    }
    let mut arguments = std::env::args().skip(1);
    let scenario = arguments.next().unwrap_or_default();
    let count: usize = arguments.next().ok_or("COUNT is missing")?.parse()?;
    match scenario.as_str() {
        "decode" => {
            let page = page();
            for _ in 0..count {
                black_box(json::decode::<Page<Incident>>(page.as_bytes())?);
            }
        }
        "encode" => {
            let page: Page<Incident> = json::decode(page().as_bytes())?;
            for _ in 0..count {
                black_box(serde_json::to_string(&page.value)?);
            }
        }
        "update" | "page" => calls(&scenario, count).await?,
        other => return Err(format!("no scenario `{other}`: decode, encode, update, page").into()),
    }
    Ok(())
}

/// A page with the incident twenty times.
fn page() -> String {
    let incidents = [INCIDENT; 20].join(",");
    format!(r#"{{"value":[{incidents}]}}"#)
}

/// Calls to a service in another process, which is not counted.
async fn calls(scenario: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let service = Service::start(100)?;
    let client = Client::builder()
        .base_url(&service.base_url)
        .token(&service.token)
        .build()?;
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .custom_tags(["counted"]);
    for _ in 0..count {
        match scenario {
            "update" => drop(client.update_incident("2972395", &update).await?),
            _ => drop(client.list_incidents().top(50).await?),
        }
    }
    Ok(())
}
