//! Values of several types: subtypes keep all their properties, and an update contains its type.

use graph_client_any_resource::constructs::roles::types::{
    Innermost, InnermostUpdate, LeafUpdate, Outermost, OutermostUpdateBody,
};
use graph_client_any_resource::types::{
    File, KeyPolicyUpdate, PasswordPolicyUpdate, Policy, PolicyUpdate,
};
use graph_client_runtime::JsonMap;
use serde_json::{Value, json};

use crate::scripted::{Scripted, response};

fn body(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

fn object(value: Value) -> JsonMap {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn an_update_of_any_type_has_three_states_and_contains_its_type() {
    let server = Scripted::new(|_, _| response(204, "", "")).await;
    let client = server.client();
    let password = PasswordPolicyUpdate::new().length(12).clear_state();
    client.update_policy("1", &password.into()).await.unwrap();
    let key = KeyPolicyUpdate::new().algorithms(["ed25519"]);
    client.update_policy("2", &key.into()).await.unwrap();
    // An unknown type is sent unchanged.
    let unknown = json!({"@odata.type": "#office.facePolicy", "faces": 2});
    let update = PolicyUpdate::Other(object(unknown.clone()));
    client.update_policy("3", &update).await.unwrap();
    // A type that extends a known one can be named.
    let longer = PasswordPolicyUpdate::new()
        .odata_type("#office.phrasePolicy")
        .length(30);
    client.update_policy("4", &longer.into()).await.unwrap();
    let sent: Vec<Value> = server.requests().iter().map(|one| body(one)).collect();
    assert_eq!(
        sent,
        [
            json!({"@odata.type": "#office.passwordPolicy", "length": 12, "state": null}),
            json!({"@odata.type": "#office.keyPolicy", "algorithms": ["ed25519"]}),
            unknown,
            json!({"@odata.type": "#office.phrasePolicy", "length": 30}),
        ]
    );
}

#[tokio::test]
async fn an_update_that_changes_nothing_or_has_no_type_is_refused_before_sending() {
    let server = Scripted::new(|_, _| response(204, "", "")).await;
    let client = server.client();
    for (update, why) in [
        (PasswordPolicyUpdate::new().into(), "changes nothing"),
        (
            PolicyUpdate::Other(JsonMap::new()),
            "`@odata.type` is missing",
        ),
        (
            PolicyUpdate::Other(object(json!({"@odata.type": 1, "faces": 2}))),
            "`@odata.type` is missing",
        ),
        (
            PolicyUpdate::Other(object(json!({"@odata.type": "#office.facePolicy"}))),
            "changes nothing",
        ),
    ] {
        let error = client.update_policy("1", &update).await.unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn an_update_of_any_type_can_be_read_again() {
    let read = |json: &Value| serde_json::from_value::<PolicyUpdate>(json.clone());
    for json in [
        json!({"@odata.type": "#office.passwordPolicy", "length": 12, "state": null}),
        json!({"@odata.type": "#office.keyPolicy", "algorithms": []}),
        json!({"@odata.type": "#office.facePolicy", "faces": 2, "state": null}),
    ] {
        let update = read(&json).unwrap();
        assert_eq!(serde_json::to_value(&update).unwrap(), json);
    }
    for (json, why) in [
        (json!({"length": 12}), "`@odata.type` is missing"),
        (json!({"@odata.type": 5}), "`@odata.type` is missing"),
        (
            json!({"@odata.type": "#office.keyPolicy", "length": 12}),
            "unknown field `length`",
        ),
        (
            json!({"@odata.type": "#office.keyPolicy", "id": "1"}),
            "unknown field `id`",
        ),
        (json!([]), "invalid type"),
    ] {
        let error = read(&json).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn every_known_type_has_an_update() {
    assert_eq!(PolicyUpdate::TYPES, Policy::TYPES);
}

#[test]
fn a_concrete_base_keeps_the_properties_of_a_subtype_and_converts_to_it() {
    let panorama = json!({
        "@odata.type": "#office.panorama",
        "id": "1",
        "name": "sea.jpg",
        "size": 5,
        "width": 4000,
        "angle": 359.5,
        "extra": {"a": [1, null]},
    });
    let file: File = serde_json::from_value(panorama.clone()).unwrap();
    assert_eq!(file.name.as_deref(), Some("sea.jpg"));
    assert_eq!(file.additional_properties["width"], json!(4000));
    assert_eq!(serde_json::to_value(&file).unwrap(), panorama);
    // A panorama is also a picture.
    let picture = file.to_picture().unwrap();
    assert_eq!(picture.width, Some(4000));
    assert_eq!(serde_json::to_value(&picture).unwrap(), panorama);
    let whole = file.to_panorama().unwrap();
    assert_eq!((whole.width, whole.angle), (Some(4000), Some(359.5)));
    assert_eq!(serde_json::to_value(&whole).unwrap(), panorama);
}

#[test]
fn a_value_of_another_type_does_not_convert_and_is_kept() {
    for tag in [
        json!("#office.file"),
        json!("#office.picture"),
        json!("#office.hologram"),
        json!(null),
        json!(7),
    ] {
        let value = json!({"@odata.type": tag, "id": "1", "width": "wide", "angle": 1});
        let file: File = serde_json::from_value(value.clone()).unwrap();
        assert!(file.to_panorama().is_none(), "{tag}");
        assert_eq!(
            file.to_picture().is_some(),
            tag == "#office.picture",
            "{tag}"
        );
        assert_eq!(serde_json::to_value(&file).unwrap(), value);
        if let Some(picture) = file.to_picture() {
            let unreadable: Vec<&str> = picture.unreadable().map(|one| one.property).collect();
            assert_eq!(unreadable, ["width"]);
            assert_eq!(serde_json::to_value(&picture).unwrap(), value);
        }
    }
}

#[test]
fn a_value_of_a_nested_union_belongs_to_both() {
    let leaf = json!({"@odata.type": "#n.leaf", "id": "1", "deep": null, "list": ["a"], "new": 1});
    let outer: Outermost = serde_json::from_value(leaf.clone()).unwrap();
    let inner: Innermost = serde_json::from_value(leaf.clone()).unwrap();
    assert!(matches!(outer, Outermost::Leaf(_)) && matches!(inner, Innermost::Leaf(_)));
    assert_eq!((outer.id(), inner.id()), (Some("1"), Some("1")));
    assert_eq!((outer.list(), inner.list()), (inner.list(), outer.list()));
    assert_eq!(serde_json::to_value(&outer).unwrap(), leaf);
    assert_eq!(serde_json::to_value(&inner).unwrap(), leaf);
    // No value has an abstract type.
    let none = json!({"@odata.type": "#n.innermost", "id": "1", "deep": "x"});
    let outer: Outermost = serde_json::from_value(none.clone()).unwrap();
    assert!(matches!(outer, Outermost::Other(_)));
    assert_eq!(serde_json::to_value(&outer).unwrap(), none);
    let update = LeafUpdate::new().clear_deep();
    let sent = json!({"@odata.type": "#n.leaf", "deep": null});
    let outer = OutermostUpdateBody::from(update.clone());
    assert_eq!(serde_json::to_value(outer).unwrap(), sent);
    let inner = InnermostUpdate::from(update);
    assert_eq!(serde_json::to_value(inner).unwrap(), sent);
}
