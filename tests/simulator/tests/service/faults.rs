//! Faults on demand.

use graph_incidents_simulator::{Fault, FaultRule, RetryAfter};
use serde_json::{Value, json};

use crate::support::{attempt, exchange, get, patch, plain, request};

fn update() -> Value {
    json!({"summary": "written"})
}

#[tokio::test]
async fn a_reset_before_writes_nothing_and_one_after_writes_everything() {
    for (fault, summary) in [
        (Fault::ResetBefore, Value::Null),
        (Fault::ResetAfter, json!("written")),
    ] {
        let simulator = plain().await;
        simulator
            .faults()
            .add(FaultRule::new(fault).on("updateIncident").times(1))
            .unwrap();
        let error = attempt(&simulator, "PATCH", "/incidents/2972395", update())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(simulator.incident("2972395").unwrap()["summary"], summary);
        assert_eq!(patch(&simulator, "2972395", update()).await.status, 200);
    }
}

#[tokio::test]
async fn bodies_end_early_or_arrive_slowly() {
    let simulator = plain().await;
    let whole = get(&simulator, "/incidents/2972395").await.body;
    simulator.faults().script([
        vec![Fault::TruncatedBody { fraction: 0.5 }],
        vec![Fault::SlowBody {
            chunk: 1_000,
            pause_milliseconds: 2,
        }],
    ]);
    let cut = get(&simulator, "/incidents/2972395").await;
    assert_eq!(
        cut.header("content-length").unwrap(),
        whole.len().to_string()
    );
    assert_eq!(cut.body, whole[..whole.len() / 2]);
    assert_eq!(get(&simulator, "/incidents/2972395").await.body, whole);
}

#[tokio::test]
async fn errors_are_in_the_service_s_format_html_or_empty() {
    let simulator = plain().await;
    let status = |applied| Fault::Status {
        status: 503,
        retry_after: Some(3),
        retry_after_form: RetryAfter::Seconds,
        applied,
    };
    simulator.faults().script([
        vec![status(false)],
        vec![Fault::HtmlError { status: 502 }],
        vec![Fault::EmptyError { status: 504 }],
        vec![Fault::HtmlSuccess],
    ]);
    let reply = patch(&simulator, "2972395", update()).await;
    assert_eq!(
        (
            reply.status,
            reply.error().0.as_str(),
            reply.header("retry-after")
        ),
        (503, "ServiceUnavailable", Some("3"))
    );
    let reply = patch(&simulator, "2972395", update()).await;
    assert_eq!(
        (
            reply.status,
            reply.header("content-type"),
            reply.text().contains("<html>")
        ),
        (502, Some("text/html"), true)
    );
    let reply = patch(&simulator, "2972395", update()).await;
    assert_eq!((reply.status, reply.body.len()), (504, 0));
    let reply = patch(&simulator, "2972395", update()).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/html"))
    );
    assert_eq!(simulator.ledger().write_count(), 0);
    simulator.faults().script([vec![status(true)]]);
    assert_eq!(patch(&simulator, "2972395", update()).await.status, 503);
    assert_eq!(simulator.ledger().write_count(), 1);
}

#[tokio::test]
async fn a_duplicate_delivery_writes_twice() {
    let simulator = plain().await;
    simulator
        .faults()
        .add(FaultRule::new(Fault::DuplicateDelivery).on("createIncidentComment"))
        .unwrap();
    let body = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": "twice"});
    let reply = attempt(&simulator, "POST", "/incidents/2972395/comments", body)
        .await
        .unwrap();
    assert_eq!(reply.json()["value"].as_array().unwrap().len(), 3);
    assert_eq!(simulator.ledger().write_count(), 2);
}

#[tokio::test]
async fn a_stale_read_returns_the_earlier_state() {
    let simulator = plain().await;
    patch(&simulator, "2972395", update()).await;
    simulator.faults().script([vec![Fault::StaleRead]]);
    assert_eq!(
        get(&simulator, "/incidents/2972395").await.json()["summary"],
        Value::Null
    );
    assert_eq!(
        get(&simulator, "/incidents/2972395").await.json()["summary"],
        "written"
    );
}

