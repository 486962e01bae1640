//! Hunting: recorded results, the simulator's own alerts, errors with their position, quotas.

use std::time::Duration;

use serde_json::{Value, json};

use graph_incidents_simulator::{Hunting, HuntingResult, Profile, Simulator};

use crate::support::{Reply, get, plain, post, send, started};

/// The time of the reference data.
const THEN: &str = "2021-01-01/2022-01-01";

async fn hunt(simulator: &Simulator, query: &str) -> Reply {
    let body = json!({"query": query, "timespan": THEN});
    post(simulator, "/runHuntingQuery", body).await
}

async fn rows(simulator: &Simulator, query: &str) -> Vec<Value> {
    let reply = hunt(simulator, query).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.json()["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn alerts_and_their_evidence_are_tables() {
    let simulator = plain().await;
    let found = rows(
        &simulator,
        "AlertInfo | where AlertId contains '02972395637659' | project AlertId, Severity, Timestamp",
    )
    .await;
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["Severity"], "Medium");
    let query = r#"AlertEvidence
        | where DeviceName =~ "TVM-endpoint-1.contoso.com" and AlertId startswith "da02972395" // the host
        | project Host = DeviceName, AlertId, Timestamp
        | order by AlertId asc
        | take 1"#;
    let reply = hunt(&simulator, query).await.json();
    assert_eq!(
        reply["schema"],
        json!([{"name": "Host", "type": "String"}, {"name": "AlertId", "type": "String"}, {"name": "Timestamp", "type": "DateTime"}])
    );
    assert_eq!(reply["results"].as_array().unwrap().len(), 1);
    assert_eq!(reply["results"][0]["Host"], "tvm-endpoint-1.contoso.com");
    let all = rows(&simulator, "AlertEvidence | count").await[0]["Count"]
        .as_i64()
        .unwrap();
    let mut parts = 0;
    for part in ["EntityType == 'Device'", "EntityType != 'Device'"] {
        let query = format!("AlertEvidence | where {part} | count");
        parts += rows(&simulator, &query).await[0]["Count"].as_i64().unwrap();
    }
    assert_eq!(parts, all);
    let size = "AlertEvidence | where FileSize > 6000000 | top 2 by FileSize | project FileSize, AdditionalFields";
    let sized = rows(&simulator, size).await;
    assert_eq!(sized[0]["FileSize"], 6_136_392);
    assert!(sized[0]["AdditionalFields"]["imageFile"].is_object());
}

