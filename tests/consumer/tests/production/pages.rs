//! Listings yield every item once, need the memory of one page, and end.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use graph_incidents::{Client, Limits};
use graph_incidents_simulator::{Fault, FaultRule};
use serde_json::json;

use super::raw::{RawServer, json as reply};
use super::{client, connected};

#[tokio::test]
async fn every_item_is_yielded_once_in_the_service_s_order() {
    let (simulator, client) = connected().await;
    let listed: Vec<_> = client
        .list_incidents()
        .top(7)
        .items()
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<String> = listed.into_iter().map(|incident| incident.id).collect();
    let mut expected = simulator.incident_ids();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), expected.len());
    let mut sorted = ids.clone();
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected);
}

#[tokio::test]
async fn links_are_followed_unchanged() {
    let (simulator, client) = connected().await;
    let mut pages = client.list_incidents().top(7).pages();
    let mut links = Vec::new();
    while let Some(page) = pages.next().await {
        links.extend(page.unwrap().next_link);
    }
    let targets: Vec<String> = simulator
        .ledger()
        .requests()
        .into_iter()
        .skip(1)
        .map(|request| request.target)
        .collect();
    let origin = simulator.origin();
    let expected: Vec<&str> = links
        .iter()
        .filter_map(|link| link.strip_prefix(&origin))
        .collect();
    assert!(targets.len() > 3);
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn a_listing_continues_from_a_saved_link() {
    let (simulator, client) = connected().await;
    let mut pages = client.list_incidents().top(10).pages();
    let first = pages.next().await.unwrap().unwrap();
    let link = pages.resume_link().unwrap().to_owned();
    drop(pages);
    let another = super::client(&simulator).build().unwrap();
    let rest: Vec<_> = another
        .list_incidents()
        .pages_from(link)
        .into_items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(first.len() + rest.len(), simulator.incident_ids().len());
    assert!(
        !rest
            .iter()
            .any(|incident| first.iter().any(|other| other.id == incident.id))
    );
}

#[tokio::test]
async fn a_failed_page_can_be_requested_again() {
    let (simulator, client) = connected().await;
    let mut pages = client.list_incidents().top(10).pages();
    pages.next().await.unwrap().unwrap();
    simulator
        .faults()
        .script(std::iter::repeat_n(vec![super::status(500)], 1));
    assert!(pages.next().await.unwrap().is_err());
    assert!(
        pages.next().await.is_none(),
        "the stream goes on after an error"
    );
    let link = pages.resume_link().unwrap().to_owned();
    assert!(
        client
            .list_incidents()
            .pages_from(link)
            .next()
            .await
            .unwrap()
            .is_ok()
    );
}

#[tokio::test]
async fn empty_pages_are_skipped_and_bounded() {
    let (simulator, client) = connected().await;
    simulator.faults().script([
        vec![],
        vec![Fault::EmptyPage],
        vec![Fault::EmptyPage],
        vec![],
    ]);
    let listed: Vec<_> = client
        .list_incidents()
        .top(10)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(listed.len(), simulator.incident_ids().len());
    simulator
        .faults()
        .add(FaultRule::new(Fault::EmptyPage))
        .unwrap();
    let client = super::client(&simulator)
        .limits(Limits::default().empty_pages(5))
        .build()
        .unwrap();
    let error = client
        .list_incidents()
        .items()
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    assert!(error.is_limit(), "{error}");
}

#[tokio::test]
async fn a_cycle_of_links_ends_the_listing() {
    // The link points to its own page.
    let body = r#"{"value": [{"id": "1"}], "@odata.nextLink": "SELF/security/incidents?$skiptoken=again"}"#;
    let server = RawServer::responding_with("200 OK", "", body).await;
    let client = Client::builder()
        .base_url(&server.url)
        .token("t")
        .build()
        .unwrap();
    let error = client
        .list_incidents()
        .items()
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert!(error.message().contains("cycle"), "{error}");
    assert!(server.requests().len() < 5, "{}", server.requests().len());
}

#[tokio::test]
async fn the_number_of_pages_is_bounded() {
    let (simulator, _) = connected().await;
    let client = client(&simulator)
        .limits(Limits::default().pages(3))
        .build()
        .unwrap();
    let mut pages = client.list_incidents().top(5).pages();
    for _ in 0..2 {
        pages.next().await.unwrap().unwrap();
    }
    assert!(pages.next().await.unwrap().unwrap_err().is_limit());
}

#[tokio::test]
async fn a_dropped_wait_for_a_page_loses_nothing() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .add(FaultRule::new(Fault::LateResponse { milliseconds: 30 }))
        .unwrap();
    let mut items = client.list_incidents().top(10).items();
    let mut count = 0;
    loop {
        // Most of these waits are dropped.
        match tokio::time::timeout(std::time::Duration::from_millis(7), items.next()).await {
            Ok(Some(item)) => {
                item.unwrap();
                count += 1;
            }
            Ok(None) => break,
            Err(_) => {}
        }
    }
    assert_eq!(count, simulator.incident_ids().len());
}

