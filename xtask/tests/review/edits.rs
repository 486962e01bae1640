//! Random edits of a description: each is found, once, with the right axes; and so is the same edit made backwards.

use graph_incidents_codegen::review::RustBasis;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::support::{line, review_json, sample};

/// What an edit should be found as, forwards and backwards.
struct Edit {
    apply: Box<dyn Fn(&mut Value)>,
    there: String,
    back: String,
    /// Edits of one group are not made together: they would change each other's findings.
    group: String,
}

fn edit(
    group: &str,
    apply: impl Fn(&mut Value) + 'static,
    there: impl Into<String>,
    back: impl Into<String>,
) -> Edit {
    Edit {
        apply: Box::new(apply),
        there: there.into(),
        back: back.into(),
        group: group.to_owned(),
    }
}

/// The properties that are edited: schema, pointer to its `properties`, name of the type, and whether its values are
/// sent to the service (or else read from it; none of these is both).
const SENT: [(&str, &str, &str); 2] = [
    (
        "ticketCreate",
        "/components/schemas/desk.ticketCreate",
        "TicketCreate",
    ),
    (
        "ticketUpdate",
        "/components/schemas/desk.ticketUpdate",
        "TicketUpdate",
    ),
];
const READ: [(&str, &str, &str); 5] = [
    (
        "ticket",
        "/components/schemas/desk.ticket/allOf/1",
        "Ticket",
    ),
    (
        "computerThing",
        "/components/schemas/desk.computerThing/allOf/1",
        "ComputerThing",
    ),
    (
        "mailThing",
        "/components/schemas/desk.mailThing/allOf/1",
        "MailThing",
    ),
    ("person", "/components/schemas/desk.person", "Person"),
    ("thing", "/components/schemas/desk.thing", "Thing"),
];

fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer} is not there"))
}

fn names(pointer: &str) -> Vec<String> {
    let sample = sample();
    let properties = sample.pointer(&format!("{pointer}/properties")).unwrap();
    properties.as_object().unwrap().keys().cloned().collect()
}

/// `kind subject: change`, behind the axes.
fn found(axes: &str, text: String) -> String {
    format!("{axes} {text}")
}

/// A property that is new, of a simple type, read or sent.
fn new_property() -> impl Strategy<Value = Edit> {
    let types = select(vec![
        (json!({"type": "string", "nullable": true}), "string?"),
        (json!({"type": "boolean"}), "boolean"),
        (json!({"type": "integer", "format": "int64"}), "int64"),
        (
            json!({"type": "string", "format": "date-time"}),
            "date-time",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            "[string]",
        ),
        (json!({"$ref": "#/components/schemas/desk.state"}), "State"),
    ]);
    let places = select([READ.as_slice(), SENT.as_slice()].concat());
    ("zz[a-z]{4,8}", types, places).prop_map(
        |(name, (schema, text), (group, pointer, type_name))| {
            let there = found(
                "compatible/additive",
                format!("property-added {type_name}.{name}: +{text}"),
            );
            let back = found(
                "breaking/breaking",
                format!("property-removed {type_name}.{name}: -{text}"),
            );
            let pointer = format!("{pointer}/properties");
            edit(
                group,
                move |document| at(document, &pointer)[&name] = schema.clone(),
                there,
                back,
            )
        },
    )
}

/// A property of what is read that has another name, with the same content.
fn renamed_property() -> impl Strategy<Value = Edit> {
    (
        select(READ.to_vec()),
        any::<Index>(),
        select(vec!["Text", "Value", "2"]),
    )
        .prop_map(|((group, pointer, type_name), index, suffix)| {
            let names = names(pointer);
            let old = index.get(&names).clone();
            let new = format!("{old}{suffix}");
            let there = found(
                "breaking/breaking",
                format!("property-renamed {type_name}.{new}: {old} -> {new}"),
            );
            let back = found(
                "breaking/breaking",
                format!("property-renamed {type_name}.{old}: {new} -> {old}"),
            );
            let pointer = format!("{pointer}/properties");
            edit(
                group,
                move |document| {
                    let properties = at(document, &pointer).as_object_mut().unwrap();
                    let property = properties.remove(&old).unwrap();
                    properties.insert(new.clone(), property);
                },
                there,
                back,
            )
        })
}

