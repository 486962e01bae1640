//! Updates, comments, merges, and the ledger that proves them.

use serde_json::{Value, json};

use crate::support::{attempt, get, patch, plain, post, send};

#[tokio::test]
async fn the_reference_update_is_stored_and_returned_completely() {
    let simulator = plain().await;
    let before = simulator.incident("2972395").unwrap();
    let reply = patch(
        &simulator,
        "2972395",
        json!({"classification": "TruePositive", "determination": "MultiStagedAttack", "customTags": ["Demo"]}),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let after = reply.json();
    assert_eq!(after["classification"], "truePositive");
    assert_eq!(after["determination"], "multiStagedAttack");
    assert_eq!(after["customTags"], json!(["Demo"]));
    assert_eq!(
        after["lastModifiedBy"],
        format!("API-App:{}", simulator.client_id())
    );
    assert!(after["lastUpdateDateTime"].as_str() > before["lastUpdateDateTime"].as_str());
    for untouched in [
        "assignedTo",
        "displayName",
        "status",
        "severity",
        "comments",
        "createdDateTime",
    ] {
        assert_eq!(after[untouched], before[untouched], "{untouched}");
    }
    let mut read = get(&simulator, "/incidents/2972395").await.json();
    read["@odata.context"] = after["@odata.context"].clone();
    assert_eq!(read, after);
}

#[tokio::test]
async fn absent_keeps_null_clears_and_an_empty_list_empties() {
    let simulator = plain().await;
    patch(&simulator, "2972395", json!({"customTags": ["a", "b"]})).await;
    let after = patch(&simulator, "2972395", json!({"assignedTo": null}))
        .await
        .json();
    assert_eq!(
        (&after["assignedTo"], &after["customTags"]),
        (&Value::Null, &json!(["a", "b"]))
    );
    let after = patch(&simulator, "2972395", json!({"customTags": []}))
        .await
        .json();
    assert_eq!(after["customTags"], json!([]));
}

#[tokio::test]
async fn properties_that_are_not_writable_are_refused_and_nothing_changes() {
    let simulator = plain().await;
    let before = simulator.incident("2972395");
    for (body, word) in [
        (json!({"summary": "x", "id": "1"}), "read-only"),
        (
            json!({"summary": "x", "createdDateTime": "2020-01-01T00:00:00Z"}),
            "read-only",
        ),
        (json!({"summary": "x", "colour": "red"}), "colour"),
        (json!({"summary": "x", "status": "closed"}), "closed"),
        (json!({"summary": "x", "customTags": null}), "customTags"),
        (json!({}), "nothing"),
    ] {
        let reply = patch(&simulator, "2972395", body.clone()).await;
        let (code, message) = reply.error();
        assert_eq!((reply.status, code.as_str()), (400, "BadRequest"), "{body}");
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(simulator.incident("2972395"), before);
    assert_eq!(simulator.ledger().write_count(), 0);
    assert_eq!(simulator.ledger().request_count(), 6);
}

#[tokio::test]
async fn an_unknown_incident_is_a_404_for_every_operation() {
    let simulator = plain().await;
    for (method, target, body) in [
        ("GET", "/incidents/1", Value::Null),
        ("PATCH", "/incidents/1", json!({"summary": "x"})),
        ("POST", "/incidents/1/comments", json!({"comment": "x"})),
        ("GET", "/incidents/1/alerts", Value::Null),
        ("GET", "/incidents/1/alerts/2", Value::Null),
    ] {
        let reply = attempt(&simulator, method, target, body).await.unwrap();
        assert_eq!(
            (reply.status, reply.error().0.as_str()),
            (404, "NotFound"),
            "{method} {target}"
        );
    }
}

#[tokio::test]
async fn comments_are_appended_and_the_whole_list_is_returned() {
    let simulator = plain().await;
    for text in ["first", "second"] {
        let body = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": text});
        let reply = post(&simulator, "/incidents/2972395/comments", body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(
            reply.json()["value"].as_array().unwrap().last().unwrap()["comment"],
            text
        );
    }
    let texts: Vec<Value> = simulator.incident("2972395").unwrap()["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|comment| comment["comment"].clone())
        .collect();
    assert_eq!(texts, ["Demo incident", "first", "second"]);
    let empty = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": ""});
    let reply = post(&simulator, "/incidents/2972395/comments", empty).await;
    assert_eq!(reply.status, 400, "{}", reply.text());
}

#[tokio::test]
async fn merged_incidents_redirect_in_chains_and_their_alerts_move() {
    let simulator = plain().await;
    let ids = simulator.incident_ids();
    let [newest, middle, oldest] = [&ids[0], &ids[1], &ids[2]];
    let moved = simulator.alerts(newest).unwrap().len();
    let own = simulator.alerts(middle).unwrap().len();
    let merge = "/incidents/microsoft.graph.security.mergeIncidents";
    let reply = post(
        &simulator,
        merge,
        json!({"incidentIds": [newest, middle], "incidentComment": "one actor"}),
    )
    .await;
    assert_eq!(
        reply.json()["targetIncidentId"],
        **middle,
        "{}",
        reply.text()
    );
    let reply = post(
        &simulator,
        merge,
        json!({"incidentIds": [middle, oldest], "mergeReasons": "sameActor,timeFrame"}),
    )
    .await;
    assert_eq!(
        reply.json()["targetIncidentId"],
        **oldest,
        "{}",
        reply.text()
    );
    for (source, target) in [(newest, middle), (middle, oldest)] {
        let incident = simulator.incident(source).unwrap();
        assert_eq!(
            (
                incident["status"].as_str(),
                incident["redirectIncidentId"].as_str()
            ),
            (Some("redirected"), Some(target.as_str()))
        );
        assert!(simulator.alerts(source).unwrap().is_empty());
    }
    let gathered = simulator.alerts(oldest).unwrap();
    assert!(gathered.len() > moved + own);
    assert!(gathered.iter().all(|alert| alert["incidentId"] == **oldest));
    let again = post(&simulator, merge, json!({"incidentIds": [newest, oldest]})).await;
    assert_eq!(again.status, 400);
}

#[tokio::test]
async fn the_ledger_has_every_request_and_every_write_once() {
    let simulator = plain().await;
    for summary in ["one", "two", "three"] {
        patch(&simulator, "2972395", json!({"summary": summary})).await;
    }
    simulator.change("2972395", json!({"severity": "high"}));
    let writes = simulator.ledger().writes();
    let changes: Vec<Value> = writes.iter().map(|write| write.change.clone()).collect();
    assert_eq!(
        changes,
        [
            json!({"summary": "one"}),
            json!({"summary": "two"}),
            json!({"summary": "three"}),
            json!({"severity": "high"})
        ]
    );
    assert!(writes.windows(2).all(|pair| pair[0].at < pair[1].at));
    let requests = simulator.ledger().requests();
    assert_eq!(requests[0].request_id, writes[0].request_id);
    assert_eq!(requests[0].operation.as_deref(), Some("updateIncident"));
    assert_eq!(requests[0].body, r#"{"summary":"one"}"#);
    assert_eq!(writes[3].operation, "service");
}

#[tokio::test]
async fn bodies_that_are_not_json_objects_are_clear_400s() {
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    let json = ("Content-Type", "application/json");
    let deep = format!("{{\"summary\":{}", "[".repeat(100_000));
    for (headers, body) in [
        (vec![json], "{"),
        (vec![json], ""),
        (vec![json], "[]"),
        (vec![json], "\u{feff}{}"),
        (vec![json], deep.as_str()),
        (vec![], "{\"summary\":\"x\"}"),
        (vec![("Content-Type", "text/plain")], "{\"summary\":\"x\"}"),
    ] {
        let mut headers = headers;
        headers.push(("Authorization", &authorization));
        let reply = send(
            &simulator,
            "PATCH",
            "/beta/security/incidents/2972395",
            &headers,
            body,
        )
        .await;
        assert_eq!(
            (reply.status, reply.error().0.as_str()),
            (400, "BadRequest")
        );
    }
}
