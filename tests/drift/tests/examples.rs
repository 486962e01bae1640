//! The fragment's examples match its schemas and the client's types.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

#[rustfmt::skip]
mod generated;

use graph_client_codegen::load;
use graph_client_codegen::plan::{FieldItem, Plan, RequestItem, ResponseKind, RustType, Sharing};
use graph_incidents::types::{Incident, IncidentUpdate};
use graph_incidents_drift::root;
use serde_json::{Map, Value};
use xtask::workspace::{FRAGMENT, Workspace};

/// An operation of the document, with its examples.
struct Example {
    id: String,
    has_body: bool,
    has_content: bool,
    request: Option<Value>,
    response: Option<Value>,
}

fn examples() -> Vec<Example> {
    let text = Workspace::at(&root()).fragment().unwrap();
    let document = load::parse(FRAGMENT, &text).unwrap_or_else(|problems| panic!("{problems}"));
    let document = document.root.to_json();
    let paths = document["paths"].as_object().unwrap().values();
    let items = paths.flat_map(|item| item.as_object().unwrap().values());
    let operations = items.filter(|value| value["operationId"].is_string());
    operations.map(example).collect()
}

fn example(operation: &Value) -> Example {
    let responses = operation["responses"].as_object().unwrap();
    let mut successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let (_, success) = successes.next().unwrap();
    let of = |content: Option<&Value>| {
        let mut media = content?.as_object()?.values();
        media.find_map(|media| media.get("example")).cloned()
    };
    Example {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        has_body: operation.get("requestBody").is_some(),
        has_content: success.get("content").is_some(),
        request: of(operation.pointer("/requestBody/content")),
        response: of(success.get("content")),
    }
}

fn plan() -> Plan {
    let text = Workspace::at(&root()).fragment().unwrap();
    let model = graph_client_codegen::read(FRAGMENT, &text, &[]);
    Plan::of(&model.unwrap_or_else(|problems| panic!("{problems}")))
}

fn request_of<'p>(plan: &'p Plan, id: &str) -> &'p RequestItem {
    let mut requests = plan.requests.iter();
    requests.find(|item| item.operation_id == id).unwrap()
}

/// A value with its strings in lower case.
fn lowered(value: Value) -> Value {
    match value {
        Value::String(text) => text.to_lowercase().into(),
        Value::Array(items) => items.into_iter().map(lowered).collect(),
        Value::Object(object) => {
            let members = object.into_iter();
            members
                .map(|(name, value)| (name, lowered(value)))
                .collect()
        }
        value => value,
    }
}

/// The parts of a value that no property, member or tag of a type accepts.
fn misfits(plan: &Plan, rust_type: &RustType, value: &Value, at: &str) -> Vec<String> {
    match (rust_type, value) {
        (_, Value::Null) => Vec::new(),
        (RustType::Generic("Option" | "Box", inner), value) => misfits(plan, &inner[0], value, at),
        (RustType::Generic("runtime::Page", item), Value::Object(page)) => {
            let items = page["value"].as_array().unwrap();
            assert!(!items.is_empty(), "{at}: an example of nothing");
            let others = page.keys().filter(|name| *name != "value");
            let mut found: Vec<String> = others
                .filter(|name| !name.starts_with("@odata."))
                .map(|name| format!("{at}.{name}"))
                .collect();
            found.extend(of_items(plan, &item[0], items, at));
            found
        }
        (RustType::Generic("Vec", item), Value::Array(items)) => {
            of_items(plan, &item[0], items, at)
        }
        (RustType::Planned(name), Value::Object(object)) => of_object(plan, name, object, at),
        (RustType::Planned(name), Value::String(text)) => {
            let mut enumerations = plan.enumerations.iter();
            let item = enumerations.find(|item| item.name == *name);
            let is_member = item.is_some_and(|item| {
                let mut members = item.members.iter();
                members.any(|member| member.wire.eq_ignore_ascii_case(text))
            });
            match is_member {
                true => Vec::new(),
                false => vec![format!("{at}: {text}")],
            }
        }
        // Decoding itself checks strings, numbers and times.
        _ => Vec::new(),
    }
}

fn of_items(plan: &Plan, item: &RustType, items: &[Value], at: &str) -> Vec<String> {
    let items = items.iter().enumerate();
    let found =
        items.flat_map(|(index, value)| misfits(plan, item, value, &format!("{at}/{index}")));
    found.collect()
}

