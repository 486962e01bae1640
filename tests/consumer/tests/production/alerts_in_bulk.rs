//! Bulk updates and batches of alerts, and a watcher of alerts.

use std::collections::BTreeSet;
use std::time::Duration;

use graph_incidents::query::AlertProperty;
use graph_incidents::types::{Alert, AlertStatus, AlertUpdate};
use graph_incidents::watch::{Change, ChangeKind, Cursor, Watcher};
use graph_incidents_simulator::{Fault, FaultRule, Limit, Profile, Simulator, Throttling};
use serde_json::json;

use super::{client, connected, sent};

const ALERT: &str = "da02972395637659_1";

fn alert_ids(simulator: &Simulator) -> Vec<String> {
    let incidents = simulator.incident_ids().into_iter();
    let alerts = incidents.flat_map(|id| simulator.alerts(&id).unwrap());
    alerts
        .map(|alert| alert["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn many_alerts_are_updated_once_each_with_their_own_result() {
    let (simulator, client) = connected().await;
    let mut ids = alert_ids(&simulator);
    ids.insert(7, "da404_1".to_owned());
    simulator
        .faults()
        .add(FaultRule::new(super::status(503)).probability(0.1))
        .unwrap();
    for is_batched in [false, true] {
        let owner = format!("batched: {is_batched}");
        let update = AlertUpdate::new()
            .assigned_to(&*owner)
            .status(AlertStatus::InProgress);
        let updates: Vec<_> = ids.iter().map(|id| (id.clone(), update.clone())).collect();
        let mut outcomes = client.update_many_alerts(updates).in_order();
        if is_batched {
            outcomes = outcomes.batched();
        }
        let progress = outcomes.progress();
        let mut count = 0;
        while let Some(outcome) = outcomes.next().await {
            assert_eq!((outcome.index, &outcome.id), (count, &ids[count]));
            match outcome.result {
                Ok(alert) => assert_eq!(alert.assigned_to.as_ref(), Some(&owner)),
                Err(error) => assert!(error.is_not_found() && outcome.id == "da404_1", "{error}"),
            }
            count += 1;
        }
        assert_eq!((count, progress.snapshot().failed), (ids.len(), 1));
        let written = |id: &&String| {
            simulator
                .alert(id)
                .is_some_and(|alert| alert["assignedTo"] == *owner)
        };
        assert_eq!(ids.iter().filter(written).count(), ids.len() - 1);
    }
}

#[tokio::test]
async fn a_batch_can_mix_alerts_and_incidents() {
    let (simulator, client) = connected().await;
    let update = AlertUpdate::new().status(AlertStatus::Resolved);
    let mut batch = client.core().batch();
    let incident = batch.add(client.get_incident(super::REFERENCE));
    let alert = batch.add(client.update_alert(ALERT, &update));
    let nobody = batch.add(client.get_alert("da404_1"));
    batch.send().await;
    assert_eq!(incident.take().unwrap().id, super::REFERENCE);
    assert_eq!(alert.take().unwrap().status, Some(AlertStatus::Resolved));
    assert!(nobody.take().unwrap_err().is_not_found());
    assert_eq!(sent(&simulator), 4);
}

async fn changes(watcher: &mut Watcher<Alert>) -> Vec<Change<Alert>> {
    let mut changes = Vec::new();
    while let Ok(change) = tokio::time::timeout(Duration::from_millis(400), watcher.next()).await {
        changes.push(change.unwrap());
    }
    changes
}

#[tokio::test]
async fn every_change_of_an_alert_is_yielded_once_with_its_earlier_state() {
    let (_simulator, client) = connected().await;
    let mut watcher = client.watch_alerts().every(Duration::from_millis(5));
    assert!(changes(&mut watcher).await.is_empty());
    client.alert(ALERT).assign("a").await.unwrap();
    let seen = changes(&mut watcher).await;
    assert_eq!(seen.len(), 1);
    assert!(!seen[0].is_new());
    assert!(seen[0].touches(AlertProperty::AssignedTo));
    assert!(!seen[0].touches(AlertProperty::Severity));
    let opened = client.move_alerts([ALERT]).to_new_incident().await.unwrap();
    let seen = changes(&mut watcher).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].kind, ChangeKind::Changed);
    assert!(
        seen[0].properties.contains(&"incidentId".to_owned()),
        "{:?}",
        seen[0].properties
    );
    assert_eq!(seen[0].after.incident_id, Some(opened));
    assert_eq!(
        seen[0].before.as_ref().unwrap().incident_id.as_deref(),
        Some(super::REFERENCE)
    );
}

