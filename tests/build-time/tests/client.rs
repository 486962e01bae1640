//! The client that the build script generated works like the checked-in one.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use graph_client_build_time::triage::Client;
use graph_client_build_time::triage::types::{Assignment, Severity};
use graph_incidents_simulator::Simulator;

async fn started() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    (simulator, client)
}

#[tokio::test]
async fn it_lists_and_reads_what_its_fragment_describes() {
    let (_simulator, client) = started().await;
    let page = client
        .list_tickets()
        .top(3)
        .filter("severity eq 'high'")
        .await
        .unwrap();
    assert!(!page.value.is_empty());
    assert!(
        page.value
            .iter()
            .all(|ticket| ticket.severity == Some(Severity::High))
    );
    let ticket = client.get_ticket("2972395").await.unwrap();
    assert_eq!(ticket.id, "2972395");
    assert!(
        ticket.additional_properties.contains_key("status"),
        "properties that the fragment does not describe are kept"
    );
}

#[tokio::test]
async fn it_clears_nullable_properties() {
    let (_simulator, client) = started().await;
    let ticket = client
        .assign_ticket("2972395", &Assignment::new().assigned_to("somebody"))
        .await
        .unwrap();
    assert_eq!(ticket.assigned_to.as_deref(), Some("somebody"));
    let ticket = client
        .assign_ticket("2972395", &Assignment::new().clear_assigned_to())
        .await
        .unwrap();
    assert_eq!(ticket.assigned_to, None);
    assert!(
        client
            .assign_ticket("2972395", &Assignment::new())
            .await
            .unwrap_err()
            .is_refused()
    );
}