#[tokio::test]
async fn every_operator_selects_what_it_should() {
    let simulator = plain().await;
    let all = rows(&simulator, "AlertInfo").await.len();
    for (condition, share) in [
        (r#"AlertId == "da02972395637659_1""#, 1),
        (r#"AlertId != "da02972395637659_1""#, all - 1),
        (r#"AlertId in ("da02972395637659_1", 'x')"#, 1),
        (r#"AlertId in~ ("DA02972395637659_1")"#, 1),
        (r#"AlertId !in ("da02972395637659_1")"#, all - 1),
        (
            r#"AlertId !in~ ("DA02972395637659_1", "DA02972395637659_2")"#,
            all - 2,
        ),
        (r#"AlertId =~ "DA02972395637659_1""#, 1),
        (r#"AlertId !~ "DA02972395637659_1""#, all - 1),
        (r#"Title contains "SUSPICIOUS""#, all),
        (r#"Title contains_cs "SUSPICIOUS""#, 0),
        (r#"Title !contains "SUSPICIOUS""#, 0),
        (r#"Title has "process""#, all),
        (r#"Title has "proc""#, 0),
        (r#"Title !has "proc""#, all),
        (r#"Title !has "process""#, 0),
        (r#"Title has_cs "process""#, all),
        (r#"Title has_cs "Process""#, 0),
        (r#"Title !has_cs "Process""#, all),
        (r#"Title hasprefix "PROC""#, all),
        (r#"Title hasprefix "rocess""#, 0),
        (r#"Title !hasprefix "PROC""#, 0),
        (r#"Title contains_cs "uspicious""#, all),
        (r#"Title !contains_cs "SUSPICIOUS""#, all),
        (r#"Title startswith "SUSPICIOUS""#, all),
        (r#"Title startswith "process""#, 0),
        (r#"Title !startswith "process""#, all),
        (r#"Title endswith "ENDPOINT""#, all),
        (r#"Title endswith "process""#, 0),
        (r#"Title !endswith "ENDPOINT""#, 0),
        (
            r#"not(Title has "process") or AlertId == @"da02972395637659_1""#,
            1,
        ),
        (
            r"Timestamp > datetime(2030-01-01) or (Timestamp < ago(1d) and Timestamp <= now())",
            all,
        ),
        (r#"AttackTechniques contains "T1059""#, all),
    ] {
        let query = format!("AlertInfo | where {condition}");
        assert_eq!(rows(&simulator, &query).await.len(), share, "{condition}");
    }
}

#[tokio::test]
async fn an_invalid_query_is_a_400_with_its_position() {
    let simulator = plain().await;
    for (query, at) in [
        ("AlertInfo | where", "1:18"),
        ("AlertInfo | were Title == 'x'", "1:13"),
        ("AlertInfo\n| where Titel == 'x'", "2:9"),
        ("AlertInfo | where Title == 'x", "1:28"),
        ("AlertInfo | where Title == 'x' y", "1:32"),
        ("AlertInfo | where Title ~ 'x'", "1:25"),
        ("AlertInfo | where Title > 7", "1:25"),
        ("AlertInfo | project Title, Title", "1:28"),
        ("Nowhere | count", "1:1"),
        ("AlertInfo | summarize count()", "1:13"),
        ("AlertInfo | take 99999999999999999999", "1:18"),
        ("", "1:1"),
        ("AlertInfo | where Title == 'é' 'é", "1:32"),
    ] {
        let headers = [
            ("Authorization", &*format!("Bearer {}", simulator.token())),
            ("Content-Type", "application/json; charset=utf-8"),
        ];
        let body = json!({"query": query}).to_string();
        let target = "/beta/security/runHuntingQuery";
        let reply = send(&simulator, "POST", target, &headers, &body).await;
        let (code, message) = reply.error();
        assert_eq!(
            (reply.status, code.as_str()),
            (400, "BadRequest"),
            "{query}"
        );
        assert!(
            message.contains(&format!("[line:position={at}]")),
            "{query}: {message}"
        );
    }
    let deep = format!("AlertInfo | where {}Title == 'x'", "(".repeat(10_000));
    assert_eq!(hunt(&simulator, &deep).await.status, 400);
}

#[tokio::test]
async fn a_recorded_result_is_returned_for_exactly_its_query_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let query = "DeviceEvents | summarize count() by DeviceName";
    let simulator = started(Simulator::builder().state(&path)).await;
    let result = HuntingResult::new(query)
        .column("DeviceName", "String")
        .column("count_", "Int64")
        .row(["fin-ws-07".into(), 12.into()]);
    simulator.record_hunting(result);
    let body = json!({"query": "X", "schema": [{"name": "A", "type": "Later"}], "results": [{"A": 1, "A@odata.type": "#Later"}]});
    let body = body.to_string();
    let headers = [("Content-Type", "application/json")];
    let posted = send(&simulator, "POST", "/admin/hunting", &headers, &body).await;
    assert_eq!(posted.status, 200, "{}", posted.text());
    simulator.stop().await;
    let simulator = started(Simulator::builder().state(&path)).await;
    assert_eq!(
        rows(&simulator, &format!(" {query}\n")).await,
        [json!({"DeviceName": "fin-ws-07", "count_": 12})]
    );
    assert_eq!(rows(&simulator, "X").await[0]["A@odata.type"], "#Later");
    assert_eq!(hunt(&simulator, "DeviceEvents | count").await.status, 400);
    simulator.record_hunting(
        HuntingResult::new(query).error("a recognition error [line:position=1:16]"),
    );
    assert_eq!(
        hunt(&simulator, query).await.error().1,
        "a recognition error [line:position=1:16]"
    );
}

#[tokio::test]
async fn quotas_belong_to_the_tenant_and_say_when_to_retry() {
    let mut profile = Profile::plain();
    profile.hunting = Hunting::documented();
    let simulator = started(Simulator::builder().profile(profile)).await;
    for _ in 0..45 {
        assert_eq!(hunt(&simulator, "AlertInfo | count").await.status, 200);
    }
    let refused = hunt(&simulator, "AlertInfo | count").await;
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((50..=60).contains(&seconds), "{seconds}");
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
    simulator.reset_throttling();
    simulator.record_hunting(HuntingResult::new("Slow").cpu_milliseconds(300_000));
    for _ in 0..2 {
        assert_eq!(hunt(&simulator, "Slow").await.status, 200);
    }
    let refused = hunt(&simulator, "AlertInfo | count").await;
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(
        Duration::from_secs(seconds) > Duration::from_secs(880),
        "{seconds}"
    );
}

#[tokio::test]
async fn a_result_that_is_too_large_is_refused_in_the_engine_s_words() {
    let mut profile = Profile::plain();
    profile.hunting.rows = 10;
    let simulator = started(Simulator::builder().profile(profile.clone())).await;
    assert!(
        hunt(&simulator, "AlertInfo")
            .await
            .error()
            .1
            .contains("10 rows")
    );
    assert_eq!(rows(&simulator, "AlertInfo | take 10").await.len(), 10);
    profile.hunting.bytes = 1_000;
    simulator.set_profile(profile);
    assert!(
        hunt(&simulator, "AlertInfo | take 10")
            .await
            .error()
            .1
            .contains("1000 bytes")
    );
}

#[tokio::test]
async fn a_body_is_read_as_the_reference_pages_write_it() {
    let simulator = plain().await;
    let body = json!({"Query": "AlertInfo | count", "Timespan": THEN});
    assert_eq!(post(&simulator, "/runHuntingQuery", body).await.status, 200);
    // Within the last thirty days, nothing happened.
    let recent = post(
        &simulator,
        "/runHuntingQuery",
        json!({"query": "AlertInfo | count"}),
    )
    .await;
    assert_eq!(recent.json()["results"][0]["Count"], 0);
    for body in [
        json!({}),
        json!({"query": null}),
        json!({"query": "AlertInfo", "timespan": "30 days"}),
    ] {
        assert_eq!(post(&simulator, "/runHuntingQuery", body).await.status, 400);
    }
    let accented = json!({"query": "AlertInfo | where Title == 'é'"});
    let reply = post(&simulator, "/runHuntingQuery", accented).await;
    assert!(reply.error().1.contains("charset=utf-8"));
    let token = simulator.application_token(["SecurityAlert.Read.All"], None);
    let headers = [
        ("Authorization", &*format!("Bearer {token}")),
        ("Content-Type", "application/json"),
    ];
    let body = json!({"query": "AlertInfo"}).to_string();
    let reply = send(
        &simulator,
        "POST",
        "/beta/security/runHuntingQuery",
        &headers,
        &body,
    )
    .await;
    assert!(reply.error().1.contains("ThreatHunting.Read.All"));
}

#[tokio::test]
async fn escapes_in_strings_are_those_of_the_language_and_numbers_are_compared_with_their_bounds() {
    let simulator = plain().await;
    let count = async |part: &str| {
        let query = format!("AlertEvidence | where {part} | count");
        rows(&simulator, &query).await[0]["Count"].as_i64().unwrap()
    };
    let all = count("Severity != ''").await;
    for escape in [
        "a",
        "b",
        "f",
        "n",
        "r",
        "t",
        "v",
        "\\",
        "\"",
        "'",
        "x07",
        "u0007",
        "U00000007",
    ] {
        let with = count(&format!("Severity !contains '\\{escape}'")).await;
        assert_eq!(with, all, "{escape}");
    }
    let medium = count("Severity == 'Medium'").await;
    assert!(medium > 0);
    assert_eq!(count("Severity contains_cs 'edi'").await, medium);
    assert_eq!(count("Severity contains_cs 'EDI'").await, 0);
    assert_eq!(
        count("Severity == '\\x4dedi\\u0075\\U0000006d'").await,
        medium
    );
    for (size, is_there) in [(6_136_392, true), (6_000_000, false)] {
        let [above, least, below, most] =
            [">", ">=", "<", "<="].map(|operator| format!("FileSize {operator} {size}"));
        let equal = count(&format!("FileSize == {size}")).await;
        assert_eq!(equal > 0, is_there);
        assert_eq!(count(&least).await, count(&above).await + equal);
        assert_eq!(count(&most).await, count(&below).await + equal);
    }
}
