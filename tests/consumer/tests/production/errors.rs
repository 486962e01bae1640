//! Error messages say what went wrong, so that a person can act on it.

use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate};
use graph_incidents::{Client, Effect, RetryPolicy};
use graph_incidents_simulator::{Fault, Profile};

use super::raw::{HOLD, RawServer};
use super::{REFERENCE, client, connected, status};

fn to(server: &RawServer) -> Client {
    Client::builder()
        .base_url(&server.url)
        .token("secret")
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

#[tokio::test]
async fn one_line_has_operation_status_code_message_and_request_ids() {
    let (simulator, client) = connected().await;
    let error = client.get_incident("404404").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.operation(), Some("getIncident"));
    let request = simulator.ledger().requests().pop().unwrap();
    assert_eq!(error.request_id(), Some(request.request_id.as_str()));
    assert_eq!(
        error.client_request_id(),
        Some(request.client_request_id.as_str())
    );
    let line = error.to_string();
    assert!(
        line.starts_with(&format!(
            "get_incident 404404: 404 {}: ",
            error.code().unwrap()
        )),
        "{line}"
    );
    assert!(line.contains(&request.request_id), "{line}");
    assert!(!line.contains('\n'));
}

#[tokio::test]
async fn a_403_names_the_roles_that_would_help() {
    let (simulator, _) = connected().await;
    let token = simulator.application_token(["SecurityIncident.Read.All"], None);
    let client = client(&simulator).token(token).build().unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    let update = IncidentUpdate::new().summary("a");
    let error = client
        .update_incident(REFERENCE, &update)
        .await
        .unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
    assert_eq!(error.missing_roles(), ["SecurityIncident.ReadWrite.All"]);
    assert!(error.to_string().contains("SecurityIncident.ReadWrite.All"));
}

#[tokio::test]
async fn an_unprovisioned_tenant_is_reported_in_the_service_s_words() {
    let mut profile = Profile::plain();
    profile.provisioned = false;
    let (simulator, client) = connected().await;
    simulator.set_profile(profile);
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_permission_denied());
    assert!(error.message().contains("not provisioned"), "{error}");
}

#[tokio::test]
async fn an_unusual_error_body_keeps_its_status() {
    let (simulator, client) = connected().await;
    let client = client.with_retry(RetryPolicy::none());
    for (fault, expected) in [
        (Fault::HtmlError { status: 502 }, "<!DOCTYPE html>"),
        (Fault::EmptyError { status: 503 }, "no body"),
    ] {
        simulator.faults().script([vec![fault]]);
        let error = client.get_incident(REFERENCE).await.unwrap_err();
        assert!(matches!(error.status(), Some(502 | 503)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    let truncated =
        RawServer::responding_with("500 Internal Server Error", "", r#"{"error":{"code":"Unkn"#)
            .await;
    let error = to(&truncated).get_incident("1").await.unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert!(
        error.message().contains(r#"{"error":{"code":"Unkn"#),
        "{error}"
    );
}

#[tokio::test]
async fn an_endless_or_invalid_error_body_shows_its_beginning() {
    let endless = format!("<html>{}", "x".repeat(1 << 20));
    let server = RawServer::responding_with("502 Bad Gateway", "", &endless).await;
    let error = to(&server).get_incident("1").await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert!(error.message().contains("<html>xxx"), "{error}");
    let broken = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 1000\r\n\r\n<html>broken";
    let server = RawServer::responding(broken).await;
    let error = to(&server).get_incident("1").await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert!(error.message().contains("<html>broken"), "{error}");
}

#[tokio::test]
async fn an_error_body_is_read_only_up_to_a_bound() {
    let endless = format!("<html>{}{HOLD}", "x".repeat(128 << 10));
    let server = RawServer::responding_with("502 Bad Gateway", "", &endless).await;
    let start = std::time::Instant::now();
    let error = to(&server).get_incident("1").await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert!(start.elapsed() < std::time::Duration::from_secs(10));
}

#[tokio::test]
async fn older_spellings_of_the_body_are_read_and_an_empty_code_is_absent() {
    let body = r#"{"error":{"code":"","message":"The limit of '50' for Top query has been exceeded.","innererror":{"request-id":"r-1"},
        "details":[{"code":"c","message":"m","target":"$top"}]}}"#;
    let server = RawServer::responding_with("400 Bad Request", "", body).await;
    let error = to(&server).list_incidents().await.unwrap_err();
    assert!(error.is_bad_request());
    assert_eq!((error.code(), error.request_id()), (None, Some("r-1")));
    assert_eq!(error.details()[0].target.as_deref(), Some("$top"));
}

#[tokio::test]
async fn a_decode_error_names_the_json_path() {
    for (body, path) in [
        (
            r#"{"value": [{"id": "1"}, {"id": "2", "alerts": [{"title": tru}]}]}"#,
            "value",
        ),
        (r#"[1, 2]"#, "."),
    ] {
        let server = RawServer::responding_with(
            "200 OK",
            "content-type: application/json\r\nrequest-id: r-1\r\n",
            body,
        )
        .await;
        let error = to(&server).list_incidents().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert!(error.message().contains(&format!("at `{path}")), "{error}");
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(200), Some("r-1"))
        );
    }
}

#[tokio::test]
async fn the_effect_of_a_failed_write_is_known_or_reported_as_unknown() {
    let (simulator, client) = connected().await;
    let client = client.with_retry(RetryPolicy::none());
    let comment = IncidentCommentCreate::new("once");
    for (fault, effect, written) in [
        (status(429), Effect::NotApplied, 0),
        (status(400), Effect::NotApplied, 0),
        (status(503), Effect::Unknown, 0),
        (Fault::ResetBefore, Effect::Unknown, 0),
        (Fault::ResetAfter, Effect::Unknown, 1),
        (Fault::TruncatedBody { fraction: 0.5 }, Effect::Applied, 1),
    ] {
        let before = simulator.ledger().write_count();
        simulator.faults().script([vec![fault.clone()]]);
        let error = client
            .create_incident_comment(REFERENCE, &comment)
            .await
            .unwrap_err();
        assert_eq!(error.effect(), effect, "{fault:?}: {error}");
        assert_eq!(
            simulator.ledger().write_count() - before,
            written,
            "{fault:?}"
        );
    }
    let nobody = graph_incidents::Client::builder()
        .base_url("http://127.0.0.1:1/beta")
        .token("t")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = nobody
        .create_incident_comment(REFERENCE, &comment)
        .await
        .unwrap_err();
    assert!(error.is_connection());
    assert_eq!(error.effect(), Effect::NotApplied);
}
