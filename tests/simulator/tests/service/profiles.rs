//! Behaviour that differs between tenants and times.

use graph_incidents_simulator::{LargePages, Profile, TypeName};
use serde_json::{Value, json};

use crate::support::{get, patch, plain, send};

#[tokio::test]
async fn the_shape_of_the_reference_page_is_available() {
    let simulator = plain().await;
    simulator.set_profile(Profile::reference_page());
    let after = patch(
        &simulator,
        "2972395",
        json!({"classification": "truePositive", "customTags": ["Demo"]}),
    )
    .await
    .json();
    assert_eq!(after["@odata.type"], "#microsoft.graph.incident");
    assert_eq!(
        (
            &after["classification"],
            &after["status"],
            &after["severity"]
        ),
        (&json!("TruePositive"), &json!("Active"), &json!("Medium"))
    );
    let comment = &after["comments"][0];
    assert_eq!(
        (&comment["createdBy"], &comment["createdDateTime"]),
        (&json!("DavidS@contoso.com"), &Value::Null)
    );
    assert!(comment["createdTime"].is_string());
    assert_eq!(
        simulator.incident("2972395").unwrap()["classification"],
        "truePositive"
    );
}

#[tokio::test]
async fn newer_members_are_hidden_unless_requested() {
    let simulator = plain().await;
    assert!(simulator.change("2972395", json!({"status": "awaitingAction"})));
    assert_eq!(
        get(&simulator, "/incidents/2972395").await.json()["status"],
        "unknownFutureValue"
    );
    let authorization = format!("Bearer {}", simulator.token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Prefer", "include-unknown-enum-members"),
    ];
    let shown = send(
        &simulator,
        "GET",
        "/beta/security/incidents/2972395",
        &headers,
        "",
    )
    .await;
    assert_eq!(shown.json()["status"], "awaitingAction");
    assert_eq!(
        shown.header("preference-applied"),
        Some("include-unknown-enum-members")
    );
    let alerts = get(&simulator, "/incidents/2972395/alerts").await.json();
    assert_eq!(
        alerts["value"][0]["evidence"][1]["remediationStatus"],
        "unknownFutureValue"
    );
    let alerts = send(
        &simulator,
        "GET",
        "/beta/security/incidents/2972395/alerts",
        &headers,
        "",
    )
    .await
    .json();
    assert_eq!(
        alerts["value"][0]["evidence"][1]["remediationStatus"],
        "active"
    );
}

#[tokio::test]
async fn large_pages_are_truncated_if_the_profile_says_so() {
    let simulator = plain().await;
    let mut profile = Profile::government();
    profile.large_pages = LargePages::Clamp;
    profile.type_name = TypeName::Full;
    profile.page_size = 5;
    simulator.set_profile(profile);
    let page = get(&simulator, "/incidents?$top=1000").await.json();
    let incidents = page["value"].as_array().unwrap();
    assert_eq!(incidents.len(), 5);
    assert_eq!(
        incidents[0]["@odata.type"],
        "#microsoft.graph.security.incident"
    );
    assert_eq!(incidents[0].get("priorityScore"), None);
}

#[tokio::test]
async fn reads_can_lag_behind_writes_and_updates_can_return_no_content() {
    let simulator = plain().await;
    let mut profile = Profile::plain();
    profile.visibility_delay_ms = 3_600_000;
    profile.update_returns_no_content = true;
    simulator.set_profile(profile);
    let reply = patch(&simulator, "2972395", json!({"summary": "new"})).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(
        get(&simulator, "/incidents/2972395").await.json()["summary"],
        Value::Null
    );
    assert_eq!(simulator.incident("2972395").unwrap()["summary"], "new");
}

#[tokio::test]
async fn v1_lacks_what_only_beta_has() {
    let simulator = plain().await;
    let names = ["recommendedActions", "recommendedHuntingQueries"];
    for (version, has) in [("beta", true), ("v1.0", false)] {
        let one = format!("/{version}/security/incidents/2972395");
        let list = format!("/{version}/security/incidents?$expand=alerts&$top=1");
        let get = async |target: &str| {
            let authorization = format!("Bearer {}", simulator.token());
            let headers = [("Authorization", authorization.as_str())];
            send(&simulator, "GET", target, &headers, "").await
        };
        let incident = get(&one).await.json();
        let listed = get(&list).await.json()["value"][0].clone();
        for name in names {
            assert_eq!(incident.get(name).is_some(), has, "{version} {name}");
            assert_eq!(listed.get(name).is_some(), has, "{version} {name}");
            let selected = get(&format!("{one}?$select={name}")).await;
            assert_eq!(selected.status == 200, has, "{version} {name}");
        }
        assert_eq!(incident["priorityScore"], 42);
        // An alert's property of the same name is in both.
        assert!(listed["alerts"][0].get("recommendedActions").is_some());
        let filter =
            format!("/{version}/security/incidents?$filter=recommendedActions%20eq%20null");
        assert_eq!(get(&filter).await.status == 200, has, "{version}");
    }
}

/// A client that looks for the id then need not read the rest.
#[tokio::test]
async fn annotations_and_the_id_come_first_in_every_shape() {
    let simulator = plain().await;
    for profile in [Profile::default(), Profile::reference_page()] {
        simulator.set_profile(profile);
        let text = get(&simulator, "/incidents/2972395").await.text();
        let names: Vec<&str> = text
            .split("\":")
            .filter_map(|part| part.rsplit('"').next())
            .collect();
        let place = names.iter().position(|name| *name == "id").unwrap();
        assert!(
            names[..place].iter().all(|name| name.starts_with('@')),
            "{text}"
        );
    }
}
