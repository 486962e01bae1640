//! Traces show what happened, and no secret.
//!
//! In its own binary: with one subscriber, `tracing` asks only the first thread at a span whether anybody listens, and
//! remembers the result for all threads.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_incidents::auth::{BoxError, Chain, ClientCredentials, DeviceCode, RefreshTokens};
use graph_incidents::query::IncidentFilter;
use graph_incidents::types::{AlertUpdate, IncidentUpdate};
use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

#[path = "production/raw.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod raw;

/// One test after the other.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

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

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Spans as they close, in a buffer.
fn spans() -> (Buffer, impl tracing::Subscriber + Send + Sync) {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    (buffer, subscriber)
}

/// The lines of completed calls.
fn closed(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.contains("graph_client") && line.contains("close"))
        .collect()
}

#[tokio::test]
async fn a_span_has_route_status_attempts_and_ids_but_no_body_query_or_token() {
    let _alone = ALONE.lock().await;
    let (buffer, subscriber) = spans();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .retry(RetryPolicy::default().first_delay(Duration::from_millis(1)))
        .build()
        .unwrap();
    simulator.faults().script([vec![unavailable()], vec![]]);
    client
        .update_incident("2972395", &IncidentUpdate::new().summary("confidential"))
        .await
        .unwrap();
    client
        .list_incidents()
        .filter(IncidentFilter::assigned_to().eq("confidential"))
        .await
        .unwrap();
    client.get_incident("404404").await.unwrap_err();

    let text = buffer.text();
    let lines = closed(&text);
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].contains("graph.id=\"2972395\""), "{}", lines[0]);
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

#[tokio::test]
async fn a_span_about_an_alert_has_the_ids_of_its_path_and_no_text_of_the_alert() {
    const ALERT: &str = "da637551227677560813_-961444813";
    let _alone = ALONE.lock().await;
    let (buffer, subscriber) = spans();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::builder().start().await.unwrap();
    let incident = json!({"id": "77", "displayName": "confidential"});
    let alert = json!({"id": ALERT, "incidentId": "77", "title": "confidential", "status": "new"});
    assert!(simulator.insert(incident, vec![alert]));
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    let update = AlertUpdate::new().assigned_to("confidential");
    client.get_alert(ALERT).await.unwrap();
    client.update_alert(ALERT, &update).await.unwrap();
    client.alert(ALERT).comment("confidential").await.unwrap();
    client.get_incident_alert("77", ALERT).await.unwrap();
    client.get_alert("a/b").await.unwrap_err();
    client.move_alerts([ALERT]).to("2972395").await.unwrap();
    client
        .hunt("AlertInfo | where Title == 'confidential'")
        .await
        .unwrap();

    let text = buffer.text();
    let lines = closed(&text);
    let expected = [
        ("getAlert", Some(ALERT.to_owned())),
        ("updateAlert", Some(ALERT.to_owned())),
        ("createAlertComment", Some(ALERT.to_owned())),
        ("getIncidentAlert", Some(format!("77/{ALERT}"))),
        ("getAlert", Some("a%2Fb".to_owned())),
        ("moveAlertsToIncident", None),
        ("runHuntingQuery", None),
    ];
    assert_eq!(lines.len(), expected.len(), "{text}");
    for (line, (operation, id)) in lines.iter().zip(expected) {
        assert!(
            line.contains(&format!("graph.operation=\"{operation}\"")),
            "{line}"
        );
        match id {
            Some(id) => assert!(line.contains(&format!("graph.id=\"{id}\"")), "{line}"),
            None => assert!(!line.contains("graph.id"), "{line}"),
        }
    }
    assert!(!text.contains("confidential"), "{text}");
}

/// Removes what differs from run to run: times, ports, durations and identifiers.
fn cut(line: &str) -> String {
    let mut cut = String::new();
    let mut rest = line;
    for (start, end) in [
        ("server.port=", " "),
        ("graph.request_id=\"", "\""),
        ("graph.client_request_id=\"", "\""),
        ("elapsed_ms=", " "),
    ] {
        let Some((before, after)) = rest.split_once(start) else {
            continue;
        };
        cut.push_str(before);
        cut.push_str(start);
        cut.push('…');
        rest = after.find(end).map_or("", |at| &after[at..]);
    }
    cut.push_str(rest);
    cut
}

#[test]
fn the_documented_log_example_is_what_is_logged() {
    let _alone = ALONE.blocking_lock();
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_max_level(tracing::Level::INFO)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let simulator = Simulator::builder().start().await.unwrap();
            let client = Client::builder()
                .base_url(simulator.base_url())
                .token(simulator.token())
                .retry(RetryPolicy::default().first_delay(Duration::from_millis(1)))
                .build()
                .unwrap();
            simulator.faults().script([vec![unavailable()], vec![]]);
            let update = IncidentUpdate::new().summary("confidential");
            client.update_incident("2972395", &update).await.unwrap();
            client.get_incident("2972395").await.unwrap();
            client.get_incident("404404").await.unwrap_err();
        });
    });
    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    let written: Vec<String> = text.lines().map(cut).collect();
    let readme = include_str!("../../../generated-client/runtime/README.md");
    let example = readme.split("```text\n").nth(1).unwrap();
    let documented: Vec<&str> = example.split("```").next().unwrap().lines().collect();
    assert_eq!(written.len(), documented.len(), "{text}");
    for (written, documented) in written.iter().zip(documented) {
        let (beginning, _) = documented.rsplit_once('…').unwrap_or((documented, ""));
        assert!(
            written.starts_with(beginning),
            "written: {written}\ndocumented: {documented}"
        );
    }
}

