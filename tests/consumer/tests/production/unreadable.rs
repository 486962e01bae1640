//! Unreadable values are never overwritten silently, and a response of millions of items is bounded.

use graph_incidents::{Client, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::raw::RawServer;

async fn client_of(body: &str) -> (RawServer, Client) {
    let server = RawServer::responding_with("200 OK", "", body).await;
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.retry(super::swift()).build().unwrap();
    (server, client)
}

fn writes(server: &RawServer) -> usize {
    let requests = server.requests();
    let is_read = |request: &&String| request.starts_with("GET ");
    requests.len() - requests.iter().filter(is_read).count()
}

#[tokio::test]
async fn tags_are_not_written_if_the_current_ones_cannot_be_read() {
    for tags in [r#"["a","\ud83d"]"#, r#""\ud83d""#, "7", r#"["a",7]"#] {
        let body = format!(r#"{{"id":"7","customTags":{tags}}}"#);
        let (server, client) = client_of(&body).await;
        let incident = client.incident("7");
        for error in [
            incident.add_tags(["b"]).await.unwrap_err(),
            incident.remove_tags(["a"]).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("customTags"), "{error}");
        }
        assert_eq!(writes(&server), 0, "{tags}");
    }
}

#[tokio::test]
async fn nothing_is_written_if_it_is_unreadable_whether_an_incident_was_merged() {
    let (server, client) = client_of(r#"{"id":"7","redirectIncidentId":"\udc00"}"#).await;
    let incident = client.incident("7").following_merges();
    let error = incident.comment("closed").await.unwrap_err();
    assert!(error.to_string().contains("redirectIncidentId"), "{error}");
    assert_eq!(writes(&server), 0);
}

#[tokio::test]
async fn one_unreadable_string_loses_no_other_incident() {
    let (_server, client) =
        client_of(r#"{"value":[{"id":"1","displayName":"\ud83d"},{"id":"2"}]}"#).await;
    let page = client.list_incidents().await.unwrap();
    let unreadable: Vec<usize> = page
        .iter()
        .map(|incident| incident.unreadable().count())
        .collect();
    assert_eq!(unreadable, [1, 0]);
}

#[tokio::test]
async fn a_page_that_ends_early_yields_its_complete_items_and_then_an_error() {
    let whole = r#"{"@odata.nextLink":"SELF/next","value":[{"id":"1"},{"id":"2","alerts":[{"id":"a"}]},{"id":"3"}]}"#;
    for (body, expected) in [
        (&whole[..whole.len() - 1], &["1", "2", "3"][..]),
        (&whole[..whole.len() - 3], &["1", "2"]),
        (&whole[..whole.len() - 20], &["1"]),
        (
            &format!(r#"{whole}{{"error":{{"code":"x"}}}}"#),
            &["1", "2", "3"],
        ),
        (
            &whole.replace(r#",{"id":"3"}]}"#, "<html>502</html>"),
            &["1", "2"],
        ),
        (
            &whole.replace(r#"{"id":"3"}"#, r#"{"id":nul}"#),
            &["1", "2"],
        ),
    ] {
        let (server, client) = client_of(body).await;
        let mut pages = client
            .list_incidents()
            .pages_from(format!("{}/this", server.url));
        let page = pages.next().await.unwrap().unwrap();
        let ids: Vec<&str> = page.iter().map(|incident| incident.id.as_str()).collect();
        assert_eq!(ids, expected, "{body}");
        assert_eq!(page.next_link, None);
        let error = pages.next().await.unwrap().unwrap_err();
        assert!(error.attempts() > 1, "{error}");
        assert!(pages.next().await.is_none());
        assert_eq!(
            pages.resume_link(),
            Some(format!("{}/this", server.url).as_str())
        );
        assert!(server.requests().len() > 1, "the read is repeated");

        let mut items = client.list_incidents().items();
        for id in expected {
            assert_eq!(items.next().await.unwrap().unwrap().id, *id);
        }
        assert!(items.next().await.unwrap().is_err());
        // A part of a page is not a page, and a part of an incident is not an incident.
        assert!(client.list_incidents().await.is_err());
        assert!(client.get_incident("7").await.is_err());
    }
}

#[tokio::test]
async fn a_response_of_millions_of_small_items_is_an_error() {
    for (property, item) in [
        ("value", "{}"),
        ("value", r#"{"alerts":[{}]}"#),
        ("new", "{}"),
        ("new", "[]"),
        ("new", r#"{"a":{}}"#),
        ("@odata.nextLink", "0"),
    ] {
        let (url, limits) = (zipped(&page(property, item, 1)).await, Limits::default());
        let client = Client::builder().base_url(url).token("t");
        let client = client.limits(limits.memory_bytes(6 << 20)).build().unwrap();
        let error = client.list_incidents().await.unwrap_err();
        assert!(error.is_limit(), "{property} {item}: {error}");
    }
    // The usual bound.
    let url = zipped(&page("value", "{}", 16)).await;
    let client = Client::builder().base_url(url).token("t").build().unwrap();
    assert!(client.list_incidents().await.unwrap_err().is_limit());
}

/// A page of a number of MiB.
fn page(property: &str, item: &str, mebibytes: usize) -> String {
    let items = vec![item; (mebibytes << 20) / (item.len() + 1)].join(",");
    format!(r#"{{"value":[],"{property}":[{items}]}}"#)
}

/// A server whose one response is compressed.
async fn zipped(body: &str) -> String {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body.as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/beta", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 16 << 10];
        let _ = stream.read(&mut request).await;
        let head = format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            zipped.len()
        );
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&zipped).await;
    });
    url
}
