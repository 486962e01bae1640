//! Verbs on one alert, moves of alerts, and incidents that are resolved with their alerts.

use graph_incidents::types::{
    AlertClassification, AlertDetermination, AlertStatus, AlertUpdate, CorrelationReason,
    MoveAlertsRequest,
};
use graph_incidents::{AlertOutcome, Effect, Resolution};
use graph_incidents_simulator::{Fault, FaultRule};
use serde_json::json;

use super::{REFERENCE, connected, sent};

const ALERT: &str = "da02972395637659_1";
const OTHER: &str = "da02972395637659_2";

fn malware() -> Resolution {
    Resolution::new(
        AlertClassification::TruePositive,
        AlertDetermination::Malware,
    )
}

#[tokio::test]
async fn each_verb_changes_only_what_it_names_and_not_the_incident() {
    let (simulator, client) = connected().await;
    let incident = simulator.incident(REFERENCE);
    let alert = client.alert(ALERT);
    assert_eq!(
        alert.get().await.unwrap().incident_id.as_deref(),
        Some(REFERENCE)
    );
    let assigned = alert.assign("mira@contoso.example").await.unwrap();
    assert_eq!(
        assigned.assigned_to.as_deref(),
        Some("mira@contoso.example")
    );
    assert_eq!(alert.unassign().await.unwrap().assigned_to, None);
    assert_eq!(
        alert.start().await.unwrap().status,
        Some(AlertStatus::InProgress)
    );
    let comments = alert.comment("seen before").await.unwrap();
    assert_eq!(comments.value[0].comment.as_deref(), Some("seen before"));
    let resolved = alert.resolve(malware().comment("cleaned")).await.unwrap();
    assert_eq!(resolved.status, Some(AlertStatus::Resolved));
    assert_eq!(resolved.determination, Some(AlertDetermination::Malware));
    assert_eq!(resolved.comments().len(), 2);
    assert_eq!(alert.reopen().await.unwrap().status, Some(AlertStatus::New));
    let writes = simulator.ledger().writes();
    assert!(
        writes
            .iter()
            .all(|write| write.alert.as_deref() == Some(ALERT))
    );
    let changes: Vec<_> = writes.into_iter().map(|write| write.change).collect();
    assert_eq!(
        changes,
        [
            json!({"assignedTo": "mira@contoso.example"}),
            json!({"assignedTo": null}),
            json!({"status": "inProgress"}),
            json!({"comment": "seen before"}),
            json!({"status": "resolved", "classification": "truePositive", "determination": "malware"}),
            json!({"comment": "cleaned"}),
            json!({"status": "new"}),
        ]
    );
    assert_eq!(simulator.incident(REFERENCE), incident);
}

#[tokio::test]
async fn an_update_has_three_states_and_an_empty_one_is_never_sent() {
    let (simulator, client) = connected().await;
    let error = client
        .update_alert(ALERT, &AlertUpdate::new())
        .await
        .unwrap_err();
    assert!(error.is_refused());
    let left = AlertUpdate::new().assigned_to("x").leave_assigned_to();
    assert!(left.is_empty());
    let body = AlertUpdate::new()
        .clear_classification()
        .status(AlertStatus::New);
    assert_eq!(
        serde_json::to_value(&body).unwrap(),
        json!({"classification": null, "status": "new"})
    );
    assert_eq!(
        serde_json::from_value::<AlertUpdate>(json!({"classification": null, "status": "new"}))
            .unwrap(),
        body
    );
    assert!(serde_json::from_value::<AlertUpdate>(json!({"severity": "high"})).is_err());
    let contradiction = Resolution::new(
        AlertClassification::FalsePositive,
        AlertDetermination::Malware,
    );
    assert!(
        client
            .alert(ALERT)
            .resolve(contradiction)
            .await
            .unwrap_err()
            .is_refused()
    );
    assert!(
        client
            .alert(ALERT)
            .comment(" ")
            .await
            .unwrap_err()
            .is_refused()
    );
    assert!(
        client
            .alert(ALERT)
            .resolve(malware().comment(""))
            .await
            .unwrap_err()
            .is_refused()
    );
    for id in ["", ".", ".."] {
        assert!(
            client.alert(id).get().await.unwrap_err().is_refused(),
            "{id:?}"
        );
    }
    assert_eq!(sent(&simulator), 0);
}

#[tokio::test]
async fn an_error_names_the_alert_and_a_comment_is_never_sent_twice() {
    let (simulator, client) = connected().await;
    let error = client.alert("da404_1").get().await.unwrap_err();
    assert!(error.is_not_found());
    assert!(
        error.to_string().starts_with("get_alert da404_1: "),
        "{error}"
    );
    simulator.faults().script([vec![Fault::ResetAfter]]);
    let error = client.alert(ALERT).comment("once").await.unwrap_err();
    assert_eq!((error.effect(), error.attempts()), (Effect::Unknown, 1));
    assert_eq!(simulator.ledger().write_count(), 1);
    // An update is.
    simulator.faults().script([vec![Fault::ResetAfter]]);
    client.alert(ALERT).assign("x").await.unwrap();
    assert_eq!(simulator.ledger().write_count(), 3);
}

