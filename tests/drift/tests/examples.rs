//! The fragment's examples are what its schemas and the client's types say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use graph_client_codegen::load;
use graph_incidents::runtime::Page;
use graph_incidents::types::{
    Alert, AlertComment, HuntingQueryResults, Incident, IncidentUpdate, MergeResponse,
};
use graph_incidents_drift::root;
use serde_json::Value;
use xtask::workspace::{FRAGMENT, Workspace};

/// The fragment as JSON.
fn document() -> Value {
    let text = Workspace::at(&root()).fragment().unwrap();
    load::parse(FRAGMENT, &text)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .root
        .to_json()
}

/// `operationId`, example of the request, example of the answer.
fn examples() -> Vec<(String, Option<Value>, Option<Value>)> {
    let document = document();
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item
            .as_object()
            .unwrap()
            .values()
            .filter(|value| value["operationId"].is_string())
        {
            let request = operation
                .pointer("/requestBody/content/application~1json/example")
                .cloned();
            let responses = operation["responses"].as_object().unwrap();
            let (_, success) = responses
                .iter()
                .find(|(status, _)| status.starts_with('2'))
                .unwrap();
            let content = success["content"].as_object().unwrap();
            let answer = content
                .values()
                .find_map(|media| media.get("example"))
                .cloned();
            found.push((
                operation["operationId"].as_str().unwrap().to_owned(),
                request,
                answer,
            ));
        }
    }
    found
}

/// What an incident's example holds that no property of the types takes.
fn strange_in_incident(incident: &Incident) -> Vec<String> {
    let mut strange: Vec<String> = incident.additional_properties.keys().cloned().collect();
    strange.extend(
        incident
            .alerts()
            .unwrap_or_default()
            .iter()
            .flat_map(strange_in_alert),
    );
    strange
}

fn strange_in_alert(alert: &Alert) -> Vec<String> {
    let mut strange: Vec<String> = alert.additional_properties.keys().cloned().collect();
    for evidence in alert.evidence() {
        if let graph_incidents::types::AlertEvidence::Other(other) = evidence {
            strange.push(format!("{other:?}"));
        }
    }
    strange
}

fn strange_in_page<T>(example: Value, strange: impl Fn(&T) -> Vec<String>) -> Vec<String>
where
    Page<T>: serde::de::DeserializeOwned,
{
    let page: Page<T> = serde_json::from_value(example).unwrap();
    assert!(!page.value.is_empty());
    page.value.iter().flat_map(strange).collect()
}

#[test]
fn every_answer_fits_the_type_of_its_operation() {
    for (id, _, answer) in examples() {
        let answer = answer.unwrap();
        let strange = match id.as_str() {
            "listIncidents" => strange_in_page(answer, strange_in_incident),
            "getIncident" | "updateIncident" => {
                strange_in_incident(&serde_json::from_value(answer).unwrap())
            }
            "listIncidentAlerts" | "listAlerts" => strange_in_page(answer, strange_in_alert),
            "getIncidentAlert" | "getAlert" | "updateAlert" => {
                strange_in_alert(&serde_json::from_value(answer).unwrap())
            }
            "createIncidentComment" | "createAlertComment" => {
                strange_in_page(answer, |comment: &AlertComment| {
                    comment.additional_properties.keys().cloned().collect()
                })
            }
            "runHuntingQuery" => {
                let results: HuntingQueryResults = serde_json::from_value(answer).unwrap();
                let columns = results.schema();
                assert!(!columns.is_empty() && !results.results().is_empty());
                let of_columns = columns.iter().map(|column| &column.additional_properties);
                let strange = of_columns.chain([&results.additional_properties]);
                strange
                    .flat_map(|strange| strange.keys().cloned())
                    .collect()
            }
            "mergeIncidents" | "moveAlertsToIncident" => {
                let merged: MergeResponse = serde_json::from_value(answer).unwrap();
                merged
                    .additional_properties
                    .into_iter()
                    .map(|(name, _)| name)
                    .collect()
            }
            "countIncidents" => {
                assert!(
                    answer.is_number()
                        || answer
                            .as_str()
                            .is_some_and(|text| text.parse::<i64>().is_ok())
                );
                Vec::new()
            }
            other => panic!("say here of which type the answer of `{other}` is"),
        };
        assert!(
            strange.is_empty(),
            "{id}: the types have no place for {strange:?}"
        );
    }
}

#[test]
fn every_operation_has_an_example_of_what_goes_in_and_what_comes_out() {
    let document = document();
    let found = examples();
    assert!(!found.is_empty());
    for (id, request, answer) in found {
        let has_body = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .any(|operation| {
                operation["operationId"] == id.as_str() && operation.get("requestBody").is_some()
            });
        assert_eq!(request.is_some(), has_body, "{id}: example of the request");
        assert!(answer.is_some(), "{id}: example of the answer");
    }
}

#[test]
fn the_update_example_is_an_update_that_may_be_sent() {
    let (_, request, answer) = examples()
        .into_iter()
        .find(|(id, ..)| id == "updateIncident")
        .unwrap();
    let update: IncidentUpdate = serde_json::from_value(request.unwrap()).unwrap();
    assert!(!update.is_empty());
    let incident: Incident = serde_json::from_value(answer.unwrap()).unwrap();
    assert_eq!(incident.id, "2972395");
    assert_eq!(
        incident.classification.as_ref(),
        update.classification.set_value()
    );
    assert_eq!(
        incident.determination.as_ref(),
        update.determination.set_value()
    );
}
