//! Edits of operations and of document-wide parts, and the expected finding of each.

use graph_client_review::RustBasis;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edits::{Edit, at, edit, found};
use crate::support::{line, review_json, sample};

/// Operations that are added, removed, moved, or get another id.
pub(crate) fn operation() -> impl Strategy<Value = Edit> {
    ("zz[a-z]{4,8}", 0..3_usize).prop_map(|(name, which)| match which {
        0 => {
            let path = format!("/{name}");
            let there = found("compatible/additive", format!("operation-added GET {path}: +{name}"));
            let back = found("breaking/breaking", format!("operation-removed GET {path}: -{name}"));
            edit(
                "operations",
                move |document| {
                    at(document, "/paths")[&path] =
                        json!({"get": {"operationId": name, "responses": {"204": {"description": "Nothing"}}}});
                },
                there,
                back,
            )
        }
        1 => {
            let there = format!("operation-renamed GET /tickets/{{ticket-id}}: tickets_GetTicket -> {name}Ticket");
            let back = format!("operation-renamed GET /tickets/{{ticket-id}}: {name}Ticket -> tickets_GetTicket");
            edit(
                "get",
                move |document| {
                    at(document, "/paths/~1tickets~1{ticket-id}/get")["operationId"] = json!(format!("{name}Ticket"));
                },
                found("none/breaking", there),
                found("none/breaking", back),
            )
        }
        _ => {
            let (old, new) = ("POST /tickets/{ticket-id}/notes", format!("POST /tickets/{{ticket-id}}/{name}"));
            let there = found("breaking/none", format!("operation-moved {new}: {old} -> {new}"));
            let back = found("breaking/none", format!("operation-moved {old}: {new} -> {old}"));
            edit(
                "notes",
                move |document| {
                    let paths = at(document, "/paths").as_object_mut().unwrap();
                    let item = paths.remove("/tickets/{ticket-id}/notes").unwrap();
                    paths.insert(format!("/tickets/{{ticket-id}}/{name}"), item);
                },
                there,
                back,
            )
        }
    })
}

/// Parameters, shared and not.
pub(crate) fn parameter() -> impl Strategy<Value = Edit> {
    const LIST: &str = "/paths/~1tickets/get/parameters";
    const TOP: &str = "/components/parameters/top";
    let select_of = |document: &mut Value, change: &dyn Fn(&mut Value)| {
        change(at(document, "/paths/~1tickets/get/parameters/1"));
        change(at(
            document,
            "/paths/~1tickets~1{ticket-id}/get/parameters/0",
        ));
    };
    (0..8_usize).prop_map(move |which| match which {
        0 => edit(
            "list",
            |document| {
                let parameters = at(document, LIST).as_array_mut().unwrap();
                parameters.push(json!({"name": "$skip", "in": "query", "schema": {"type": "integer", "minimum": 0}}));
            },
            "compatible/additive parameter-added GET /tickets $skip: +query integer",
            "breaking/breaking parameter-removed GET /tickets $skip: -query integer",
        ),
        1 => edit(
            "list",
            |document| {
                let parameters = at(document, LIST).as_array_mut().unwrap();
                parameters.push(json!({"name": "scope", "in": "query", "required": true, "schema": {"type": "string"}}));
            },
            "breaking/additive parameter-added GET /tickets scope (required): +query string",
            "breaking/breaking parameter-removed GET /tickets scope: -query string",
        ),
        2 => edit(
            "list",
            |document| at(document, LIST)[2]["name"] = json!("x-trace"),
            "breaking/breaking parameter-renamed GET /tickets x-trace: trace -> x-trace",
            "breaking/breaking parameter-renamed GET /tickets trace: x-trace -> trace",
        ),
        3 => edit(
            "list",
            |document| at(document, LIST)[2]["required"] = json!(true),
            "breaking/none parameter-required-changed GET /tickets trace: optional -> required",
            "compatible/none parameter-required-changed GET /tickets trace: required -> optional",
        ),
        4 => edit(
            "top",
            |document| at(document, TOP)["schema"] = json!({"type": "string"}),
            "compatible/breaking parameter-type-changed $top: integer -> string",
            "breaking/breaking parameter-type-changed $top: string -> integer",
        ),
        5 => edit(
            "select",
            move |document| select_of(document, &|parameter| parameter["schema"]["items"] = json!({"type": "string"})),
            "compatible/none parameter-enum-dropped $select: one of 3 values -> string",
            "breaking/none parameter-enum-introduced $select: string -> one of 3 values",
        ),
        6 => edit(
            "select",
            move |document| {
                select_of(document, &|parameter| {
                    parameter["schema"]["items"]["enum"].as_array_mut().unwrap().push(json!("urgency"));
                });
            },
            "compatible/none parameter-enum-changed $select: +urgency",
            "breaking/none parameter-enum-changed $select: -urgency",
        ),
        _ => edit(
            "top",
            |document| at(document, TOP)["schema"]["maximum"] = json!(50),
            "breaking/none bounds-changed $top (maximum): 500 -> 50",
            "compatible/none bounds-changed $top (maximum): 50 -> 500",
        ),
    })
}