/// A text that became a whole number.
fn other_type() -> impl Strategy<Value = Edit> {
    select(vec![
        (
            "mailThing",
            "/components/schemas/desk.mailThing/allOf/1/properties/sender",
            "MailThing.sender",
        ),
        (
            "person",
            "/components/schemas/desk.person/properties/name",
            "Person.name",
        ),
        (
            "person",
            "/components/schemas/desk.person/properties/mail",
            "Person.mail",
        ),
        (
            "ticketUpdate",
            "/components/schemas/desk.ticketUpdate/properties/subject",
            "TicketUpdate.subject",
        ),
    ])
    .prop_map(|(group, pointer, subject)| {
        edit(
            group,
            move |document| {
                at(document, pointer)["type"] = json!("integer");
            },
            found(
                "breaking/breaking",
                format!("property-type-changed {subject}: string? -> integer?"),
            ),
            found(
                "breaking/breaking",
                format!("property-type-changed {subject}: integer? -> string?"),
            ),
        )
    })
}

/// A format that went: more is read than before, and more may be sent.
fn format_dropped() -> impl Strategy<Value = Edit> {
    select(vec![
        (
            "thing",
            "/components/schemas/desk.thing/properties/seen",
            "Thing.seen",
            "date-time",
        ),
        (
            "ticket",
            "/components/schemas/desk.ticket/allOf/1/properties/opened",
            "Ticket.opened",
            "date-time",
        ),
        (
            "ticket",
            "/components/schemas/desk.ticket/allOf/1/properties/share",
            "Ticket.share",
            "double",
        ),
    ])
    .prop_map(|(group, pointer, subject, format)| {
        // A number is one Rust type, whatever its format; a text and a date are two.
        let rust = if format == "double" {
            "none"
        } else {
            "breaking"
        };
        edit(
            group,
            move |document| {
                at(document, pointer)
                    .as_object_mut()
                    .unwrap()
                    .remove("format");
            },
            found(
                &format!("breaking/{rust}"),
                format!("property-format-changed {subject}: {format} -> none"),
            ),
            found(
                &format!("compatible/{rust}"),
                format!("property-format-changed {subject}: none -> {format}"),
            ),
        )
    })
}

/// Null, where it was not, and no longer.
fn nullable() -> impl Strategy<Value = Edit> {
    let read = vec![
        (
            "thing",
            "/components/schemas/desk.thing/properties/seen",
            "Thing.seen",
            "date-time",
        ),
        (
            "ticket",
            "/components/schemas/desk.ticket/allOf/1/properties/closed",
            "Ticket.closed",
            "boolean",
        ),
        (
            "ticket",
            "/components/schemas/desk.ticket/allOf/1/properties/labels",
            "Ticket.labels",
            "[string?]",
        ),
    ];
    select(read).prop_map(|(group, pointer, subject, text)| {
        edit(
            group,
            move |document| at(document, pointer)["nullable"] = json!(true),
            found(
                "breaking/none",
                format!("property-nullable-changed {subject}: {text} -> {text}?"),
            ),
            found(
                "compatible/none",
                format!("property-nullable-changed {subject}: {text}? -> {text}"),
            ),
        )
    })
}

/// What the service demands of what it is sent, and promises of what it sends.
fn required() -> impl Strategy<Value = Edit> {
    let text = |subject: &str, from: &str, to: &str| {
        format!("property-required-changed {subject}: {from} -> {to}")
    };
    select(vec![
        (
            "ticketCreate",
            "/components/schemas/desk.ticketCreate",
            "TicketCreate",
            "state",
            true,
        ),
        (
            "thing",
            "/components/schemas/desk.thing",
            "Thing",
            "kind",
            false,
        ),
        (
            "person",
            "/components/schemas/desk.person",
            "Person",
            "mail",
            false,
        ),
    ])
    .prop_map(move |(group, pointer, type_name, name, is_sent)| {
        let subject = format!("{type_name}.{name}");
        let (there, back) = match is_sent {
            true => ("breaking/breaking", "compatible/breaking"),
            false => ("compatible/none", "breaking/none"),
        };
        edit(
            group,
            move |document| {
                let schema = at(document, pointer);
                match schema.get_mut("required") {
                    Some(Value::Array(names)) => names.push(json!(name)),
                    _ => schema["required"] = json!([name]),
                }
            },
            found(there, text(&subject, "optional", "required")),
            found(back, text(&subject, "required", "optional")),
        )
    })
}

