//! Promises of an update's body: three states, nothing that the service would refuse, nothing written by accident.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use graph_incidents::runtime::{Body as _, Change, Refusal};
use graph_incidents::types::{
    AlertClassification, AlertDetermination, AlertSeverity, IncidentStatus, IncidentUpdate,
};
use serde_json::{Value, json};

fn on_the_wire(update: &IncidentUpdate) -> Value {
    serde_json::to_value(update).unwrap()
}

#[test]
fn the_body_of_the_reference_page_is_built_in_one_expression() {
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"]);
    assert_eq!(
        on_the_wire(&update),
        json!({"classification": "truePositive", "determination": "multiStagedAttack", "customTags": ["Demo"]})
    );
}

#[test]
fn properties_that_are_left_out_are_not_sent() {
    assert_eq!(on_the_wire(&IncidentUpdate::new()), json!({}));
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .clear_assigned_to();
    assert_eq!(
        on_the_wire(&update),
        json!({"classification": "truePositive", "assignedTo": null})
    );
}

#[test]
fn clearing_sends_null_and_an_empty_list_is_sent_as_one() {
    let update = IncidentUpdate::new()
        .clear_summary()
        .clear_description()
        .custom_tags(Vec::<String>::new())
        .display_name("");
    assert_eq!(
        on_the_wire(&update),
        json!({"summary": null, "description": null, "customTags": [], "displayName": ""})
    );
}

#[test]
fn the_last_call_for_a_property_counts() {
    let update = IncidentUpdate::new()
        .assigned_to("a@contoso.example")
        .clear_assigned_to();
    assert_eq!(update.assigned_to, Change::Clear);
    let update = update.assigned_to("b@contoso.example");
    assert_eq!(
        update.assigned_to.set_value().map(String::as_str),
        Some("b@contoso.example")
    );
    assert!(update.leave_assigned_to().is_empty());
}

#[test]
fn every_writable_property_can_be_set() {
    let update = IncidentUpdate::new()
        .assigned_to("kai@contoso.example")
        .classification(AlertClassification::FalsePositive)
        .custom_tags(["a".to_owned(), "b".to_owned()])
        .description("d")
        .determination(AlertDetermination::Other)
        .display_name("n")
        .resolving_comment("r")
        .severity(AlertSeverity::High)
        .status(IncidentStatus::InProgress)
        .summary("s");
    assert_eq!(
        on_the_wire(&update),
        json!({
            "assignedTo": "kai@contoso.example",
            "classification": "falsePositive",
            "customTags": ["a", "b"],
            "description": "d",
            "determination": "other",
            "displayName": "n",
            "resolvingComment": "r",
            "severity": "high",
            "status": "inProgress",
            "summary": "s",
        })
    );
    assert_eq!(update.check(), Ok(()));
}

#[test]
fn an_update_that_changes_nothing_is_refused() {
    assert_eq!(IncidentUpdate::new().check(), Err(Refusal::ChangesNothing));
    let taken_back = IncidentUpdate::new().summary("s").leave_summary();
    assert_eq!(taken_back.check(), Err(Refusal::ChangesNothing));
    assert_eq!(IncidentUpdate::new().clear_summary().check(), Ok(()));
    assert_eq!(
        IncidentUpdate::new()
            .custom_tags(Vec::<String>::new())
            .check(),
        Ok(())
    );
}

#[test]
fn guarded_members_are_refused_unless_allowed() {
    for status in [
        IncidentStatus::Redirected,
        IncidentStatus::UnknownFutureValue,
        "REDIRECTED".into(),
    ] {
        let update = IncidentUpdate::new().status(status);
        let refusal = update.check().unwrap_err();
        assert!(
            matches!(
                refusal,
                Refusal::Guarded {
                    property: "status",
                    ..
                }
            ),
            "{refusal:?}"
        );
        assert!(refusal.to_string().contains("allow_guarded"), "{refusal}");
        assert_eq!(update.allow_guarded().check(), Ok(()));
    }
    let update = IncidentUpdate::new().classification(AlertClassification::UnknownFutureValue);
    assert!(update.check().is_err());
    let update = IncidentUpdate::new().determination(AlertDetermination::UnknownFutureValue);
    assert!(update.check().is_err());
    let update = IncidentUpdate::new().severity(AlertSeverity::UnknownFutureValue);
    assert!(update.check().is_err());
}

#[test]
fn a_resolving_comment_that_the_service_would_truncate_is_refused() {
    let longest = "é".repeat(30_000);
    assert_eq!(
        IncidentUpdate::new().resolving_comment(&*longest).check(),
        Ok(())
    );
    let refusal = IncidentUpdate::new()
        .resolving_comment(longest + "!")
        .check()
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`resolvingComment` has 30001 characters; the service keeps at most 30000"
    );
}

#[test]
fn a_member_that_only_the_page_names_can_be_written() {
    let update = IncidentUpdate::new().determination(AlertDetermination::CompromisedUser);
    assert_eq!(
        on_the_wire(&update),
        json!({"determination": "compromisedUser"})
    );
    assert_eq!(
        AlertDetermination::CompromisedUser.described_as(),
        Some(AlertDetermination::CompromisedAccount)
    );
    assert_eq!(
        AlertDetermination::ConfirmedUserActivity.described_as(),
        Some(AlertDetermination::ConfirmedActivity)
    );
}

#[test]
fn an_update_can_be_read_from_json_with_its_three_states() {
    let update: IncidentUpdate =
        serde_json::from_value(json!({"assignedTo": null, "status": "Active", "customTags": []}))
            .unwrap();
    assert_eq!(update.assigned_to, Change::Clear);
    assert_eq!(update.status, Some(IncidentStatus::Active));
    assert_eq!(update.summary, Change::Leave);
    assert_eq!(
        on_the_wire(&update),
        json!({"assignedTo": null, "status": "active", "customTags": []})
    );
}

#[test]
fn json_cannot_set_properties_that_are_not_writable() {
    for (body, named) in [
        (json!({"id": "1"}), "id"),
        (json!({"lastModifiedBy": "me"}), "lastModifiedBy"),
        (json!({"comments": []}), "comments"),
        (json!({"allow_guarded": true}), "allow_guarded"),
        (json!({"status": null}), "cannot be cleared"),
        (json!({"severity": 3}), "expected a string, found a number"),
    ] {
        let error = serde_json::from_value::<IncidentUpdate>(body.clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains(named), "{body}: {error}");
    }
}

#[test]
fn repeated_properties_and_lists_are_refused() {
    let twice = r#"{"status": "active", "summary": "a", "status": "resolved"}"#;
    let error = serde_json::from_str::<IncidentUpdate>(twice).unwrap_err();
    assert!(
        error.to_string().contains("duplicate field `status`"),
        "{error}"
    );
    let error = serde_json::from_str::<IncidentUpdate>("[null]").unwrap_err();
    assert!(error.to_string().contains("an object"), "{error}");
}

#[test]
fn json_cannot_allow_guarded_members() {
    let update: IncidentUpdate = serde_json::from_value(json!({"status": "redirected"})).unwrap();
    assert!(update.check().is_err());
}
