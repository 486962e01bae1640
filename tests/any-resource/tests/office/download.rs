//! Downloads: parts, continued after a break, from where the service redirects to.

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
async fn a_break_is_continued_where_the_content_is_the_same() {
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
async fn a_break_is_an_error_where_the_content_has_changed_or_has_no_parts() {
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
async fn a_part_is_asked_for_and_what_came_is_said() {
    let server = Scripted::new(|_, _| part(7, "")).await;
    let download = server.client().get_content("1").range(7..).await.unwrap();
    assert_eq!(download.range(), Some((7, 9, Some(10))));
    assert_eq!(download.bytes(3).await.unwrap(), b"789");
    assert!(server.requests()[0].contains("range: bytes=7-\r\n"));
    let empty = server.client().get_content("1").range(5..5).await;
    assert!(empty.unwrap_err().is_refused());
}

#[tokio::test]
async fn the_token_does_not_go_where_the_service_redirects_to() {
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
async fn more_bytes_than_are_wanted_are_an_error() {
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
async fn a_file_is_there_whole_or_not_at_all() {
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
