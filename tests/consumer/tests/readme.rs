//! The README's first program prints what the README says that it prints.

use graph_incidents::Client;
use graph_incidents::types::{AlertClassification, AlertDetermination, IncidentUpdate};
use graph_incidents_simulator::Simulator;

const README: &str = include_str!("../../../README.md");

#[tokio::test]
async fn the_first_program_prints_what_stands_below_it() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"])
        .clear_assigned_to();
    let incident = client.update_incident("2972395", &update).await.unwrap();
    let printed = format!(
        "{}: {}, {:?}",
        incident.id,
        incident.classification.unwrap(),
        incident.custom_tags.unwrap()
    );
    assert!(
        README.contains(&format!("```text\n{printed}\n```")),
        "the README does not show: {printed}"
    );

    let shown = README
        .split_once("over the wire is `")
        .unwrap()
        .1
        .split('`')
        .next()
        .unwrap();
    assert_eq!(
        shown.replace('\n', ""),
        serde_json::to_string(&update).unwrap()
    );
    assert_eq!(simulator.ledger().writes().len(), 1);
}
