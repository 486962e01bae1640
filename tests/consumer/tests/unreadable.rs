//! Promises about strings and numbers that are JSON but unreadable, and about other hostile values: each invalidates only
//! its own property, is reported, and is unchanged when read again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use graph_incidents::runtime::{Page, json};
use graph_incidents::types::{Alert, Incident};
use serde_json::{Value, json, to_value};

fn page(text: &[u8]) -> Page<Incident> {
    json::decode(text).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(text)))
}

/// Reads a page of one incident, and checks that it is equal when written and read again.
fn incident(text: &[u8]) -> Incident {
    let text = [&b"{\"value\":["[..], text, b",{\"id\":\"2\"}]}"].concat();
    let page = page(&text);
    assert_eq!(page.len(), 2, "{page:?}");
    assert_eq!(page.value[1].id, "2");
    let written = serde_json::to_vec(&page).unwrap();
    assert_eq!(
        json::decode::<Page<Incident>>(&written).unwrap(),
        page,
        "{}",
        String::from_utf8_lossy(&written)
    );
    let value: Page<Incident> = serde_json::from_value(to_value(&page).unwrap()).unwrap();
    assert_eq!(value, page);
    page.value.into_iter().next().unwrap()
}

/// The unreadable values: property, raw JSON, reason.
fn unreadable(incident: &Incident) -> Vec<(String, Option<String>, String)> {
    incident
        .unreadable()
        .map(|found| {
            let raw = found.raw().map(str::to_owned);
            (found.property.to_owned(), raw, found.to_string())
        })
        .collect()
}

