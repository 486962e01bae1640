//! Requests to any path: the same errors and retries as generated operations, repeated only if that does no harm.

use graph_incidents::{Effect, Error};
use graph_incidents_simulator::{Fault, Simulator};
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::scripted::{Scripted, response};
use super::{REFERENCE, client, connected, status, swift};

fn path() -> String {
    format!("/security/incidents/{REFERENCE}")
}

#[tokio::test]
async fn any_path_can_be_read_and_written_as_json_or_a_type() {
    let (simulator, client) = connected().await;
    let incident = client
        .get(&path())
        .query("$select", "id,status")
        .await
        .unwrap();
    assert_eq!(incident["id"], REFERENCE);
    let typed: graph_incidents::types::Incident = client.get(&path()).send().await.unwrap();
    assert_eq!(typed.id, REFERENCE);
    let updated = client
        .patch(&path())
        .json(&json!({"summary": "a"}))
        .await
        .unwrap();
    assert_eq!(updated["summary"], "a");
    let comment =
        json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": "once"});
    let comments: Value = client
        .post(&format!("{}/comments", path()))
        .json(&comment)
        .await
        .unwrap();
    assert!(comments["value"].as_array().is_some());
    assert_eq!(simulator.ledger().write_count(), 2);
    // An empty body is fine if nothing is read, and an error otherwise.
    let server = Scripted::new(|_| response(204, "", "")).await;
    let client = graph_incidents::Client::builder()
        .base_url(format!("{}/beta", server.origin))
        .token("t");
    let client = client.build().unwrap();
    assert_eq!(client.delete("/a").await.unwrap(), Value::Null);
    client
        .post("/a")
        .json(&json!({}))
        .send::<()>()
        .await
        .unwrap();
    assert_eq!(client.core().head("/a").await.unwrap(), Value::Null);
}

#[tokio::test]
async fn a_path_that_would_escape_is_refused_before_sending() {
    let (simulator, client) = connected().await;
    for path in [
        "",
        "/",
        "/security/../me",
        "/security/%2e%2E/me",
        "/security/./x",
        "//evil.example/x",
        "/security//x",
        "https://evil.example/x",
        "/a\\..\\b",
        "/a#b",
        "/a\n",
        "/a/%00",
        "/x/..?a=b",
    ] {
        let error = client.get(path).await.unwrap_err();
        assert!(error.is_refused(), "{path:?}: {error}");
        assert_eq!(error.attempts(), 0);
        assert!(error.to_string().starts_with("get: "), "{error}");
    }
    assert_eq!(simulator.ledger().requests().len(), 0);
}

async fn after_a_lost_response(mark: bool) -> (Simulator, Result<Value, Error>) {
    let (simulator, client) = connected().await;
    simulator.faults().script([vec![Fault::ResetAfter]]);
    let body = json!({"summary": "a"});
    let path = path();
    let request = client.patch(&path).json(&body);
    let request = if mark { request.repeatable() } else { request };
    let result = request.await;
    (simulator, result)
}

#[tokio::test]
async fn a_write_is_repeated_after_an_ambiguous_failure_only_if_marked() {
    let (simulator, result) = after_a_lost_response(false).await;
    let error = result.unwrap_err();
    assert_eq!(
        (error.attempts(), error.effect()),
        (1, Effect::Unknown),
        "{error}"
    );
    assert_eq!(simulator.ledger().write_count(), 1);
    let (simulator, result) = after_a_lost_response(true).await;
    result.unwrap();
    assert_eq!(simulator.ledger().write_count(), 2);
    // A 429 has written nothing, so every method is repeated. A read is repeated after every transient failure.
    let (simulator, client) = connected().await;
    simulator.faults().script([vec![status(429)], vec![]]);
    client
        .patch(&path())
        .json(&json!({"summary": "b"}))
        .await
        .unwrap();
    assert_eq!(simulator.ledger().write_count(), 1);
    simulator.faults().script([vec![Fault::ResetAfter], vec![]]);
    client.get(&path()).await.unwrap();
}

/// Loses the first response, and responds to the second request with this status.
async fn second(status: u16) -> Scripted {
    let count = std::sync::atomic::AtomicUsize::new(0);
    Scripted::new(
        move |_| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => None,
            _ => response(status, "", r#"{"error":{"code":"c","message":"m"}}"#),
        },
    )
    .await
}

#[tokio::test]
async fn the_effect_takes_repeated_attempts_into_account() {
    for (delete, status, effect) in [
        (true, 404, Effect::Applied),
        (true, 412, Effect::Unknown),
        (false, 412, Effect::Unknown),
        (false, 404, Effect::Unknown),
    ] {
        let server = second(status).await;
        let client = graph_incidents::Client::builder()
            .base_url(format!("{}/beta", server.origin))
            .token("t")
            .retry(swift());
        let client = client.build().unwrap();
        let request = match delete {
            true => client.delete("/a/1"),
            false => client.put("/a/1"),
        };
        let error = request.repeatable().await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
        assert_eq!(error.effect(), effect, "{error}");
        assert_eq!(server.requests().len(), 2);
    }
    // Without a lost response, nothing was deleted.
    let (_, client) = connected().await;
    let error = client
        .delete("/security/incidents/404404/x")
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::NotApplied, "{error}");
}

#[tokio::test]
async fn raw_requests_have_the_same_errors_as_generated_ones() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = client(&simulator).build().unwrap();
    let error = client.get("/security/incidents/404404").await.unwrap_err();
    assert!(error.is_not_found());
    assert!(
        error
            .to_string()
            .starts_with("get /security/incidents/404404: 404 "),
        "{error}"
    );
    assert_eq!(error.subject(), Some("/security/incidents/404404"));
    assert!(error.request_id().is_some() && error.client_request_id().is_some());
}

#[tokio::test]
async fn deleting_a_missing_entity_applies_nothing_unless_an_attempt_was_lost() {
    let server = Scripted::new(|_| response(404, "", "")).await;
    let client = graph_incidents::Client::builder().base_url(format!("{}/beta", server.origin));
    let client = client.token("t").build().unwrap();
    let error = client.delete("/a").await.unwrap_err();
    assert_eq!(error.effect(), Effect::NotApplied, "{error}");
}

#[tokio::test]
async fn a_custom_header_replaces_the_default_of_its_name() {
    let server = Scripted::new(|_| response(200, "", "{}")).await;
    let client = graph_incidents::Client::builder().base_url(format!("{}/beta", server.origin));
    let client = client.token("t").build().unwrap();
    let (a, b) = (
        HeaderName::from_static("x-a"),
        HeaderName::from_static("x-b"),
    );
    let mut core = client.core().clone();
    for (name, value) in [(&a, "1"), (&b, "2"), (&a, "3")] {
        core = core
            .with_header(name.clone(), HeaderValue::from_static(value))
            .unwrap();
    }
    core.get("/a").await.unwrap();
    let request = &server.requests()[0];
    assert!(
        request.contains("x-a: 3\r\n") && request.contains("x-b: 2\r\n"),
        "{request}"
    );
    assert!(!request.contains("x-a: 1"), "{request}");
    let own = core.with_header(
        HeaderName::from_static("authorization"),
        HeaderValue::from_static("x"),
    );
    assert!(own.unwrap_err().is_refused());
}
