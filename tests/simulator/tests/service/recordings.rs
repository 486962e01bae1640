//! Recordings of a session, for bug reports and for replay.

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

use crate::support::{get, patch, plain, send, started};

#[tokio::test]
async fn a_recording_is_replayed_unchanged() {
    let simulator = plain().await;
    let list = get(&simulator, "/incidents?$top=2").await.json();
    let before = get(&simulator, "/incidents/2972395").await.json();
    patch(&simulator, "2972395", json!({"summary": "written"})).await;
    let after = get(&simulator, "/incidents/2972395").await.json();
    get(&simulator, "/incidents/1").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.json");
    std::fs::write(&file, simulator.recording().to_string()).unwrap();

    let replayed = started(Simulator::builder().replay(&file)).await;
    assert_eq!(
        get(&replayed, "/incidents?$top=2").await.json()["@odata.nextLink"],
        list["@odata.nextLink"]
    );
    for expected in [&before, &after, &after] {
        let found = get(&replayed, "/incidents/2972395").await.json();
        assert_eq!(found["summary"], expected["summary"]);
        assert_eq!(found["lastUpdateDateTime"], expected["lastUpdateDateTime"]);
    }
    assert_eq!(get(&replayed, "/incidents/1").await.status, 404);
    let strange = get(&replayed, "/incidents/2").await;
    assert_eq!(
        (strange.status, strange.error().0.as_str()),
        (501, "NotRecorded")
    );
    assert!(strange.error().1.contains("/beta/security/incidents/2"));
}

#[tokio::test]
async fn a_recording_has_no_secrets_and_no_names_of_people() {
    let simulator = plain().await;
    let body = json!({"assignedTo": "mira.okafor@contoso.example"});
    patch(&simulator, "2972395", body).await;
    get(&simulator, "/incidents/2972395?$expand=alerts").await;
    get(
        &simulator,
        "/incidents?$filter=assignedTo%20eq%20'mira.okafor%40contoso.example'",
    )
    .await;
    let recording = send(&simulator, "GET", "/admin/recording", &[], "")
        .await
        .json();
    assert_eq!(recording, simulator.recording());
    let text = recording.to_string();
    for gone in ["okafor", "DavidS", "kaic", simulator.token()] {
        assert!(!text.contains(gone), "{gone} is in {text}");
    }
    let exchanges = recording["exchanges"].as_array().unwrap();
    let person = exchanges[0]["requestBody"]["json"]["assignedTo"]
        .as_str()
        .unwrap();
    assert!(person.starts_with("person"), "{person}");
    assert_eq!(exchanges[1]["body"]["json"]["assignedTo"], person);
    assert!(exchanges[2]["target"].as_str().unwrap().contains(person));
    assert!(text.contains("deviceEvidence"));
}

#[tokio::test]
async fn an_invalid_recording_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.json");
    for text in ["", "{}", r#"{"recording": "another 2", "exchanges": []}"#] {
        std::fs::write(&file, text).unwrap();
        let error = Simulator::builder()
            .replay(&file)
            .start()
            .await
            .err()
            .unwrap();
        assert!(error.to_string().contains("recording.json is"), "{error}");
    }
}

#[tokio::test]
async fn a_response_that_was_too_long_to_be_recorded_whole_is_not_replayed_in_part() {
    let simulator = plain().await;
    let long = "x".repeat(1 << 20);
    assert!(simulator.insert(json!({"id": "77", "description": long}), Vec::new()));
    assert_eq!(get(&simulator, "/incidents/77").await.status, 200);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.json");
    std::fs::write(&file, simulator.recording().to_string()).unwrap();
    let replayed = started(Simulator::builder().replay(&file)).await;
    let found = get(&replayed, "/incidents/77").await;
    assert_eq!(found.status, 501);
    assert!(found.error().1.contains("too many to be recorded"));
}

#[tokio::test]
async fn the_admin_api_shows_an_exchange_in_full() {
    let simulator = plain().await;
    patch(&simulator, "2972395", json!({"summary": "x"})).await;
    let shown = send(&simulator, "GET", "/admin/requests/1", &[], "")
        .await
        .json();
    assert_eq!(shown["entry"]["operation"], "updateIncident");
    assert_eq!(shown["exchange"]["body"]["json"]["summary"], "x");
    assert_eq!(shown["exchange"]["requestHeaders"]["authorization"], "…");
    let none = send(&simulator, "GET", "/admin/requests/2", &[], "").await;
    assert_eq!((none.status, none.json()["error"].is_string()), (404, true));
    assert_eq!(
        shown["exchange"]["requestBody"],
        json!({"json": {"summary": "x"}})
    );
    assert_ne!(shown["exchange"]["headers"]["request-id"], Value::Null);
}

#[tokio::test]
async fn fewer_exchanges_with_large_bodies_are_kept_but_always_the_newest() {
    let simulator = started(Simulator::builder().incidents(100).remembered_bytes(40_000)).await;
    for skip in 0..5 {
        get(&simulator, &format!("/incidents?$top=10&$skip={skip}")).await;
    }
    let targets = |simulator: &Simulator| -> Vec<String> {
        let recording = simulator.recording();
        let exchanges = recording["exchanges"].as_array().unwrap().iter();
        exchanges
            .map(|exchange| exchange["target"].as_str().unwrap().to_owned())
            .collect()
    };
    let kept = targets(&simulator);
    assert!((1..5).contains(&kept.len()), "{kept:?}");
    assert!(kept.last().unwrap().ends_with("skip=4"), "{kept:?}");
    get(&simulator, "/incidents?$top=50").await;
    let kept = targets(&simulator);
    assert!(
        kept.len() == 1 && kept[0].ends_with("top=50"),
        "a response that is larger than the bound is kept alone: {kept:?}"
    );
    get(&simulator, "/incidents/2972395").await;
    let recording = simulator.recording();
    let exchange = &recording["exchanges"][0];
    assert!(exchange["target"].as_str().unwrap().ends_with("/2972395"));
    assert_eq!(
        exchange["body"]["json"]["id"], "2972395",
        "no part of an older one is left"
    );
    assert_eq!(exchange["requestHeaders"]["authorization"], "…");
}
