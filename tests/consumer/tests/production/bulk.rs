//! Many updates at once: an outcome for each, and a record of what was sent.

use std::time::Duration;

use futures_util::StreamExt as _;
use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate};
use graph_incidents::{Client, Effect, RateBudget, RetryPolicy};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};

use serde_json::Value;

use super::raw::RawServer;
use super::{connected, sent, status};

fn updates(simulator: &Simulator) -> Vec<(String, IncidentUpdate)> {
    let ids = simulator.incident_ids();
    ids.into_iter()
        .enumerate()
        .map(|(number, id)| {
            (
                id,
                IncidentUpdate::new().summary(format!("number {number}")),
            )
        })
        .collect()
}

async fn all_arrive(simulator: &Simulator, client: &Client, batched: bool) {
    let updates = updates(simulator);
    let count = updates.len();
    let mut outcomes = client.update_many(updates).concurrency(3).in_order();
    if batched {
        outcomes = outcomes.batched();
    }
    let progress = outcomes.progress();
    let mut next = 0;
    while let Some(outcome) = outcomes.next().await {
        assert_eq!(outcome.index, next, "out of order");
        next += 1;
        let incident = outcome
            .result
            .unwrap_or_else(|error| panic!("{}: {error}", outcome.id));
        assert_eq!(incident.id, outcome.id);
        assert_eq!(incident.summary, Some(format!("number {}", outcome.index)));
    }
    assert_eq!(next, count);
    let snapshot = progress.snapshot();
    assert_eq!(
        (snapshot.taken, snapshot.finished, snapshot.failed),
        (count, count, 0)
    );
    assert!(snapshot.in_flight.is_empty());
}

#[tokio::test]
async fn every_update_has_its_outcome_in_order() {
    let (simulator, client) = connected().await;
    all_arrive(&simulator, &client, false).await;
    assert_eq!(sent(&simulator), simulator.incident_ids().len());
}

#[tokio::test]
async fn batches_save_round_trips_and_each_part_is_repeated_by_itself() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .add(
            FaultRule::new(status(429))
                .on("updateIncident")
                .probability(0.2),
        )
        .unwrap();
    simulator
        .faults()
        .add(
            FaultRule::new(status(503))
                .on("updateIncident")
                .probability(0.1),
        )
        .unwrap();
    all_arrive(&simulator, &client, true).await;
    let count = simulator.incident_ids().len();
    let requests = simulator.ledger().requests();
    let batches = requests
        .iter()
        .filter(|request| request.target.ends_with("$batch"))
        .count();
    assert!(
        batches >= 1 && batches < count / 2,
        "{batches} batches for {count} updates"
    );
    // Parts that had succeeded were not sent again.
    assert_eq!(
        simulator
            .ledger()
            .writes()
            .iter()
            .filter(|write| write.operation == "updateIncident")
            .count(),
        count
    );
}

#[tokio::test]
async fn a_failed_update_does_not_stop_the_others() {
    for batched in [false, true] {
        let (simulator, client) = connected().await;
        let mut updates = updates(&simulator);
        updates.truncate(5);
        updates.insert(1, ("404404".to_owned(), IncidentUpdate::new().summary("a")));
        updates.insert(2, ("..".to_owned(), IncidentUpdate::new().summary("a")));
        updates.insert(3, (super::REFERENCE.to_owned(), IncidentUpdate::new()));
        let outcomes = client.update_many(updates).in_order();
        let outcomes = if batched {
            outcomes.batched()
        } else {
            outcomes
        };
        let outcomes: Vec<_> = outcomes.collect().await;
        let failed: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.result.is_err())
            .map(|outcome| outcome.index)
            .collect();
        assert_eq!(failed, [1, 2, 3], "batched: {batched}");
        let error = outcomes[1].result.as_ref().unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert_eq!(
            (error.operation(), error.effect()),
            (Some("updateIncident"), Effect::NotApplied)
        );
        assert!(error.client_request_id().is_some());
        assert!(outcomes[2].result.as_ref().unwrap_err().is_refused());
    }
}

#[tokio::test]
async fn a_batch_that_fails_as_a_whole_fails_for_each_part() {
    let (simulator, _) = connected().await;
    let client = super::client(&simulator).token("wrong").build().unwrap();
    let outcomes: Vec<_> = client
        .update_many(updates(&simulator))
        .batched()
        .collect()
        .await;
    assert_eq!(outcomes.len(), simulator.incident_ids().len());
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.result.as_ref().unwrap_err().is_unauthenticated())
    );
}

