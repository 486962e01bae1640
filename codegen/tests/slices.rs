//! A part of a description has the same names and items as the whole.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use std::collections::BTreeSet;
use std::io::Write as _;

use graph_client_codegen::select::{Navigation, Selection};
use graph_client_codegen::{Generated, Settings, generate};

/// Everything that can collide: ids, types of two namespaces, bodies that are responses, types named like requests, types
/// of a union.
const MEETING: &str = r##"
openapi: 3.0.3
info: {title: Names, version: "1"}
paths:
  /alerts:
    get: {operationId: security_ListAlert, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.alert"}}}}}}
    post: {operationId: print_ListAlert, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.security.alert"}}}}}}
  /alerts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: security_ListAlert, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.user"}}}}}}
    patch: {operationId: updateThing, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.user"}}}}, responses: {"204": {description: d}}}
    post: {operationId: makeThing, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.user"}}}}, responses: {"204": {description: d}}}
  /users:
    get: {operationId: userUpdate, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.item"}}}}}}
    put: {operationId: thing, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.onlyBody"}}}}, responses: {"204": {description: d}}}
    post: {operationId: user, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.onlyBody"}}}}, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/microsoft.graph.file"}}}}}}
components:
  schemas:
    microsoft.graph.alert: {type: object, properties: {id: {type: string}, place: {type: object, properties: {city: {type: string}}}}}
    microsoft.graph.security.alert: {type: object, properties: {id: {type: string}, place: {type: object, properties: {street: {type: string}}}}}
    microsoft.graph.alertPlace: {type: object, properties: {x: {type: string}}}
    microsoft.graph.userUpdate: {type: object, properties: {x: {type: string}}}
    microsoft.graph.user: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string, nullable: true}, old: {$ref: "#/components/schemas/microsoft.graph.userUpdate"}}}
    microsoft.graph.onlyBody: {type: object, properties: {x: {type: string}}}
    microsoft.graph.item: {type: object, properties: {id: {type: string}, parts: {type: array, items: {$ref: "#/components/schemas/microsoft.graph.item"}}}}
    microsoft.graph.file: {allOf: [{$ref: "#/components/schemas/microsoft.graph.item"}, {type: object, properties: {size: {type: integer}}}]}
"##;

fn generated(text: &str, selection: Selection) -> Generated {
    let settings = Settings::for_description("cargo test").select(selection);
    generate("names.yaml", text, &settings).unwrap_or_else(|problems| panic!("{problems}"))
}

fn operations(whole: &Generated) -> Vec<String> {
    let operations = whole.model().operations.iter();
    operations
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect()
}

/// The items of a part that the whole lacks.
fn third_party(text: &str, whole: &BTreeSet<String>, chosen: &[&String]) -> Vec<String> {
    let selection = chosen.iter().fold(
        Selection::new().navigation(Navigation::LeaveOut),
        |selection, one| selection.operation(one.as_str()),
    );
    let slice = generated(text, selection).plan().surface();
    let lines = slice.lines().map(str::to_owned);
    lines.filter(|line| !whole.contains(line)).collect()
}

#[test]
fn every_part_has_the_names_and_items_of_the_whole() {
    let whole = generated(MEETING, Selection::new().navigation(Navigation::LeaveOut));
    let items: BTreeSet<String> = whole.plan().surface().lines().map(str::to_owned).collect();
    let operations = operations(&whole);
    assert_eq!(operations.len(), 8);
    for subset in 1_u32..(1 << operations.len()) {
        let chosen: Vec<&String> = operations
            .iter()
            .enumerate()
            .filter(|(index, _)| subset & (1 << index) != 0)
            .map(|(_, operation)| operation)
            .collect();
        let third_party = third_party(MEETING, &items, &chosen);
        assert!(
            third_party.is_empty(),
            "{chosen:?} has what the whole has not: {third_party:#?}"
        );
    }
}

/// Parts of Microsoft's own description, if it is beside the checkout.
#[test]
fn parts_of_real_descriptions_have_the_names_and_items_of_the_whole() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/upstream/modules/v1.0-Mail.yml"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {path} is not there").unwrap();
        return;
    };
    let whole = generated(&text, Selection::new().navigation(Navigation::LeaveOut));
    let items: BTreeSet<String> = whole.plan().surface().lines().map(str::to_owned).collect();
    let operations = operations(&whole);
    for chosen in operations.iter().step_by(9) {
        let third_party = third_party(&text, &items, &[chosen]);
        assert!(
            third_party.is_empty(),
            "{chosen} has what the whole has not: {third_party:#?}"
        );
    }
}
