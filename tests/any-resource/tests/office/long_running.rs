//! Long-running operations, and the headers of responses.

use std::time::Duration;

use graph_client_any_resource::types::{CopyTarget, UserUpdate};
use graph_client_runtime::{Call as _, RetryPolicy};

use crate::scripted::{Scripted, response};

const GOES_ON: &str = "retry-after: 0\r\n";

#[tokio::test]
async fn a_long_running_operation_is_waited_for() {
    let server = Scripted::new(|number, _| match number {
        0 => response(
            202,
            "location: /jobs/1\r\nretry-after: 0\r\ncontent-length: 0\r\n",
            "",
        ),
        1 => response(202, GOES_ON, ""),
        2 => response(200, GOES_ON, r#"{"status":"inProgress"}"#),
        _ => response(200, "", r#"{"status":"completed","resourceId":"2"}"#),
    })
    .await;
    let client = server.client();
    let target = CopyTarget::new().name("copy");
    let begun = client
        .files_copy("1")
        .body(&target)
        .with_headers()
        .await
        .unwrap();
    assert_eq!((begun.status(), begun.location()), (202, Some("/jobs/1")));
    assert_eq!(begun.retry_after(), Some(Duration::ZERO));
    assert_eq!(begun.headers()["content-length"], "0");
    let ended = client.core().wait_for(&begun).await.unwrap();
    assert_eq!(ended["resourceId"], "2");
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert!(
        requests[1].starts_with("GET /v1.0/jobs/1 "),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn an_optional_body_can_be_left_out() {
    let server = Scripted::new(|_, _| response(202, "content-length: 0\r\n", "")).await;
    server.client().files_copy("1").await.unwrap();
    let request = &server.requests()[0];
    assert!(!request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn an_operation_without_a_monitor_cannot_be_waited_for() {
    let server = Scripted::new(|_, _| response(202, "content-length: 0\r\n", "")).await;
    let client = server.client();
    let begun = client.files_copy("1").with_headers().await.unwrap();
    let error = client.core().wait_for(&begun).await.unwrap_err();
    assert!(error.to_string().contains("no `Location`"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_monitor_that_redirects_to_the_result_has_ended() {
    for (status, ends) in [(303, true), (302, true), (404, false), (403, false)] {
        let headers = "location: https://graph.example/files/2\r\ncontent-length: 0\r\n";
        let server = Scripted::new(move |_, _| response(status, headers, "")).await;
        let core = server.client().core().clone();
        let ended = core.wait_at("/jobs/1", Some(Duration::ZERO)).await;
        assert_eq!(ended.is_ok(), ends, "{status}: {ended:?}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_token_is_not_sent_to_another_host_s_monitor() {
    let monitor = Scripted::new(|_, _| response(200, "", r#"{"status":"completed"}"#)).await;
    let server = Scripted::new(|_, _| response(200, "", "{}")).await;
    // The monitor is on another host and is not encrypted.
    let error = server
        .client()
        .core()
        .wait_at(&format!("{}/jobs/1", monitor.origin), Some(Duration::ZERO))
        .await;
    assert!(error.unwrap_err().is_cross_origin());
    assert_eq!(monitor.requests().len(), 0);
}

#[tokio::test]
async fn an_operation_that_fails_or_takes_too_long_is_an_error() {
    let failed = r#"{"status":"failed","error":{"code":"quotaLimitReached","message":"full"}}"#;
    let server = Scripted::new(move |_, _| response(200, "", failed)).await;
    let core = server.client().core().clone();
    let error = core
        .wait_at("/jobs/1", Some(Duration::ZERO))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("quotaLimitReached"));
    let server = Scripted::new(|_, _| response(202, "retry-after: 1\r\n", "")).await;
    let policy = RetryPolicy::default().total_time(Duration::from_millis(300));
    let core = server.client().core().with_retry(policy);
    let error = core
        .wait_at("/jobs/1", Some(Duration::ZERO))
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_version_is_read_and_required() {
    let server = Scripted::new(|_, _| response(200, "etag: \"7\"\r\n", r#"{"id":"1"}"#)).await;
    let client = server.client();
    let read = client.get_user("1").with_headers().await.unwrap();
    assert_eq!(read.retry_after(), None);
    let etag = read.etag().unwrap();
    let update = UserUpdate::new().display_name("New");
    client
        .update_user("1", &update)
        .if_match(etag)
        .await
        .unwrap();
    assert!(
        server.requests()[1]
            .to_lowercase()
            .contains("if-match: \"7\"\r\n")
    );
}

#[tokio::test]
async fn a_result_that_is_not_json_is_an_error() {
    let server = Scripted::new(|number, _| match number {
        // A proxy may send an HTML page while the operation is still running.
        0 => response(202, GOES_ON, "<html>busy</html>"),
        _ => response(200, "", "<html>sign in</html>"),
    })
    .await;
    let core = server.client().core().clone();
    let ended = core.wait_at("/jobs/1", Some(Duration::ZERO)).await;
    let error = ended.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(error.to_string().contains("not JSON"), "{error}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_polling_pause_doubles_if_the_service_names_none() {
    let server = Scripted::new(|_, _| response(202, "", "")).await;
    let policy = RetryPolicy::default().total_time(Duration::from_millis(2_500));
    let core = server.client().core().with_retry(policy);
    let error = core.wait_at("/jobs/1", None).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // After one second; after two more would be too late.
    assert_eq!(server.requests().len(), 1);
}
