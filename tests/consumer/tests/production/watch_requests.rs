//! A watcher requests no more pages than it needs to miss nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use graph_incidents::watch::Watcher;
use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

use super::client;
use super::raw::{RawServer, json as raw_json};
use super::watch::{changes, ids, to};

const RARELY: Duration = Duration::from_secs(3_600);

/// A service with incidents of 160 different moments.
async fn crowded() -> (Simulator, usize) {
    let simulator = Simulator::builder().incidents(0).start().await.unwrap();
    for number in 0..160 {
        let time = format!("2025-01-01T{:02}:{:02}:00Z", number / 60, number % 60);
        simulator.insert(
            json!({"id": (8_000 + number).to_string(), "lastUpdateDateTime": time}),
            Vec::new(),
        );
    }
    let count = simulator.incident_ids().len();
    (simulator, count)
}

/// The targets so far.
fn targets(simulator: &Simulator) -> Vec<String> {
    let requests = simulator.ledger().requests().into_iter();
    requests.map(|request| request.target).collect()
}

/// How many of them request a single incident, and how many follow a link.
fn single_and_linked(targets: &[String]) -> (usize, usize) {
    let count = |is: fn(&&String) -> bool| targets.iter().filter(is).count();
    (
        count(|target| target.ends_with("top=1")),
        count(|target| target.contains("skip")),
    )
}

#[tokio::test]
async fn a_backlog_is_read_from_boundary_to_boundary_and_the_order_is_checked_once() {
    let (simulator, count) = crowded().await;
    let client = client(&simulator).build().unwrap();
    let since = "2020-01-01T00:00:00Z".parse().unwrap();
    let mut watcher = client.watch().since(since).every(RARELY);
    assert_eq!(changes(&mut watcher).await.len(), count);
    let targets = targets(&simulator);
    assert_eq!(single_and_linked(&targets), (1, 0), "{targets:#?}");
    // Each page starts with the last incident of the one before.
    let pages = (count - 1).div_ceil(49);
    assert_eq!(targets.len(), 1 + pages, "{targets:#?}");
}

#[tokio::test]
async fn a_watcher_starts_with_one_page_and_one_check_of_the_order() {
    let (simulator, _) = crowded().await;
    let client = client(&simulator).build().unwrap();
    let mut watcher = client.watch().every(RARELY);
    assert!(changes(&mut watcher).await.is_empty());
    let targets = targets(&simulator);
    assert_eq!(targets.len(), 3, "{targets:#?}");
    assert_eq!(single_and_linked(&targets), (1, 0), "{targets:#?}");
}

#[tokio::test]
async fn after_the_last_page_a_watcher_waits_for_its_interval() {
    let item = |id: &str, day: u32| json!({"id": id, "lastUpdateDateTime": format!("2026-01-0{day}T00:00:00Z")});
    let page = json!({"value": [item("1", 2), item("2", 3)]});
    let server = RawServer::responding(raw_json(200, &page)).await;
    let since = "2026-01-01T00:00:00Z".parse().unwrap();
    for interval in [RARELY, Duration::MAX] {
        let before = server.requests().len();
        let mut watcher = to(&server).watch().since(since).every(interval);
        assert_eq!(ids(&changes(&mut watcher).await), ["1", "2"]);
        assert_eq!(server.requests().len(), before + 1, "{interval:?}");
    }
}

/// Whether nothing changes for a time.
async fn quiet(watcher: &mut Watcher, time: Duration) -> bool {
    tokio::time::timeout(time, watcher.next()).await.is_err()
}

#[tokio::test]
async fn after_unsorted_pages_the_boundary_waits_for_concurrent_changes() {
    let now = Utc::now();
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let item = |id: &str, hours: i64| json!({"id": id, "lastUpdateDateTime": time(now - TimeDelta::hours(hours))});
    let link = "SELF/security/incidents?$skip=2";
    let first = json!({"value": [item("1", 0), item("2", 9)], "@odata.nextLink": link});
    let second: Value = json!({"value": [item("3", 5)]});
    let server = RawServer::saying(move |_, request| {
        let is_first = !request.contains("$skip=2");
        raw_json(200, if is_first { &first } else { &second })
    })
    .await;
    let since = now - TimeDelta::days(1);
    let interval = Duration::from_secs(2);
    let mut watcher = to(&server).watch().since(since).every(interval);
    for id in ["1", "2", "3"] {
        assert_eq!(watcher.next().await.unwrap().after.id, id);
        assert_eq!(watcher.cursor().boundary().unwrap(), since);
    }
    // A lagging index may still return items that are older than the latest change.
    assert!(quiet(&mut watcher, interval / 2).await);
    let boundary = watcher.cursor().boundary().unwrap();
    let ago = |minutes| now - TimeDelta::minutes(minutes);
    assert!(ago(6) < boundary && boundary < ago(4), "{boundary}");
    // A round without news has seen everything.
    assert!(quiet(&mut watcher, interval * 3 / 2).await);
    let boundary = watcher.cursor().boundary().unwrap();
    assert_eq!(time(boundary), time(now));
}