fn of_object(plan: &Plan, name: &str, object: &Map<String, Value>, at: &str) -> Vec<String> {
    let union = plan.unions.iter().find(|union| union.name == name);
    let (name, tag) = match union {
        None => (name, None),
        Some(union) => {
            let tag = object.get(&union.discriminator).and_then(Value::as_str);
            let mut variants = union.variants.iter();
            match variants.find(|variant| Some(variant.tag.as_str()) == tag) {
                Some(variant) => (variant.type_name.as_str(), Some(&union.discriminator)),
                None => return vec![format!("{at}: the tag {tag:?}")],
            }
        }
    };
    let fields = fields_of(plan, name);
    let mut found = Vec::new();
    for (key, value) in object.iter().filter(|(key, _)| Some(*key) != tag) {
        let place = format!("{at}.{key}");
        match fields.iter().find(|field| field.wire == *key) {
            Some(field) => found.extend(misfits(plan, &field.rust_type, value, &place)),
            None => found.push(place),
        }
    }
    found
}

/// The fields of a struct, and those that it shares with the types of its union.
fn fields_of<'p>(plan: &'p Plan, name: &str) -> Vec<&'p FieldItem> {
    let item = plan.structs().find(|item| item.name == name).unwrap();
    let mut fields: Vec<&FieldItem> = item.fields.iter().collect();
    if let Sharing::Extends(base) = &item.sharing {
        fields.extend(fields_of(plan, base));
    }
    fields
}

#[test]
fn every_response_is_read_as_the_type_of_its_operation() {
    let plan = plan();
    let mut count = 0;
    for Example { id, response, .. } in examples() {
        let (item, Some(response)) = (request_of(&plan, &id), response) else {
            continue;
        };
        count += 1;
        match item.response_kind {
            ResponseKind::Json => {
                let read = generated::read_again(&id, response.clone());
                let read = read.unwrap_or_else(|| panic!("{id}: run `{}`", xtask::regen::COMMAND));
                // Members have the spelling of the description.
                assert_eq!(lowered(read.unwrap()), lowered(response.clone()), "{id}");
                let misfits = misfits(&plan, &item.response, &response, &id);
                assert!(
                    misfits.is_empty(),
                    "the types have no place for {misfits:?}"
                );
            }
            ResponseKind::Number => {
                let text = response.as_str().map(str::parse::<i64>);
                assert!(
                    response.is_i64() || matches!(text, Some(Ok(_))),
                    "{id}: {response}"
                );
            }
            ResponseKind::Nothing | ResponseKind::Bytes => {
                panic!("{id}: an example of what is not JSON: {response}")
            }
        }
    }
    assert!(count > 0, "no example was understood");
}

#[test]
fn every_operation_has_examples_of_request_and_response() {
    for example in examples() {
        let id = &example.id;
        assert_eq!(
            example.request.is_some(),
            example.has_body,
            "{id}: example of the request"
        );
        assert_eq!(
            example.response.is_some(),
            example.has_content,
            "{id}: example of the response"
        );
    }
}

#[test]
fn example_data_that_no_type_accepts_is_found() {
    let plan = plan();
    let incidents = RustType::Planned("Incident".to_owned()).page();
    let known = serde_json::json!({"value": [{"id": "1", "status": "active", "assignedTo": null}]});
    assert_eq!(misfits(&plan, &incidents, &known, "a"), [""; 0]);
    let value = serde_json::json!({"count": 1, "value": [{
        "id": "1", "status": "invented", "colour": "red",
        "alerts": [{"id": "2", "evidence": [{"@odata.type": "#invented"}]}],
    }]});
    let mut found = misfits(&plan, &incidents, &value, "a");
    found.sort();
    let expected = [
        "a.count",
        "a/0.alerts/0.evidence/0: the tag Some(\"#invented\")",
        "a/0.colour",
        "a/0.status: invented",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_update_example_can_be_sent() {
    let examples = examples();
    let example = examples
        .iter()
        .find(|example| example.id == "updateIncident");
    let Example {
        request, response, ..
    } = example.unwrap();
    let update: IncidentUpdate = serde_json::from_value(request.clone().unwrap()).unwrap();
    assert!(!update.is_empty());
    let incident: Incident = serde_json::from_value(response.clone().unwrap()).unwrap();
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
