//! The watcher yields every change once, across restarts and throttling.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use graph_incidents::Client;
use graph_incidents::query::{IncidentFilter, IncidentProperty};
use graph_incidents::types::AlertSeverity;
use graph_incidents::watch::{Change, ChangeKind, Cursor, Watcher};
use graph_incidents_simulator::{Fault, FaultRule, Limit, Profile, Simulator, Throttling};
use serde_json::json;

use super::raw::{RawServer, json as raw_json, text as raw_text};
use super::{REFERENCE, client, connected};

/// The changes until there are no more.
pub(super) async fn changes(watcher: &mut Watcher) -> Vec<Change> {
    let mut changes = Vec::new();
    while let Ok(next) = tokio::time::timeout(Duration::from_millis(700), watcher.next()).await {
        // After an error, the watcher continues.
        changes.extend(next);
    }
    changes
}

pub(super) fn to(server: &RawServer) -> Client {
    let client = Client::builder().base_url(&server.url).token("t");
    client.build().unwrap()
}

pub(super) fn ids(changes: &[Change]) -> Vec<&str> {
    changes
        .iter()
        .map(|change| change.after.id.as_str())
        .collect()
}

#[tokio::test]
async fn a_change_has_both_states_and_the_properties_that_differ() {
    let (simulator, client) = connected().await;
    let mut watcher = client.watch().every(Duration::from_millis(5));
    assert!(
        changes(&mut watcher).await.is_empty(),
        "what was there before is no change"
    );
    simulator.change(REFERENCE, json!({"severity": "high"}));
    let first = watcher.next().await.unwrap();
    assert_eq!(first.after.id, REFERENCE);
    simulator.change(REFERENCE, json!({"severity": "low", "summary": "calmer"}));
    let second = watcher.next().await.unwrap();
    assert_eq!(
        second.before.as_ref().unwrap().severity,
        Some(AlertSeverity::High)
    );
    assert_eq!(second.after.severity, Some(AlertSeverity::Low));
    assert_eq!(
        second.properties,
        ["lastUpdateDateTime", "severity", "summary"]
    );
    assert!(second.touches(IncidentProperty::Severity) && !second.is_new());
    assert!(!second.touches(IncidentProperty::DisplayName));
}

/// A number of incidents that were changed in the past.
fn crowd(simulator: &Simulator, count: usize) -> BTreeSet<String> {
    (0..count)
        .map(|number| {
            let id = (8_000_000 + number).to_string();
            simulator.insert(
                json!({"id": id, "status": "active", "severity": "low", "lastUpdateDateTime": "2021-01-01T00:00:00Z"}),
                Vec::new(),
            );
            id
        })
        .collect()
}

#[tokio::test]
async fn every_one_of_a_thousand_missed_changes_is_yielded_once() {
    let simulator = Simulator::builder().start().await.unwrap();
    let crowd = crowd(&simulator, 1_000);
    let client = client(&simulator).build().unwrap();
    let mut watcher = client.watch().every(Duration::from_millis(5));
    assert!(changes(&mut watcher).await.is_empty());
    let mut cursor = watcher.cursor().to_string();
    drop(watcher);

    for id in &crowd {
        assert!(simulator.change(id, json!({"severity": "high"})));
    }
    // It is throttled, disconnected and restarted repeatedly.
    let mut profile = Profile::plain();
    profile.throttling = Throttling::of([Limit::new(20, Duration::from_millis(200))]);
    simulator.set_profile(profile);
    simulator
        .faults()
        .add(FaultRule::new(Fault::ResetAfter).probability(0.1))
        .unwrap();
    simulator
        .faults()
        .add(FaultRule::new(Fault::TruncatedBody { fraction: 0.5 }).probability(0.1))
        .unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut restarts = 0;
    loop {
        let saved: Cursor = cursor.parse().unwrap();
        let mut watcher = client.watch().every(Duration::from_millis(5)).resume(saved);
        let mut count = 0;
        while count < 137 {
            match tokio::time::timeout(Duration::from_secs(3), watcher.next()).await {
                Ok(Ok(change)) => {
                    assert_eq!(change.after.severity, Some(AlertSeverity::High));
                    *seen.entry(change.after.id).or_default() += 1;
                    count += 1;
                }
                Ok(Err(_)) => {}
                Err(_) => break,
            }
        }
        cursor = watcher.cursor().to_string();
        restarts += 1;
        if count < 137 {
            break;
        }
    }
    assert!(restarts > 5, "{restarts}");
    assert_eq!(seen.keys().cloned().collect::<BTreeSet<_>>(), crowd);
    let twice: Vec<_> = seen.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test]
