//! Parameters have the types of the description, and are written in OData syntax in paths.

use graph_client_any_resource::types::Unit;

use crate::scripted::{Scripted, response};

#[tokio::test]
async fn a_quote_in_a_key_is_doubled_and_typed_options_are_written() {
    let server = Scripted::new(|_, _| response(200, "", r#"{"id":"1"}"#)).await;
    let client = server.client();
    let since = "2026-01-02T03:04:05.5Z".parse().unwrap();
    let found = client
        .files_find("O'Brien's/a", "text")
        .unit(Unit::Mw)
        .since(since)
        .day("2026-01-02".parse().unwrap())
        .at_least(5_000_000_000_i64);
    found.await.unwrap();
    let request = &server.requests()[0];
    let (line, _) = request.split_once(" HTTP").unwrap();
    let (path, query) = line.split_once('?').unwrap();
    assert_eq!(
        path,
        "GET /v1.0/files/find(name='O%27%27Brien%27%27s%2Fa',kind=text)"
    );
    assert!(query.contains("since=2026-01-02T03:04:05.5Z"), "{query}");
    assert!(query.contains("day=2026-01-02&"), "{query}");
    assert!(query.contains("atLeast=5000000000"), "{query}");
    assert!(
        query.contains(&format!("unit={}", Unit::Mw.as_str())),
        "{query}"
    );
    // A string may be empty only between quotes.
    assert!(client.files_find("", "text").await.is_ok());
    assert!(client.files_find("a", "").await.unwrap_err().is_refused());
}

#[test]
fn members_that_differ_by_case_are_matched_exactly_first() {
    for text in ["mW", "MW", "Mw", "mw"] {
        let unit = Unit::from(text);
        assert!(unit.is_recognized());
        assert_eq!(unit.as_str(), text);
        let read: Unit = serde_json::from_value(serde_json::json!(text)).unwrap();
        assert_eq!(read, unit);
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            serde_json::json!(text)
        );
    }
}
