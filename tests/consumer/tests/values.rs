//! Promises of single values: they keep their value, and one that does not fit invalidates only its property.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use graph_incidents::types::{Alert, AlertEvidence, Incident};
use serde_json::{Value, from_str, from_value, json, to_value};

fn incident(json: Value) -> Incident {
    from_value(json).unwrap()
}

/// Returns the serialized form of a decoded date.
fn reprinted(date: &str) -> Value {
    let incident = incident(json!({"createdDateTime": date}));
    assert!(incident.created_date_time.is_some(), "{date}: {incident:?}");
    to_value(&incident).unwrap()["createdDateTime"].clone()
}

#[test]
fn dates_have_0_to_9_fractional_digits() {
    for digits in 0..=9 {
        let fraction = match digits {
            0 => String::new(),
            _ => format!(".{}", &"123456789"[..digits]),
        };
        let date = format!("2021-08-13T08:43:35{fraction}Z");
        assert_eq!(reprinted(&date), json!(date));
    }
}

#[test]
fn the_last_moment_of_the_calendar_is_kept() {
    assert_eq!(
        reprinted("9999-12-31T23:59:59.9999999Z"),
        json!("9999-12-31T23:59:59.9999999Z")
    );
    assert_eq!(
        reprinted("0001-01-01T00:00:00Z"),
        json!("0001-01-01T00:00:00Z")
    );
    assert_eq!(
        reprinted("1601-01-01T00:00:00Z"),
        json!("1601-01-01T00:00:00Z")
    );
}

#[test]
fn trailing_zeros_and_offsets_do_not_change_a_time() {
    assert_eq!(
        reprinted("2021-08-13T08:43:35.5500000Z"),
        json!("2021-08-13T08:43:35.55Z")
    );
    assert_eq!(
        reprinted("2021-08-13T08:43:35.0000000Z"),
        json!("2021-08-13T08:43:35Z")
    );
    assert_eq!(
        reprinted("2021-08-13T10:43:35.1+02:00"),
        json!("2021-08-13T08:43:35.1Z")
    );
    assert_eq!(
        reprinted("2021-08-13t08:43:35z"),
        json!("2021-08-13T08:43:35Z")
    );
    assert_eq!(
        reprinted("2024-02-29T23:59:60Z"),
        json!("2024-02-29T23:59:60Z")
    );
}

#[test]
fn a_malformed_date_is_kept_as_received_and_listed() {
    for date in [
        "",
        "soon",
        "2021-08-13",
        "2021-13-01T00:00:00Z",
        "2021-02-29T00:00:00Z",
        "2021-08-13T24:00:00Z",
        "2021-08-13T08:60:35Z",
        "2021-08-13T08:43:35",
        "2021-08-13T08:43:35.Z",
        "2021-08-13T08:43:35.5X",
        "2021-08-13T08:43:35Z ",
        "+021-08-13T08:43:35Z",
        "2021-08-1\u{663}T08:43:35Z",
        "20210813T084335Z",
    ] {
        let json = json!({"id": "1", "createdDateTime": date, "displayName": "kept"});
        let incident = incident(json.clone());
        assert_eq!(incident.created_date_time, None, "{date}");
        assert_eq!(incident.display_name.as_deref(), Some("kept"));
        let unreadable: Vec<_> = incident.unreadable().collect();
        assert_eq!(unreadable.len(), 1);
        assert_eq!(unreadable[0].property, "createdDateTime");
        assert_eq!(
            unreadable[0].to_string(),
            "`createdDateTime`: expected a date-time, found a string"
        );
        assert_eq!(to_value(&incident).unwrap(), json);
    }
}

#[test]
fn integers_beyond_2_to_the_53_keep_every_digit() {
    for number in [
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "0",
    ] {
        let text = format!(
            r##"{{"@odata.type":"#microsoft.graph.security.processEvidence","processId":{number}}}"##
        );
        let evidence: AlertEvidence = from_str(&text).unwrap();
        let AlertEvidence::Process(process) = &evidence else {
            panic!("{evidence:?}");
        };
        assert_eq!(
            process.process_id.map(|id| id.to_string()).as_deref(),
            Some(number)
        );
        assert_eq!(serde_json::to_string(&evidence).unwrap(), text);
    }
}

