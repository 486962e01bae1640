//! Extreme numbers, dates and ids get a clear refusal or a sensible result, never a lost connection.

use std::time::Duration;

use graph_incidents_simulator::{Fault, FaultRule, Profile, Simulator};
use serde_json::{Value, json};

use crate::support::{all_pages, get, plain, send, started};

async fn admin(simulator: &Simulator, method: &str, path: &str, body: &Value) -> (u16, String) {
    let headers = [("Content-Type", "application/json")];
    let target = format!("/admin/{path}");
    let reply = send(simulator, method, &target, &headers, &body.to_string()).await;
    (reply.status, reply.text())
}

#[tokio::test]
async fn dates_beyond_the_years_1_to_9999_are_refused_in_filters() {
    let simulator = plain().await;
    for date in [
        "-262142-01-01",
        "+262142-12-31",
        "0000-01-01",
        "10000-01-01T00:00:00Z",
    ] {
        let date = date.replace('+', "%2B");
        let target = format!("/incidents?$filter=createdDateTime%20gt%20{date}");
        assert_eq!(get(&simulator, &target).await.status, 400, "{date}");
    }
    for date in ["0001-01-01", "9999-12-31T23:59:59.9999999Z"] {
        let target = format!("/incidents?$filter=createdDateTime%20gt%20{date}");
        assert_eq!(get(&simulator, &target).await.status, 200, "{date}");
    }
}

#[tokio::test]
async fn incidents_with_such_dates_are_refused_by_name() {
    let simulator = plain().await;
    for name in ["createdDateTime", "lastUpdateDateTime"] {
        for date in ["+262142-01-01", "soon", ""] {
            let incident = json!({"id": "7", name: date});
            assert!(!simulator.insert(incident.clone(), Vec::new()));
            assert!(!simulator.change("2972395", json!({name: date})));
            let (status, text) = admin(
                &simulator,
                "POST",
                "incidents",
                &json!({"incident": incident}),
            )
            .await;
            assert_eq!((status, text.contains(name)), (400, true), "{text}");
            let change = json!({name: date});
            let (status, text) = admin(&simulator, "PATCH", "incidents/2972395", &change).await;
            assert_eq!((status, text.contains(name)), (400, true), "{text}");
        }
    }
    assert_eq!(get(&simulator, "/incidents").await.status, 200);
}

