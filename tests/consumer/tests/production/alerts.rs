//! Incidents with their alerts, whether the service can expand them or not.

use graph_incidents::AlertSource;
use graph_incidents::query::Filter;
use graph_incidents_simulator::Profile;
use serde_json::json;

use super::{REFERENCE, connected, sent};

#[tokio::test]
async fn an_expansion_that_works_is_used() {
    let (simulator, client) = connected().await;
    let mut incidents = client.list_incidents().top(50).with_alerts();
    let mut count = 0;
    while let Some(found) = incidents.next().await {
        let found = found.unwrap();
        assert_eq!(
            found.alerts.len(),
            simulator.alerts(&found.incident.id).unwrap().len()
        );
        count += 1;
    }
    assert_eq!(count, simulator.incident_ids().len());
}

#[tokio::test]
async fn an_expansion_that_has_pages_of_its_own_is_completed() {
    let (simulator, client) = connected().await;
    let alerts = (0..95)
        .map(|number| json!({"id": format!("a{number}"), "title": "t"}))
        .collect();
    simulator.insert(json!({"id": "5", "status": "active"}), alerts);
    let found = client.incident("5").with_alerts().await.unwrap();
    assert_eq!(found.source, AlertSource::ExpansionAndLinks);
    let mut ids: Vec<String> = found.alerts.into_iter().map(|alert| alert.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 95);
    assert!(
        !found
            .incident
            .additional_properties
            .contains_key("alerts@odata.nextLink")
    );
}

#[tokio::test]
async fn an_expansion_that_fails_is_replaced_and_it_is_said() {
    let (simulator, client) = connected().await;
    let mut profile = Profile::plain();
    profile.expansion_fails_from = 1;
    simulator.set_profile(profile);
    let mut incidents = client
        .list_incidents()
        .filter(Filter::raw("status ne 'redirected'"))
        .with_alerts();
    let mut count = 0;
    while let Some(found) = incidents.next().await {
        let found = found.unwrap();
        assert_eq!(found.source, AlertSource::Fallback);
        assert_eq!(
            found.alerts.len(),
            simulator.alerts(&found.incident.id).unwrap().len(),
            "{}",
            found.incident.id
        );
        count += 1;
    }
    assert!(count > 10, "{count}");
}

#[tokio::test]
async fn a_failure_half_way_repeats_and_loses_no_incident() {
    let (simulator, client) = connected().await;
    // The second page of the expansion fails for good.
    simulator
        .faults()
        .script([vec![], vec![super::status(500)]]);
    let mut incidents = client.list_incidents().top(20).with_alerts();
    let mut ids = Vec::new();
    while let Some(found) = incidents.next().await {
        ids.push(found.unwrap().incident.id);
    }
    let mut expected = simulator.incident_ids();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn what_is_wrong_with_the_incident_itself_is_no_reason_to_fall_back() {
    let (simulator, client) = connected().await;
    assert!(
        client
            .incident("404404")
            .with_alerts()
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert_eq!(sent(&simulator), 1);
    simulator.faults().script([vec![super::status(500)]]);
    let found = client.incident(REFERENCE).with_alerts().await.unwrap();
    assert_eq!(found.source, AlertSource::Fallback);
    assert!(!found.alerts.is_empty());
}
