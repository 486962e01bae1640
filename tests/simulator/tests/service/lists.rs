//! Lists: pages, filters, orders, selections, expansions, counts.

use serde_json::{Value, json};

use crate::support::{all_pages, get, ids, patch, plain};

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[tokio::test]
async fn pages_list_everything_once_newest_first() {
    let simulator = plain().await;
    let all = all_pages(&simulator, "/incidents?$top=7").await;
    assert_eq!(ids(&all), simulator.incident_ids());
    let times: Vec<&str> = all
        .iter()
        .map(|incident| incident["createdDateTime"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|left, right| left[..19] >= right[..19]));
}

#[tokio::test]
async fn a_write_between_two_pages_neither_hides_nor_repeats_items() {
    let simulator = plain().await;
    let first = get(&simulator, "/incidents?$top=20").await.json();
    let seen = ids(first["value"].as_array().unwrap());
    for id in &seen {
        patch(&simulator, id, json!({"summary": "touched"})).await;
    }
    let link = first["@odata.nextLink"]
        .as_str()
        .unwrap()
        .strip_prefix("http://simulator.test")
        .unwrap()
        .to_owned();
    let rest = ids(&all_pages(&simulator, &link).await);
    assert_eq!([seen, rest].concat(), simulator.incident_ids());
}