#[test]
fn half_a_surrogate_pair_invalidates_its_property_and_keeps_the_raw_form() {
    for raw in [
        r#""report \ud83d""#,
        r#""\udc00""#,
        r#""\ud83d\ud83d""#,
        r#""\ud83d\n""#,
        r#""\\\ud83d""#,
    ] {
        let found = incident(
            format!(r#"{{"id":"1","displayName":{raw},"severity":"high","new":{raw}}}"#).as_bytes(),
        );
        assert_eq!(found.id, "1");
        assert_eq!(found.display_name, None);
        assert_eq!(found.severity.as_ref().map(AsRef::as_ref), Some("high"));
        assert_eq!(
            unreadable(&found),
            [(
                "displayName".to_owned(),
                Some(raw.to_owned()),
                "`displayName`: expected a string, found a string that is not valid Unicode"
                    .to_owned()
            )]
        );
        assert_eq!(
            found.additional_properties["new"],
            json!({json::UNREADABLE: raw})
        );
    }
    // Complete pairs are readable.
    let found = incident(br#"{"displayName":"\ud83e\udd80"}"#);
    assert_eq!(found.display_name.as_deref(), Some("\u{1F980}"));
}

#[test]
fn an_unreadable_string_invalidates_its_list_and_no_other_object() {
    let found = incident(
        br#"{"customTags":["a","\ud83d"],"systemTags":["b"],"alerts":[{"id":"x","title":"\ud83d"}]}"#,
    );
    assert_eq!(found.custom_tags, None);
    assert_eq!(
        found.additional_properties["customTags"],
        json!(["a", {json::UNREADABLE: r#""\ud83d""#}])
    );
    assert_eq!(found.system_tags(), ["b"]);
    let alert: &Alert = &found.alerts().unwrap()[0];
    assert_eq!((alert.id.as_str(), alert.title.as_deref()), ("x", None));
    assert_eq!(alert.unreadable().count(), 1);
}

#[test]
fn an_unreadable_string_in_place_of_an_object_is_not_an_object() {
    let found = incident(
        br#"{"alerts":[{"additionalData":"\ud83d","evidence":["\ud83d",{"@odata.type":"\ud83d","verdict":"clean"}]}]}"#,
    );
    let alert = &found.alerts().unwrap()[0];
    assert_eq!(alert.additional_data, None);
    let names: Vec<Option<&str>> = alert.evidence().iter().map(|e| e.type_name()).collect();
    assert_eq!(names, [None, None]);
    assert!(alert.evidence()[1].base().verdict.is_some());
}

#[test]
fn bytes_that_are_not_utf8_invalidate_their_property() {
    let found =
        incident(b"{\"id\":\"\xff\",\"displayName\":\"caf\xe9\",\"summary\":\"caf\xc3\xa9\"}");
    assert_eq!(
        (found.id.as_str(), found.display_name.as_deref()),
        ("", None)
    );
    assert_eq!(found.summary.as_deref(), Some("caf\u{e9}"));
    let found = unreadable(&found);
    assert_eq!(found[0].1.as_deref(), Some(r#""caf\ufffd\udce9""#));
    assert_eq!(found[1].1.as_deref(), Some(r#""\ufffd\udcff""#));
    // Half a pair before such a byte does not make both readable.
    let found = incident(b"{\"displayName\":\"\\ud83d\xb0\"}");
    assert_eq!(found.display_name, None);
}

#[test]
fn an_unreadable_name_is_kept_with_its_value() {
    let found = incident(br#"{"id":"1","\ud83d":7}"#);
    assert_eq!(found.additional_properties[r"\ud83d"], json!(7));
}

#[test]
fn a_number_too_large_for_a_double_invalidates_its_property_and_keeps_the_raw_form() {
    let found = incident(br#"{"id":"1","priorityScore":1e400,"x":-1E+400,"y":[1e400,2]}"#);
    assert_eq!(found.priority_score, None);
    assert_eq!(
        unreadable(&found)[0],
        (
            "priorityScore".to_owned(),
            Some("1e400".to_owned()),
            "`priorityScore`: expected a 32-bit integer, found a number that is too large"
                .to_owned()
        )
    );
    assert_eq!(
        found.additional_properties["x"],
        json!({json::UNREADABLE: "-1E+400"})
    );
    assert_eq!(
        found.additional_properties["y"],
        json!([{json::UNREADABLE: "1e400"}, 2])
    );
}

#[test]
fn an_integer_beyond_64_bits_is_read_as_the_nearest_double() {
    let found =
        incident(br#"{"x":123456789012345678901234567890,"priorityScore":18446744073709551615}"#);
    assert_eq!(
        found.additional_properties["x"].as_f64(),
        Some(123_456_789_012_345_678_901_234_567_890.0)
    );
    assert_eq!(
        found.additional_properties["priorityScore"],
        json!(18_446_744_073_709_551_615_u64)
    );
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(page(b"\xEF\xBB\xBF{\"value\":[{\"id\":\"1\"}]}").len(), 1);
    assert_eq!(
        page(b"\xEF\xBB\xBF{\"value\":[{\"id\":\"\\ud83d\"}]}").len(),
        1
    );
    // One, and only in front.
    assert!(json::decode::<Page<Incident>>(b"\xEF\xBB\xBF\xEF\xBB\xBF{}").is_err());
}

#[test]
fn an_empty_key_is_kept_and_reported() {
    let found = incident(br#"{"id":""}"#);
    assert_eq!(to_value(&found).unwrap(), json!({"id": ""}));
    assert_eq!(
        unreadable(&found)[0].2,
        "`id`: expected a non-empty string, found a string"
    );
    assert_eq!(unreadable(&Incident::default()), []);
    let mut found = found;
    found.id = "7".to_owned();
    assert_eq!(to_value(&found).unwrap(), json!({"id": "7"}));
}

#[test]
fn an_earlier_value_of_a_repeated_property_is_never_written() {
    for (text, written) in [
        (&br#"{"id":"a","id":1}"#[..], json!({"id": 1})),
        (br#"{"id":1,"id":"a"}"#, json!({"id": "a"})),
        (br#"{"id":"a","id":""}"#, json!({"id": ""})),
        (
            br#"{"status":"active","status":null}"#,
            json!({"status": null}),
        ),
        (
            br#"{"status":null,"status":"active"}"#,
            json!({"status": "active"}),
        ),
        (
            br#"{"status":"active","status":"\ud83d"}"#,
            json!({"status": {json::UNREADABLE: r#""\ud83d""#}}),
        ),
        (
            br#"{"displayName":"\ud83d","displayName":"a"}"#,
            json!({"displayName": "a"}),
        ),
        (br#"{"x":1,"x":null}"#, json!({"x": null})),
    ] {
        assert_eq!(to_value(incident(text)).unwrap(), written);
    }
}

#[test]
fn a_date_whose_offset_moves_it_out_of_range_is_kept_as_received() {
    for text in ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-00:01"] {
        let found = incident(json!({"createdDateTime": text}).to_string().as_bytes());
        assert_eq!(found.created_date_time, None);
        assert_eq!(to_value(&found).unwrap(), json!({"createdDateTime": text}));
    }
    for text in ["0000-01-01T00:00:00-23:59", "9999-12-31T23:59:59+23:59"] {
        let found = incident(json!({"createdDateTime": text}).to_string().as_bytes());
        assert!(found.created_date_time.is_some(), "{text}");
    }
}

#[test]
fn text_that_is_not_json_is_an_error() {
    for text in [
        &br#"{"value":[{"id":"\ud83d"}"#[..],
        br#"{"value":[{"id":"\ud83d"}]} x"#,
        br#"{"value":[{"id":"\ud83x"}]}"#,
        br#"{"value":[{"id":1e}]}"#,
        br#"{"value":[{"id":"\x"}]}"#,
        b"{\"value\":[{\"id\":\"\xff}]}",
        b"{\"value\":[\xff]}",
        b"\xff",
        b"",
    ] {
        assert!(
            json::decode::<Page<Incident>>(text).is_err(),
            "{}",
            String::from_utf8_lossy(text)
        );
    }
    let deep = format!(
        r#"{{"value":[{{"id":"\ud83d","x":{}{}}}]}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let error = json::decode::<Page<Incident>>(deep.as_bytes()).unwrap_err();
    assert!(!error.is_cut_off() && !error.is_broken(), "{error}");
}

#[test]
fn an_unreadable_value_is_written_as_an_object_that_says_so() {
    let found = incident(br#"{"displayName":"\ud83d"}"#);
    let written: Value = to_value(&found).unwrap();
    assert_eq!(
        written,
        json!({"displayName": {"@client.unreadable": r#""\ud83d""#}})
    );
}