#[tokio::test]
async fn responses_can_have_undocumented_properties() {
    let simulator = plain().await;
    let target = "/incidents/2972395?$expand=alerts";
    let steps = [
        Fault::UnknownEnumMembers,
        Fault::UnknownEvidence,
        Fault::UnknownProperties,
        Fault::PascalCase,
        Fault::NullCollections,
        Fault::MalformedValues,
    ];
    simulator.faults().script(steps.map(|fault| vec![fault]));
    let members = get(&simulator, target).await.json();
    assert_eq!(
        (
            &members["status"],
            &members["alerts"][0]["evidence"][0]["verdict"]
        ),
        (&json!("notYetDescribed"), &json!("notYetDescribed"))
    );
    let evidence = get(&simulator, target).await.json();
    assert_eq!(
        evidence["alerts"][0]["evidence"][0]["@odata.type"],
        "#microsoft.graph.security.satelliteEvidence"
    );
    assert_eq!(
        evidence["alerts"][0]["evidence"][1]["@odata.type"],
        "#microsoft.graph.security.processEvidence"
    );
    let properties = get(&simulator, target).await.json();
    for object in [
        &properties,
        &properties["comments"][0],
        &properties["alerts"][0]["evidence"][0]["vmMetadata"],
    ] {
        assert!(object["notYetDescribed"].is_object(), "{object}");
    }
    assert_eq!(
        get(&simulator, target).await.json()["alerts"][0]["evidence"][0]["roles"],
        json!(["Compromised"])
    );
    let lists = get(&simulator, target).await.json();
    assert_eq!(
        (&lists["customTags"], &lists["comments"], &lists["alerts"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let malformed = get(&simulator, target).await.json();
    assert_eq!(
        (&malformed["createdDateTime"], &malformed["priorityScore"]),
        (&json!("the day before"), &json!("many"))
    );
    assert_eq!(get(&simulator, target).await.json()["status"], "active");
}

#[tokio::test]
async fn pages_can_be_empty_with_a_link_and_links_can_be_wrong() {
    let simulator = plain().await;
    simulator.faults().script([vec![Fault::EmptyPage]]);
    let all = crate::support::all_pages(&simulator, "/incidents?$top=30").await;
    assert_eq!(crate::support::ids(&all), simulator.incident_ids());
    simulator.faults().script([vec![Fault::CrossOriginLink {
        origin: "https://example.invalid".to_owned(),
    }]]);
    let page = get(&simulator, "/incidents?$top=30").await.json();
    assert!(
        page["@odata.nextLink"]
            .as_str()
            .unwrap()
            .starts_with("https://example.invalid/beta/security/incidents?")
    );
}

#[tokio::test]
async fn latency_is_waited_for_and_a_wrong_content_type_is_sent() {
    let simulator = plain().await;
    simulator.faults().script([
        vec![
            Fault::Latency {
                milliseconds: 5,
                jitter_milliseconds: 5,
            },
            Fault::LateResponse { milliseconds: 5 },
        ],
        vec![Fault::WrongContentType {
            content_type: "application/octet-stream".to_owned(),
        }],
    ]);
    let before = std::time::Instant::now();
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
    assert!(before.elapsed() >= std::time::Duration::from_millis(10));
    assert_eq!(
        get(&simulator, "/incidents/2972395")
            .await
            .header("content-type"),
        Some("application/octet-stream")
    );
    let names: Vec<Vec<&str>> = simulator
        .ledger()
        .requests()
        .into_iter()
        .map(|entry| entry.faults)
        .collect();
    assert_eq!(
        names,
        [vec!["latency", "lateResponse"], vec!["wrongContentType"]]
    );
}

#[tokio::test]
async fn a_connection_that_is_not_reset_is_kept() {
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    let one = request(
        "GET",
        "/beta/security/incidents/$count",
        &[("Authorization", &authorization)],
        "",
    );
    let kept = String::from_utf8(one.clone())
        .unwrap()
        .replace("Connection: close", "Connection: keep-alive");
    let bytes = exchange(simulator.address(), &[kept.into_bytes(), one].concat())
        .await
        .unwrap();
    let responses = String::from_utf8(bytes)
        .unwrap()
        .matches("HTTP/1.1 200 OK")
        .count();
    assert_eq!(responses, 2);
}
