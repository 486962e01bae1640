//! Promises of decoding: null, absent and empty are all accepted, and one invalid value never loses a page.

use graph_incidents::runtime::{Page, json};
use graph_incidents::types::{Alert, AlertComment, Incident, ManualAlert, MergeResponse};
use serde_json::{Value, from_str, from_value, json, to_value};

/// The properties of a type, from serializing a value of which every property was null.
fn nulls(names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), Value::Null))
        .collect()
}

const INCIDENT: [&str; 23] = [
    "id",
    "alerts",
    "assignedTo",
    "classification",
    "comments",
    "createdDateTime",
    "customTags",
    "description",
    "determination",
    "displayName",
    "incidentWebUrl",
    "lastModifiedBy",
    "lastUpdateDateTime",
    "priorityScore",
    "recommendedActions",
    "recommendedHuntingQueries",
    "redirectIncidentId",
    "resolvingComment",
    "severity",
    "status",
    "summary",
    "systemTags",
    "tenantId",
];

#[test]
fn no_property_is_required() {
    let empty: Incident = from_value(json!({})).unwrap();
    assert_eq!(empty, Incident::default());
    assert_eq!(to_value(&empty).unwrap(), json!({}));
    let _: Alert = from_value(json!({})).unwrap();
    let _: AlertComment = from_value(json!({})).unwrap();
    let _: MergeResponse = from_value(json!({})).unwrap();
    let _: Page<Incident> = from_value(json!({})).unwrap();
}

#[test]
fn null_is_accepted_everywhere_and_distinct_from_absent() {
    let json = nulls(&INCIDENT);
    let incident: Incident = from_value(json.clone()).unwrap();
    assert_eq!(incident.assigned_to, None);
    assert_eq!(incident.id, "");
    assert!(
        incident.alerts().is_none()
            && incident.comments().is_empty()
            && incident.custom_tags().is_empty()
    );
    assert_eq!(incident.unreadable().count(), 0);
    assert!(incident.additional_properties.is_empty());
    for name in INCIDENT {
        assert!(incident.is_null(name), "{name}");
        assert!(!Incident::default().is_null(name), "{name}");
    }
    assert_eq!(to_value(&incident).unwrap(), json);
}

#[test]
fn a_property_that_was_null_can_be_set() {
    let mut incident: Incident = from_value(json!({"assignedTo": null})).unwrap();
    incident.assigned_to = Some("kai@contoso.example".to_owned());
    assert!(!incident.is_null("assignedTo"));
    assert_eq!(
        to_value(&incident).unwrap(),
        json!({"assignedTo": "kai@contoso.example"})
    );
}

#[test]
fn an_empty_list_is_kept_and_reads_like_an_absent_one() {
    let json = json!({"customTags": [], "alerts": [], "comments": []});
    let incident: Incident = from_value(json.clone()).unwrap();
    assert_eq!(incident.custom_tags, Some(Vec::new()));
    assert_eq!(incident.custom_tags(), Incident::default().custom_tags());
    assert_eq!(to_value(&incident).unwrap(), json);
}