/// What is said of a value beside its type.
fn facet() -> impl Strategy<Value = Edit> {
    let create = "/components/schemas/desk.ticketCreate/properties/subject";
    let name = "/components/schemas/desk.person/properties/name";
    select(vec![
        ("ticketCreate", create, "maxLength", json!(100), "breaking/none bounds-changed TicketCreate.subject (maxLength): 200 -> 100", "compatible/none bounds-changed TicketCreate.subject (maxLength): 100 -> 200"),
        ("ticketCreate", create, "minLength", json!(1), "breaking/none bounds-changed TicketCreate.subject (minLength): +1", "compatible/none bounds-changed TicketCreate.subject (minLength): -1"),
        ("ticketCreate", create, "pattern", json!("^a"), "breaking/none pattern-changed TicketCreate.subject (pattern): +^a", "compatible/none pattern-changed TicketCreate.subject (pattern): -^a"),
        ("ticketCreate", create, "default", json!("a"), "compatible/none default-changed TicketCreate.subject (default): +a", "compatible/none default-changed TicketCreate.subject (default): -a"),
        ("person", name, "maxLength", json!(100), "compatible/none bounds-changed Person.name (maxLength): +100", "breaking/none bounds-changed Person.name (maxLength): -100"),
        ("person", name, "pattern", json!("^a"), "compatible/none pattern-changed Person.name (pattern): +^a", "breaking/none pattern-changed Person.name (pattern): -^a"),
        ("person", name, "x-note", json!(1), "none/none extension-changed Person.name (x-note): +1", "none/none extension-changed Person.name (x-note): -1"),
        ("person", name, "description", json!("Who"), "none/none docs-changed Person.name (description)", "none/none docs-changed Person.name (description)"),
        ("ticketCreate", create, "readOnly", json!(true), "breaking/none property-read-only-changed TicketCreate.subject (readOnly): read and written -> read-only", "compatible/none property-read-only-changed TicketCreate.subject (readOnly): read-only -> read and written"),
    ])
    .prop_map(|(group, pointer, key, value, there, back)| {
        edit(group, move |document| at(document, pointer)[key] = value.clone(), there, back)
    })
}

/// Members of enumerations: `state` may grow and travels both ways, `urgency` is closed and is read.
fn member() -> impl Strategy<Value = Edit> {
    ("zz[a-z]{4,8}", any::<bool>(), any::<Index>()).prop_map(|(name, open, index)| {
        let (schema, type_name, axis) = match open {
            true => ("desk.state", "State", "compatible/additive"),
            false => ("desk.urgency", "Urgency", "breaking/additive"),
        };
        let back = if open {
            "breaking/breaking"
        } else {
            "compatible/breaking"
        };
        let pointer = format!("/components/schemas/{schema}/enum");
        let there = found(
            axis,
            format!("enum-member-added {type_name}.{name}: +{name}"),
        );
        let back = found(
            back,
            format!("enum-member-removed {type_name}.{name}: -{name}"),
        );
        edit(
            schema,
            move |document| {
                let members = at(document, &pointer).as_array_mut().unwrap();
                let place = index.index(members.len() + 1);
                members.insert(place, json!(name));
            },
            there,
            back,
        )
    })
}

fn renamed_member() -> impl Strategy<Value = Edit> {
    select(vec![
        ("desk.state", "State", "fresh", "breaking"),
        ("desk.state", "State", "waiting", "breaking"),
        ("desk.urgency", "Urgency", "middle", "breaking"),
    ])
    .prop_map(|(schema, type_name, old, wire)| {
        let new = format!("{old}Now");
        let pointer = format!("/components/schemas/{schema}/enum");
        let axes = format!("{wire}/breaking");
        let there = found(
            &axes,
            format!("enum-member-renamed {type_name}.{new}: {old} -> {new}"),
        );
        let back = found(
            &axes,
            format!("enum-member-renamed {type_name}.{old}: {new} -> {old}"),
        );
        edit(
            schema,
            move |document| {
                for member in at(document, &pointer).as_array_mut().unwrap() {
                    if member == old {
                        *member = json!(new);
                    }
                }
            },
            there,
            back,
        )
    })
}

fn openness() -> impl Strategy<Value = Edit> {
    Just(()).prop_map(|()| {
        edit(
            "desk.urgency",
            |document| {
                at(document, "/components/schemas/desk.urgency")["x-ms-enum"] =
                    json!({"modelAsString": true})
            },
            "breaking/none enum-opened Urgency: closed -> open",
            "compatible/none enum-closed Urgency: open -> closed",
        )
    })
}

