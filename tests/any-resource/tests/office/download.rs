//! Downloads: ranges, continuation after an interruption, and redirects.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::scripted::{Scripted, response};

const WHOLE: &str = "content-length: 10\r\netag: \"1\"\r\naccept-ranges: bytes\r\n";

fn part(first: usize, headers: &str) -> Vec<u8> {
    let body = &"0123456789"[first..];
    let headers = format!(
        "content-length: {}\r\ncontent-range: bytes {first}-9/10\r\n{headers}",
        body.len()
    );
    response(206, &headers, body)
}

#[tokio::test]
async fn an_interrupted_download_continues_if_the_content_is_the_same() {
    let server = Scripted::new(|number, _| match number {
        0 => response(200, WHOLE, "0123"),
        1 => part(4, "etag: \"1\"\r\n"),
        _ => response(500, "", ""),
    })
    .await;
    let download = server.client().get_content("1").await.unwrap();
    assert_eq!((download.status(), download.etag()), (200, Some("\"1\"")));
    assert_eq!(download.headers()["accept-ranges"], "bytes");
    assert_eq!(download.bytes(10).await.unwrap(), b"0123456789");
    let again = &server.requests()[1];
    assert!(again.contains("range: bytes=4-\r\n"), "{again}");
    assert!(again.contains("if-range: \"1\"\r\n"), "{again}");
}

#[tokio::test]
async fn an_interrupted_download_fails_if_the_content_changed_or_has_no_ranges() {
    for (headers, next) in [
        (
            WHOLE,
            response(200, "content-length: 10\r\netag: \"2\"\r\n", "abcdefghij"),
        ),
        (WHOLE, part(0, "etag: \"1\"\r\n")),
        ("content-length: 10\r\n", part(4, "")),
        (
            "content-length: 10\r\naccept-ranges: bytes\r\netag: W/\"1\"\r\n",
            part(4, ""),
        ),
    ] {
        let server = Scripted::new(move |number, _| match number {
            0 => response(200, headers, "0123"),
            _ => next.clone(),
        })
        .await;
        let mut download = server.client().get_content("1").await.unwrap();
        assert_eq!(download.chunk().await.unwrap().unwrap(), "0123");
        let error = download.chunk().await.unwrap_err();
        assert!(error.to_string().contains("ended early"), "{error}");
    }
}

#[tokio::test]
async fn a_range_is_requested_and_the_received_one_is_reported() {
    let server = Scripted::new(|_, _| part(7, "")).await;
    let download = server.client().get_content("1").range(7..).await.unwrap();
    assert_eq!(download.range(), Some((7, 9, Some(10))));
    assert_eq!(download.bytes(3).await.unwrap(), b"789");
    assert!(server.requests()[0].contains("range: bytes=7-\r\n"));
    let empty = server.client().get_content("1").range(5..5).await;
    assert!(empty.unwrap_err().is_refused());
}

#[tokio::test]
async fn the_token_is_not_sent_to_a_redirect_target() {
    let storage = Scripted::new(|_, _| part(8, "")).await;
    let location = format!(
        "location: {}/blob?sig=1\r\ncontent-length: 0\r\n",
        storage.origin
    );
    let server = Scripted::new(move |_, _| response(302, &location, "")).await;
    let download = server.client().get_content("1").range(8..).await.unwrap();
    assert_eq!(download.text(100).await.unwrap(), "89");
    let asked = &storage.requests()[0];
    assert!(asked.starts_with("GET /blob?sig=1 "), "{asked}");
    assert!(!asked.to_lowercase().contains("authorization"), "{asked}");
    assert!(asked.contains("range: bytes=8-\r\n"), "{asked}");
}

