//! The verbs, and merges that are followed.

use graph_incidents::Resolution;
use graph_incidents::types::{
    AlertClassification, AlertDetermination, AlertSeverity, IncidentStatus, IncidentUpdate,
};
use graph_incidents_simulator::Simulator;
use serde_json::json;

use super::{REFERENCE, connected, sent};

#[tokio::test]
async fn verbs_change_only_what_they_name() {
    let (simulator, client) = connected().await;
    let incident = client.incident(REFERENCE);
    assert_eq!(
        incident
            .assign("triage@contoso.com")
            .await
            .unwrap()
            .assigned_to
            .as_deref(),
        Some("triage@contoso.com")
    );
    assert_eq!(incident.unassign().await.unwrap().assigned_to, None);
    let resolution = Resolution::new(
        AlertClassification::TruePositive,
        AlertDetermination::Phishing,
    )
    .comment("contained");
    let resolved = incident.resolve(resolution).await.unwrap();
    assert_eq!(resolved.status, Some(IncidentStatus::Resolved));
    assert_eq!(resolved.resolving_comment.as_deref(), Some("contained"));
    assert_eq!(
        incident.reopen().await.unwrap().status,
        Some(IncidentStatus::Active)
    );
    let comments = incident.comment("seen").await.unwrap();
    assert!(
        comments
            .iter()
            .any(|comment| comment.comment.as_deref() == Some("seen"))
    );
    let changes: Vec<_> = simulator
        .ledger()
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(
        changes[..4],
        [
            r#"{"assignedTo":"triage@contoso.com"}"#,
            r#"{"assignedTo":null}"#,
            r#"{"classification":"truePositive","determination":"phishing","resolvingComment":"contained","status":"resolved"}"#,
            r#"{"status":"active"}"#,
        ]
    );
}

#[tokio::test]
async fn a_resolving_comment_that_the_service_would_truncate_is_refused() {
    let (simulator, client) = connected().await;
    let resolution = || Resolution::new(AlertClassification::TruePositive, AlertDetermination::Apt);
    let error = client
        .incident(REFERENCE)
        .resolve(resolution().comment("ä".repeat(30_001)))
        .await
        .unwrap_err();
    assert!(error.is_refused(), "{error}");
    assert!(
        error.to_string().contains("30001") && error.to_string().contains("30000"),
        "{error}"
    );
    assert_eq!(sent(&simulator), 0);
    client
        .incident(REFERENCE)
        .resolve(resolution().comment("ä".repeat(30_000)))
        .await
        .unwrap();
}

#[tokio::test]
async fn tags_are_added_and_removed_and_the_others_are_kept() {
    let (simulator, client) = connected().await;
    simulator.change(REFERENCE, json!({"customTags": ["one", "two"]}));
    let incident = client.incident(REFERENCE);
    assert_eq!(
        incident
            .add_tags(["three", "one"])
            .await
            .unwrap()
            .custom_tags(),
        ["one", "two", "three"]
    );
    assert_eq!(
        incident
            .remove_tags(["two", "four"])
            .await
            .unwrap()
            .custom_tags(),
        ["one", "three"]
    );
    let before = simulator.ledger().write_count();
    incident.add_tags(["one"]).await.unwrap();
    incident.remove_tags(["two"]).await.unwrap();
    assert_eq!(
        simulator.ledger().write_count(),
        before,
        "nothing changed, and something was written"
    );
}

/// 1 was merged into 2, and 2 into 3.
fn merged(simulator: &Simulator) {
    for (id, target) in [("1", Some("2")), ("2", Some("3")), ("3", None)] {
        let status = if target.is_some() {
            "redirected"
        } else {
            "active"
        };
        simulator.insert(
            json!({"id": id, "status": status, "redirectIncidentId": target}),
            Vec::new(),
        );
    }
}

#[tokio::test]
async fn merges_are_followed_for_reads_and_writes_and_reported() {
    let (simulator, client) = connected().await;
    merged(&simulator);
    let incident = client.incident("1").following_merges();
    let read = incident.get().await.unwrap();
    assert_eq!(
        (read.id.as_str(), read.merged_from()),
        ("3", &["1".to_owned(), "2".to_owned()][..])
    );
    let update = IncidentUpdate::new().severity(AlertSeverity::High);
    let written = incident.update(&update).await.unwrap();
    assert_eq!((written.id.as_str(), written.merged_from().len()), ("3", 2));
    incident.comment("here").await.unwrap();
    incident.add_tags(["tag"]).await.unwrap();
    assert!(
        simulator
            .ledger()
            .writes()
            .iter()
            .all(|write| write.incident == "3")
    );

    let unasked = client.incident("1").get().await.unwrap();
    assert_eq!((unasked.id.as_str(), unasked.merged_from()), ("1", &[][..]));
}

#[tokio::test]
async fn cyclic_and_endless_merges_are_an_error() {
    let (simulator, client) = connected().await;
    merged(&simulator);
    simulator.change("3", json!({"redirectIncidentId": "1"}));
    let error = client
        .incident("1")
        .following_merges()
        .get()
        .await
        .unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert!(error.message().contains("1 → 2 → 3 → 1"), "{error}");
    for id in 100..150 {
        simulator.insert(
            json!({"id": id.to_string(), "redirectIncidentId": (id + 1).to_string()}),
            Vec::new(),
        );
    }
    let before = sent(&simulator);
    assert!(
        client
            .incident("100")
            .following_merges()
            .unassign()
            .await
            .unwrap_err()
            .is_limit()
    );
    assert!(sent(&simulator) - before < 20);
    assert_eq!(
        simulator
            .ledger()
            .writes()
            .iter()
            .filter(|write| write.operation == "updateIncident")
            .count(),
        0
    );
}
