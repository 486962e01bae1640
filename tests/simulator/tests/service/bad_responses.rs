//! Responses that claim success and are invalid: a named fault for each.

use graph_incidents_simulator::{Fault, FaultRule, Profile, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, all_pages, get, ids, patch, plain, post, send};

/// The response to a list with a fault.
async fn list(fault: Fault, target: &str) -> (Simulator, Reply) {
    let simulator = plain().await;
    simulator.faults().script([vec![fault]]);
    let reply = get(&simulator, target).await;
    (simulator, reply)
}

#[tokio::test]
async fn an_error_can_have_status_200_with_or_without_a_write() {
    for applied in [false, true] {
        let simulator = plain().await;
        let fault = Fault::ErrorInSuccess { applied };
        simulator.faults().script([vec![fault]]);
        let reply = patch(&simulator, "2972395", json!({"summary": "x"})).await;
        assert_eq!(
            (reply.status, reply.error().0.as_str()),
            (200, "InternalServerError")
        );
        assert_eq!(simulator.ledger().write_count(), u64::from(applied));
    }
}

#[tokio::test]
async fn an_empty_object_or_nothing_can_have_status_200_after_a_write() {
    for (fault, body) in [(Fault::EmptyObject, "{}"), (Fault::EmptySuccess, "")] {
        let simulator = plain().await;
        simulator.faults().script([vec![fault]]);
        let reply = patch(&simulator, "2972395", json!({"summary": "x"})).await;
        assert_eq!((reply.status, reply.text().as_str()), (200, body));
        assert_eq!(simulator.ledger().write_count(), 1);
    }
}

#[tokio::test]
async fn a_404_of_a_gateway_has_an_empty_message() {
    let (_simulator, reply) = list(Fault::UnknownError, "/incidents/2972395").await;
    assert_eq!(
        (reply.status, reply.error()),
        (404, ("UnknownError".to_owned(), String::new()))
    );
}

#[tokio::test]
async fn a_page_can_end_with_an_error_after_some_items() {
    let fault = Fault::ErrorAfterItems { items: 2 };
    let (_simulator, reply) = list(fault, "/incidents?$top=5").await;
    let page = reply.json();
    assert_eq!(page["value"].as_array().unwrap().len(), 2);
    assert_eq!(page["error"]["code"], "InternalServerError");
    assert_eq!(page["@odata.nextLink"], Value::Null);
}

#[tokio::test]
async fn pages_and_errors_can_start_with_a_byte_order_mark() {
    for target in ["/incidents?$top=1", "/incidents/1"] {
        let (_simulator, reply) = list(Fault::ByteOrderMark, target).await;
        assert!(reply.body.starts_with(b"\xef\xbb\xbf{"), "{target}");
        assert!(serde_json::from_slice::<Value>(&reply.body[3..]).is_ok());
    }
}

#[tokio::test]
async fn strings_can_contain_half_a_surrogate_pair() {
    let (_simulator, reply) = list(Fault::LoneSurrogates, "/incidents/2972395").await;
    let text = reply.text();
    assert!(text.contains("multiple sources\\ud83d\""), "{text}");
    assert!(text.contains("\"id\":\"2972395\""), "{text}");
    assert!(serde_json::from_str::<Value>(&text).is_err());
}

#[tokio::test]
async fn members_can_be_numbers_in_strings() {
    let (_simulator, reply) = list(Fault::NumericMembers, "/incidents/2972395").await;
    let incident = reply.json();
    assert_eq!(
        (&incident["status"], &incident["severity"]),
        (&json!("0"), &json!("3"))
    );
}

#[tokio::test]
async fn an_item_can_be_on_two_pages_in_every_order() {
    for order in ["", "&$orderby=displayName", "&$orderby=lastUpdateDateTime"] {
        let simulator = plain().await;
        simulator
            .faults()
            .add(FaultRule::new(Fault::DuplicateItems).times(1))
            .unwrap();
        let items = all_pages(&simulator, &format!("/incidents?$top=30{order}")).await;
        assert_eq!(items.len(), simulator.incident_count() + 1, "{order}");
        assert_eq!(items[29], items[30], "{order}");
    }
    // A page of one item would never end.
    let simulator = plain().await;
    let rule = FaultRule::new(Fault::DuplicateItems);
    simulator.faults().add(rule).unwrap();
    let items = all_pages(&simulator, "/incidents?$top=1").await;
    assert_eq!(items.len(), simulator.incident_count());
}

#[tokio::test]
async fn links_can_be_cyclic_or_empty() {
    let (_simulator, reply) = list(Fault::LinkCycle, "/incidents?$top=5").await;
    assert_eq!(
        reply.json()["@odata.nextLink"],
        "http://simulator.test/beta/security/incidents?$top=5"
    );
    let (simulator, reply) = list(Fault::EmptyLink, "/incidents/2972395/alerts").await;
    assert_eq!(reply.json()["@odata.nextLink"], "");
    // Before the last page, an empty link would lose items.
    simulator.faults().script([vec![Fault::EmptyLink]]);
    let page = get(&simulator, "/incidents?$top=5").await.json();
    assert_ne!(page["@odata.nextLink"], "");
}

#[tokio::test]
async fn an_order_can_be_ignored() {
    let (simulator, reply) = list(Fault::IgnoredOrder, "/incidents?$orderby=createdDateTime").await;
    let page = reply.json();
    let found = ids(page["value"].as_array().unwrap());
    assert_eq!(found, simulator.incident_ids()[..50]);
}

