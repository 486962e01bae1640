//! What a success must have, by the kind of its values.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::json;

use super::*;

fn checked(expected: Expected, body: &Value) -> Result<Promise, Error> {
    let response = Response {
        status: 200,
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    };
    let operation = Operation::new("act", "POST", "/act", &[]).expecting(expected);
    let url = "https://graph.example/act".parse().unwrap();
    check(&response, &operation, &Request::follow(url))
}

fn values() -> [Value; 8] {
    [
        json!({"a": {}}),
        json!([1]),
        json!("a"),
        json!(false),
        json!(-1),
        json!(1),
        json!(0.5),
        Value::Null,
    ]
}

fn is_kept(found: &Result<Promise, Error>) -> bool {
    matches!(found, Ok(Promise::Kept))
}

#[test]
fn the_result_of_an_action_can_be_anything_but_null() {
    for value in values() {
        let found = checked(Expected::AnyOf(&["result"]), &json!({"result": value}));
        assert_eq!(is_kept(&found), !value.is_null(), "{value}: {found:?}");
    }
    let error = checked(Expected::AnyOf(&["result"]), &json!({"result": null}));
    let shown = error.unwrap_err().to_string();
    assert!(shown.contains("lacks a value in `result`"), "{shown}");
}

#[test]
fn a_listing_has_a_list_and_an_entity_has_a_string_as_its_key() {
    for value in values() {
        let list = checked(Expected::List, &json!({"value": value}));
        assert_eq!(is_kept(&list), value.is_array(), "{value}: {list:?}");
        let entity = checked(Expected::Keys(&["id"]), &json!({"id": value}));
        assert_eq!(is_kept(&entity), value.is_string(), "{value}: {entity:?}");
    }
}

#[test]
fn an_error_after_annotations_is_an_error_for_any_result() {
    let error = json!({"code": "c", "message": "no"});
    let body = json!({"@odata.context": "x", "error": error});
    let found = checked(Expected::Anything, &body);
    assert!(!is_kept(&found), "{found:?}");
    for body in [
        json!({"@odata.context": "x"}),
        json!({"a": 1, "error": error}),
    ] {
        let found = checked(Expected::Anything, &body);
        assert!(is_kept(&found), "{body}: {found:?}");
    }
}
