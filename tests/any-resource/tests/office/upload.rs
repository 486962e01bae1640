//! Uploads: streams with a length are repeated only if possible, and never shortened silently.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use graph_client_any_resource::Client;
use graph_client_runtime::{Effect, Limits, Upload};

use crate::scripted::{Scripted, response};

const BUSY: &str = "content-length: 0\r\nretry-after: 0\r\n";
const FILE: &str = "{\"id\":\"1\"}";

async fn busy_once() -> Scripted {
    Scripted::new(|number, _| match number {
        0 => response(429, BUSY, ""),
        _ => response(200, "", FILE),
    })
    .await
}

fn pieces() -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::iter(["ab", "", "cd"].map(|piece| Ok(Bytes::from(piece))))
}

#[tokio::test]
async fn a_repeatable_upload_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "abcd").unwrap();
    for upload in [
        Upload::from("abcd"),
        Upload::file(&path),
        Upload::repeatable(pieces).with_length(4),
    ] {
        let server = busy_once().await;
        server
            .client()
            .put_content("1", upload.clone())
            .await
            .unwrap();
        assert_eq!(upload.sent(), 4);
        let requests = server.requests();
        assert_eq!(requests.len(), 2);
        for request in requests {
            assert!(request.ends_with("\r\n\r\nabcd"), "{request}");
            assert!(request.contains("content-length: 4\r\n"), "{request}");
            assert!(
                request.contains("content-type: application/octet-stream\r\n"),
                "{request}"
            );
        }
    }
}

#[tokio::test]
async fn a_stream_that_has_started_is_not_repeated() {
    let server = busy_once().await;
    let sent = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&sent);
    let upload = Upload::stream(pieces())
        .content_type("image/png")
        .on_progress(move |bytes| seen.lock().unwrap().push(bytes));
    let error = server
        .client()
        .put_content("1", upload.clone())
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(server.requests().len(), 1);
    assert!(server.requests()[0].contains("content-type: image/png\r\n"));
    assert_eq!(*sent.lock().unwrap(), [2, 4]);
    let again = server.client().put_content("1", upload).await.unwrap_err();
    assert!(again.is_refused(), "{again}");
}

#[tokio::test]
async fn a_stream_with_a_wrong_length_is_an_error() {
    // Two are those of the first piece: the rest is not left out.
    for length in [2, 3, 5] {
        let server = Scripted::new(|_, _| response(200, "", FILE)).await;
        let upload = Upload::repeatable(pieces).with_length(length);
        let error = server.client().put_content("1", upload).await.unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert!(error.to_string().contains("than announced"), "{error}");
        assert_eq!(error.effect(), Effect::Unknown);
        assert!(server.requests().len() <= 1);
    }
}

#[tokio::test]
async fn an_empty_piece_at_the_end_changes_nothing() {
    let server = Scripted::new(|_, _| response(200, "", FILE)).await;
    let pieces = stream::iter(["abcd", ""].map(|piece| Ok(Bytes::from(piece))));
    let upload = Upload::stream(pieces).with_length(4);
    assert_eq!(upload.length(), Some(4));
    assert!(format!("{upload:?}").contains("source: \"stream\", length: Some(4)"));
    server.client().put_content("1", upload).await.unwrap();
    assert!(server.requests()[0].ends_with("\r\n\r\nabcd"));
    assert_eq!(Upload::file("/some/file").length(), None);
}

#[tokio::test]
async fn a_missing_file_is_refused_before_sending() {
    let server = busy_once().await;
    let upload = Upload::file("/nowhere/at/all");
    let error = server.client().put_content("1", upload).await.unwrap_err();
    assert!(
        error.is_refused() && error.to_string().contains("/nowhere/at/all"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 0);
}

/// A stream with a piece every tenth of a second, a number of times; then it ends or stalls.
fn trickle(
    count: u32,
    ends: bool,
) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(0, move |given| async move {
        if given == count && ends {
            return None;
        }
        let pause = if given < count { 100 } else { 60_000 };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        Some((Ok(Bytes::from_static(b"x")), given + 1))
    })
}

#[tokio::test]
async fn an_upload_may_take_long_but_must_not_stall() {
    let server = Scripted::new(|_, _| response(200, "", FILE)).await;
    let limits = Limits::default().attempt_time(Duration::from_millis(600));
    let client = Client::builder().base_url(format!("{}/v1.0", server.origin));
    let client = client.token("t").limits(limits).build().unwrap();
    let slow = Upload::stream(trickle(15, true)).with_length(15);
    client.put_content("1", slow).await.unwrap();
    assert!(server.requests()[0].ends_with("xxxxxxxxxxxxxxx"));
    let began = Instant::now();
    let stuck = Upload::stream(trickle(2, false)).with_length(15);
    let error = client.put_content("1", stuck).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}
