//! `$batch`.

use serde_json::json;

use crate::support::{plain, post};

#[tokio::test]
async fn a_batch_carries_out_each_request_like_a_single_one() {
    let simulator = plain().await;
    let reply = post(
        &simulator,
        "/beta/$batch",
        json!({"requests": [
            {"id": "1", "method": "PATCH", "url": "/security/incidents/2972395", "headers": {"Content-Type": "application/json"}, "body": {"summary": "in a batch"}},
            {"id": "2", "method": "GET", "url": "/security/incidents/2972395?$select=summary", "dependsOn": ["1"]},
            {"id": "3", "method": "GET", "url": "/security/incidents/1"},
            {"id": "4", "method": "GET", "url": "security/incidents/$count", "dependsOn": ["3"]},
        ]}),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    let statuses: Vec<_> = body["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| response["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 200, 404, 424]);
    assert_eq!(body["responses"][1]["body"]["summary"], "in a batch");
    assert_eq!(simulator.ledger().write_count(), 1);
}

#[tokio::test]
async fn malformed_batches_are_refused_as_a_whole() {
    let simulator = plain().await;
    let write = json!({"id": "1", "method": "PATCH", "url": "/security/incidents/2972395",
        "headers": {"Content-Type": "application/json"}, "body": {"summary": "written"}});
    let one = json!({"id": "1", "method": "GET", "url": "/security/incidents"});
    for requests in [
        json!(null),
        json!([]),
        json!([1]),
        json!([one, one]),
        json!(vec![one.clone(); 21]),
        json!([{"id": "1", "url": "/x"}]),
        json!([{"id": "1", "method": "GET", "url": "/x", "dependsOn": ["2"]}]),
        json!([write, {"id": "1", "method": "GET", "url": "/x"}]),
        json!([write, {"id": "2", "method": "GET"}]),
        json!([write, {"id": "2", "method": "GET", "url": "/x", "dependsOn": ["3"]}]),
        json!([write, {"id": "2", "method": "GET", "url": "/x", "dependsOn": "1"}]),
        json!([write, {"id": "2", "method": "GET", "url": "/x", "headers": {"a b": "c"}}]),
        json!([write, {"id": "2", "method": "POST", "url": "/$batch", "body": {"requests": [one]}}]),
        json!([write, {"id": "2", "method": "POST", "url": "%24batch", "body": {"requests": [one]}}]),
    ] {
        assert_eq!(
            post(&simulator, "/beta/$batch", json!({"requests": requests}))
                .await
                .status,
            400,
            "{requests}"
        );
    }
    assert_eq!(simulator.ledger().write_count(), 0, "a refused batch wrote");
}
