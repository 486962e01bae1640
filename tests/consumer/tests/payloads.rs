//! Promises about real payloads: those of reference pages and of production are read into typed values.

use graph_incidents::runtime::Page;
use graph_incidents::types::{
    Alert, AlertClassification, AlertDetermination, AlertEvidence, AlertSeverity, AlertStatus,
    DetectionSource, EvidenceRemediationStatus, Incident, IncidentStatus, InvestigationState,
    VmCloudProvider,
};

#[test]
fn the_response_of_the_update_page() {
    let incident: Incident =
        serde_json::from_str(include_str!("../fixtures/update_response.json")).unwrap();
    assert_eq!(incident.id, "2972395");
    assert_eq!(
        incident.classification,
        Some(AlertClassification::TruePositive)
    );
    assert_eq!(
        incident.determination,
        Some(AlertDetermination::MultiStagedAttack)
    );
    assert_eq!(incident.status, Some(IncidentStatus::Active));
    assert_eq!(incident.severity, Some(AlertSeverity::Medium));
    assert_eq!(incident.custom_tags(), ["Demo"]);
    assert_eq!(incident.redirect_incident_id, None);
    assert!(incident.is_null("redirectIncidentId"));
    let created = incident.created_date_time.unwrap();
    assert_eq!(created.timestamp_subsec_nanos(), 553_333_300);
    assert_eq!(created.timestamp(), 1_628_844_215);
    assert_eq!(
        incident.comments()[0].additional_properties["createdBy"],
        "DavidS@contoso.example"
    );
    assert!(
        incident
            .recommended_actions
            .as_deref()
            .unwrap()
            .contains("\n2. Reset")
    );
    assert!(
        incident.recommended_hunting_queries()[0]
            .kql_text
            .as_deref()
            .unwrap()
            .starts_with("DeviceProcessEvents\n")
    );
    assert_eq!(incident.unreadable().count(), 0);
}

#[test]
fn the_incident_of_the_list_page_with_its_alert_and_evidence() {
    let page: Page<Incident> =
        serde_json::from_str(include_str!("../fixtures/expanded_incident.json")).unwrap();
    assert!(page.next_link.is_some());
    let incident = &page.value[0];
    assert_eq!(incident.additional_properties["tags"][0], "Demo");
    assert!(
        incident
            .additional_properties
            .contains_key("alerts@odata.nextLink")
    );
    let alert = &incident.alerts().unwrap()[0];
    assert_eq!(alert.status, Some(AlertStatus::New));
    assert_eq!(alert.detection_source, Some(DetectionSource::Antivirus));
    assert_eq!(alert.mitre_techniques(), ["T1059", "T1204.002"]);
    let [
        AlertEvidence::Device(device),
        AlertEvidence::File(file),
        AlertEvidence::Process(process),
    ] = alert.evidence()
    else {
        panic!("{:?}", alert.evidence());
    };
    assert_eq!(device.os_build, Some(22424));
    assert_eq!(
        device.vm_metadata.as_ref().unwrap().cloud_provider,
        Some(VmCloudProvider::Azure)
    );
    assert_eq!(
        device.logged_on_users()[0].account_name.as_deref(),
        Some("jonaw")
    );
    assert_eq!(
        file.file_details.as_ref().unwrap().file_size,
        Some(6_136_392)
    );
    assert_eq!(
        process.user_account.as_ref().unwrap().user_sid.as_deref(),
        Some("S-1-5-18")
    );
    assert_eq!(
        process.base.remediation_status,
        Some(EvidenceRemediationStatus::Active)
    );
    assert_eq!(
        alert.evidence()[1].detailed_roles(),
        ["Referred in command line"]
    );
}

#[test]
fn a_record_from_the_field() {
    let incident: Incident =
        serde_json::from_str(include_str!("../fixtures/field_record.json")).unwrap();
    assert_eq!(incident.status, Some(IncidentStatus::Resolved));
    assert_eq!(incident.priority_score, Some(18));
    assert_eq!(incident.assigned_to, None);
    assert_eq!(incident.classification, Some(AlertClassification::Unknown));
    assert_eq!(
        incident.last_modified_by.as_deref(),
        Some("Microsoft 365 Defender-IncidentCreation")
    );
    assert!(incident.custom_tags().is_empty());
    assert!(
        incident.additional_properties.is_empty(),
        "{:?}",
        incident.additional_properties
    );
}

#[test]
fn an_unclassified_alert() {
    let alert: Alert =
        serde_json::from_str(include_str!("../fixtures/unclassified_alert.json")).unwrap();
    assert_eq!(
        (alert.classification.as_ref(), alert.determination.as_ref()),
        (None, None)
    );
    assert!(alert.is_null("classification") && alert.is_null("determination"));
    assert_eq!(
        alert.investigation_state,
        Some(InvestigationState::UnsupportedAlertType)
    );
    assert_eq!(
        alert.additional_data.as_ref().unwrap()["ReportId"],
        90_071_992_547_409_931_i64
    );
    assert!(
        alert.additional_properties.is_empty(),
        "{:?}",
        alert.additional_properties
    );
}

#[test]
fn unusual_payloads_from_the_field_are_read_as_far_as_possible_and_kept() {
    let json = serde_json::json!({
        "id": "shapes-1",
        "incidentId": 4711,
        "status": "Resolved",
        "severity": "64",
        "classification": null,
        "AlertTitle": "of another version",
        "createdDateTime": "2026-02-03T04:05:06.5Z",
        "evidence": [
            {
                "@odata.type": "#microsoft.graph.security.analyzedMessageEvidence",
                "subject": "invoice",
                "p1Sender": "mallory@contoso.example",
                "remediationStatus": "2",
            },
            {"@odata.type": "#microsoft.graph.security.ipEvidence", "IpAddress": "192.0.2.7"},
        ],
    });
    let alert: Alert = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(alert.id, "shapes-1");
    assert_eq!(alert.status, Some(AlertStatus::Resolved));
    assert_eq!(
        alert.severity.as_ref().map(AlertSeverity::is_recognized),
        Some(false)
    );
    assert!(alert.created_date_time.is_some());
    let unreadable: Vec<String> = alert.unreadable().map(|found| found.to_string()).collect();
    assert_eq!(
        unreadable,
        ["`incidentId`: expected a string, found a number"]
    );
    assert_eq!(
        alert.additional_properties["AlertTitle"],
        "of another version"
    );
    let AlertEvidence::AnalyzedMessage(message) = &alert.evidence()[0] else {
        panic!("{:?}", alert.evidence());
    };
    assert_eq!(message.subject.as_deref(), Some("invoice"));
    assert_eq!(message.p1_sender, None);
    assert_eq!(
        message.additional_properties["p1Sender"],
        "mallory@contoso.example"
    );
    let mut written = json;
    // A member is written in the fragment's spelling.
    written["status"] = "resolved".into();
    assert_eq!(serde_json::to_value(&alert).unwrap(), written);
}
