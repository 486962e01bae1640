//! Error messages: the operation and its id, then each cause once, down to the system's message.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use graph_incidents::auth::{self, AccessToken};
use graph_incidents::types::IncidentUpdate;
use graph_incidents::{Client, Error, Limits, RetryPolicy};
use graph_incidents_simulator::Simulator;

use super::scripted::{Scripted, response};
use super::{REFERENCE, client, connected, swift};

async fn failing(base_url: &str) -> Error {
    let client = Client::builder()
        .base_url(base_url)
        .token("t")
        .retry(RetryPolicy::none())
        .limits(Limits::default().attempt_time(Duration::from_millis(300)))
        .build()
        .unwrap();
    client.get_incident(REFERENCE).await.unwrap_err()
}

#[tokio::test]
async fn different_connection_failures_have_different_messages() {
    let refused = failing("http://127.0.0.1:1/beta").await;
    assert!(
        refused.to_string().starts_with(
            "get_incident 2972395: request failed: connection refused (os error 111) (client-request-id "
        ),
        "{refused}"
    );
    assert_eq!(refused.io_kind(), Some(io::ErrorKind::ConnectionRefused));

    let unknown = failing("https://no-such-host.invalid/beta").await;
    let shown = unknown.to_string();
    assert!(
        shown.contains("request failed: failed to resolve the host name: "),
        "{shown}"
    );

    let cut = Scripted::new(|_| None).await;
    let lost = failing(&format!("{}/beta", cut.origin)).await;
    assert!(
        lost.to_string()
            .contains("the connection was lost before a response came"),
        "{lost}"
    );
    assert!(lost.is_connection());

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let late = failing(&format!("http://{}/beta", silent.local_addr().unwrap())).await;
    assert!(
        late.to_string().contains("no response within 0.3 s"),
        "{late}"
    );
    assert!(late.is_timeout());
}

#[tokio::test]
async fn main_prints_one_sentence_and_no_reporter_prints_it_twice() {
    let error = failing("http://127.0.0.1:1/beta").await;
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(error.source().is_none());
    assert_eq!(error.subject(), Some(REFERENCE));
    assert_eq!(error.operation(), Some("getIncident"));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let simulator = Simulator::builder().start().await.unwrap();
    let token = simulator.application_token(["SecurityIncident.Read.All"], None);
    let client = client(&simulator).token(token).build().unwrap();
    let update = graph_incidents::types::IncidentUpdate::new().summary("a");
    let error = client
        .update_incident(REFERENCE, &update)
        .await
        .unwrap_err();
    let shown = error.to_string();
    assert!(
        shown.starts_with("update_incident 2972395: 403 Forbidden: "),
        "{shown}"
    );
    assert!(
        shown.contains("grant one of: SecurityIncident.ReadWrite.All"),
        "{shown}"
    );
    // If the service names no roles, the fragment does.
    let server =
        Scripted::new(|_| response(403, "", r#"{"error":{"code":"Forbidden","message":"no"}}"#))
            .await;
    let error = failing(&format!("{}/beta", server.origin)).await;
    assert!(
        error
            .to_string()
            .contains("grant one of: SecurityIncident.Read.All"),
        "{error}"
    );
}

#[tokio::test]
async fn the_error_of_a_token_source_is_in_the_message_and_accessible_by_type() {
    let source = auth::from_fn(|| async {
        Err::<AccessToken, _>(io::Error::new(io::ErrorKind::NotFound, "vault sealed"))
    });
    let client = Client::builder()
        .token_source(source)
        .retry(RetryPolicy::none());
    let error = client
        .build()
        .unwrap()
        .get_incident(REFERENCE)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("get_incident 2972395: failed to acquire a token: vault sealed ("),
        "{error}"
    );
    let cause = error.cause::<io::Error>().unwrap();
    assert_eq!(cause.kind(), io::ErrorKind::NotFound);
}

#[tokio::test]
async fn a_hostile_error_is_one_bounded_line() {
    for filler in ["r\\nFAKE LOG LINE", "\\u001b[31m\\u202e\\u2028", "x"] {
        let text = filler.repeat(60_000 / filler.len());
        let body = format!(
            r#"{{"error":{{"code":"{text}","message":"m {text}","innerError":{{"request-id":"{text}","client-request-id":"{text}"}}}}}}"#
        );
        let server = Scripted::new(move |_| response(403, "", &body)).await;
        let error = failing(&format!("{}/beta", server.origin)).await;
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(
                shown.chars().count() < 1_500,
                "{} characters",
                shown.chars().count()
            );
            assert!(
                !shown.chars().any(|character| character.is_control()
                    || matches!(character, '\u{202e}' | '\u{2028}')),
                "{shown:?}"
            );
        }
    }
}

#[tokio::test]
async fn debug_output_of_unfinished_calls_shows_their_progress() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new().summary("confidential");
    let shown = format!("{:?}", client.update_incident(REFERENCE, &update));
    assert!(
        shown.contains("PATCH") && shown.contains(REFERENCE),
        "{shown}"
    );
    assert!(!shown.contains("confidential"), "{shown}");
    let mut batch = client.core().batch();
    let _ticket = batch.add_raw(client.get("/x"));
    assert_eq!(format!("{batch:?}"), "Batch { requests: 1, .. }");
    let mut pages = client.list_incidents().pages();
    pages.next().await.unwrap().unwrap();
    let shown = format!("{pages:?}");
    assert!(shown.ends_with("pages: 1, .. }"), "{shown}");
    let update = IncidentUpdate::new().summary("a");
    let mut outcomes = client.update_many([(REFERENCE.to_owned(), update)]);
    outcomes.next().await.unwrap();
    let shown = format!("{outcomes:?}");
    assert_eq!(shown, "UpdateMany { taken: 1, running: 0, .. }");
    let since = "2020-01-01T00:00:00Z".parse().unwrap();
    let mut watcher = client.watch().since(since);
    watcher.next().await.unwrap();
    let shown = format!("{watcher:?}");
    assert!(shown.contains("Round { from: 2020-01-01"), "{shown}");
    drop(simulator);
}

#[tokio::test]
async fn a_refusing_proxy_is_distinguished_from_the_service() {
    let proxy = Scripted::new(|_| response(403, "", "<html>not allowed</html>")).await;
    let client = Client::builder().token("t").proxy(&proxy.origin);
    let client = client.retry(swift().attempts(1)).build().unwrap();
    let error = client.get_incident("1").await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("the proxy did not connect: "), "{shown}");
    assert_eq!(error.status(), None, "{shown}");
}
