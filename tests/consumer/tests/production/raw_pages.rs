//! Pages are returned byte for byte, and nothing that ends a listing early is passed over.

use graph_incidents::pages::RawPages;
use graph_incidents::{Client, Error, Limits};
use serde_json::json;

use super::raw::{RawServer, json as reply, text};

/// The pages of a listing, and the error that ended it.
async fn read(server: &RawServer) -> (Vec<String>, Option<Error>) {
    let limits = Limits::default().pages(20);
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.limits(limits).build().unwrap();
    let core = client.core();
    let first = core.get("/things").bytes().await.unwrap();
    let mut pages = RawPages::new(core.clone(), first);
    let (mut read, mut ended) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => read.push(String::from_utf8(page.to_vec()).unwrap()),
            Err(error) => ended = Some(error),
        }
    }
    (read, ended)
}

#[tokio::test]
async fn every_page_is_returned_as_it_was_sent() {
    let first =
        "\u{feff}{ \"value\": [ {\"id\":\"1\"} ], \"@odata.nextLink\":\"SELF/things?p=2\" }";
    let last = "{\"value\":[],\"@odata.nextLink\":\" \"}";
    let pages = [first, last].map(|page| text(200, "", page));
    let server = RawServer::scripted(pages.to_vec()).await;
    let (read, ended) = read(&server).await;
    assert_eq!(
        read,
        [first.replace("SELF", &server.url), last.to_owned()],
        "{ended:?}"
    );
    assert!(ended.is_none(), "{ended:?}");
    assert!(server.requests()[1].starts_with("GET /beta/things?p=2 "));
}

#[tokio::test]
async fn a_listing_that_ends_early_ends_with_an_error_after_its_page() {
    for (page, message) in [
        (
            json!({"value": [1], "@odata.nextLink": 7}),
            "`@odata.nextLink` is a number",
        ),
        (
            json!({"value": [1], "error": {"code": "busy", "message": "later"}}),
            "busy",
        ),
        (json!({"things": [1]}), "not a listing"),
        (json!([1, 2]), "not a listing"),
        (
            json!({"value": [1], "@odata.nextLink": "https://elsewhere.example/beta/things"}),
            "another host",
        ),
        (
            json!({"value": [1], "@odata.nextLink": "SELF/things?p=2"}),
            "cycle",
        ),
    ] {
        let server = RawServer::responding(reply(200, &page)).await;
        let (pages, ended) = read(&server).await;
        let error = ended
            .unwrap_or_else(|| panic!("{page} is no error"))
            .to_string();
        assert!(error.contains(message), "{page}: {error}");
        assert!(!pages.is_empty() && pages.len() < 5, "{page}: {pages:?}");
    }
}

#[tokio::test]
async fn the_number_of_raw_pages_is_bounded() {
    let server = RawServer::saying(|number, _| {
        let link = format!("SELF/things?p={number}");
        reply(200, &json!({"value": [number], "@odata.nextLink": link}))
    })
    .await;
    let (pages, ended) = read(&server).await;
    assert!(ended.unwrap().is_limit());
    assert_eq!(pages.len(), 19);
}
