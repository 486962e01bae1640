//! Lists incidents page by page and updates one, with graph-incidents.

use graph_incidents::Client;
use graph_incidents::types::{AlertClassification, IncidentUpdate};

/// A line that `cargo xtask build-time` changes.
const CHANGED: u32 = 0;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("GRAPH_TOKEN")?;
    let client = Client::builder().token(token).build()?;
    let mut incidents = client.list_incidents().top(50).items();
    while let Some(incident) = incidents.next().await {
        let incident = incident?;
        println!("{} {:?} {CHANGED}", incident.id, incident.display_name);
    }
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .custom_tags(["Demo"]);
    let incident = client.update_incident("2972395", &update).await?;
    println!("{} {:?}", incident.id, incident.classification);
    Ok(())
}
