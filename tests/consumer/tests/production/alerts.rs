//! Incidents with their alerts, whether the service can expand them or not.

use std::time::Duration;

use graph_incidents::query::Filter;
use graph_incidents::{AlertSource, RetryPolicy};
use graph_incidents_simulator::{Fault, Profile};
use serde_json::json;

use super::{REFERENCE, connected, sent};

#[tokio::test]
async fn a_working_expansion_is_used() {
    let (simulator, client) = connected().await;
    let mut incidents = client.list_incidents().top(50).with_alerts();
    let mut count = 0;
    while let Some(found) = incidents.next().await {
        let found = found.unwrap();
        assert_eq!(
            found.alerts().len(),
            simulator.alerts(&found.id).unwrap().len()
        );
        count += 1;
    }
    assert_eq!(count, simulator.incident_ids().len());
}

#[tokio::test]
async fn an_expansion_with_pages_is_completed() {
    let (simulator, client) = connected().await;
    let alerts = (0..95)
        .map(|number| json!({"id": format!("a{number}"), "title": "t"}))
        .collect();
    simulator.insert(json!({"id": "5", "status": "active"}), alerts);
    let found = client.incident("5").with_alerts().await.unwrap();
    assert_eq!(found.source, AlertSource::ExpansionAndLinks);
    let mut ids: Vec<String> = found
        .alerts()
        .iter()
        .map(|alert| alert.id.clone())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 95);
    assert!(
        !found
            .additional_properties
            .contains_key("alerts@odata.nextLink")
    );
}

#[tokio::test]
async fn a_failing_expansion_is_replaced_and_reported() {
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
            found.alerts().len(),
            simulator.alerts(&found.id).unwrap().len(),
            "{}",
            found.id
        );
        count += 1;
    }
    assert!(count > 10, "{count}");
}

#[tokio::test]
async fn a_failure_halfway_repeats_and_loses_no_incident() {
    let (simulator, client) = connected().await;
    // The second page of the expansion always fails.
    simulator
        .faults()
        .script([vec![], vec![super::status(500)]]);
    let mut incidents = client.list_incidents().top(20).with_alerts();
    let mut ids = Vec::new();
    while let Some(found) = incidents.next().await {
        ids.push(found.unwrap().id.clone());
    }
    let mut expected = simulator.incident_ids();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn an_error_of_the_incident_itself_causes_no_fallback() {
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
    assert!(!found.alerts().is_empty());
}

#[tokio::test]
async fn a_slow_expansion_is_replaced_too() {
    let (simulator, _) = connected().await;
    let client = super::client(&simulator)
        .limits(graph_incidents::Limits::default().attempt_time(Duration::from_millis(60)))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let late = Fault::LateResponse {
        milliseconds: 1_000,
    };
    simulator.faults().script([vec![late]]);
    let found = client.incident(REFERENCE).with_alerts().await.unwrap();
    assert_eq!(found.source, AlertSource::Fallback);
    assert!(!found.alerts().is_empty());
}

#[tokio::test]
async fn alerts_that_were_not_requested_are_distinct_from_no_alerts() {
    let (simulator, client) = connected().await;
    assert_eq!(client.get_incident(REFERENCE).await.unwrap().alerts(), None);
    assert_eq!(
        client.get_incident(REFERENCE).await.unwrap().indicators(),
        None
    );
    let found = client.incident(REFERENCE).with_alerts().await.unwrap();
    let alerts = simulator.alerts(REFERENCE).unwrap().len();
    assert_eq!(found.alerts().len(), alerts);
    // The incident itself has them too.
    assert_eq!(found.into_incident().alerts().map(<[_]>::len), Some(alerts));
    simulator.insert(json!({"id": "6", "status": "active"}), Vec::new());
    let none = client.incident("6").with_alerts().await.unwrap();
    assert_eq!(none.into_incident().alerts().map(<[_]>::len), Some(0));
}
