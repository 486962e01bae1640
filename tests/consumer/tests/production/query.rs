//! Typed queries are written as the service reads them.

use chrono::{DateTime, Utc};
use graph_incidents::query::{Filter, IncidentFilter, IncidentProperty};
use graph_incidents::types::{AlertSeverity, Incident, IncidentStatus};
use graph_incidents_simulator::Simulator;
use serde_json::json;

use super::{connected, sent};

type Condition = Box<dyn Fn(&Incident) -> bool>;

/// Filters, and what they mean for an incident.
fn conditions() -> Vec<(Filter, Condition)> {
    let time: DateTime<Utc> = "2026-01-01T00:00:00.1234567Z".parse().unwrap();
    vec![
        (
            IncidentFilter::assigned_to().eq("O'Brien & Söhne +1"),
            Box::new(|i| i.assigned_to.as_deref() == Some("O'Brien & Söhne +1")),
        ),
        (
            IncidentFilter::assigned_to().is_null(),
            Box::new(|i| i.assigned_to.is_none()),
        ),
        (
            IncidentFilter::assigned_to().is_not_null(),
            Box::new(|i| i.assigned_to.is_some()),
        ),
        (
            IncidentFilter::severity().eq(AlertSeverity::High),
            Box::new(|i| i.severity == Some(AlertSeverity::High)),
        ),
        (
            IncidentFilter::severity().any_of([AlertSeverity::Low, AlertSeverity::Medium]),
            Box::new(|i| matches!(i.severity, Some(AlertSeverity::Low | AlertSeverity::Medium))),
        ),
        (
            !IncidentFilter::status().eq(IncidentStatus::Active)
                & IncidentFilter::severity().ne(AlertSeverity::Low),
            Box::new(|i| {
                i.status != Some(IncidentStatus::Active) && i.severity != Some(AlertSeverity::Low)
            }),
        ),
        (
            IncidentFilter::created_date_time().eq(time),
            Box::new(move |i| i.created_date_time == Some(time)),
        ),
        (
            IncidentFilter::created_date_time().ge(time),
            Box::new(move |i| i.created_date_time >= Some(time)),
        ),
        (
            IncidentFilter::last_update_date_time().lt(time),
            Box::new(move |i| i.last_update_date_time < Some(time)),
        ),
        (
            IncidentFilter::classification().is_null()
                | IncidentFilter::determination().is_not_null(),
            Box::new(|i| i.classification.is_none() || i.determination.is_some()),
        ),
        (
            Filter::raw("severity eq 'high' or severity eq 'low'")
                & IncidentFilter::status().eq(IncidentStatus::Active),
            Box::new(|i| {
                matches!(i.severity, Some(AlertSeverity::High | AlertSeverity::Low))
                    && i.status == Some(IncidentStatus::Active)
            }),
        ),
    ]
}