async fn changes_at_the_same_moment_are_all_yielded() {
    let (simulator, client) = connected().await;
    for number in 0..180 {
        simulator.insert(
            json!({"id": format!("9{number:03}"), "status": "active", "lastUpdateDateTime": "2030-01-01T00:00:00.1234567Z"}),
            Vec::new(),
        );
    }
    let mut watcher = client
        .watch()
        .every(Duration::from_millis(5))
        .since("2029-01-01T00:00:00Z".parse().unwrap());
    let seen = changes(&mut watcher).await;
    let mut ids = ids(&seen);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((seen.len(), ids.len()), (180, 180));
}

#[tokio::test]
async fn late_changes_within_the_overlap_are_yielded_and_none_is_repeated() {
    let (simulator, client) = connected().await;
    let mut watcher = client
        .watch()
        .every(Duration::from_millis(5))
        .overlap(Duration::from_secs(3_600))
        .since("2029-01-01T00:00:00Z".parse().unwrap());
    let insert = |id: &str, time: &str| {
        simulator.insert(json!({"id": id, "lastUpdateDateTime": time}), Vec::new())
    };
    insert("91", "2030-01-01T12:00:00Z");
    assert_eq!(ids(&changes(&mut watcher).await), ["91"]);
    insert("92", "2030-01-01T11:30:00Z");
    assert_eq!(ids(&changes(&mut watcher).await), ["92"]);
    assert!(changes(&mut watcher).await.is_empty());
}

#[tokio::test]
async fn only_items_that_meet_the_condition_are_yielded() {
    let (simulator, client) = connected().await;
    let mut watcher = client.watch().every(Duration::from_millis(5)).filter(
        IncidentFilter::severity().eq(AlertSeverity::High)
            | IncidentFilter::severity().eq(AlertSeverity::Medium),
    );
    assert!(changes(&mut watcher).await.is_empty());
    let crowd: Vec<String> = simulator.incident_ids().into_iter().take(3).collect();
    for (id, severity) in crowd.iter().zip(["high", "low", "medium"]) {
        simulator.change(id, json!({"severity": severity}));
    }
    assert_eq!(
        ids(&changes(&mut watcher).await),
        [crowd[0].as_str(), crowd[2].as_str()]
    );
}

#[tokio::test]
async fn after_an_error_the_watcher_continues() {
    let (simulator, client) = connected().await;
    let mut watcher = client.watch().every(Duration::from_millis(5));
    changes(&mut watcher).await;
    // A request in flight may still arrive, so all requests fail for a time.
    let rule = FaultRule::new(super::status(400));
    simulator.faults().add(rule).unwrap();
    simulator.change(REFERENCE, json!({"severity": "high"}));
    assert!(watcher.next().await.unwrap_err().is_bad_request());
    simulator.faults().clear();
    assert_eq!(watcher.next().await.unwrap().after.id, REFERENCE);
}

#[tokio::test]
async fn versions_are_yielded_once_while_the_index_lags() {
    let (simulator, client) = connected().await;
    let mut watcher = client
        .watch()
        .every(Duration::from_millis(5))
        .overlap(Duration::from_secs(3_600));
    changes(&mut watcher).await;
    simulator
        .faults()
        .add(FaultRule::new(Fault::LaggingIndex))
        .unwrap();
    let ids: Vec<String> = simulator.incident_ids().into_iter().take(10).collect();
    let mut seen = Vec::new();
    for round in 0..3 {
        for id in &ids {
            simulator.change(id, json!({"summary": format!("round {round}")}));
        }
        seen.extend(changes(&mut watcher).await);
    }
    simulator.faults().clear();
    seen.extend(changes(&mut watcher).await);
    let versions: BTreeSet<(String, Option<String>)> = seen
        .iter()
        .map(|change| (change.after.id.clone(), change.after.summary.clone()))
        .collect();
    assert_eq!(seen.len(), versions.len(), "a version came twice");
    let last = ids
        .iter()
        .map(|id| (id.clone(), Some("round 2".to_owned())));
    assert!(last.into_iter().all(|version| versions.contains(&version)));
}