/// Named schemas that come, go, or have another name.
fn schema() -> impl Strategy<Value = Edit> {
    ("zz[a-z]{4,8}", any::<bool>()).prop_map(|(name, is_rename)| match is_rename {
        false => {
            let mut letters = name.chars();
            let type_name =
                letters.next().unwrap().to_uppercase().collect::<String>() + letters.as_str();
            let there = found(
                "none/additive",
                format!("schema-added {type_name}: +{{word}}"),
            );
            let back = found(
                "none/breaking",
                format!("schema-removed {type_name}: -{{word}}"),
            );
            edit(
                "schemas",
                move |document| {
                    at(document, "/components/schemas")[format!("desk.{name}")] =
                        json!({"type": "object", "properties": {"word": {"type": "boolean"}}});
                },
                there,
                back,
            )
        }
        true => edit(
            "person",
            |document| {
                let text = document
                    .to_string()
                    .replace("desk.person", "desk.human.person");
                *document = serde_json::from_str(&text).unwrap();
                let schemas = at(document, "/components/schemas").as_object_mut().unwrap();
                assert!(schemas.contains_key("desk.human.person"));
            },
            "none/none schema-renamed Person: desk.person -> desk.human.person",
            "none/none schema-renamed Person: desk.human.person -> desk.person",
        ),
    })
}

