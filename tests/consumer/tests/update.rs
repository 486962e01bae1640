//! The main job: an update as the reference page describes it arrives, and nothing else does.

use graph_incidents::Client;
use graph_incidents::types::{AlertClassification, AlertDetermination, IncidentUpdate};
use graph_incidents_simulator::Simulator;
use serde_json::json;

async fn connected() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    (simulator, client)
}

#[tokio::test]
async fn the_update_of_the_reference_page_arrives() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"]);

    let incident = client.update_incident("2972395", &update).await.unwrap();

    assert_eq!(incident.classification, Some(AlertClassification::TruePositive));
    assert_eq!(incident.custom_tags(), ["Demo"]);
    let writes = simulator.ledger().writes();
    assert_eq!(writes.len(), 1);
    let stored = simulator.incident("2972395").unwrap();
    assert_eq!(stored["determination"], json!("multiStagedAttack"));
}
