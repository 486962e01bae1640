//! An analyst's day: watch, open, hunt, comment, move, resolve, export; the ledger agrees with it.

use std::collections::BTreeSet;
use std::time::Duration;

use graph_incidents::hunting::{Timespan, kql};
use graph_incidents::types::{
    Alert, AlertClassification, AlertDetermination, AlertStatus, CorrelationReason, Incident,
};
use graph_incidents::{AlertOutcome, Client, DateTime, IndicatorKind, Resolution, Utc};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::connected;

const INCIDENT: &str = "5000001";
/// A name that would end a literal, or a filter.
const FILE: &str = r#"it's "urgent".exe"#;

fn alert_id(number: usize) -> String {
    format!("da637551227677560813_-96144481{number}")
}

/// A new incident with five alerts on two hosts; only the third is of the second host.
fn attack(simulator: &Simulator) {
    let now = Utc::now().to_rfc3339();
    let alert = |number: usize| {
        let host = if number == 3 { "lab-02" } else { "fin-ws-07" };
        json!({
            "id": alert_id(number),
            "incidentId": INCIDENT,
            "title": format!("Step {number}"),
            "status": "new",
            "severity": "high",
            "classification": null,
            "determination": null,
            "serviceSource": "microsoftDefenderForEndpoint",
            "createdDateTime": now,
            "lastUpdateDateTime": now,
            "comments": [],
            "evidence": [
                {"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": format!("{host}.contoso.example")},
                {"@odata.type": "#microsoft.graph.security.fileEvidence", "fileDetails": {"fileName": FILE, "fileSize": 145_920}},
            ],
        })
    };
    let incident = json!({
        "id": INCIDENT, "displayName": "Steps on two hosts", "status": "active", "severity": "high",
        "createdDateTime": now, "lastUpdateDateTime": now, "comments": [], "customTags": [],
    });
    assert!(simulator.insert(incident, (1..=5).map(alert).collect()));
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Seen {
    timestamp: DateTime<Utc>,
    alert_id: String,
    device_name: String,
}

/// The events of the hosts, from two queries: by device, and by the file on it.
async fn hunt(client: &Client, hosts: &[String]) -> (Vec<Seen>, Vec<Seen>) {
    let columns = "project Timestamp, AlertId, DeviceName | order by AlertId asc";
    let by_host = format!(
        "AlertEvidence | where DeviceName in~ {} | {columns}",
        kql::texts(hosts)
    );
    let by_file = format!(
        "AlertEvidence | where FileName == {} | {columns}",
        kql::text(FILE)
    );
    let found = client
        .hunt(by_host)
        .within(Timespan::days(1))
        .await
        .unwrap();
    let files = client
        .hunt(by_file)
        .within(Timespan::days(1))
        .await
        .unwrap();
    (found.rows().unwrap(), files.rows().unwrap())
}

/// One JSON document per line, as sent by the service.
async fn export(client: &Client) -> String {
    let mut lines = String::new();
    let mut incidents = client.list_incidents().items();
    while let Some(incident) = incidents.next().await {
        lines += &serde_json::to_string(&incident.unwrap()).unwrap();
        lines.push('\n');
    }
    let mut alerts = client.list_alerts().items();
    while let Some(alert) = alerts.next().await {
        lines += &serde_json::to_string(&alert.unwrap()).unwrap();
        lines.push('\n');
    }
    lines
}

/// The usual failures of a network, which the day's work must not notice.
fn trouble(simulator: &Simulator) {
    let cut = FaultRule::new(Fault::TruncatedBody { fraction: 0.5 })
        .on("listIncidents")
        .on("listAlerts");
    simulator.faults().add(cut.probability(0.2)).unwrap();
    let refused = FaultRule::new(super::status(503))
        .on("updateAlert")
        .on("runHuntingQuery")
        .times(2);
    simulator.faults().add(refused).unwrap();
}

#[tokio::test]
async fn an_analyst_s_day_agrees_with_the_ledger() {
    let (simulator, client) = connected().await;
    let mut watcher = client.watch().every(Duration::from_millis(5));
    let first = tokio::time::timeout(Duration::from_millis(300), watcher.next()).await;
    assert!(first.is_err(), "nothing has changed yet");
    attack(&simulator);
    trouble(&simulator);

    let change = loop {
        if let Ok(change) = watcher.next().await {
            break change;
        }
    };
    assert_eq!(
        (change.after.id.as_str(), change.is_new()),
        (INCIDENT, true)
    );

    let incident = client.incident(INCIDENT);
    let opened = incident.with_alerts().await.unwrap();
    assert_eq!(opened.alerts().len(), 5);
    let rows = opened.indicators().into_iter();
    let hosts: BTreeSet<String> = rows
        .filter(|row| row.kind == IndicatorKind::Host)
        .map(|row| row.value)
        .collect();
    let hosts: Vec<String> = hosts.into_iter().collect();
    assert_eq!(
        hosts,
        ["fin-ws-07.contoso.example", "lab-02.contoso.example"]
    );

    let (by_host, by_file) = hunt(&client, &hosts).await;
    assert_eq!((by_host.len(), by_file.len()), (5, 5));
    let other_lab: Vec<&str> = by_host
        .iter()
        .filter(|seen| seen.device_name.starts_with("lab"))
        .map(|seen| seen.alert_id.as_str())
        .collect();
    assert_eq!(other_lab, [alert_id(3)]);
    assert!(by_host.iter().all(|seen| seen.timestamp <= Utc::now()));

    for number in [1, 2] {
        let text = format!("{} hosts looked at", hosts.len());
        client.alert(alert_id(number)).comment(text).await.unwrap();
    }
    let other = client
        .move_alerts([alert_id(3)])
        .reasons([CorrelationReason::SameAsset])
        .to_new_incident()
        .await
        .unwrap();
    let verdict = Resolution::new(
        AlertClassification::TruePositive,
        AlertDetermination::Malware,
    );
    let resolved = incident
        .resolve_with_alerts(verdict.comment("reimaged"))
        .await
        .unwrap();
    assert!(resolved.is_complete());
    let done: Vec<&str> = resolved
        .alerts
        .iter()
        .map(|alert| alert.alert_id.as_str())
        .collect();
    assert_eq!(done, [1, 2, 4, 5].map(alert_id));
    assert!(
        resolved
            .alerts
            .iter()
            .all(|alert| matches!(alert.outcome, AlertOutcome::Resolved(_)))
    );

    exported(&simulator, &export(&client).await, &other);
    ledger(&simulator, &other);
}

/// The export can be read, and contains what was done.
fn exported(simulator: &Simulator, lines: &str, other: &str) {
    let values: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let is_alert = |value: &&Value| value.get("evidence").is_some();
    let alerts: Vec<Alert> = values
        .iter()
        .filter(is_alert)
        .map(|value| serde_json::from_value(value.clone()).unwrap())
        .collect();
    let incidents: Vec<Incident> = values
        .iter()
        .filter(|value| !is_alert(value))
        .map(|value| serde_json::from_value(value.clone()).unwrap())
        .collect();
    assert_eq!(incidents.len(), simulator.incident_count());
    let found = |number| {
        alerts
            .iter()
            .find(|alert| alert.id == alert_id(number))
            .unwrap()
    };
    for number in [1, 2, 4, 5] {
        assert_eq!(found(number).status, Some(AlertStatus::Resolved));
        assert_eq!(found(number).incident_id.as_deref(), Some(INCIDENT));
    }
    assert_eq!(found(3).status, Some(AlertStatus::New));
    assert_eq!(found(3).incident_id.as_deref(), Some(other));
    assert_eq!(found(1).comments().len(), 1);
}

/// The ledger has each write once, in order, and nothing else.
fn ledger(simulator: &Simulator, other: &str) {
    let writes = simulator.ledger().writes();
    let written: Vec<(String, String, Option<String>)> = writes
        .into_iter()
        .map(|write| (write.operation, write.incident, write.alert))
        .collect();
    let entry = |operation: &str, incident: &str, alert: Option<usize>| {
        (
            operation.to_owned(),
            incident.to_owned(),
            alert.map(alert_id),
        )
    };
    assert_eq!(
        written[..6],
        [
            entry("createAlertComment", INCIDENT, Some(1)),
            entry("createAlertComment", INCIDENT, Some(2)),
            entry("moveAlertsToIncident", other, Some(3)),
            entry("moveAlertsToIncident", INCIDENT, None),
            entry("moveAlertsToIncident", other, None),
            entry("updateIncident", INCIDENT, None),
        ]
    );
    let mut rest = written[6..].to_vec();
    rest.sort_unstable();
    assert_eq!(
        rest,
        [1, 2, 4, 5].map(|number| entry("updateAlert", INCIDENT, Some(number)))
    );
}