#[tokio::test]
async fn a_part_is_the_request_that_a_single_call_sends() {
    let server = RawServer::responding_with("200 OK", "", r#"{"id": "1", "responses": []}"#).await;
    let client = Client::builder()
        .base_url(&server.url)
        .token("t")
        .build()
        .unwrap();
    let client = client.with_retry(RetryPolicy::none());
    let update = IncidentUpdate::new().summary("a").clear_assigned_to();
    client.update_incident("1/2", &update).await.unwrap();
    let two = [("1/2".to_owned(), update.clone()), ("3".to_owned(), update)];
    let _: Vec<_> = client.update_many(two).batched().collect().await;
    let requests = server.requests();
    let (single, batch) = (&requests[0], &requests[1]);
    let body: Value = serde_json::from_str(batch.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let part = &body["requests"][0];
    let line = format!(
        "{} /beta{} HTTP/1.1",
        part["method"].as_str().unwrap(),
        part["url"].as_str().unwrap()
    );
    assert!(single.starts_with(&line), "{line}: {single}");
    assert_eq!(
        part["body"],
        serde_json::from_str::<Value>(single.split("\r\n\r\n").nth(1).unwrap()).unwrap()
    );
    let headers = part["headers"].as_object().unwrap();
    for name in ["accept", "content-type", "prefer", "client-request-id"] {
        assert!(headers.contains_key(name), "{name}: {headers:?}");
    }
    assert!(single.contains(&format!("prefer: {}", headers["prefer"].as_str().unwrap())));
    assert!(!headers.contains_key("authorization"));
    let ids: std::collections::BTreeSet<&str> = body["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["headers"]["client-request-id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn requests_for_any_operations_can_be_sent_together() {
    let (simulator, client) = connected().await;
    let comment = IncidentCommentCreate::new("from a batch");
    let update = IncidentUpdate::new().summary("from a batch");
    let empty = IncidentUpdate::new();
    let mut batch = client.core().batch();
    let read = batch.add(client.get_incident("2972395").select(["id"]));
    let list = batch.add(client.list_incidents().top(3));
    let count = batch.add(client.count_incidents());
    let commented = batch.add(client.create_incident_comment("2972395", &comment));
    let updated = batch.add(client.update_incident("2972395", &update));
    let nobody = batch.add(client.get_incident("404404"));
    let refused = batch.add(client.update_incident("2972395", &empty));
    let raw = batch.add_raw(client.core().get("/security/incidents/2972395"));
    batch.send().await;
    assert_eq!(read.take().unwrap().id, "2972395");
    assert_eq!(list.take().unwrap().len(), 3);
    let number = i64::try_from(simulator.incident_ids().len()).unwrap();
    assert_eq!(count.take().unwrap(), number);
    let comments = commented.take().unwrap();
    let last = comments.value.last().unwrap();
    assert_eq!(last.comment.as_deref(), Some("from a batch"));
    assert_eq!(
        updated.take().unwrap().summary.as_deref(),
        Some("from a batch")
    );
    let error = nobody.take().unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.operation(), Some("getIncident"));
    assert!(refused.take().unwrap_err().is_refused());
    assert_eq!(raw.take().unwrap()["id"], "2972395");
    let requests = simulator.ledger().requests();
    let batches = requests.iter().filter(|one| one.target.ends_with("$batch"));
    assert_eq!(batches.count(), 1);
}

#[tokio::test]
async fn every_part_counts_in_the_budget_and_waits_within_the_total_time() {
    let (simulator, _) = connected().await;
    let policy = super::swift().total_time(Duration::from_millis(400));
    let client = super::client(&simulator)
        .budget(RateBudget::adaptive().at_most(20, Duration::from_secs(600)))
        .retry(policy)
        .build()
        .unwrap();
    let start = std::time::Instant::now();
    let updates = (0..30).map(|_| ("2972395".to_owned(), IncidentUpdate::new().summary("a")));
    let outcomes = client
        .update_many(updates.collect::<Vec<_>>())
        .batched()
        .concurrency(1);
    let outcomes: Vec<_> = outcomes.collect().await;
    let done = outcomes
        .iter()
        .filter(|outcome| outcome.result.is_ok())
        .count();
    assert_eq!(done, 20);
    for outcome in outcomes.iter().filter(|outcome| outcome.result.is_err()) {
        let error = outcome.result.as_ref().unwrap_err();
        assert!(error.is_throttled(), "{error}");
        assert_eq!(error.effect(), Effect::NotApplied);
    }
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn concurrency_is_bounded_and_updates_are_taken_only_when_there_is_room() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .add(FaultRule::new(Fault::LateResponse { milliseconds: 20 }))
        .unwrap();
    let mut outcomes = client.update_many(updates(&simulator)).concurrency(4);
    let progress = outcomes.progress();
    let mut most = 0;
    while outcomes.next().await.is_some() {
        most = most.max(progress.snapshot().in_flight.len());
    }
    assert!((1..=4).contains(&most), "{most}");
}

#[tokio::test]
async fn after_a_cancellation_the_progress_says_what_was_sent() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .add(FaultRule::new(Fault::LateResponse { milliseconds: 15 }))
        .unwrap();
    let updates = updates(&simulator);
    let mut outcomes = client.update_many(updates.clone()).concurrency(4);
    let progress = outcomes.progress();
    let mut done = Vec::new();
    let collecting = async {
        while let Some(outcome) = outcomes.next().await {
            done.push(outcome.id);
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(60), collecting)
            .await
            .is_err()
    );
    drop(outcomes);
    let snapshot = progress.snapshot();
    assert_eq!(snapshot.taken, snapshot.finished + snapshot.in_flight.len());
    assert!(snapshot.taken < updates.len());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let written: Vec<String> = simulator
        .ledger()
        .writes()
        .into_iter()
        .map(|write| write.incident)
        .collect();
    for (index, (id, _)) in updates.iter().enumerate() {
        let is_written = written.contains(id);
        if index >= snapshot.taken {
            assert!(!is_written, "{id} was sent and nobody knows");
        } else if !snapshot.in_flight.contains_key(&index) {
            assert!(is_written, "{id} was reported and not sent");
        }
    }
}
