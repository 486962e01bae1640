//! Edits of schemas, and the expected finding of each.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::edits::{Edit, at, edit, found};
use crate::support::sample;

/// The edited properties: schema, pointer to its `properties`, name of the type, and whether its values are sent in
/// requests (or else in responses; none of these is in both).
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

fn names(pointer: &str) -> Vec<String> {
    let sample = sample();
    let properties = sample.pointer(&format!("{pointer}/properties")).unwrap();
    properties.as_object().unwrap().keys().cloned().collect()
}

/// A new property of a simple type, in requests or responses.
pub(crate) fn new_property() -> impl Strategy<Value = Edit> {
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
            // A body accepts undeclared properties, so a removed one is not refused there.
            let is_sent = SENT.iter().any(|(known, ..)| *known == group);
            let gone = if is_sent {
                "compatible/breaking"
            } else {
                "breaking/breaking"
            };
            let there = found(
                "compatible/additive",
                format!("property-added {type_name}.{name}: +{text}"),
            );
            let back = found(
                gone,
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

/// A property of a response with a new name and the same content.
pub(crate) fn renamed_property() -> impl Strategy<Value = Edit> {
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

/// A string that became an integer.
pub(crate) fn other_type() -> impl Strategy<Value = Edit> {
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

/// A removed format: responses can have more values than before, and so can requests.
pub(crate) fn format_dropped() -> impl Strategy<Value = Edit> {
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
        // A number is one Rust type, whatever its format; a string and a date are two.
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

/// Null, newly allowed and no longer allowed.
pub(crate) fn nullable() -> impl Strategy<Value = Edit> {
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

/// Required properties of requests and of responses.
pub(crate) fn required() -> impl Strategy<Value = Edit> {
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

/// Keywords beside the type of a value.
pub(crate) fn facet() -> impl Strategy<Value = Edit> {
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

/// Named schemas that are added, removed, or renamed.
pub(crate) fn schema() -> impl Strategy<Value = Edit> {
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
