//! The admin API.

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

use crate::support::{Reply, get, patch, plain, send, started};

async fn admin(simulator: &Simulator, method: &str, path: &str, body: Value) -> Reply {
    let (headers, body) = match body {
        Value::Null => (vec![], String::new()),
        body => (vec![("Content-Type", "application/json")], body.to_string()),
    };
    send(
        simulator,
        method,
        &format!("/admin/{path}"),
        &headers,
        &body,
    )
    .await
}

#[tokio::test]
async fn the_ledger_can_be_read_from_a_sequence_number() {
    let simulator = plain().await;
    for summary in ["one", "two", "three"] {
        patch(&simulator, "2972395", json!({"summary": summary})).await;
    }
    let requests = admin(&simulator, "GET", "requests?after=1&limit=1", Value::Null)
        .await
        .json();
    assert_eq!(
        (&requests["total"], &requests["requests"][0]["sequence"]),
        (&json!(3), &json!(3))
    );
    let writes = admin(&simulator, "GET", "writes?after=1", Value::Null)
        .await
        .json();
    let summaries: Vec<&Value> = writes["writes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|write| &write["change"]["summary"])
        .collect();
    assert_eq!(summaries, ["two", "three"]);
    assert_eq!(
        writes["writes"][0]["requestId"],
        requests_before(&simulator, 2)
    );
}

fn requests_before(simulator: &Simulator, sequence: u64) -> Value {
    json!(simulator.ledger().requests()[usize::try_from(sequence).unwrap() - 1].request_id)
}

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let simulator = plain().await;
    let rule =
        json!({"fault": {"kind": "emptyError", "status": 502}, "operations": ["getIncident"]});
    let id = admin(&simulator, "POST", "faults", rule).await.json()["id"].clone();
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 502);
    let active = admin(&simulator, "GET", "faults", Value::Null).await.json();
    assert_eq!((&active[0]["id"], &active[0]["struck"]), (&id, &json!(1)));
    assert_eq!(
        admin(&simulator, "DELETE", &format!("faults/{id}"), Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(
        admin(&simulator, "DELETE", &format!("faults/{id}"), Value::Null)
            .await
            .status,
        404
    );
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
    admin(
        &simulator,
        "POST",
        "faults/script",
        json!([[{"kind": "htmlError", "status": 503}], []]),
    )
    .await;
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 503);
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
}

#[tokio::test]
async fn profiles_are_set_by_name_or_by_differences() {
    let simulator = plain().await;
    assert_eq!(
        admin(&simulator, "PUT", "profile", json!({"named": "service"}))
            .await
            .status,
        200
    );
    assert_eq!(
        admin(&simulator, "GET", "state", Value::Null).await.json()["profile"],
        "service"
    );
    let profile = admin(
        &simulator,
        "PUT",
        "profile",
        json!({"pageSize": 3, "throttling": {"limits": [{"calls": 1, "windowMs": 60_000}]}}),
    )
    .await;
    assert_eq!(profile.json()["pageSize"], 3);
    assert_eq!(
        get(&simulator, "/incidents").await.json()["value"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(get(&simulator, "/incidents").await.status, 429);
    let usage =
        admin(&simulator, "GET", "state", Value::Null).await.json()["throttling"][0].clone();
    assert_eq!(
        (&usage["used"], &usage["limit"]["calls"]),
        (&json!(1), &json!(1))
    );
    admin(&simulator, "DELETE", "throttling", Value::Null).await;
    assert_eq!(get(&simulator, "/incidents").await.status, 200);
}

#[tokio::test]
async fn incidents_are_added_changed_and_read() {
    let simulator = plain().await;
    let body = json!({"incident": {"id": "7", "status": "active", "createdDateTime": "2030-01-01T00:00:00Z"}, "alerts": [{"id": "a"}]});
    assert_eq!(
        admin(&simulator, "POST", "incidents", body).await.status,
        200
    );
    assert_eq!(simulator.incident_ids()[0], "7");
    let changed = admin(
        &simulator,
        "PATCH",
        "incidents/7",
        json!({"severity": "high"}),
    )
    .await
    .json();
    assert_eq!(changed["severity"], "high");
    let read = admin(&simulator, "GET", "incidents/7", Value::Null)
        .await
        .json();
    assert_eq!(
        (&read["incident"], &read["alerts"][0]["id"]),
        (&changed, &json!("a"))
    );
    let latest = admin(&simulator, "GET", "incidents?limit=1", Value::Null)
        .await
        .json();
    assert_eq!(latest["incidents"], json!([changed]));
}

#[tokio::test]
async fn tokens_are_issued_and_revoked() {
    let simulator = started(Simulator::builder().token("known")).await;
    let token = admin(
        &simulator,
        "POST",
        "tokens",
        json!({"permissions": ["SecurityIncident.Read.All"]}),
    )
    .await
    .json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let authorization = format!("Bearer {token}");
    let headers = [("Authorization", authorization.as_str())];
    assert_eq!(
        send(
            &simulator,
            "GET",
            "/beta/security/incidents/2972395",
            &headers,
            ""
        )
        .await
        .status,
        200
    );
    admin(&simulator, "DELETE", "tokens", Value::Null).await;
    assert_eq!(
        send(
            &simulator,
            "GET",
            "/beta/security/incidents/2972395",
            &headers,
            ""
        )
        .await
        .status,
        401
    );
}

#[tokio::test]
async fn invalid_requests_are_refused_with_a_reason() {
    let simulator = plain().await;
    for (method, path, body) in [
        ("POST", "faults", json!({"fault": {"kind": "earthquake"}})),
        (
            "POST",
            "faults",
            json!({"fault": {"kind": "staleRead"}, "sometimes": true}),
        ),
        ("PUT", "profile", json!({"named": "chaos"})),
        ("PUT", "profile", json!({"pagesize": 3})),
        ("POST", "incidents", json!({"incident": {}})),
        ("POST", "tokens", json!({})),
        ("PATCH", "incidents/1", json!({"severity": "high"})),
        ("POST", "devicecodes/NOBODY", json!({"approved": true})),
        ("GET", "nothing", Value::Null),
    ] {
        let reply = admin(&simulator, method, path, body).await;
        assert!(
            [400, 404].contains(&reply.status),
            "{method} {path}: {}",
            reply.status
        );
        assert!(
            reply.json()["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty())
        );
    }
}
