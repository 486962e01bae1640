//! Everything is bounded, whatever the service sends.

use std::time::Duration;

use graph_incidents::{Client, Limits, RetryPolicy};
use graph_incidents_simulator::Fault;
use reqwest::header::{HeaderName, HeaderValue};

use super::raw::RawServer;
use super::{REFERENCE, client, connected};

#[tokio::test]
async fn a_large_response_is_an_error_with_or_without_a_length() {
    let (simulator, _) = connected().await;
    let client = client(&simulator)
        .limits(Limits::default().response_bytes(1_000))
        .build()
        .unwrap();
    let error = client.list_incidents().await.unwrap_err();
    assert!(error.is_limit(), "{error}");
    let body = format!(r#"{{"value": [{}]}}"#, vec!["{}"; 1_000].join(","));
    let endless = RawServer::responding(format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}"
    ))
    .await;
    let client = Client::builder()
        .base_url(&endless.url)
        .token("t")
        .limits(Limits::default().response_bytes(1_000))
        .build()
        .unwrap();
    assert!(client.list_incidents().await.unwrap_err().is_limit());
}

#[tokio::test]
async fn a_deeply_nested_response_is_an_error() {
    let body = format!(
        r#"{{"value": {}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let deep = RawServer::responding_with("200 OK", "", &body).await;
    let client = Client::builder()
        .base_url(&deep.url)
        .token("t")
        .build()
        .unwrap();
    let error = client.list_incidents().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn a_slow_response_is_an_error() {
    let (simulator, _) = connected().await;
    let client = client(&simulator)
        .limits(Limits::default().attempt_time(Duration::from_millis(50)))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    for fault in [
        Fault::LateResponse {
            milliseconds: 5_000,
        },
        Fault::SlowBody {
            chunk: 1,
            pause_milliseconds: 20,
        },
    ] {
        simulator.faults().script([vec![fault.clone()]]);
        let error = client.get_incident(REFERENCE).await.unwrap_err();
        assert!(error.is_timeout(), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_call_ends_with_its_total_time() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .add(graph_incidents_simulator::FaultRule::new(super::status(
            503,
        )))
        .unwrap();
    let policy = RetryPolicy::default()
        .attempts(u32::MAX)
        .total_time(Duration::from_millis(300));
    let client = client.with_retry(
        policy
            .first_delay(Duration::from_millis(5))
            .longest_delay(Duration::from_millis(20)),
    );
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    // The time ends between two attempts, or during one.
    assert!(error.status() == Some(503) || error.is_timeout(), "{error}");
    assert!(error.attempts() > 3, "{error}");
}

#[tokio::test]
async fn calls_can_have_their_own_limits_and_headers() {
    let (simulator, client) = connected().await;
    let small = client.with_limits(Limits::default().response_bytes(100));
    assert!(small.get_incident(REFERENCE).await.unwrap_err().is_limit());
    client.get_incident(REFERENCE).await.unwrap();
    let name = HeaderName::from_static("prefer");
    let value = HeaderValue::from_static("odata.maxpagesize=3");
    let own = client.with_header(name, value).unwrap();
    own.get_incident(REFERENCE).await.unwrap();
    let token = HeaderValue::from_static("Bearer mine");
    let refused = client.with_header(reqwest::header::AUTHORIZATION, token);
    assert!(refused.unwrap_err().is_refused());
    assert_eq!(simulator.ledger().requests().len(), 3);
    let server = RawServer::responding_with("200 OK", "", r#"{"id": "1"}"#).await;
    let to = Client::builder()
        .base_url(&server.url)
        .token("t")
        .build()
        .unwrap();
    let name = HeaderName::from_static("x-tenant");
    let to = to
        .with_header(name, HeaderValue::from_static("contoso"))
        .unwrap();
    to.get_incident("1").await.unwrap();
    assert!(server.requests()[0].contains("x-tenant: contoso"));
}

#[tokio::test]
async fn the_headers_of_a_response_are_bounded() {
    let many = "x-a: b\r\n".repeat(101);
    let long = format!("x-a: {}\r\n", "b".repeat(1 << 20));
    let fine = "x-a: b\r\n".repeat(90);
    for (headers, is_refused) in [(many, true), (long, true), (fine, false)] {
        let server = RawServer::responding_with("200 OK", &headers, r#"{"value": []}"#).await;
        let client = Client::builder().base_url(&server.url).token("t");
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let result = client.list_incidents().await;
        assert_eq!(result.is_err(), is_refused, "{}: {result:?}", headers.len());
    }
}