fn unavailable() -> Fault {
    Fault::Status {
        status: 503,
        retry_after: None,
        retry_after_form: Default::default(),
        applied: false,
    }
}

#[tokio::test]
async fn a_listing_logs_once_that_items_are_forgotten() {
    let _alone = ALONE.lock().await;
    let (buffer, subscriber) = spans();
    let _guard = tracing::subscriber::set_default(subscriber);
    let many: Vec<_> = (0..100_000)
        .map(|id| json!({"id": id.to_string()}))
        .collect();
    let server = raw::RawServer::scripted(vec![
        raw::json(
            200,
            &json!({"value": many, "@odata.nextLink": "SELF/things?$skiptoken=2"}),
        ),
        raw::json(
            200,
            &json!({"value": [{"id": "a"}, {"id": "b"}, {"id": "b"}, {"id": "7"}]}),
        ),
    ])
    .await;
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.build().unwrap();
    let mut items = client.get("/things").pages().into_items();
    let mut given = 0;
    while let Some(item) = items.next().await {
        item.unwrap();
        given += 1;
        assert_eq!(items.is_deduplicated(), given <= 100_000, "{given}");
    }
    assert_eq!((given, items.repeated()), (100_003, 1));
    let text = buffer.text();
    assert_eq!(text.matches("more items than are remembered").count(), 1);
}

#[tokio::test]
async fn a_watcher_logs_each_ignored_time_in_the_future() {
    let _alone = ALONE.lock().await;
    let (buffer, subscriber) = spans();
    let _guard = tracing::subscriber::set_default(subscriber);
    let item = |id: &str, year: u32| json!({"id": id, "lastUpdateDateTime": format!("{year}-01-01T00:00:00Z")});
    let page = json!({"value": [item("1", 2025), item("2", 9998)]});
    let server = raw::RawServer::responding(raw::json(200, &page)).await;
    let client = Client::builder().base_url(&server.url).token("t");
    let since = "2024-01-01T00:00:00Z".parse().unwrap();
    let watcher = client.build().unwrap().watch().since(since);
    let mut watcher = watcher.every(Duration::from_millis(5));
    for possible in [true, false] {
        assert_eq!(watcher.next().await.unwrap().has_plausible_time, possible);
    }
    let quiet = tokio::time::timeout(Duration::from_millis(200), watcher.next());
    assert!(quiet.await.is_err());
    assert_eq!(
        buffer.text().matches("was updated in the future").count(),
        1
    );
}

/// The number of milliseconds in the line with a message.
fn milliseconds(text: &str, message: &str, field: &str) -> u64 {
    let line = text.lines().find(|line| line.contains(message)).unwrap();
    let (_, rest) = line.split_once(&format!("{field}=")).unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

/// Refresh tokens on a full disk.
struct Full;

impl RefreshTokens for Full {
    fn load(&self) -> Result<Option<String>, BoxError> {
        Ok(None)
    }

    fn save(&self, _: &str) -> Result<(), BoxError> {
        Err("the disk is full".into())
    }
}

#[tokio::test]
async fn sign_in_logs_retries_the_chosen_source_and_unsaved_tokens() {
    let _alone = ALONE.lock().await;
    let (buffer, subscriber) = spans();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::builder()
        .device_code_interval(0)
        .sign_in_after_polls(Some(1))
        .start()
        .await
        .unwrap();
    let rule = FaultRule::new(unavailable()).on("token").times(2);
    simulator.faults().add(rule).unwrap();
    let (tenant, id) = (simulator.tenant_id(), simulator.client_id());
    let secret = ClientCredentials::new(tenant, id, simulator.client_secret()).unwrap();
    let chain = Chain::new().or("the vault", secret.authority(simulator.origin()));
    let pause = Duration::from_millis(40);
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token_source(chain)
        .retry(
            RetryPolicy::default()
                .first_delay(pause)
                .longest_delay(pause),
        )
        .build()
        .unwrap();
    client.get_incident("2972395").await.unwrap();
    let text = buffer.text();
    assert_eq!(text.matches("repeating the sign-in").count(), 2, "{text}");
    let delay = milliseconds(&text, "repeating the sign-in", "delay_ms");
    assert!((2..=40).contains(&delay), "{text}");
    assert!(
        text.contains("signed in after repetition attempts=3"),
        "{text}"
    );
    assert!(
        text.contains("credential found source=\"the vault\""),
        "{text}"
    );
    let device = DeviceCode::new(tenant, id, |_| ()).unwrap();
    let device = device.authority(simulator.origin()).remembering(Full);
    device.sign_in().await.unwrap();
    let text = buffer.text();
    assert!(
        text.contains("failed to remember the sign-in error=the disk is full"),
        "{text}"
    );
}
