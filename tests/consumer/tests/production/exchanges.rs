//! Exchanges from production: the service's responses, and the correct results.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _};
use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate, MergeIncidentsRequest};
use graph_incidents::{Client, Effect, RetryPolicy};
use serde_json::{Value, json};

use super::raw::{RawServer, json as reply, text};

fn to(server: &RawServer) -> Client {
    let client = Client::builder().base_url(&server.url).token("t");
    client.build().unwrap()
}

fn swift(server: &RawServer) -> Client {
    to(server).with_retry(super::swift())
}

fn incident(id: &str) -> Value {
    json!({"id": id, "lastUpdateDateTime": "2026-01-01T00:00:00Z"})
}

fn refusal(code: &str) -> Value {
    json!({"error": {"code": code, "message": "the message"}})
}

async fn ids(client: &Client) -> Result<Vec<String>, graph_incidents::Error> {
    let items = client.list_incidents().items();
    items.map_ok(|incident| incident.id).try_collect().await
}

#[tokio::test]
async fn while_the_service_sends_retry_after_only_the_total_time_limits_retries() {
    let page = reply(200, &json!({"value": [incident("1")]}));
    for (header, times, least) in [
        ("retry-after-ms: 150\r\n", 8, Duration::from_millis(1_200)),
        ("retry-after: 1\r\n", 2, Duration::from_secs(2)),
        ("retry-after: 0\r\n", 2, Duration::from_millis(1_500)),
        (
            "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            1,
            Duration::from_millis(500),
        ),
    ] {
        let body = refusal("TooManyRequests").to_string();
        let mut responses = vec![text(429, header, &body); times];
        responses.push(page.clone());
        let server = RawServer::scripted(responses).await;
        let start = Instant::now();
        assert_eq!(ids(&to(&server)).await.unwrap(), ["1"], "{header}");
        assert!(start.elapsed() >= least, "{header}: {:?}", start.elapsed());
        assert_eq!(server.requests().len(), times + 1, "{header}");
    }
    let words =
        json!({"error": {"code": "x", "message": "Limit reached. Try again in 2 seconds."}});
    let server = RawServer::scripted(vec![reply(429, &words), page]).await;
    let start = Instant::now();
    assert_eq!(ids(&to(&server)).await.unwrap(), ["1"]);
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn explicitly_limited_attempts_are_counted_whatever_the_service_says() {
    let body = refusal("TooManyRequests").to_string();
    let server = RawServer::responding(text(429, "retry-after-ms: 100\r\n", &body)).await;
    for (policy, attempts) in [
        (RetryPolicy::default().attempts(3), 3),
        (RetryPolicy::none(), 1),
    ] {
        let error = ids(&to(&server).with_retry(policy)).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{error}");
    }
}

#[tokio::test]
async fn an_error_object_in_a_successful_response_is_an_error_with_its_code() {
    let server = RawServer::responding(reply(200, &refusal("InternalServerError"))).await;
    let client = swift(&server);
    let error = ids(&client).await.unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Some("InternalServerError"), "the message")
    );
    assert_eq!(error.attempts(), 5, "a read is repeated");
    let count = client.count_incidents().await.unwrap_err();
    assert_eq!(count.code(), Some("InternalServerError"), "{count}");
    let before = server.requests().len();

    let update = IncidentUpdate::new().summary("a");
    let comment = IncidentCommentCreate::new("a");
    let merge = MergeIncidentsRequest::new(["1", "2"]);
    let errors = [
        client
            .update_incident("1", &update)
            .await
            .map(drop)
            .unwrap_err(),
        client
            .create_incident_comment("1", &comment)
            .await
            .map(drop)
            .unwrap_err(),
        client.merge_incidents(&merge).await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Some("InternalServerError"), "{error}");
        assert_eq!(error.effect(), Effect::Unknown, "{error}");
    }
    assert_eq!(server.requests().len() - before, 3, "no write is repeated");
}