#[tokio::test]
async fn a_move_changes_both_incidents_and_null_opens_a_new_one() {
    let (simulator, client) = connected().await;
    let reasons = [
        CorrelationReason::SameAsset,
        CorrelationReason::TemporalProximity,
    ];
    let moving = client
        .move_alerts([ALERT])
        .comment("elsewhere")
        .reasons(reasons);
    assert_eq!(moving.to("2972300").await.unwrap(), "2972300");
    let body = &simulator.ledger().requests().pop().unwrap().body;
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        json!({"alertIds": [ALERT], "incidentId": "2972300", "alertComment": "elsewhere", "newCorrelationReasons": "sameAsset,temporalProximity"})
    );
    let moved = client.alert(ALERT).get().await.unwrap();
    assert_eq!(moved.incident_id.as_deref(), Some("2972300"));
    assert_eq!(moved.comments()[0].comment.as_deref(), Some("elsewhere"));
    let count = simulator.incident_count();
    let opened = client
        .move_alerts([ALERT, OTHER])
        .to_new_incident()
        .await
        .unwrap();
    assert_eq!(simulator.incident_count(), count + 1);
    let request = simulator.ledger().requests().pop().unwrap();
    assert!(
        request.body.contains(r#""incidentId":null"#),
        "{}",
        request.body
    );
    let held = client.incident(&*opened).with_alerts().await.unwrap();
    assert_eq!(held.alerts().len(), 2);
    assert!(simulator.alerts(REFERENCE).unwrap().is_empty());
    assert!(
        client
            .move_alerts(Vec::<String>::new())
            .to_new_incident()
            .await
            .unwrap_err()
            .is_refused()
    );
    let error = client.move_alerts([ALERT]).to("404").await.unwrap_err();
    assert!(error.is_not_found());
    let body = MoveAlertsRequest::new([ALERT], Some("2972300".to_owned()));
    let moved = client.move_alerts_to_incident(&body).await.unwrap();
    assert_eq!(moved.target_incident_id.as_deref(), Some("2972300"));
}

#[tokio::test]
async fn a_move_follows_merges_if_requested() {
    let (simulator, client) = connected().await;
    let merged = ["2972300".to_owned(), "2972293".to_owned()];
    let body = graph_incidents::types::MergeIncidentsRequest::new(merged.clone());
    let target = client
        .merge_incidents(&body)
        .await
        .unwrap()
        .target_incident_id
        .unwrap();
    let redirected = merged.into_iter().find(|id| *id != target).unwrap();
    let error = client
        .move_alerts([ALERT])
        .to(&*redirected)
        .await
        .unwrap_err();
    assert!(error.is_bad_request());
    let moved = client
        .move_alerts([ALERT])
        .following_merges()
        .to(redirected)
        .await;
    assert_eq!(moved.unwrap(), target);
    assert_eq!(simulator.alert(ALERT).unwrap()["incidentId"], *target);
}

#[tokio::test]
async fn a_move_whose_response_was_lost_is_not_repeated() {
    let (simulator, client) = connected().await;
    let count = simulator.incident_count();
    simulator.faults().script([vec![Fault::ResetAfter]]);
    let error = client
        .move_alerts([ALERT])
        .to_new_incident()
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(simulator.incident_count(), count + 1);
}

#[tokio::test]
async fn resolving_an_incident_with_its_alerts_reports_each_alert() {
    let (simulator, client) = connected().await;
    let alerts: Vec<_> = (1..=5)
        .map(|number| json!({"id": format!("da9_{number}"), "incidentId": "9", "status": "new", "lastUpdateDateTime": "2026-01-01T00:00:00Z"}))
        .collect();
    simulator.insert(
        json!({"id": "9", "status": "active", "lastUpdateDateTime": "2026-01-01T00:00:00Z"}),
        alerts,
    );
    let verdict = Resolution::new(
        AlertClassification::FalsePositive,
        AlertDetermination::NotMalicious,
    );
    client.alert("da9_2").resolve(verdict).await.unwrap();
    let forbidden = FaultRule::new(super::status(403))
        .on("updateAlert")
        .incident("da9_4");
    simulator.faults().add(forbidden).unwrap();
    let resolved = client
        .incident("9")
        .resolve_with_alerts(malware().comment("done"))
        .await
        .unwrap();
    assert_eq!(resolved.resolving_comment.as_deref(), Some("done"));
    assert!(!resolved.is_complete());
    let told: Vec<_> = resolved
        .alerts
        .iter()
        .map(|alert| match &alert.outcome {
            AlertOutcome::Resolved(alert) => format!("{} {:?}", alert.id, alert.status),
            AlertOutcome::AlreadyResolved => format!("{} before", alert.alert_id),
            AlertOutcome::Failed(error) => format!("{} {:?}", alert.alert_id, error.status()),
            _ => unreachable!(),
        })
        .collect();
    assert_eq!(
        told,
        [
            "da9_1 Some(Resolved)",
            "da9_2 before",
            "da9_3 Some(Resolved)",
            "da9_4 Some(403)",
            "da9_5 Some(Resolved)"
        ]
    );
    assert_eq!(resolved.failed().next().unwrap().0, "da9_4");
    // An earlier verdict stays.
    assert_eq!(
        simulator.alert("da9_2").unwrap()["classification"],
        "falsePositive"
    );
    assert_eq!(
        simulator.alert("da9_5").unwrap()["determination"],
        "malware"
    );
}

#[tokio::test]
async fn if_the_incident_cannot_be_resolved_its_alerts_are_unchanged() {
    let (simulator, client) = connected().await;
    for operation in ["updateIncident", "listIncidentAlerts"] {
        let rule = FaultRule::new(super::status(403)).on(operation).times(1);
        simulator.faults().add(rule).unwrap();
        let error = client
            .incident(REFERENCE)
            .resolve_with_alerts(malware())
            .await
            .unwrap_err();
        assert!(error.is_permission_denied());
    }
    assert_eq!(simulator.ledger().write_count(), 0);
}
