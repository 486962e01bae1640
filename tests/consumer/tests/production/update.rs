//! The main task: the update of the reference page is sent, and nothing else.

use graph_incidents::types::{
    AlertClassification, AlertDetermination, IncidentCommentCreate, IncidentStatus, IncidentUpdate,
};
use serde_json::{Value, json};

use super::{REFERENCE, client, connected, sent};

/// The body of the last request.
fn last_body(simulator: &graph_incidents_simulator::Simulator) -> Value {
    let request = simulator.ledger().requests().pop().unwrap();
    assert_eq!(request.method, "PATCH");
    assert_eq!(
        request.target,
        format!("/beta/security/incidents/{REFERENCE}")
    );
    serde_json::from_str(&request.body).unwrap()
}

#[tokio::test]
async fn the_update_of_the_reference_page_is_sent() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"]);

    let incident = client.update_incident(REFERENCE, &update).await.unwrap();

    assert_eq!(
        incident.classification,
        Some(AlertClassification::TruePositive)
    );
    assert_eq!(incident.custom_tags(), ["Demo"]);
    assert_eq!(simulator.ledger().writes().len(), 1);
    assert_eq!(
        last_body(&simulator),
        json!({"classification": "truePositive", "determination": "multiStagedAttack", "customTags": ["Demo"]})
    );
    let stored = simulator.incident(REFERENCE).unwrap();
    assert_eq!(stored["determination"], "multiStagedAttack");
}

#[tokio::test]
async fn cleared_properties_are_null_others_absent_and_empty_lists_empty() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new()
        .clear_assigned_to()
        .custom_tags(Vec::<String>::new())
        .summary("gone")
        .leave_summary();
    let incident = client.update_incident(REFERENCE, &update).await.unwrap();
    assert_eq!(
        last_body(&simulator),
        json!({"assignedTo": null, "customTags": []})
    );
    assert_eq!(incident.assigned_to, None);
}

#[tokio::test]
async fn harmful_updates_are_refused_before_sending() {
    let (simulator, client) = connected().await;
    for update in [
        IncidentUpdate::new(),
        IncidentUpdate::new().status(IncidentStatus::Redirected),
        IncidentUpdate::new().resolving_comment("x".repeat(30_001)),
    ] {
        let error = client
            .update_incident(REFERENCE, &update)
            .await
            .unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(sent(&simulator), 0);
    let meant = IncidentUpdate::new()
        .status(IncidentStatus::Redirected)
        .allow_guarded();
    assert!(client.update_incident(REFERENCE, &meant).await.is_ok());
}

#[tokio::test]
async fn a_contradictory_determination_and_an_empty_comment_are_refused() {
    let (simulator, client) = connected().await;
    let update = |classification, determination| {
        IncidentUpdate::new()
            .classification(classification)
            .determination(determination)
    };
    for contradiction in [
        update(
            AlertClassification::TruePositive,
            AlertDetermination::NotMalicious,
        ),
        update(
            AlertClassification::FalsePositive,
            AlertDetermination::Phishing,
        ),
        update(
            AlertClassification::InformationalExpectedActivity,
            AlertDetermination::Malware,
        ),
    ] {
        let error = client
            .update_incident(REFERENCE, &contradiction)
            .await
            .unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert!(error.message().contains("contradicts"), "{error}");
    }
    for text in ["", " \n"] {
        let comment = IncidentCommentCreate::new(text);
        let error = client
            .create_incident_comment(REFERENCE, &comment)
            .await
            .unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert!(
            client
                .incident(REFERENCE)
                .comment(text)
                .await
                .unwrap_err()
                .is_refused()
        );
    }
    assert_eq!(sent(&simulator), 0);
    for agreement in [
        update(
            AlertClassification::TruePositive,
            AlertDetermination::Phishing,
        ),
        update(
            AlertClassification::FalsePositive,
            AlertDetermination::NotMalicious,
        ),
        update(AlertClassification::TruePositive, AlertDetermination::Other),
        update(
            AlertClassification::TruePositive,
            AlertDetermination::NotMalicious,
        )
        .allow_guarded(),
    ] {
        client.update_incident(REFERENCE, &agreement).await.unwrap();
    }
}

#[tokio::test]
async fn a_trailing_slash_of_the_base_url_does_not_matter() {
    let (simulator, _) = connected().await;
    let client = client(&simulator)
        .base_url(format!("{}/", simulator.base_url()))
        .build()
        .unwrap();
    let update = IncidentUpdate::new().summary("a");
    client.update_incident(REFERENCE, &update).await.unwrap();
    last_body(&simulator);
}

#[tokio::test]
async fn an_update_without_a_response_body_is_followed_by_a_read() {
    let (simulator, client) = connected().await;
    let mut profile = simulator.profile();
    profile.update_returns_no_content = true;
    simulator.set_profile(profile);
    let update = IncidentUpdate::new().summary("seen");
    let incident = client.update_incident(REFERENCE, &update).await.unwrap();
    assert_eq!(incident.summary.as_deref(), Some("seen"));
    let requests = simulator.ledger().requests();
    let methods: Vec<_> = requests
        .iter()
        .map(|request| (request.method.as_str(), request.status))
        .collect();
    assert_eq!(methods, [("PATCH", 204), ("GET", 200)]);
}

#[tokio::test]
async fn an_applied_update_is_reported_as_applied_if_reading_it_fails() {
    let (simulator, client) = connected().await;
    let mut profile = simulator.profile();
    profile.update_returns_no_content = true;
    simulator.set_profile(profile);
    simulator
        .faults()
        .script([vec![], vec![super::status(400)]]);
    let update = IncidentUpdate::new().summary("seen");
    let error = client
        .update_incident(REFERENCE, &update)
        .await
        .unwrap_err();
    assert!(error.is_bad_request(), "{error}");
    assert_eq!(error.effect(), graph_incidents::Effect::Applied);
    assert_eq!(simulator.ledger().write_count(), 1);
}
