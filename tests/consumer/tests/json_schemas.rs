//! Promises of the JSON schemas: they accept what the service sends, and only updates that may be sent.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use graph_incidents::runtime::Page;
use graph_incidents::types::{Alert, AlertEvidence, Incident, IncidentUpdate};
use jsonschema::Validator;
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

fn validator<T: JsonSchema>() -> Validator {
    jsonschema::validator_for(&serde_json::to_value(schema_for!(T)).unwrap()).unwrap()
}

fn accepts<T: JsonSchema>(text: &str) {
    let value: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator::<T>()
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn payloads_from_reference_pages_and_the_field_are_valid() {
    accepts::<Incident>(include_str!("../fixtures/update_response.json"));
    accepts::<Page<Incident>>(include_str!("../fixtures/expanded_incident.json"));
    accepts::<Incident>(include_str!("../fixtures/field_record.json"));
    accepts::<Alert>(include_str!("../fixtures/unclassified_alert.json"));
    accepts::<Vec<AlertEvidence>>(include_str!("../fixtures/every_evidence.json"));
}

#[test]
fn unknown_evidence_types_are_valid_and_known_ones_are_checked() {
    let evidence = validator::<AlertEvidence>();
    assert!(evidence.is_valid(
        &json!({"@odata.type": "#microsoft.graph.security.quantumEvidence", "qubits": 7})
    ));
    let ip = "#microsoft.graph.security.ipEvidence";
    assert!(evidence.is_valid(&json!({"@odata.type": ip, "ipAddress": "192.0.2.1"})));
    assert!(!evidence.is_valid(&json!({"@odata.type": ip, "ipAddress": 7})));
    assert!(!evidence.is_valid(&json!("text")));
}

#[test]
fn an_update_is_valid_if_it_can_be_sent() {
    let update = validator::<IncidentUpdate>();
    for valid in [
        json!({"assignedTo": null}),
        json!({"customTags": []}),
        json!({"classification": "truePositive", "determination": "multiStagedAttack", "customTags": ["Demo"]}),
    ] {
        assert!(update.is_valid(&valid), "{valid}");
        assert!(serde_json::from_value::<IncidentUpdate>(valid).is_ok());
    }
    for invalid in [
        json!({}),
        json!({"id": "1"}),
        json!({"status": null}),
        json!({"customTags": "Demo"}),
    ] {
        assert!(!update.is_valid(&invalid), "{invalid}");
    }
}

#[test]
fn an_update_has_exactly_the_ten_writable_properties() {
    let schema = serde_json::to_value(schema_for!(IncidentUpdate)).unwrap();
    let properties: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        properties,
        [
            "assignedTo",
            "classification",
            "customTags",
            "description",
            "determination",
            "displayName",
            "resolvingComment",
            "severity",
            "status",
            "summary",
        ]
    );
}

#[test]
fn serialized_values_are_valid() {
    let update = IncidentUpdate::new()
        .clear_summary()
        .assigned_to("kai@contoso.example");
    assert!(validator::<IncidentUpdate>().is_valid(&serde_json::to_value(&update).unwrap()));
    let mut incident = Incident::default();
    incident.status = Some("escalated".into());
    assert!(validator::<Incident>().is_valid(&serde_json::to_value(&incident).unwrap()));
}