#[tokio::test]
async fn the_index_can_lag_behind_reads() {
    let target = "/incidents?$filter=status%20eq%20'resolved'%20and%20id%20eq%20'2972395'";
    let simulator = plain().await;
    patch(&simulator, "2972395", json!({"status": "resolved"})).await;
    let read = get(&simulator, "/incidents/2972395").await.json();
    assert_eq!(read["status"], "resolved");
    simulator.faults().script([vec![Fault::LaggingIndex]]);
    assert_eq!(get(&simulator, target).await.json()["value"], json!([]));
    assert_eq!(
        get(&simulator, target).await.json()["value"][0]["id"],
        "2972395"
    );
    // As a property of the profile: for some time after each write.
    let mut profile = Profile::plain();
    profile.index_delay_ms = 3_600_000;
    simulator.set_profile(profile);
    assert_eq!(get(&simulator, target).await.json()["value"], json!([]));
    let found = get(&simulator, &target.replace("resolved", "active"))
        .await
        .json();
    assert_eq!(found["value"][0]["status"], "resolved");
}

fn updates(ids: &[&str]) -> Value {
    let requests: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"id": id, "method": "PATCH", "url": "/security/incidents/2972395",
                "headers": {"Content-Type": "application/json"}, "body": {"summary": id}})
        })
        .collect();
    json!({"requests": requests})
}

async fn batch(fault: Fault) -> Vec<Value> {
    let simulator = plain().await;
    simulator.faults().add(FaultRule::new(fault)).unwrap();
    let reply = post(&simulator, "/beta/$batch", updates(&["1", "2", "x"])).await;
    assert_eq!(simulator.ledger().write_count(), 3);
    assert_eq!(simulator.faults().active()[0].struck, 1);
    reply.json()["responses"].as_array().unwrap().clone()
}

#[tokio::test]
async fn parts_of_a_batch_are_in_any_order_or_missing() {
    assert_eq!(ids(&batch(Fault::BatchOutOfOrder).await), ["x", "2", "1"]);
    assert_eq!(ids(&batch(Fault::BatchPartMissing).await), ["1", "2"]);
}

#[tokio::test]
async fn parts_of_a_batch_can_have_no_content_or_numeric_ids() {
    for part in batch(Fault::BatchNoContent).await {
        assert_eq!((&part["status"], part.get("body")), (&json!(204), None));
    }
    let numbers: Vec<Value> = batch(Fault::BatchNumericIds)
        .await
        .iter()
        .map(|part| part["id"].clone())
        .collect();
    assert_eq!(numbers, [json!(1), json!(2), json!("x")]);
}

#[tokio::test]
async fn a_part_that_was_not_carried_out_is_never_a_success_without_content() {
    let simulator = plain().await;
    let not_applied = FaultRule::new(Fault::ErrorInSuccess { applied: false });
    let rules = [
        FaultRule::new(Fault::BatchNoContent).on("batch"),
        not_applied.on("updateIncident").times(1),
    ];
    for rule in rules {
        simulator.faults().add(rule).unwrap();
    }
    let reply = post(&simulator, "/beta/$batch", updates(&["1", "2"])).await;
    let parts = &reply.json()["responses"];
    assert_eq!(parts[0]["body"]["error"]["code"], "InternalServerError");
    assert_eq!(parts[1]["status"], 204);
    assert_eq!(simulator.ledger().write_count(), 1);
}

#[tokio::test]
async fn a_whole_batch_can_fail() {
    let simulator = plain().await;
    let rule = FaultRule::new(Fault::ErrorInSuccess { applied: false }).on("batch");
    simulator.faults().add(rule).unwrap();
    let reply = post(&simulator, "/beta/$batch", updates(&["1"])).await;
    assert_eq!(reply.error().0, "InternalServerError");
    assert_eq!(simulator.ledger().write_count(), 0);
}

#[tokio::test]
async fn every_response_has_the_headers_of_the_service() {
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("client-request-id", "0d0f5ad4-0000-4000-8000-000000000001"),
    ];
    for target in [
        "/beta/security/incidents/2972395",
        "/beta/security/incidents/1",
        "/beta/x",
    ] {
        let reply = send(&simulator, "GET", target, &headers, "").await;
        assert_eq!(
            reply.header("client-request-id"),
            Some("0d0f5ad4-0000-4000-8000-000000000001")
        );
        assert_eq!(reply.header("odata-version"), Some("4.0"));
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
        let diagnostic = reply.header("x-ms-ags-diagnostic").unwrap();
        let diagnostic: Value = serde_json::from_str(diagnostic).unwrap();
        assert!(diagnostic["ServerInfo"]["DataCenter"].is_string());
        assert_eq!(reply.header("request-id").unwrap().len(), 36);
    }
}

#[tokio::test]
async fn a_count_is_only_plain_text() {
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    for (accept, status) in [
        ("application/json", 415),
        ("application/json;odata.metadata=minimal", 415),
        ("text/plain", 200),
        ("application/json, text/plain;q=0.5", 200),
        ("*/*", 200),
    ] {
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Accept", accept),
        ];
        let target = "/beta/security/incidents/$count";
        let reply = send(&simulator, "GET", target, &headers, "").await;
        assert_eq!(reply.status, status, "{accept}");
    }
}
