//! Batches: the outcome of a part reaches the budget, the retry policy, and the part's error.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_incidents::runtime::{BudgetSource, PermissionFuture};
use graph_incidents::{Client, Error, RateBudget, RetryPolicy};
use serde_json::{Value, json};

use super::raw::{RawServer, json as reply};
use super::swift;

/// What a budget learned: nothing, or that a request was throttled and for how long.
#[derive(Debug, Clone, Default)]
struct Told(Arc<Mutex<Vec<Option<Option<Duration>>>>>);

impl BudgetSource for Told {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(async { false })
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        self.0.lock().unwrap().push(Some(retry_after));
    }

    fn responded(&self) {
        self.0.lock().unwrap().push(None);
    }
}

/// Reads a number of entities in one batch.
async fn read(client: &Client, count: usize) -> Vec<Result<Value, Error>> {
    let core = client.core();
    let mut batch = core.batch();
    let tickets: Vec<_> = (0..count)
        .map(|number| batch.add_raw(core.get(&format!("/things/{number}"))))
        .collect();
    batch.send().await;
    tickets.into_iter().map(|ticket| ticket.take()).collect()
}

fn parts(parts: &[Value]) -> String {
    reply(200, &json!({"responses": parts}))
}

#[tokio::test]
async fn the_budget_learns_which_parts_were_throttled() {
    let server = RawServer::responding(parts(&[
        json!({"id": "0", "status": 200, "body": {"id": "0"}}),
        json!({"id": "1", "status": 429, "headers": {"Retry-After": "2"}}),
        json!({"id": "2", "status": 404}),
    ]))
    .await;
    let told = Told::default();
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.budget(RateBudget::from_source(told.clone()));
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let results = read(&client, 3).await;
    assert_eq!(results[0].as_ref().unwrap(), &json!({"id": "0"}));
    let [throttled, missing] = [1, 2].map(|number| results[number].as_ref().unwrap_err());
    assert!(throttled.is_throttled(), "{throttled}");
    assert!(missing.is_not_found(), "{missing}");
    assert!(missing.to_string().contains("no body"), "{missing}");
    let told = told.0.lock().unwrap();
    let throttled: Vec<_> = told.iter().flatten().collect();
    assert_eq!(throttled, [&Some(Duration::from_secs(2))]);
    assert!(told.iter().filter(|told| told.is_none()).count() >= 2);
}

#[tokio::test]
async fn a_part_with_a_retry_time_is_repeated_as_often_as_needed() {
    let busy = json!({"id": "0", "status": 429, "headers": {"retry-after-ms": "100"}});
    let mut responses = vec![parts(&[busy]); 7];
    responses.push(parts(&[json!({"id": "0", "status": 200, "body": {}})]));
    let server = RawServer::scripted(responses).await;
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.budget(RateBudget::off()).build().unwrap();
    assert_eq!(read(&client, 1).await[0].as_ref().unwrap(), &json!({}));
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn a_batch_that_failed_as_a_whole_is_not_repeated_for_its_parts() {
    let failed = parts(&[json!({"id": "0", "status": 503})]);
    let server = RawServer::scripted(vec![failed, reply(503, &json!({}))]).await;
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.retry(swift().attempts(3)).build().unwrap();
    let error = read(&client, 1).await.remove(0).unwrap_err();
    assert_eq!(error.status(), Some(503), "{error}");
    assert_eq!(server.requests().len(), 1 + 3);
}