/// Bodies and responses.
pub(crate) fn body() -> impl Strategy<Value = Edit> {
    const PATCH: &str = "/paths/~1tickets~1{ticket-id}/patch";
    const NOTES: &str = "/paths/~1tickets~1{ticket-id}~1notes/post";
    (0..5_usize).prop_map(|which| match which {
        0 => edit(
            "patch",
            |document| at(document, PATCH)["requestBody"]["required"] = json!(true),
            "breaking/breaking request-body-required-changed PATCH /tickets/{ticket-id}: optional -> required",
            "compatible/breaking request-body-required-changed PATCH /tickets/{ticket-id}: required -> optional",
        ),
        1 => edit(
            "notes",
            |document| {
                at(document, NOTES)["responses"]["204"]["content"] =
                    json!({"application/json": {"schema": {"$ref": "#/components/schemas/desk.note"}}});
            },
            "compatible/breaking response-body-added POST /tickets/{ticket-id}/notes: +Note",
            "breaking/breaking response-body-removed POST /tickets/{ticket-id}/notes: -Note",
        ),
        2 => edit(
            "notes",
            |document| {
                let responses = at(document, NOTES)["responses"].as_object_mut().unwrap();
                let response = responses.remove("204").unwrap();
                responses.insert("202".to_owned(), response);
            },
            "breaking/none response-status-changed POST /tickets/{ticket-id}/notes: 204 -> 202",
            "breaking/none response-status-changed POST /tickets/{ticket-id}/notes: 202 -> 204",
        ),
        3 => edit(
            "patch",
            |document| {
                at(document, PATCH)["responses"]["2XX"]["headers"] = json!({"ETag": {"schema": {"type": "string"}}});
            },
            "compatible/none response-header-added PATCH /tickets/{ticket-id} (ETag): +ETag",
            "breaking/none response-header-removed PATCH /tickets/{ticket-id} (ETag): -ETag",
        ),
        _ => edit(
            "get",
            |document| {
                let get = at(document, "/paths/~1tickets~1{ticket-id}/get");
                get["responses"]["2XX"]["content"]["application/json"]["schema"] =
                    json!({"$ref": "#/components/schemas/desk.note"});
            },
            "breaking/breaking response-type-changed GET /tickets/{ticket-id}: Ticket -> Note",
            "breaking/breaking response-type-changed GET /tickets/{ticket-id}: Note -> Ticket",
        ),
    })
}