#[tokio::test]
async fn an_incident_keeps_its_id() {
    let simulator = plain().await;
    let (status, text) = admin(
        &simulator,
        "PATCH",
        "incidents/2972395",
        &json!({"id": "8"}),
    )
    .await;
    assert_eq!((status, text.contains("'id'")), (400, true), "{text}");
    assert!(!simulator.change("2972395", json!({"id": "8"})));
    assert_eq!(simulator.incident("2972395").unwrap()["id"], "2972395");
    let same = json!({"id": "2972395", "severity": "high"});
    assert_eq!(
        admin(&simulator, "PATCH", "incidents/2972395", &same)
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn impossible_page_sizes_are_refused_by_name() {
    let simulator = plain().await;
    for size in [json!(0), json!(u64::MAX), json!(-1), json!(1.5)] {
        for name in ["pageSize", "alertPageSize"] {
            let (status, text) = admin(&simulator, "PUT", "profile", &json!({name: size})).await;
            assert_eq!(status, 400, "{size}: {text}");
        }
        assert_eq!(get(&simulator, "/incidents").await.status, 200);
    }
    let (_, text) = admin(&simulator, "PUT", "profile", &json!({"pageSize": 0})).await;
    assert!(text.contains("pageSize"), "{text}");
    let mut profile = Profile::plain();
    profile.page_size = 0;
    let error = Simulator::builder().profile(profile.clone()).start().await;
    assert!(error.err().unwrap().to_string().contains("pageSize"));
    simulator.set_profile(profile);
    let items = all_pages(&simulator, "/incidents").await;
    assert_eq!(items.len(), simulator.incident_count());
}

#[tokio::test]
async fn very_long_lifetimes_never_end() {
    let simulator = started(Simulator::builder().token_lifetime(Duration::MAX)).await;
    let grant = json!({"permissions": ["SecurityIncident.Read.All"], "lifetimeSeconds": u64::MAX});
    let (status, text) = admin(&simulator, "POST", "tokens", &grant).await;
    assert_eq!(status, 200, "{text}");
    let token: Value = serde_json::from_str(&text).unwrap();
    let authorization = format!("Bearer {}", token["token"].as_str().unwrap());
    let headers = [("Authorization", authorization.as_str())];
    let target = "/beta/security/incidents/2972395";
    assert_eq!(
        send(&simulator, "GET", target, &headers, "").await.status,
        200
    );
}

#[tokio::test]
async fn waits_beyond_a_day_are_refused_by_name() {
    let simulator = plain().await;
    for (fault, name) in [
        (
            json!({"kind": "latency", "milliseconds": 1, "jitterMilliseconds": u64::MAX}),
            "jitterMilliseconds",
        ),
        (
            json!({"kind": "latency", "milliseconds": u64::MAX}),
            "milliseconds",
        ),
        (
            json!({"kind": "lateResponse", "milliseconds": u64::MAX}),
            "milliseconds",
        ),
        (
            json!({"kind": "slowBody", "chunk": 0, "pauseMilliseconds": u64::MAX}),
            "pauseMilliseconds",
        ),
        (json!({"kind": "truncatedBody", "fraction": -1}), "fraction"),
        (json!({"kind": "status", "status": 65535}), "status"),
        (
            json!({"kind": "wrongContentType", "contentType": "a\nb"}),
            "contentType",
        ),
    ] {
        let (status, text) = admin(&simulator, "POST", "faults", &json!({"fault": fault})).await;
        assert_eq!((status, text.contains(name)), (400, true), "{text}");
        let (status, _) = admin(&simulator, "POST", "faults/script", &json!([[fault]])).await;
        assert_eq!(status, 400);
    }
    assert_eq!(get(&simulator, "/incidents").await.status, 200);
    // A script from the library is not checked, so its content must do no harm.
    simulator.faults().script([vec![Fault::SlowBody {
        chunk: 0,
        pause_milliseconds: 0,
    }]]);
    // Byte by byte, because the body is short.
    assert_eq!(get(&simulator, "/incidents/$count").await.status, 200);
}

#[tokio::test]
async fn an_endless_window_has_no_retry_date() {
    let simulator = plain().await;
    for form in ["date", "seconds"] {
        let throttling =
            json!({"limits": [{"calls": 1, "windowMs": u64::MAX}], "retryAfter": form});
        let profile = json!({"throttling": throttling});
        assert_eq!(admin(&simulator, "PUT", "profile", &profile).await.0, 200);
        get(&simulator, "/incidents").await;
        let refused = get(&simulator, "/incidents").await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("retry-after").is_none(), form == "date");
        assert_eq!(admin(&simulator, "GET", "state", &Value::Null).await.0, 200);
    }
    let none = json!({"throttling": {"limits": [{"calls": 0, "windowMs": 1000}]}});
    assert_eq!(admin(&simulator, "PUT", "profile", &none).await.0, 200);
    assert_eq!(get(&simulator, "/incidents").await.status, 429);
}

#[tokio::test]
async fn a_rule_for_an_unknown_operation_is_refused_with_the_names() {
    let simulator = plain().await;
    let rule = json!({"fault": {"kind": "resetAfter"}, "operations": ["getIncidents"]});
    let (status, text) = admin(&simulator, "POST", "faults", &rule).await;
    assert_eq!(status, 400);
    for name in ["'getIncidents'", "getIncident,", "token", "batch"] {
        assert!(text.contains(name), "{text}");
    }
    let rule = FaultRule::new(Fault::ResetAfter).on("getIncidents");
    let error = Simulator::builder()
        .fault(rule)
        .start()
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("'getIncidents'"), "{error}");
}

#[tokio::test]
async fn a_number_or_a_flag_without_a_value_is_refused() {
    let simulator = plain().await;
    for option in ["$top", "$skip", "$count"] {
        for list in ["/incidents", "/alerts_v2", "/incidents/2972395/alerts"] {
            let refused = get(&simulator, &format!("{list}?{option}=")).await;
            assert_eq!(refused.status, 400, "{list} {option}: {}", refused.text());
            assert!(refused.error().1.contains(option), "{}", refused.error().1);
        }
    }
}
