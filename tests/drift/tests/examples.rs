//! The fragment's examples are what its schemas and the client's types say.

use graph_incidents::types::{Alert, Incident, IncidentUpdate, MergeResponse};
use graph_incidents_codegen::load;
use graph_incidents_drift::root;
use serde::de::DeserializeOwned;
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

/// Reads an example, and says what of it no property of the type took.
fn read<T: DeserializeOwned>(example: &Value, rest: impl Fn(&T) -> Vec<String>) -> T {
    let value: T = serde_json::from_value(example.clone()).unwrap();
    let left = rest(&value);
    assert!(left.is_empty(), "the type has no property for {left:?}");
    value
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