/// Document-wide parts, and permissions.
pub(crate) fn global() -> impl Strategy<Value = Edit> {
    (0..7_usize).prop_map(|which| match which {
        6 => edit(
            "item",
            |document| at(document, "/paths/~1tickets~1{ticket-id}")["description"] = json!("One ticket"),
            "none/none docs-changed /tickets/{ticket-id} (description)",
            "none/none docs-changed /tickets/{ticket-id} (description)",
        ),
        0 => edit(
            "servers",
            |document| document["servers"].as_array_mut().unwrap().push(json!({"url": "https://other.example"})),
            "compatible/none server-added server https://other.example: +https://other.example",
            "breaking/none server-removed server https://other.example: -https://other.example",
        ),
        1 => edit(
            "servers",
            |document| document["servers"][0]["url"] = json!("https://desk.example/v1"),
            "breaking/none server-changed server https://desk.example/v1: https://desk.example/beta -> https://desk.example/v1",
            "breaking/none server-changed server https://desk.example/beta: https://desk.example/v1 -> https://desk.example/beta",
        ),
        2 => edit(
            "security",
            |document| document["security"] = json!([{"desk": ["Ticket.Read", "Ticket.All"]}]),
            "breaking/none scopes-changed security: desk(Ticket.Read) -> desk(Ticket.All, Ticket.Read)",
            "compatible/none scopes-changed security: desk(Ticket.All, Ticket.Read) -> desk(Ticket.Read)",
        ),
        3 => edit(
            "patch",
            |document| {
                let patch = at(document, "/paths/~1tickets~1{ticket-id}/patch");
                patch["x-graph-permissions"]["delegated"]["higher"] = json!([]);
            },
            "breaking/none scopes-changed PATCH /tickets/{ticket-id} (x-graph-permissions): delegated higher Desk.Manage, delegated least Ticket.Write -> delegated least Ticket.Write",
            "compatible/none scopes-changed PATCH /tickets/{ticket-id} (x-graph-permissions): delegated least Ticket.Write -> delegated higher Desk.Manage, delegated least Ticket.Write",
        ),
        4 => edit(
            "get",
            |document| at(document, "/paths/~1tickets~1{ticket-id}/get")["deprecated"] = json!(true),
            "none/additive deprecation-changed GET /tickets/{ticket-id}: in use -> deprecated",
            "none/additive deprecation-changed GET /tickets/{ticket-id}: deprecated -> in use",
        ),
        _ => edit(
            "get",
            |document| at(document, "/paths/~1tickets~1{ticket-id}/get")["summary"] = json!("Look at a ticket"),
            "none/none docs-changed GET /tickets/{ticket-id} (summary)",
            "none/none docs-changed GET /tickets/{ticket-id} (summary)",
        ),
    })
}

/// The generator does not support all of these parts: then names decide, and the review says so.
#[test]
fn descriptions_that_the_generator_refuses_are_judged_by_names() {
    let explode: fn(&mut Value) = |head| {
        at(head, "/paths/~1tickets/get/parameters/1")["explode"] = json!(true);
        at(head, "/paths/~1tickets~1{ticket-id}/get/parameters/0")["explode"] = json!(true);
    };
    let callbacks: fn(&mut Value) = |head| {
        at(head, "/components")["callbacks"] = json!({"heard": {}});
    };
    for (apply, there, back) in [
        (
            explode,
            "breaking/none parameter-style-changed $select: form, in one value -> form, exploded",
            "breaking/none parameter-style-changed $select: form, exploded -> form, in one value",
        ),
        (
            callbacks,
            "none/none component-added callbacks heard: +heard",
            "none/none component-removed callbacks heard: -heard",
        ),
    ] {
        let base = sample();
        let mut head = base.clone();
        apply(&mut head);
        at(&mut head, "/components/schemas/desk.person/properties")["phone"] =
            json!({"type": "string"});
        for (base, head, expected) in [
            (
                &base,
                &head,
                [
                    there,
                    "compatible/additive property-added Person.phone: +string",
                ],
            ),
            (
                &head,
                &base,
                [
                    back,
                    "breaking/breaking property-removed Person.phone: -string",
                ],
            ),
        ] {
            let review = review_json(base, head);
            let found: Vec<String> = review.findings.iter().map(line).collect();
            assert!(
                found.len() == 2
                    && expected
                        .iter()
                        .all(|line| found.iter().any(|found| found == line)),
                "{found:#?}"
            );
            match &review.rust.basis {
                RustBasis::Names(reason) => {
                    assert!(reason.contains("the generator refuses"), "{reason}")
                }
                basis => panic!("{basis:?}"),
            }
        }
    }
}