#[tokio::test]
async fn page_sizes_have_limits() {
    let simulator = plain().await;
    assert_eq!(
        get(&simulator, "/incidents").await.json()["value"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    let large = get(&simulator, "/incidents?$top=51").await;
    assert_eq!(
        (large.status, large.error()),
        (400, (String::new(), "The limit of '50' for Top query has been exceeded. The value from the incoming request is '51'.".to_owned()))
    );
    for target in [
        "/incidents?$top=0",
        "/incidents?$top=-1",
        "/incidents?$top=x",
        "/incidents?$skip=501",
        "/incidents?$skip=-1",
        "/incidents?$count=perhaps",
        "/incidents?$apply=x",
        "/incidents?$top=1&$top=2",
        "/incidents?$skiptoken=50",
    ] {
        assert_eq!(get(&simulator, target).await.status, 400, "{target}");
    }
}

#[tokio::test]
async fn filters_find_the_right_incidents() {
    let simulator = plain().await;
    let everything: Vec<Value> = simulator
        .incident_ids()
        .iter()
        .map(|id| simulator.incident(id).unwrap())
        .collect();
    type Expected = fn(&Value) -> bool;
    let cases: [(&str, Expected); 12] = [
        ("status eq 'active'", |i| i["status"] == "active"),
        ("status eq 'ACTIVE' or severity eq 'high'", |i| {
            i["status"] == "active" || i["severity"] == "high"
        }),
        ("not (status eq 'active') and severity ne 'high'", |i| {
            i["status"] != "active" && i["severity"] != "high"
        }),
        ("assignedTo eq null", |i| i["assignedTo"].is_null()),
        (
            "assignedTo ne null and status in ('resolved', 'inProgress')",
            |i| {
                !i["assignedTo"].is_null()
                    && (i["status"] == "resolved" || i["status"] == "inProgress")
            },
        ),
        ("createdDateTime gt 2021-08-11T00:00:00Z", |i| {
            i["createdDateTime"].as_str() > Some("2021-08-11T00:00:00Z")
        }),
        ("createdDateTime le 2021-08-11", |i| {
            i["createdDateTime"].as_str() < Some("2021-08-11T00:00:00Z")
        }),
        ("lastUpdateDateTime ge 2021-08-13T08:43:35.5533333Z", |i| {
            i["id"] == "2972395"
        }),
        ("assignedTo eq 'O''Hara'", |_| false),
        ("priorityScore lt 10", |i| {
            i["priorityScore"].as_i64() < Some(10)
        }),
        (
            "status eq 'active' or status eq 'resolved' and severity eq 'low'",
            |i| i["status"] == "active" || (i["status"] == "resolved" && i["severity"] == "low"),
        ),
        ("displayName eq 'Phishing mail reported by users'", |i| {
            i["displayName"] == "Phishing mail reported by users"
        }),
    ];
    for (filter, expected) in cases {
        let expected: Vec<Value> = everything
            .iter()
            .filter(|incident| expected(incident))
            .cloned()
            .collect();
        let found = all_pages(
            &simulator,
            &format!("/incidents?$filter={}&$top=9", encoded(filter)),
        )
        .await;
        assert_eq!(ids(&found), ids(&expected), "{filter}");
        let count = get(
            &simulator,
            &format!("/incidents/$count?$filter={}", encoded(filter)),
        )
        .await;
        assert_eq!(count.text(), expected.len().to_string(), "{filter}");
        assert_eq!(count.header("content-type"), Some("text/plain"));
    }
}

#[tokio::test]
async fn filters_that_do_not_fit_are_400_in_the_documented_form() {
    let simulator = plain().await;
    let deep = format!(
        "{}status eq 'active'{}",
        "(".repeat(5_000),
        ")".repeat(5_000)
    );
    let nots = format!("{}status eq 'active'", "not ".repeat(5_000));
    for (filter, message) in [
        (
            "colour eq 'red'",
            "Invalid filter clause: Could not find a property named 'colour' on type 'microsoft.graph.security.incident'.",
        ),
        (
            "status eq 'closed'",
            "Invalid filter clause: The value for 'status' is not a member of 'microsoft.graph.security.incidentStatus'.",
        ),
        (
            "status eq active",
            "Invalid filter clause: Syntax error: a value is expected at position 10 in 'status eq active'.",
        ),
        (
            "status gt 'active'",
            "Invalid filter clause: The values of 'status' have no order; only eq, ne and in apply.",
        ),
        (
            "createdDateTime gt '2021-08-11T00:00:00Z'",
            "Invalid filter clause: The value for 'createdDateTime' is not a point in time, unquoted, such as 2026-08-03T00:00:00Z.",
        ),
        (
            "customTags eq 'x'",
            "Invalid filter clause: The property 'customTags' holds no single value to compare.",
        ),
        (
            "status eq 'active",
            "Invalid filter clause: Syntax error: a closing quote is missing at position 10 in 'status eq 'active'.",
        ),
        (
            "status eq 'active' severity",
            "Invalid filter clause: Syntax error: 'and', 'or' or the end is expected at position 19 in 'status eq 'active' severity'.",
        ),
    ] {
        let reply = get(
            &simulator,
            &format!("/incidents?$filter={}", encoded(filter)),
        )
        .await;
        assert_eq!(
            (reply.status, reply.error()),
            (400, ("BadRequest".to_owned(), message.to_owned()))
        );
    }
    for filter in [deep, nots] {
        let reply = get(
            &simulator,
            &format!("/incidents?$filter={}", encoded(&filter)),
        )
        .await;
        assert!(
            reply.error().1.contains("the filter nests too deep"),
            "{}",
            reply.status
        );
    }
}

#[tokio::test]
async fn orders_hold_across_pages() {
    let simulator = plain().await;
    patch(&simulator, "2972300", json!({"summary": "now the latest"})).await;
    let ascending = all_pages(&simulator, "/incidents?$orderby=lastUpdateDateTime&$top=11").await;
    assert_eq!(ascending.len(), simulator.incident_ids().len());
    assert_eq!(ascending.last().unwrap()["id"], "2972300");
    let descending = all_pages(
        &simulator,
        "/incidents?$orderby=lastUpdateDateTime%20desc&$top=11",
    )
    .await;
    assert_eq!(
        ids(&descending),
        ids(&ascending).into_iter().rev().collect::<Vec<_>>()
    );
    let part = get(
        &simulator,
        "/incidents?$orderby=lastUpdateDateTime&$top=5&$skip=3",
    )
    .await;
    let part = part.json();
    assert_eq!(part["value"].as_array().unwrap()[..], ascending[3..8]);
    let mixed = all_pages(&simulator, "/incidents?$orderby=severity%20desc,id&$top=11").await;
    let keys: Vec<(&str, &str)> = mixed
        .iter()
        .map(|i| (i["severity"].as_str().unwrap(), i["id"].as_str().unwrap()))
        .collect();
    assert_eq!(keys.len(), ascending.len());
    assert!(keys.is_sorted_by(|left, right| left.0 > right.0 || (left.0 == right.0 && left.1 < right.1)));
    for wrong in ["colour", "status%20upwards", "customTags", ","] {
        assert_eq!(
            get(&simulator, &format!("/incidents?$orderby={wrong}"))
                .await
                .status,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_time_window_for_busy_tenants_finds_each_change_once() {
    let simulator = plain().await;
    let mut largest = "1970-01-01T00:00:00Z".to_owned();
    let mut found = Vec::new();
    loop {
        let filter = encoded(&format!("lastUpdateDateTime gt {largest}"));
        let page = get(
            &simulator,
            &format!("/incidents?$top=13&$orderby=lastUpdateDateTime%20asc&$filter={filter}"),
        )
        .await
        .json();
        let items = page["value"].as_array().unwrap().clone();
        let Some(last) = items.last() else { break };
        largest = last["lastUpdateDateTime"].as_str().unwrap().to_owned();
        found.extend(ids(&items));
    }
    found.sort_unstable();
    let mut all = simulator.incident_ids();
    all.sort_unstable();
    assert_eq!(found, all);
}

#[tokio::test]
async fn counts_are_included_and_selections_omit_the_rest() {
    let simulator = plain().await;
    let total = simulator.incident_ids().len();
    let page = get(
        &simulator,
        "/incidents?$count=true&$top=2&$select=id,status",
    )
    .await
    .json();
    assert_eq!(page["@odata.count"], total);
    for incident in page["value"].as_array().unwrap() {
        assert_eq!(
            incident.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "status"]
        );
    }
    assert_eq!(
        get(&simulator, "/incidents/2972395?$select=colour")
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn expansions_have_pages_of_their_own() {
    let simulator = plain().await;
    let mut profile = simulator.profile();
    profile.expanded_alerts = 1;
    profile.alert_page_size = 1;
    simulator.set_profile(profile);
    let incident = get(&simulator, "/incidents/2972395?$expand=alerts")
        .await
        .json();
    let first = incident["alerts"].as_array().unwrap().clone();
    assert_eq!(first.len(), 1);
    let link = incident["alerts@odata.nextLink"]
        .as_str()
        .unwrap()
        .strip_prefix("http://simulator.test")
        .unwrap();
    let rest = all_pages(&simulator, link).await;
    assert_eq!(
        [ids(&first), ids(&rest)].concat(),
        ids(&simulator.alerts("2972395").unwrap())
    );
    let page = get(&simulator, "/incidents?$expand=alerts&$top=3")
        .await
        .json();
    assert!(
        page["value"]
            .as_array()
            .unwrap()
            .iter()
            .all(|incident| incident["alerts"].is_array())
    );
    assert_eq!(
        get(&simulator, "/incidents?$expand=owner").await.status,
        400
    );
}

#[tokio::test]
async fn a_filtered_expansion_fails_on_a_large_tenant_but_works_for_each_incident() {
    let simulator = plain().await;
    let mut profile = simulator.profile();
    profile.expansion_fails_from = 10;
    simulator.set_profile(profile);
    assert_eq!(
        get(
            &simulator,
            "/incidents?$expand=alerts&$filter=status%20eq%20'active'&$top=5"
        )
        .await
        .status,
        500
    );
    assert_eq!(
        get(
            &simulator,
            "/incidents?$filter=status%20eq%20'active'&$top=5"
        )
        .await
        .status,
        200
    );
    assert_eq!(
        get(&simulator, "/incidents/2972395?$expand=alerts")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn alerts_are_listed_filtered_and_read_one_by_one() {
    let simulator = plain().await;
    let alerts = all_pages(&simulator, "/incidents/2972395/alerts?$top=1&$count=true").await;
    assert_eq!(ids(&alerts), ids(&simulator.alerts("2972395").unwrap()));
    let one = get(
        &simulator,
        &format!(
            "/incidents/2972395/alerts/{}",
            alerts[1]["id"].as_str().unwrap()
        ),
    )
    .await
    .json();
    assert_eq!(
        one["evidence"][0]["@odata.type"],
        "#microsoft.graph.security.deviceEvidence"
    );
    let none = get(
        &simulator,
        "/incidents/2972395/alerts?$filter=severity%20eq%20'high'",
    )
    .await
    .json();
    assert_eq!(none["value"], json!([]));
}
