//! Equivalent descriptions: the same text, with another order of keys, in the other flavour, and with explicit
//! defaults.

use graph_client_review::{Review, Source, Verdict, review};
use serde_json::{Map, Value, json};

use crate::history::revision;
use crate::support::{json_of, line, review_json, sample};

fn assert_same(base: &Value, head: &Value) {
    for review in [review_json(base, head), review_json(head, base)] {
        assert_nothing(&review);
    }
}

fn assert_nothing(review: &Review) {
    let found: Vec<String> = review.findings.iter().map(line).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(review.verdict(), Verdict::None);
}

/// Applies a change to every mapping of a tree, the innermost first.
fn everywhere(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(|value| everywhere(value, change));
            change(map);
        }
        Value::Array(items) => items.iter_mut().for_each(|value| everywhere(value, change)),
        _ => {}
    }
}

/// Converts a description from the compact flavour to the full one.
pub(crate) fn full_flavour(compact: &Value) -> Value {
    let mut full = compact.clone();
    let schemas: Vec<String> = compact["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    nullable_references(&mut full);
    operations(&mut full);
    let mut subtypes = Vec::new();
    for name in &schemas {
        let schema = &mut full["components"]["schemas"][name];
        if let Some(base) = schema
            .pointer("/allOf/0/$ref")
            .and_then(Value::as_str)
            .map(str::to_owned)
        {
            let tag = format!("#{name}");
            let own = &mut schema["allOf"][1];
            own["properties"]["@odata.type"] = json!({"type": "string"});
            own["required"] = json!(["@odata.type"]);
            schema["x-ms-discriminator-value"] = json!(tag);
            subtypes.push((base, tag, format!("#/components/schemas/{name}")));
        }
        let schema = &mut full["components"]["schemas"][name];
        if name.ends_with("CollectionResponse") && schema.get("properties").is_some() {
            let value = schema["properties"]["value"].take();
            *schema = json!({
                "title": schema["title"],
                "type": "object",
                "allOf": [
                    {"$ref": "#/components/schemas/BaseCollectionPaginationCountResponse"},
                    {"type": "object", "properties": {"value": value}},
                ],
            });
        }
    }
    for (base, tag, target) in subtypes {
        let name = base.trim_start_matches("#/components/schemas/").to_owned();
        let discriminator = &mut full["components"]["schemas"][name]["discriminator"];
        if discriminator.is_null() {
            *discriminator = json!({"propertyName": "@odata.type", "mapping": {}});
        }
        discriminator["mapping"][tag] = json!(target);
    }
    full["components"]["schemas"]["BaseCollectionPaginationCountResponse"] = json!({
        "title": "Base collection pagination and count responses",
        "type": "object",
        "properties": {
            "@odata.count": {"type": "integer", "format": "int64", "nullable": true},
            "@odata.nextLink": {"type": "string", "nullable": true},
        },
    });
    full["components"]["schemas"]["ReferenceNumeric"] =
        json!({"type": "string", "enum": ["-INF", "INF", "NaN"]});
    full
}

/// In the full flavour, nullable references and numbers are choices.
fn nullable_references(full: &mut Value) {
    everywhere(&mut full["components"]["schemas"], &mut |map| {
        let Some(Value::Object(properties)) = map.get_mut("properties") else {
            return;
        };
        for property in properties.values_mut() {
            if property.get("$ref").is_some() {
                *property =
                    json!({"anyOf": [property.clone(), {"type": "object", "nullable": true}]});
            } else if property.get("format") == Some(&json!("double")) {
                *property = json!({"anyOf": [
                    {"type": "number", "format": "double", "nullable": property["nullable"]},
                    {"type": "string", "nullable": true},
                    {"$ref": "#/components/schemas/ReferenceNumeric"},
                ]});
                everywhere(property, &mut |map| {
                    if map.get("nullable") == Some(&Value::Null) {
                        map.remove("nullable");
                    }
                });
                if property["anyOf"][0].get("nullable").is_none() {
                    property["anyOf"][1]
                        .as_object_mut()
                        .unwrap()
                        .remove("nullable");
                }
            } else if property.get("format") == Some(&json!("int32")) {
                property["type"] = json!("number");
                property["minimum"] = json!(-2_147_483_648_i64);
                property["maximum"] = json!(2_147_483_647);
            }
        }
    });
}

/// Ids with dots and plurals, and a response for each class of errors.
fn operations(full: &mut Value) {
    everywhere(&mut full["paths"], &mut |map| {
        if let Some(Value::String(id)) = map.get_mut("operationId") {
            *id = id
                .replace('_', ".")
                .replace("Ticket", "Tickets")
                .replace("Incidentss", "Incidents");
        }
        if let Some(Value::Object(responses)) = map.get_mut("responses")
            && let Some(error) = responses.remove("default")
        {
            responses.insert("4XX".to_owned(), error.clone());
            responses.insert("5XX".to_owned(), error);
        }
    });
}

#[test]
fn a_description_equals_itself_and_its_reordering() {
    let sample = sample();
    assert_same(&sample, &sample);
    let mut reordered = sample.clone();
    everywhere(&mut reordered, &mut |map| {
        for key in [
            "enum",
            "required",
            "parameters",
            "tags",
            "security",
            "servers",
        ] {
            if let Some(Value::Array(items)) = map.get_mut(key) {
                items.reverse();
            }
        }
    });
    assert_same(&sample, &reordered);
    let (base, head) = (sample.to_string(), backwards(&sample));
    let source = |file, text| Source { file, text };
    assert_nothing(&review(source("base", &base), source("head", &head)).unwrap());
}

/// The same tree as text, with the keys of every mapping reversed.
fn backwards(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .rev()
                .map(|(key, value)| format!("{}: {}", json!(key), backwards(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(backwards).collect::<Vec<_>>().join(", ")
        ),
        value => value.to_string(),
    }
}

#[test]
fn a_description_equals_its_other_flavour() {
    let sample = sample();
    assert_same(&sample, &full_flavour(&sample));
    for number in ["006", "015", "016"] {
        if let Some(text) = revision(number) {
            let compact = json_of(number, &text);
            assert_same(&compact, &full_flavour(&compact));
        }
    }
}

#[test]
fn explicit_and_implicit_defaults_are_equal() {
    let sample = sample();
    let mut written = sample.clone();
    everywhere(&mut written, &mut |map| {
        let Some(Value::String(place)) = map.get("in").cloned() else {
            return;
        };
        map.entry("required").or_insert(json!(false));
        map.entry("deprecated").or_insert(json!(false));
        map.entry("style")
            .or_insert(json!(if place == "query" { "form" } else { "simple" }));
    });
    everywhere(&mut written["components"]["schemas"], &mut |map| {
        if map.get("type") == Some(&json!("string")) {
            map.entry("nullable").or_insert(json!(false));
            map.entry("readOnly").or_insert(json!(false));
        }
        if map.contains_key("properties") && !map.contains_key("allOf") {
            map.entry("additionalProperties").or_insert(json!(true));
        }
    });
    everywhere(&mut written["paths"], &mut |map| {
        if map.contains_key("operationId") {
            map.insert("security".to_owned(), json!([{"desk": ["Ticket.Read"]}]));
            map.entry("deprecated").or_insert(json!(false));
        }
        if map.contains_key("content") && !map.contains_key("description") {
            map.entry("required").or_insert(json!(false));
        }
    });
    written["servers"][0]["url"] = json!("https://desk.example/beta");
    assert_same(&sample, &written);
}

#[test]
fn naming_a_schema_and_writing_out_inheritance_change_nothing() {
    let sample = sample();
    let mut written = sample.clone();
    // A shared response inlined twice; a parameter inlined; single statuses.
    written["paths"]["/tickets"]["get"]["responses"] = json!({
        "200": sample["components"]["responses"]["ticketCollectionResponse"],
        "default": sample["components"]["responses"]["error"],
    });
    written["paths"]["/tickets"]["get"]["parameters"][0] =
        sample["components"]["parameters"]["top"].clone();
    written["paths"]["/tickets/{ticket-id}/notes"]["post"]["responses"]["2XX"] =
        json!({"description": "Nothing"});
    written["paths"]["/tickets/{ticket-id}/notes"]["post"]["responses"]
        .as_object_mut()
        .unwrap()
        .remove("204");
    // The base inlined, and not extended any more.
    let mut ticket = sample["components"]["schemas"]["desk.ticket"]["allOf"][1].clone();
    ticket["properties"]["id"] =
        sample["components"]["schemas"]["desk.entity"]["properties"]["id"].clone();
    written["components"]["schemas"]["desk.ticket"] = ticket;
    written["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .remove("desk.entity");
    // A named type inlined.
    let person = sample["components"]["schemas"]["desk.person"].clone();
    written["components"]["schemas"]["desk.computerThing"]["allOf"][1]["properties"]["owner"] =
        person;
    written["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .remove("desk.person");
    for review in [
        review_json(&sample, &written),
        review_json(&written, &sample),
    ] {
        let found: Vec<String> = review.findings.iter().map(line).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn all_spellings_of_null_are_equal() {
    let spelled = |owner: Value, kind: Value| {
        let mut sample = sample();
        let properties =
            &mut sample["components"]["schemas"]["desk.computerThing"]["allOf"][1]["properties"];
        properties["owner"] = owner;
        properties["host"] = kind;
        sample
    };
    let reference = json!({"$ref": "#/components/schemas/desk.person"});
    let owners = [
        json!({"allOf": [reference], "nullable": true}),
        json!({"anyOf": [reference, {"type": "object", "nullable": true}]}),
        json!({"oneOf": [reference, {"type": "null"}]}),
        json!({"anyOf": [reference], "nullable": true}),
        json!({"$ref": "#/components/schemas/desk.person", "nullable": true}),
        json!({"anyOf": [reference, {"enum": [null]}]}),
    ];
    let kinds = [
        json!({"type": "string", "nullable": true}),
        json!({"type": ["string", "null"]}),
        json!({"anyOf": [{"type": "string"}, {"nullable": true}]}),
        json!({"type": "string", "x-nullable": true}),
        json!({"oneOf": [{"type": "string", "nullable": true}]}),
        json!({"allOf": [{"type": "string"}], "nullable": true}),
    ];
    for (owner, kind) in owners.iter().zip(&kinds) {
        assert_same(
            &spelled(owners[0].clone(), kinds[0].clone()),
            &spelled(owner.clone(), kind.clone()),
        );
    }
}

#[test]
fn a_further_nullable_reference_is_a_change() {
    let sample = sample();
    let mut edited = sample.clone();
    let properties =
        &mut edited["components"]["schemas"]["desk.computerThing"]["allOf"][1]["properties"];
    properties["owner"] =
        json!({"anyOf": [properties["owner"].clone(), {"type": "object", "nullable": true}]});
    let review = review_json(&sample, &edited);
    let found: Vec<String> = review.findings.iter().map(line).collect();
    assert_eq!(
        found,
        ["breaking/none property-nullable-changed ComputerThing.owner: Person -> Person?"]
    );
}