#[test]
fn numbers_that_do_not_fit_are_kept_as_received() {
    for number in [
        json!(9_223_372_036_854_775_808_u64),
        json!(18.5),
        json!("18"),
        json!(true),
        json!([18]),
        json!({"value": 18}),
        json!(2_147_483_648_u32),
    ] {
        let json = json!({"priorityScore": number, "displayName": "kept"});
        let incident = incident(json.clone());
        assert_eq!(incident.priority_score, None, "{number}");
        assert_eq!(incident.unreadable().count(), 1, "{number}");
        assert_eq!(incident.additional_properties["priorityScore"], number);
        assert_eq!(to_value(&incident).unwrap(), json);
    }
    assert_eq!(
        incident(json!({"priorityScore": 18.0})).priority_score,
        Some(18)
    );
    assert_eq!(
        incident(json!({"priorityScore": -2_147_483_648_i64})).priority_score,
        Some(i32::MIN)
    );
}

#[test]
fn a_value_of_another_kind_invalidates_only_its_property() {
    let json = json!({
        "id": 2_972_395,
        "displayName": 7,
        "status": 1,
        "comments": {"not": "a list"},
        "customTags": ["a", 1],
        "systemTags": "tag",
        "classification": ["truePositive"],
        "severity": "high",
    });
    let incident = incident(json.clone());
    assert_eq!(incident.id, "");
    let unreadable: Vec<&str> = incident
        .unreadable()
        .map(|unreadable| unreadable.property)
        .collect();
    assert_eq!(
        unreadable,
        [
            "classification",
            "comments",
            "customTags",
            "displayName",
            "id",
            "status",
            "systemTags"
        ]
    );
    assert_eq!(
        incident.severity.as_ref().map(|severity| severity.as_str()),
        Some("high")
    );
    assert!(incident.custom_tags().is_empty());
    assert_eq!(to_value(&incident).unwrap(), json);
}

#[test]
fn setting_a_property_replaces_a_value_that_did_not_fit() {
    let mut incident = incident(json!({"priorityScore": "much"}));
    incident.priority_score = Some(7);
    assert_eq!(incident.unreadable().count(), 0);
    assert_eq!(to_value(&incident).unwrap(), json!({"priorityScore": 7}));
}

#[test]
fn a_guid_is_read_in_the_service_s_form_and_kept_in_any_other() {
    let read = |guid: &str| -> (bool, Value) {
        let evidence: AlertEvidence = from_value(json!({
            "@odata.type": "#microsoft.graph.security.mailboxConfigurationEvidence",
            "externalDirectoryObjectId": guid,
        }))
        .unwrap();
        let AlertEvidence::MailboxConfiguration(mailbox) = &evidence else {
            panic!("{evidence:?}");
        };
        (
            mailbox.external_directory_object_id.is_some(),
            to_value(&evidence).unwrap()["externalDirectoryObjectId"].clone(),
        )
    };
    let guid = "4d4bbf4e-1b7f-4c5a-9d3e-0d1b7f6c2a11";
    assert_eq!(read(guid), (true, json!(guid)));
    for invalid in [
        "",
        "4d4bbf4e1b7f4c5a9d3e0d1b7f6c2a11",
        "{4d4bbf4e-1b7f-4c5a-9d3e-0d1b7f6c2a11}",
        "none",
    ] {
        assert_eq!(read(invalid), (false, json!(invalid)));
    }
}

#[test]
fn unknown_numbers_keep_64_bits() {
    let text = r#"{"a":18446744073709551615,"b":-9223372036854775808,"c":0.1}"#;
    let incident: Incident = from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&incident).unwrap(), text);
    // Beyond that, a number is the nearest floating-point number, as in other JSON readers.
    let incident: Incident = from_str(r#"{"a":18446744073709551616}"#).unwrap();
    assert_eq!(
        incident.additional_properties["a"],
        json!(18_446_744_073_709_551_616.0)
    );
}

#[test]
fn open_dictionaries_hold_any_json() {
    let json = json!({"id": "a", "additionalData": {"n": 90_071_992_547_409_931_i64, "deep": {"list": [null, {}]}}});
    let alert: Alert = from_value(json.clone()).unwrap();
    assert_eq!(
        alert.additional_data.as_ref().unwrap()["deep"]["list"][1],
        json!({})
    );
    assert_eq!(to_value(&alert).unwrap(), json);
}
