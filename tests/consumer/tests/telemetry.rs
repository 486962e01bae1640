//! Traces say what happened, and no secret.
//!
//! A binary of its own: while there is one subscriber, `tracing` asks the thread that comes to a span first whether
//! anybody listens, and remembers its answer for all threads.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_incidents::query::Filter;
use graph_incidents::types::IncidentUpdate;
use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::{Fault, Simulator};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_span_has_route_status_attempts_and_ids_but_no_body_query_or_token() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .retry(RetryPolicy::default().first_delay(Duration::from_millis(1)))
        .build()
        .unwrap();
    let unavailable = Fault::Status {
        status: 503,
        retry_after: None,
        retry_after_form: Default::default(),
        applied: false,
    };
    simulator.faults().script([vec![unavailable], vec![]]);
    client
        .update_incident("2972395", &IncidentUpdate::new().summary("confidential"))
        .await
        .unwrap();
    client
        .list_incidents()
        .filter(Filter::assigned_to().eq("confidential"))
        .await
        .unwrap();
    client.get_incident("404404").await.unwrap_err();

    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("graph_client") && line.contains("close"))
        .collect();
    assert_eq!(lines.len(), 3, "{text}");
    let requests = simulator.ledger().requests();
    for part in [
        r#"otel.name="PATCH /security/incidents/{incidentId}""#.replace('"', ""),
        "http.request.method=\"PATCH\"".to_owned(),
        "url.template=\"/security/incidents/{incidentId}\"".to_owned(),
        "server.address=\"127.0.0.1\"".to_owned(),
        "http.request.resend_count=1".to_owned(),
        "http.response.status_code=200".to_owned(),
        format!("graph.request_id=\"{}\"", requests[1].request_id),
        format!(
            "graph.client_request_id=\"{}\"",
            requests[1].client_request_id
        ),
    ] {
        assert!(lines[0].contains(&part), "{part} is not in {}", lines[0]);
    }
    assert!(text.contains("repeating the request"), "{text}");
    assert!(
        lines[2].contains("http.response.status_code=404") && lines[2].contains("error.type="),
        "{}",
        lines[2]
    );
    assert!(!text.contains("confidential"), "{text}");
    assert!(!text.contains(simulator.token()), "{text}");
}