fn to(server: &RawServer) -> Client {
    let client = Client::builder().base_url(&server.url).token("t");
    client.build().unwrap()
}

#[tokio::test]
async fn skipped_items_are_counted() {
    let server = RawServer::scripted(vec![
        reply(200, &json!({"value": [{"id": "1"}, null, 5], "@odata.nextLink": "SELF/security/incidents?$skiptoken=2"})),
        reply(200, &json!({"value": [{"id": "1"}, {"id": "2"}, "x"], "@odata.nextLink": "SELF/security/incidents?$skiptoken=3"})),
        reply(200, &json!({"value": [{"id": "3"}]})),
    ])
    .await;
    let client = to(&server);
    let mut items = client.list_incidents().items();
    let mut ids = vec![items.next().await.unwrap().unwrap().id];
    let link = format!("{}/security/incidents?$skiptoken=2", server.url);
    assert_eq!(items.resume_link(), Some(link.as_str()));
    while let Some(incident) = items.next().await {
        ids.push(incident.unwrap().id);
    }
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!((items.invalid_items(), items.repeated()), (3, 1));
    assert_eq!((items.is_deduplicated(), items.delta_link()), (true, None));
}

#[tokio::test]
async fn a_repeated_item_with_nested_objects_is_recognized() {
    let alert = json!({
        "comments": [{"comment": "a"}],
        "evidence": [{"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.1"}],
        "id": "a",
    });
    let server = RawServer::scripted(vec![
        reply(
            200,
            &json!({"value": [alert], "@odata.nextLink": "SELF/security/alerts_v2?$skiptoken=2"}),
        ),
        reply(200, &json!({"value": [alert, {"id": "a"}]})),
    ])
    .await;
    let client = to(&server);
    let mut items = client.list_alerts().items();
    assert!(items.next().await.unwrap().is_ok() && !items.is_newer_version());
    let again = items.next().await.unwrap().unwrap();
    assert!(again.comments.is_none() && items.is_newer_version());
    assert_eq!(items.repeated(), 1);
}

#[tokio::test]
async fn a_delta_listing_is_yielded_unchanged_and_ends_with_its_link() {
    let server = RawServer::scripted(vec![
        reply(
            200,
            &json!({"value": [{"id": "1"}], "@odata.nextLink": "SELF/users/delta?$skiptoken=2"}),
        ),
        reply(
            200,
            &json!({"value": [{"id": "1"}], "@odata.deltaLink": "SELF/users/delta?$deltatoken=3"}),
        ),
    ])
    .await;
    let client = to(&server);
    let mut items = client.get("/users/delta").pages().into_items();
    for _ in 0..2 {
        assert_eq!(items.next().await.unwrap().unwrap()["id"], "1");
    }
    assert!(items.next().await.is_none());
    assert_eq!((items.is_deduplicated(), items.repeated()), (false, 0));
    let link = format!("{}/users/delta?$deltatoken=3", server.url);
    assert_eq!(items.delta_link(), Some(link.as_str()));
}