/// Operations that come, go, move, or have another id.
fn operation() -> impl Strategy<Value = Edit> {
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
            let there = format!("operation-renamed GET /tickets/{{}}: tickets_GetTicket -> {name}Ticket");
            let back = format!("operation-renamed GET /tickets/{{}}: {name}Ticket -> tickets_GetTicket");
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
            let (old, new) = ("POST /tickets/{}/notes", format!("POST /tickets/{{}}/{name}"));
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
fn parameter() -> impl Strategy<Value = Edit> {
    const LIST: &str = "/paths/~1tickets/get/parameters";
    const TOP: &str = "/components/parameters/top";
    let select_of = |document: &mut Value, change: &dyn Fn(&mut Value)| {
        change(at(document, "/paths/~1tickets/get/parameters/1"));
        change(at(
            document,
            "/paths/~1tickets~1{ticket-id}/get/parameters/0",
        ));
    };
    (0..9_usize).prop_map(move |which| match which {
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
            move |document| select_of(document, &|parameter| parameter["explode"] = json!(true)),
            "breaking/none parameter-style-changed $select: form, in one value -> form, exploded",
            "breaking/none parameter-style-changed $select: form, exploded -> form, in one value",
        ),
        6 => edit(
            "select",
            move |document| select_of(document, &|parameter| parameter["schema"]["items"] = json!({"type": "string"})),
            "compatible/none parameter-enum-dropped $select: one of 3 values -> string",
            "breaking/none parameter-enum-introduced $select: string -> one of 3 values",
        ),
        7 => edit(
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

/// Bodies and answers.
fn body() -> impl Strategy<Value = Edit> {
    const PATCH: &str = "/paths/~1tickets~1{ticket-id}/patch";
    const NOTES: &str = "/paths/~1tickets~1{ticket-id}~1notes/post";
    (0..6_usize).prop_map(|which| match which {
        0 => edit(
            "patch",
            |document| at(document, PATCH)["requestBody"]["required"] = json!(true),
            "breaking/none request-body-required-changed PATCH /tickets/{}: optional -> required",
            "compatible/none request-body-required-changed PATCH /tickets/{}: required -> optional",
        ),
        1 => edit(
            "patch",
            |document| {
                let content = at(document, PATCH)["requestBody"]["content"].as_object_mut().unwrap();
                let json = content["application/json"].clone();
                content.insert("application/xml".to_owned(), json);
            },
            "compatible/none request-body-media-type-changed PATCH /tickets/{}: application/json -> application/json, application/xml",
            "breaking/none request-body-media-type-changed PATCH /tickets/{}: application/json, application/xml -> application/json",
        ),
        2 => edit(
            "notes",
            |document| {
                at(document, NOTES)["responses"]["204"]["content"] =
                    json!({"application/json": {"schema": {"$ref": "#/components/schemas/desk.note"}}});
            },
            "compatible/breaking response-body-added POST /tickets/{}/notes: +Note",
            "breaking/breaking response-body-removed POST /tickets/{}/notes: -Note",
        ),
        3 => edit(
            "notes",
            |document| {
                let responses = at(document, NOTES)["responses"].as_object_mut().unwrap();
                let response = responses.remove("204").unwrap();
                responses.insert("202".to_owned(), response);
            },
            "breaking/none response-status-changed POST /tickets/{}/notes: 204 -> 202",
            "breaking/none response-status-changed POST /tickets/{}/notes: 202 -> 204",
        ),
        4 => edit(
            "patch",
            |document| {
                at(document, PATCH)["responses"]["2XX"]["headers"] = json!({"ETag": {"schema": {"type": "string"}}});
            },
            "compatible/none response-header-added PATCH /tickets/{} (ETag): +ETag",
            "breaking/none response-header-removed PATCH /tickets/{} (ETag): -ETag",
        ),
        _ => edit(
            "get",
            |document| {
                let get = at(document, "/paths/~1tickets~1{ticket-id}/get");
                get["responses"]["2XX"]["content"]["application/json"]["schema"] =
                    json!({"$ref": "#/components/schemas/desk.note"});
            },
            "breaking/breaking response-type-changed GET /tickets/{}: Ticket -> Note",
            "breaking/breaking response-type-changed GET /tickets/{}: Note -> Ticket",
        ),
    })
}

/// What holds for all, and who may call.
fn global() -> impl Strategy<Value = Edit> {
    (0..6_usize).prop_map(|which| match which {
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
            "breaking/none scopes-changed security: desk(Ticket.All, Ticket.Read) -> desk(Ticket.Read)",
        ),
        3 => edit(
            "patch",
            |document| {
                let patch = at(document, "/paths/~1tickets~1{ticket-id}/patch");
                patch["x-graph-permissions"]["delegated"]["higher"] = json!([]);
            },
            "breaking/none scopes-changed PATCH /tickets/{} (x-graph-permissions): delegated higher Desk.Manage, delegated least Ticket.Write -> delegated least Ticket.Write",
            "compatible/none scopes-changed PATCH /tickets/{} (x-graph-permissions): delegated least Ticket.Write -> delegated higher Desk.Manage, delegated least Ticket.Write",
        ),
        4 => edit(
            "get",
            |document| at(document, "/paths/~1tickets~1{ticket-id}/get")["deprecated"] = json!(true),
            "none/additive deprecation-changed GET /tickets/{}: in use -> deprecated",
            "none/additive deprecation-changed GET /tickets/{}: deprecated -> in use",
        ),
        _ => edit(
            "get",
            |document| at(document, "/paths/~1tickets~1{ticket-id}/get")["summary"] = json!("Look at a ticket"),
            "none/none docs-changed GET /tickets/{} (summary)",
            "none/none docs-changed GET /tickets/{} (summary)",
        ),
    })
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        new_property(),
        renamed_property(),
        other_type(),
        format_dropped(),
        nullable(),
        required(),
        facet(),
        member(),
        renamed_member(),
        openness(),
        schema(),
        operation(),
        parameter(),
        body(),
        global(),
    ]
}

impl std::fmt::Debug for Edit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.there)
    }
}

/// Makes edits of different groups, and compares with what they should be found as.
fn check(edits: &[Edit]) {
    let base = sample();
    let mut head = base.clone();
    let mut groups = Vec::new();
    let (mut there, mut back) = (Vec::new(), Vec::new());
    for edit in edits {
        if groups.contains(&edit.group) {
            continue;
        }
        groups.push(edit.group.clone());
        (edit.apply)(&mut head);
        there.push(edit.there.clone());
        back.push(edit.back.clone());
    }
    for (base, head, mut expected) in [(&base, &head, there), (&head, &base, back)] {
        let review = review_json(base, head);
        assert_eq!(review.rust.basis, RustBasis::Generated);
        assert!(
            review.rust.other_items.is_empty(),
            "{:?}",
            review.rust.other_items
        );
        let mut found: Vec<String> = review.findings.iter().map(line).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
}

/// How many cases are tried; `PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(usual)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(100), ..ProptestConfig::default() })]

    #[test]
    fn an_edit_is_found_once_with_the_right_axes_there_and_back(edit in any_edit()) {
        check(&[edit]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(25), ..ProptestConfig::default() })]

    #[test]
    fn several_edits_are_found_each_once(edits in prop::collection::vec(any_edit(), 2..6)) {
        check(&edits);
    }
}
