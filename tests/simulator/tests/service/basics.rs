//! The service as a plain HTTP caller meets it.

use crate::support::{call, send};
use graph_incidents_simulator::Simulator;
use serde_json::json;

#[tokio::test]
async fn the_reference_update_is_stored_and_answered_whole() {
    let simulator = Simulator::builder().start().await.unwrap();
    let before = simulator.incident("2972395").unwrap();
    let reply = call(
        &simulator,
        "PATCH",
        "/beta/security/incidents/2972395",
        r#"{"classification":"TruePositive","determination":"MultiStagedAttack","customTags":["Demo"],"assignedTo":null}"#,
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let after = reply.json();
    assert_eq!(after["classification"], "truePositive");
    assert_eq!(after["determination"], "multiStagedAttack");
    assert_eq!(after["customTags"], json!(["Demo"]));
    assert_eq!(after["assignedTo"], json!(null));
    assert_eq!(after["displayName"], before["displayName"]);
    assert_ne!(after["lastUpdateDateTime"], before["lastUpdateDateTime"]);
    assert_eq!(
        simulator.incident("2972395").unwrap()["customTags"],
        json!(["Demo"])
    );
    let writes = simulator.ledger().writes();
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].incident, "2972395");
}

#[tokio::test]
async fn pages_cover_the_list_once() {
    let simulator = Simulator::builder().start().await.unwrap();
    let mut ids = Vec::new();
    let mut next = Some("/beta/security/incidents?$top=7&$count=true".to_owned());
    while let Some(path) = next {
        let page = call(&simulator, "GET", &path, "").await.json();
        ids.extend(
            page["value"]
                .as_array()
                .unwrap()
                .iter()
                .map(|incident| incident["id"].as_str().unwrap().to_owned()),
        );
        next = page["@odata.nextLink"].as_str().map(|link| {
            link.split_once("/beta")
                .map(|(_, rest)| format!("/beta{rest}"))
                .unwrap()
        });
    }
    assert_eq!(ids, simulator.incident_ids());
}

#[tokio::test]
async fn without_a_token_nothing_is_shown() {
    let simulator = Simulator::builder().start().await.unwrap();
    let reply = send(&simulator, "GET", "/beta/security/incidents", &[], "").await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json()["error"]["code"], "InvalidAuthenticationToken");
}