#[tokio::test]
async fn more_bytes_than_allowed_are_an_error() {
    let server = Scripted::new(|_, _| response(200, "", "0123456789")).await;
    let download = server.client().get_content("1").await.unwrap();
    assert!(download.bytes(9).await.unwrap_err().is_limit());
    let missing = Scripted::new(|_, _| response(404, "content-length: 0\r\n", "")).await;
    assert!(
        missing
            .client()
            .get_content("1")
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn a_file_is_saved_completely_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let broken = Scripted::new(|_, _| response(200, "content-length: 10\r\n", "0123")).await;
    let download = broken.client().get_content("1").await.unwrap();
    assert!(download.save(&path).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let server = Scripted::new(|_, _| response(200, "content-length: 4\r\n", "0123")).await;
    let download = server.client().get_content("1").await.unwrap();
    assert_eq!(download.save(&path).await.unwrap(), 4);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_interrupted_range_continues_each_time_with_the_original_headers() {
    let server = Scripted::new(|number, _| match number {
        // Its range says that it has ranges.
        0 => response(
            206,
            "content-length: 8\r\ncontent-range: bytes 2-9/10\r\netag: \"1\"\r\n",
            "234",
        ),
        // A part that is shorter than its range, without a break.
        1 => response(
            206,
            "content-length: 2\r\ncontent-range: bytes 5-9/10\r\n",
            "56",
        ),
        _ => part(7, ""),
    })
    .await;
    let download = server.client().get_content("1").range(2..).await.unwrap();
    assert_eq!(download.bytes(8).await.unwrap(), b"23456789");
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for (request, part) in requests.iter().zip(["2-", "5-9", "7-9"]) {
        let range = format!("\r\nrange: bytes={part}\r\n");
        assert!(request.contains(&range), "{request}");
        assert_eq!(request.matches("\r\nrange: ").count(), 1, "{request}");
        let is_again = usize::from(part != "2-");
        let conditions = request.matches("\r\nif-range: ").count();
        assert_eq!(conditions, is_again, "{request}");
        assert!(
            request.contains("accept-encoding: identity\r\n"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn a_download_without_progress_is_retried_a_few_times_with_growing_pauses() {
    let server = Scripted::new(|number, _| match number {
        0 => response(200, WHOLE, "0123"),
        _ => response(
            206,
            "content-length: 6\r\ncontent-range: bytes 4-9/10\r\n",
            "",
        ),
    })
    .await;
    let download = server.client().get_content("1").await.unwrap();
    assert!(format!("{download:?}").contains("length: Some(10), received: 0"));
    let began = Instant::now();
    let ended = timeout(Duration::from_secs(60), download.bytes(10)).await;
    let error = ended.unwrap().unwrap_err();
    assert!(error.to_string().contains("ended early"), "{error}");
    assert_eq!(server.requests().len(), 6);
    // 0.1 s, 0.2 s and so on to 1.6 s.
    let waited = began.elapsed();
    assert!(waited >= Duration::from_millis(3_100), "{waited:?}");
}

#[tokio::test]
async fn the_limit_of_a_download_applies_to_all_pieces_together() {
    let body = "6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n";
    let server =
        Scripted::new(move |_, _| response(200, "transfer-encoding: chunked\r\n", body)).await;
    let download = server.client().get_content("1").await.unwrap();
    assert!(download.bytes(10).await.unwrap_err().is_limit());
    let mut download = server.client().get_content("1").await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "012345");
    let mut rest = Vec::new();
    assert_eq!(download.copy_to(&mut rest).await.unwrap(), 6);
    assert_eq!(rest, b"678901");
}

#[tokio::test]
async fn bytes_of_any_path_are_downloaded_completely_or_in_part() {
    let server = Scripted::new(|number, _| match number {
        0 => response(200, "", "0123456789"),
        1 => part(8, ""),
        _ => response(200, "", " {\"a\" : 1}"),
    })
    .await;
    let client = server.client();
    let path = "/files/1/content";
    let whole = client.core().get(path).download(..).await.unwrap();
    assert_eq!(whole.text(10).await.unwrap(), "0123456789");
    let end = client.core().get(path).download(8..).await.unwrap();
    assert_eq!(end.text(10).await.unwrap(), "89");
    let json = client.core().get("/files/1").bytes().await.unwrap();
    assert_eq!(json, " {\"a\" : 1}");
    let requests = server.requests();
    for (request, range) in requests.iter().zip([None, Some("range: bytes=8-\r\n")]) {
        assert!(!request.contains("application/json"), "{request}");
        assert_eq!(request.contains("range: "), range.is_some(), "{request}");
        assert!(range.is_none_or(|range| request.contains(range)));
    }
    assert!(requests[2].contains("accept: application/json\r\n"));
}