#[tokio::test]
async fn filters_on_every_filterable_property_find_the_right_incidents() {
    let (simulator, client) = connected().await;
    simulator.insert(json!({"id": "77", "assignedTo": "O'Brien & Söhne +1", "severity": "high", "status": "active",
        "createdDateTime": "2026-01-01T00:00:00.1234567Z", "lastUpdateDateTime": "2026-01-02T00:00:00Z"}), Vec::new());
    let all: Vec<Incident> = simulator
        .incident_ids()
        .iter()
        .map(|id| serde_json::from_value(simulator.incident(id).unwrap()).unwrap())
        .collect();
    for (filter, condition) in conditions() {
        let expected = all.iter().filter(|incident| condition(incident)).count();
        let found = client
            .list_incidents()
            .filter(filter.clone())
            .top(50)
            .await
            .unwrap();
        assert!(found.iter().all(&condition), "{filter}");
        assert_eq!(found.len(), expected.min(50), "{filter}");
        assert_eq!(
            client
                .count_incidents()
                .filter(filter.clone())
                .await
                .unwrap(),
            expected as i64,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn orderby_select_expand_top_and_count_are_sent() {
    let (simulator, client) = connected().await;
    let page = client
        .list_incidents()
        .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
        .select([IncidentProperty::Id, IncidentProperty::LastUpdateDateTime])
        .top(50)
        .count(true)
        .await
        .unwrap();
    assert_eq!(page.count, Some(simulator.incident_ids().len() as i64));
    let times: Vec<_> = page
        .iter()
        .map(|incident| incident.last_update_date_time.unwrap())
        .collect();
    assert!(times.is_sorted());
    assert!(page.iter().all(|incident| incident.display_name.is_none()));
    let expanded = client
        .get_incident(super::REFERENCE)
        .expand([IncidentProperty::Alerts])
        .await
        .unwrap();
    assert_eq!(
        expanded.alerts().unwrap().len(),
        simulator.alerts(super::REFERENCE).unwrap().len().min(20)
    );
}

#[tokio::test]
async fn a_top_outside_its_range_is_refused_before_sending() {
    let (simulator, client) = connected().await;
    for top in [0, 51, u32::MAX] {
        assert!(
            client
                .list_incidents()
                .top(top)
                .await
                .unwrap_err()
                .is_refused()
        );
    }
    assert_eq!(sent(&simulator), 0);
}

#[tokio::test]
async fn the_query_is_written_in_odata_syntax() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = super::client(&simulator).build().unwrap();
    // The result does not matter here.
    client
        .list_incidents()
        .filter(IncidentFilter::assigned_to().eq("a+b c"))
        .await
        .unwrap();
    let target = simulator.ledger().requests().pop().unwrap().target;
    assert_eq!(
        target,
        "/beta/security/incidents?$filter=assignedTo%20eq%20%27a%2Bb%20c%27"
    );
}

#[test]
fn the_list_of_properties_comes_from_the_fragment() {
    let schema = schemars::schema_for!(Incident).to_value();
    let mut declared: Vec<&str> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    declared.retain(|name| !name.contains('@'));
    declared.sort_unstable();
    let listed: Vec<&str> = IncidentProperty::ALL
        .iter()
        .map(|property| property.as_str())
        .collect();
    assert_eq!(listed, declared);
}

#[tokio::test]
async fn severities_are_compared_by_rank_and_unknown_is_neither_high_nor_low() {
    use AlertSeverity::{High, Informational, Low, Medium, Unknown};
    assert!(Informational < Low && Low < Medium && Medium < High);
    let newer: AlertSeverity = "critical".into();
    for invalid in [Unknown, newer] {
        for known in [Informational, Low, Medium, High] {
            assert_eq!(invalid.partial_cmp(&known), None, "{invalid} {known}");
        }
        assert!(invalid >= invalid.clone());
    }
    let (simulator, client) = connected().await;
    for (id, severity) in [
        ("1", "high"),
        ("2", "medium"),
        ("3", "low"),
        ("4", "unknown"),
    ] {
        simulator.insert(
            json!({"id": id, "status": "active", "severity": severity}),
            Vec::new(),
        );
    }
    simulator.insert(
        json!({"id": "5", "status": "resolved", "severity": "high"}),
        Vec::new(),
    );
    simulator.insert(
        json!({"id": "6", "status": "redirected", "severity": "high"}),
        Vec::new(),
    );
    simulator.insert(
        json!({"id": "7", "status": "awaitingAction", "severity": "high"}),
        Vec::new(),
    );
    let wanted = IncidentFilter::open() & IncidentFilter::severity().at_least(Medium);
    let found = client
        .list_incidents()
        .filter(wanted)
        .all(1_000)
        .await
        .unwrap();
    let ids: Vec<&str> = found
        .iter()
        .map(|one| one.id.as_str())
        .filter(|id| id.len() == 1)
        .collect();
    let mut ids = ids;
    ids.sort_unstable();
    assert_eq!(ids, ["1", "2", "7"]);
}