#[tokio::test]
async fn a_successful_response_without_the_promised_content_is_an_error() {
    for body in [
        "{}",
        "",
        "null",
        r#"{"@odata.context":"x"}"#,
        r#"{"value":null}"#,
        r#"{"value":{"id":"1"}}"#,
        r#"{"Value":[{"id":"1"}]}"#,
    ] {
        let server = RawServer::responding(text(200, "", body)).await;
        let client = swift(&server);
        let error = ids(&client).await.unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
        let raw = client
            .core()
            .get("/security/x")
            .pages()
            .next()
            .await
            .unwrap();
        assert!(raw.unwrap_err().is_decode(), "{body}");
        let update = IncidentUpdate::new().summary("a");
        let error = client.update_incident("1", &update).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{body}: {error}");
        let comment = IncidentCommentCreate::new("a");
        let comment = client
            .create_incident_comment("1", &comment)
            .await
            .unwrap_err();
        assert_eq!(comment.effect(), Effect::Unknown, "{body}: {comment}");
        let merge = MergeIncidentsRequest::new(["1", "2"]);
        let merge = client.merge_incidents(&merge).await.unwrap_err();
        assert_eq!(merge.effect(), Effect::Unknown, "{body}: {merge}");
        assert!(client.get_incident("1").await.is_err(), "{body}");
    }
    let server = RawServer::responding(text(200, "", r#"{"Value":[]}"#)).await;
    let error = ids(&to(&server)).await.unwrap_err();
    assert!(error.message().contains("`value`"), "{error}");
    let server = RawServer::responding(reply(200, &json!({"id": 7}))).await;
    let error = to(&server).get_incident("7").await.unwrap_err();
    assert!(error.message().contains("a text in `id`"), "{error}");
}

#[tokio::test]
async fn properties_that_select_leaves_out_are_not_missed() {
    let server = RawServer::responding(reply(200, &json!({"displayName": "a"}))).await;
    let client = to(&server);
    let incident = client
        .get_incident("1")
        .select(["displayName", "status"])
        .await;
    assert_eq!(incident.unwrap().display_name.as_deref(), Some("a"));
    assert!(client.get_incident("1").select(["id"]).await.is_err());
    assert!(client.get_incident("1").await.is_err());
}

#[tokio::test]
async fn an_error_beside_items_is_reported_after_them() {
    for (member, value) in [
        ("error", json!({"code": "backendFailed", "message": "m"})),
        ("@odata.nextLink", json!(7)),
        ("@odata.nextLink", json!({"url": "x"})),
    ] {
        let body = json!({"value": [incident("1"), incident("2")], member: value});
        let server = RawServer::responding(reply(200, &body)).await;
        let client = swift(&server);
        let mut items = client.list_incidents().items();
        assert_eq!(items.next().await.unwrap().unwrap().id, "1");
        assert_eq!(items.next().await.unwrap().unwrap().id, "2");
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.to_string().starts_with("list_incidents: "), "{error}");
        assert!(items.next().await.is_none());
    }
}

#[tokio::test]
async fn an_empty_or_null_link_ends_the_listing() {
    for link in [json!(""), json!(" "), Value::Null] {
        let body = json!({"value": [incident("1"), incident("2")], "@odata.nextLink": link});
        let server = RawServer::responding(reply(200, &body)).await;
        assert_eq!(ids(&to(&server)).await.unwrap(), ["1", "2"]);
    }
}

#[tokio::test]
async fn an_item_on_two_pages_is_yielded_once_unless_it_has_changed() {
    let page = |items: &[Value], next: Option<u32>| {
        let link = next.map(|skip| format!("SELF/security/incidents?$skip={skip}"));
        reply(200, &json!({"value": items, "@odata.nextLink": link}))
    };
    let mut changed = incident("2");
    changed["severity"] = json!("high");
    let pages = vec![
        page(&[incident("1"), incident("2")], Some(2)),
        page(&[incident("2"), incident("3")], Some(4)),
        page(&[changed, incident("1"), incident("4")], None),
    ];
    let server = RawServer::scripted(pages.clone()).await;
    let client = to(&server);
    let mut items = client.list_incidents().items();
    let mut seen = Vec::new();
    while let Some(item) = items.next().await {
        seen.push((item.unwrap().id, items.is_newer_version()));
    }
    let seen: Vec<(&str, bool)> = seen
        .iter()
        .map(|(id, newer)| (id.as_str(), *newer))
        .collect();
    assert_eq!(
        seen,
        [
            ("1", false),
            ("2", false),
            ("3", false),
            ("2", true),
            ("4", false)
        ]
    );
    assert_eq!(items.repeated(), 2);
    assert!(items.is_deduplicated());
    // A delta listing is yielded unchanged.
    let server = RawServer::scripted(
        pages
            .iter()
            .map(|page| page.replace("incidents?", "incidents/delta?"))
            .collect(),
    )
    .await;
    let client = to(&server);
    let changes = client
        .core()
        .get("/security/incidents/delta")
        .pages()
        .into_items();
    assert_eq!(changes.all(100).await.unwrap().len(), 7);
}

#[tokio::test]
async fn all_items_are_collected_up_to_a_bound() {
    let page = json!({"value": [incident("1"), incident("2"), incident("3")]});
    let server = RawServer::responding(reply(200, &page)).await;
    let client = to(&server);
    assert_eq!(client.list_incidents().all(3).await.unwrap().len(), 3);
    let error = client.list_incidents().all(2).await.unwrap_err();
    assert!(error.is_limit(), "{error}");
}

#[tokio::test]
async fn code_and_message_are_found_in_every_shape_of_an_error() {
    for body in [
        json!({"error": {"code": "c", "message": {"lang": "en", "value": "text"}}}),
        json!({"odata.error": {"code": "c", "message": {"lang": "en", "value": "text"}}}),
        json!({"Error": {"Code": "c", "Message": "text"}}),
        json!({"errorCode": "c", "message": "text"}),
        json!({"error": "c", "error_description": "text"}),
    ] {
        let server = RawServer::responding(reply(400, &body)).await;
        let error = to(&server).get_incident("1").await.unwrap_err();
        assert_eq!(
            (error.code(), error.message()),
            (Some("c"), "text"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_watcher_whose_link_points_to_itself_keeps_its_interval() {
    let body =
        json!({"value": [incident("1")], "@odata.nextLink": "SELF/security/incidents?$skip=0"});
    let server = RawServer::responding(reply(200, &body)).await;
    let mut watcher = to(&server)
        .watch()
        .since("2026-01-01T00:00:00Z".parse().unwrap())
        .every(Duration::from_millis(500));
    let mut errors = 0;
    let watching = async {
        loop {
            errors += usize::from(watcher.next().await.is_err_and(|error| error.is_limit()));
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(3), watching)
            .await
            .is_err()
    );
    assert!(errors > 1, "{errors}");
    let requests = server.requests().len();
    assert!(requests <= 7, "{requests}");
}

/// The outcomes of some updates in one batch, for a response of the service.
async fn batched(
    responses: Vec<String>,
    count: usize,
) -> Vec<Result<String, graph_incidents::Error>> {
    let server = RawServer::scripted(responses).await;
    let updates = (0..count).map(|id| (id.to_string(), IncidentUpdate::new().summary("a")));
    let updates: Vec<_> = updates.collect();
    let client = to(&server).with_retry(RetryPolicy::none());
    let outcomes = client.update_many(updates).batched().in_order();
    let outcomes: Vec<_> = outcomes.collect().await;
    let results = outcomes.into_iter().map(|outcome| outcome.result);
    results
        .map(|result| result.map(|incident| incident.id))
        .collect()
}

#[tokio::test]
async fn parts_of_a_batch_can_have_numeric_ids() {
    let parts = (0..4).map(|id| json!({"id": id, "status": 200, "body": {"id": id.to_string()}}));
    let body = json!({"responses": parts.collect::<Vec<_>>()});
    for (number, result) in batched(vec![reply(200, &body)], 4)
        .await
        .into_iter()
        .enumerate()
    {
        assert_eq!(result.unwrap(), number.to_string());
    }
}

#[tokio::test]
async fn an_error_object_in_place_of_a_batch_is_an_error_of_every_part() {
    for body in [
        refusal("BadRequest"),
        json!({"responses": "none"}),
        json!({}),
    ] {
        for result in batched(vec![reply(200, &body)], 4).await {
            let error = result.unwrap_err();
            assert_eq!(error.effect(), Effect::Unknown, "{error}");
            if body.get("error").is_some() {
                assert_eq!(error.code(), Some("BadRequest"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn each_part_of_a_batch_is_independent() {
    let invalid_headers: serde_json::Map<String, Value> = (0..40_000)
        .map(|number| (format!("h{number}"), json!("1")))
        .collect();
    let base64 = "eyJpZCI6IjQifQ=="; // {"id":"4"}
    let batch = json!({"responses": [
        {"id": "0", "status": 200, "body": {"id": "0"}, "headers": invalid_headers},
        {"id": "1", "status": 200, "body": refusal("InternalServerError")},
        {"id": "2", "status": "invalid"},
        {"id": "4", "status": 200, "body": base64},
        {"id": "5", "status": 200, "body": "{\"id\":\"5\"}"},
        {"id": "6", "status": 204},
        {"id": "7", "status": 404, "body": refusal("NotFound"), "headers": {"request-id": "r-7"}},
        {"id": "8", "status": 200, "body": {}},
        {"status": 200, "body": {"id": "9"}},
        "no object",
    ]});
    // After a 204, the incident is read.
    let results = batched(vec![reply(200, &batch), reply(200, &incident("6"))], 9).await;
    for number in [0, 4, 5, 6] {
        assert_eq!(results[number].as_ref().unwrap(), &number.to_string());
    }
    let error = |number: usize| results[number].as_ref().unwrap_err();
    assert_eq!(error(1).code(), Some("InternalServerError"));
    for number in [1, 2, 3, 8] {
        assert_eq!(
            error(number).effect(),
            Effect::Unknown,
            "{number}: {}",
            error(number)
        );
        assert_eq!(
            error(number).operation(),
            Some("updateIncident"),
            "{number}"
        );
    }
    assert!(error(7).is_not_found());
    assert_eq!(
        (error(7).effect(), error(7).request_id()),
        (Effect::NotApplied, Some("r-7"))
    );
}