#[test]
fn of_a_repeated_property_the_last_counts() {
    let read = |text: &str| from_str::<Incident>(text).unwrap();
    let written = |text: &str| to_value(read(text)).unwrap();
    assert_eq!(
        written(r#"{"displayName":"a","displayName":"b"}"#),
        json!({"displayName": "b"})
    );
    assert_eq!(
        written(r#"{"displayName":"a","displayName":null}"#),
        json!({"displayName": null})
    );
    assert_eq!(
        written(r#"{"displayName":null,"displayName":"b"}"#),
        json!({"displayName": "b"})
    );
    assert_eq!(
        written(r#"{"displayName":"a","displayName":7}"#),
        json!({"displayName": 7})
    );
    assert_eq!(
        written(r#"{"displayName":7,"displayName":"b"}"#),
        json!({"displayName": "b"})
    );
    assert_eq!(
        written(r#"{"displayName":null,"displayName":7}"#),
        json!({"displayName": 7})
    );
    assert_eq!(
        written(r#"{"displayName":7,"displayName":null}"#),
        json!({"displayName": null})
    );
    assert_eq!(written(r#"{"x":1,"x":2}"#), json!({"x": 2}));
    assert_eq!(
        read(r#"{"displayName":"a","displayName":7}"#).additional_properties["displayName"],
        json!(7)
    );
    // Lists and pages have no older value either.
    assert_eq!(
        written(r#"{"customTags":["a"],"customTags":[1],"customTags":["b","c"]}"#),
        json!({"customTags": ["b", "c"]})
    );
    let page: Page<Incident> = from_str(
        r#"{"value":[{"id":"1"},2],"value":[{"id":"3"}],"@odata.count":1,"@odata.count":"x"}"#,
    )
    .unwrap();
    assert_eq!(
        to_value(&page).unwrap(),
        json!({"value": [{"id": "3"}], "@odata.count": "x"})
    );
    // Each key is written once.
    let text = serde_json::to_string(&read(r#"{"displayName":7,"displayName":null}"#)).unwrap();
    assert_eq!(text, r#"{"displayName":null}"#);
}

#[test]
fn escaped_keys_equal_their_plain_spelling() {
    let incident: Incident = from_str(r#"{"display\u004eame":"a","\ud83e\udd80":1}"#).unwrap();
    assert_eq!(incident.display_name.as_deref(), Some("a"));
    assert_eq!(incident.additional_properties["\u{1F980}"], json!(1));
}

#[test]
fn older_property_names_are_kept_as_unknown_properties() {
    let comment: AlertComment =
        from_value(json!({"comment": "c", "createdBy": "DavidS", "createdTime": "2021-09-30T12:07:37.2756993Z"})).unwrap();
    assert_eq!(comment.created_by_display_name, None);
    assert_eq!(comment.additional_properties["createdBy"], "DavidS");
}

#[test]
fn a_page_without_items_reads_as_empty() {
    for value in [json!({"value": null}), json!({"value": []})] {
        let page: Page<Incident> = from_value(value.clone()).unwrap();
        assert!(page.is_empty() && page.invalid_items.is_empty());
        assert_eq!(to_value(&page).unwrap(), value);
    }
    let page: Page<Incident> = from_value(json!({})).unwrap();
    assert_eq!(page.len(), 0);
}

#[test]
fn a_page_has_its_link_and_count_and_keeps_the_rest() {
    let json = json!({
        "@odata.context": "https://graph.microsoft.com/beta/$metadata#security/incidents",
        "@odata.count": 1234,
        "value": [{"id": "1"}],
        "@odata.nextLink": "https://graph.microsoft.com/beta/security/incidents?$skiptoken=x",
    });
    let page: Page<Incident> = from_value(json.clone()).unwrap();
    assert_eq!(page.count, Some(1234));
    assert_eq!(
        page.next_link.as_deref(),
        Some("https://graph.microsoft.com/beta/security/incidents?$skiptoken=x")
    );
    assert_eq!(page.additional_properties.len(), 1);
    assert_eq!(to_value(&page).unwrap(), json);
    let ids: Vec<String> = page.into_iter().map(|incident| incident.id).collect();
    assert_eq!(ids, ["1"]);
}

#[test]
fn a_page_with_null_annotations_is_the_last_page() {
    let json = json!({"value": [], "@odata.nextLink": null, "@odata.count": null});
    let page: Page<Incident> = from_value(json.clone()).unwrap();
    assert_eq!((page.next_link.as_deref(), page.count), (None, None));
    assert_eq!(to_value(&page).unwrap(), json);
}

#[test]
fn invalid_items_are_listed_with_their_positions() {
    let json = json!({"value": [null, {"id": "1"}, "text", 7, {"id": "2"}, [1]]});
    let page: Page<Incident> = from_value(json.clone()).unwrap();
    let ids: Vec<&str> = page.iter().map(|incident| incident.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    let invalid: Vec<usize> = page.invalid_items.iter().map(|item| item.index).collect();
    assert_eq!(invalid, [0, 2, 3, 5]);
    assert_eq!(to_value(&page).unwrap(), json);
}

#[test]
fn an_unusual_page_keeps_what_it_has() {
    for value in [
        json!({"value": {"id": "1"}}),
        json!({"value": "x", "@odata.count": "7", "@odata.nextLink": 7}),
    ] {
        let page: Page<Incident> = from_value(value.clone()).unwrap();
        assert!(page.is_empty());
        assert_eq!(to_value(&page).unwrap(), value);
    }
}

#[test]
fn a_manual_alert_is_an_alert_that_converts_to_its_type() {
    let json = json!({
        "@odata.type": "#microsoft.graph.security.manualAlert",
        "id": "m1",
        "title": "made manually",
        "linkToIncident": 9_007_199_254_740_993_i64,
        "isExcludedFromCorrelation": true,
    });
    let alert: Alert = from_value(json.clone()).unwrap();
    assert_eq!(alert.title.as_deref(), Some("made manually"));
    let manual: ManualAlert = alert.to_manual_alert().unwrap();
    assert_eq!(manual.link_to_incident, Some(9_007_199_254_740_993));
    assert_eq!(to_value(&manual).unwrap(), json);
    let plain: Alert =
        from_value(json!({"id": "a", "@odata.type": "#microsoft.graph.security.alert"})).unwrap();
    assert_eq!(plain.to_manual_alert(), None);
}

#[test]
fn a_decode_error_names_the_path() {
    let decode = |text: &str| json::decode::<Page<Incident>>(text.as_bytes()).unwrap_err();
    let error =
        decode(r#"{"value":[{"id":"1"},{"id":"2","alerts":[{"id":"a","title":"x"},{"id":tru}]}]}"#);
    assert_eq!(error.path(), "value[1].alerts[1].id");
    assert!(
        error
            .to_string()
            .starts_with("at `value[1].alerts[1].id`: expected ident"),
        "{error}"
    );
    assert_eq!((error.line(), error.column()), (1, 74));

    let open =
        r##"{"@odata.type":"#microsoft.graph.security.containerImageEvidence","digestImage":"##;
    let deep = format!("{}null{}", open.repeat(200), "}".repeat(200));
    let error = decode(&format!(
        r#"{{"value":[{{"alerts":[{{"evidence":[{deep}]}}]}}]}}"#
    ));
    assert!(
        error
            .path()
            .starts_with("value[0].alerts[0].evidence[0].digestImage.digestImage"),
        "{error}"
    );
    assert!(
        error.to_string().contains("recursion limit exceeded"),
        "{error}"
    );

    let error = json::decode::<Incident>(b"[]").unwrap_err().to_string();
    assert!(error.contains("expected an object"), "{error}");
    assert_eq!(decode("<html>").path(), ".");
    assert_eq!(decode(r#"{"value":[]} x"#).path(), ".");
    assert_eq!(
        decode("[]").to_string(),
        "at `.`: invalid type: sequence, expected a page: an object with a list in `value` at line 1 column 2"
    );
}

#[test]
fn a_value_that_is_not_an_object_is_an_error_and_not_an_empty_incident() {
    for json in [
        json!(5),
        json!(-5),
        json!(0.5),
        json!(true),
        json!("x"),
        json!([]),
        json!(null),
    ] {
        let error = from_value::<Incident>(json.clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("expected"), "{json}: {error}");
    }
}

#[test]
fn debug_output_shows_the_content() {
    let incident: Incident = from_value(json!({"id": "7", "summary": "s"})).unwrap();
    let shown = format!("{incident:?}");
    assert!(
        shown.contains(r#"id: "7""#) && shown.contains(r#""s""#),
        "{shown}"
    );
    let empty = format!("{:?}", Incident::default());
    assert!(
        !empty.contains("id:") && !empty.contains("summary"),
        "{empty}"
    );
}