#[tokio::test]
async fn a_watcher_of_alerts_loses_none_across_throttling_and_restarts() {
    let simulator = Simulator::builder().start().await.unwrap();
    let alerts: Vec<_> = (0..300)
        .map(|number| json!({"id": format!("da8_{number}"), "incidentId": "8", "status": "new", "lastUpdateDateTime": "2021-01-01T00:00:00Z"}))
        .collect();
    let crowd: BTreeSet<String> = (0..300).map(|number| format!("da8_{number}")).collect();
    simulator.insert(
        json!({"id": "8", "lastUpdateDateTime": "2021-01-01T00:00:00Z"}),
        alerts,
    );
    let client = client(&simulator).build().unwrap();
    let mut watcher = client.watch_alerts().every(Duration::from_millis(5));
    assert!(changes(&mut watcher).await.is_empty());
    let mut cursor = watcher.cursor().to_string();
    drop(watcher);
    let update = AlertUpdate::new().assigned_to("x");
    let updates: Vec<_> = crowd
        .iter()
        .map(|id| (id.clone(), update.clone()))
        .collect();
    let mut outcomes = client.update_many_alerts(updates);
    while let Some(outcome) = outcomes.next().await {
        outcome.result.unwrap();
    }
    let mut profile = Profile::plain();
    profile.throttling = Throttling::of([Limit::new(20, Duration::from_millis(200))]);
    simulator.set_profile(profile);
    let cut = FaultRule::new(Fault::TruncatedBody { fraction: 0.5 }).probability(0.1);
    simulator.faults().add(cut).unwrap();
    let mut seen = Vec::new();
    loop {
        let saved: Cursor<Alert> = cursor.parse().unwrap();
        let mut watcher = client
            .watch_alerts()
            .every(Duration::from_millis(5))
            .resume(saved);
        let before = seen.len();
        while seen.len() < before + 77 {
            match tokio::time::timeout(Duration::from_secs(3), watcher.next()).await {
                Ok(Ok(change)) => seen.push(change.after.id),
                Ok(Err(_)) => {}
                Err(_) => break,
            }
        }
        cursor = watcher.cursor().to_string();
        if seen.len() < before + 77 {
            break;
        }
    }
    assert_eq!(seen.len(), crowd.len(), "some came twice, or not at all");
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), crowd);
}

#[tokio::test]
async fn a_cursor_of_alerts_is_refused_for_incidents() {
    let (_simulator, client) = connected().await;
    let mut alerts = client
        .watch_alerts()
        .since("2020-01-01T00:00:00Z".parse().unwrap());
    alerts.next().await.unwrap();
    let text = alerts.cursor().to_string();
    assert!(text.parse::<Cursor<Alert>>().is_ok());
    let error = text.parse::<Cursor>().unwrap_err().to_string();
    assert_eq!(
        error,
        "the cursor belongs to a watcher of alerts, not of incidents"
    );
    let mut incidents = client
        .watch()
        .since("2020-01-01T00:00:00Z".parse().unwrap());
    incidents.next().await.unwrap();
    assert!(
        incidents
            .cursor()
            .to_string()
            .parse::<Cursor<Alert>>()
            .is_err()
    );
}