#[tokio::test]
async fn a_time_in_the_future_is_marked_and_does_not_move_the_boundary() {
    let (simulator, client) = connected().await;
    let mut watcher = client
        .watch()
        .every(Duration::from_millis(5))
        .since("2026-01-01T00:00:00Z".parse().unwrap());
    changes(&mut watcher).await;
    let insert = |id: &str, time: &str| {
        simulator.insert(json!({"id": id, "lastUpdateDateTime": time}), Vec::new())
    };
    insert("91", "9999-12-31T23:59:59Z");
    let seen = changes(&mut watcher).await;
    assert_eq!(ids(&seen), ["91"]);
    assert!(!seen[0].has_plausible_time);
    assert!(watcher.cursor().boundary().unwrap().to_rfc3339().as_str() < "9999");
    simulator.change(REFERENCE, json!({"severity": "high"}));
    let seen = changes(&mut watcher).await;
    assert_eq!(ids(&seen), [REFERENCE]);
    assert!(seen[0].has_plausible_time);
}

/// Lets time pass for timers; connections go on in their own.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn an_endless_pause_is_bounded() {
    for asked in ["18446744073709551615", "99999999999999999999999", "1e300"] {
        let headers = format!("retry-after: {asked}\r\n");
        let server = RawServer::responding(raw_text(429, &headers, "")).await;
        let mut watcher = to(&server)
            .watch()
            .since("2026-01-01T00:00:00Z".parse().unwrap());
        assert!(watcher.next().await.unwrap_err().is_throttled());
        // It waits; it does not panic.
        let next = tokio::time::timeout(Duration::from_millis(20), watcher.next());
        assert!(next.await.is_err(), "{asked}");
        // One such response does not stop it for hours.
        pass(Duration::from_secs(290)).await;
        let next = tokio::time::timeout(Duration::from_millis(20), watcher.next());
        assert!(next.await.is_err(), "{asked}");
        pass(Duration::from_secs(20)).await;
        assert!(watcher.next().await.unwrap_err().is_throttled(), "{asked}");
    }
    let server = RawServer::responding(raw_json(200, &json!({"value": []}))).await;
    let mut watcher = to(&server)
        .watch()
        .since("2026-01-01T00:00:00Z".parse().unwrap())
        .every(Duration::MAX);
    let next = tokio::time::timeout(Duration::from_millis(50), watcher.next());
    assert!(next.await.is_err());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_incident_from_before_the_watcher_is_not_new() {
    let (simulator, client) = connected().await;
    let mut watcher = client.watch().every(Duration::from_millis(5));
    changes(&mut watcher).await;
    for id in simulator.incident_ids() {
        simulator.change(&id, json!({"severity": "high"}));
    }
    let seen = changes(&mut watcher).await;
    assert!(seen.len() > 10 && !seen.iter().any(Change::is_new));
    // The watcher claims nothing about items that it has not seen before.
    let is_unremembered = |change: &Change| change.kind == ChangeKind::Unremembered;
    assert!(seen.iter().any(is_unremembered));
    simulator.insert(
        json!({"id": "99", "createdDateTime": "2999-01-01T00:00:00Z"}),
        Vec::new(),
    );
    simulator.change("99", json!({"severity": "low"}));
    let seen = changes(&mut watcher).await;
    assert!(
        seen.iter()
            .any(|change| change.after.id == "99" && change.is_new())
    );
}

#[tokio::test]
async fn a_first_page_that_ends_early_yields_its_incidents_and_is_read_again() {
    let server = RawServer::saying(|asked, _| {
        let incident =
            |id: u32| json!({"id": id.to_string(), "lastUpdateDateTime": "2026-01-02T00:00:00Z"});
        let whole = json!({"value": [incident(1), incident(2), incident(3)]}).to_string();
        let length = if asked < 8 {
            whole.len() - 20
        } else {
            whole.len()
        };
        raw_text(200, "content-type: application/json\r\n", &whole[..length])
    })
    .await;
    let watcher = to(&server).watch().every(Duration::from_millis(5));
    let mut watcher = watcher.since("2026-01-01T00:00:00Z".parse().unwrap());
    for id in ["1", "2"] {
        assert_eq!(watcher.next().await.unwrap().after.id, id);
    }
    let error = watcher.next().await.unwrap_err();
    assert!(error.to_string().contains("ended early"), "{error}");
    let last = loop {
        match watcher.next().await {
            Ok(change) => break change.after.id,
            Err(error) => assert!(error.to_string().contains("ended early"), "{error}"),
        }
    };
    assert_eq!(last, "3");
}
