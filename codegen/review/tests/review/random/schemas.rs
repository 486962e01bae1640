//! Random schemas with every keyword of OpenAPI 3.0, and those of JSON Schema in later versions.

use serde_json::{Map, Value, json};

use super::{Dice, Version};

pub(crate) const NAMES: [&str; 5] = ["Lamp", "Desk", "Door", "Rack", "Badge"];
const FIELDS: [&str; 5] = ["name", "size", "owner", "note", "colour"];

pub(crate) fn reference(dice: &mut Dice) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", dice.pick(&NAMES))})
}

/// A schema with any of the version's constructs.
pub(crate) fn schema(dice: &mut Dice, version: Version, depth: usize) -> Value {
    let mut schema = match dice.below(if depth == 0 { 7 } else { 13 }) {
        0 | 1 => text(dice, version),
        2 => numeric(dice, version),
        3 => json!({"type": "boolean"}),
        4 => return referring(dice, version),
        5 => enumeration(dice, version),
        6 => json!({}),
        7 => list(dice, version, depth - 1),
        8 => object(dice, version, depth - 1),
        9 => json!({"type": "object", "additionalProperties": schema(dice, version, depth - 1)}),
        10 => choice(dice, version, depth - 1),
        11 => parts(dice, version, depth - 1),
        _ => beyond(dice, version, depth - 1),
    };
    beside(dice, version, &mut schema);
    schema
}

/// A schema with a form of its own, such as a named one: a mere reference could lead back to itself.
pub(crate) fn named(dice: &mut Dice, version: Version) -> Value {
    if dice.chance(60) {
        let mut object = object(dice, version, 1);
        beside(dice, version, &mut object);
        return object;
    }
    let schema = schema(dice, version, 1);
    match schema.get("$ref").is_some() || schema.get("allOf").is_some() {
        true => text(dice, version),
        false => schema,
    }
}

/// A reference, and from 3.1 on keywords beside it.
fn referring(dice: &mut Dice, version: Version) -> Value {
    let mut schema = reference(dice);
    if version > Version::V30 && dice.chance(30) {
        match dice.below(3) {
            0 => schema["description"] = json!("What it is here"),
            1 => schema["deprecated"] = json!(true),
            _ => schema["maxProperties"] = json!(9),
        }
    }
    schema
}

fn text(dice: &mut Dice, version: Version) -> Value {
    let mut schema = json!({"type": "string"});
    if dice.chance(30) {
        schema["maxLength"] = json!(10 + dice.below(50));
    }
    if dice.chance(10) {
        schema["minLength"] = json!(1 + dice.below(5));
    }
    if dice.chance(15) {
        schema["pattern"] = json!(dice.pick(&["^[a-z]+$", ".*"]));
    }
    if dice.chance(20) {
        schema["format"] = json!(dice.pick(&["date-time", "uuid", "byte", "binary"]));
    }
    if version > Version::V30 && dice.chance(8) {
        schema["contentMediaType"] = json!("image/png");
        schema["contentEncoding"] = json!("base64");
    }
    typed(dice, version, schema)
}

fn numeric(dice: &mut Dice, version: Version) -> Value {
    let mut schema = json!({"type": dice.pick(&["integer", "number"])});
    if dice.chance(30) {
        schema["minimum"] = json!(dice.below(10));
    }
    if dice.chance(30) {
        schema["maximum"] = json!(100 + dice.below(10));
    }
    if dice.chance(15) {
        schema["multipleOf"] = json!(dice.pick(&[2, 3]));
    }
    if dice.chance(15) {
        let key = dice.pick(&["exclusiveMinimum", "exclusiveMaximum"]);
        schema[key] = match version {
            Version::V30 => json!(true),
            _ => json!(dice.below(200)),
        };
    }
    if dice.chance(20) {
        schema["format"] = json!(dice.pick(&["int32", "int64", "double", "float"]));
    }
    typed(dice, version, schema)
}

/// From 3.1 on a type may be a list of types.
fn typed(dice: &mut Dice, version: Version, mut schema: Value) -> Value {
    if version > Version::V30 && dice.chance(25) {
        let kind = schema["type"].clone();
        schema["type"] = match dice.below(3) {
            0 => json!([kind]),
            1 => json!([kind, "null"]),
            _ => json!([kind, "boolean"]),
        };
    }
    schema
}

fn enumeration(dice: &mut Dice, version: Version) -> Value {
    let mut schema = match dice.below(4) {
        0 => json!({"type": "integer", "enum": [1, 2, 3]}),
        1 => json!({"enum": ["a", 1, null, {"b": [true]}]}),
        2 if version > Version::V30 => json!({"const": dice.pick(&["a", "b"])}),
        _ => json!({"type": "string", "enum": ["a", "b", "c"]}),
    };
    if dice.chance(15) {
        schema["x-ms-enum"] = json!({
            "name": "letters", "modelAsString": dice.chance(50),
            "values": [{"value": "a", "description": "The first"}, {"value": "b", "name": "bee"}],
        });
    }
    if dice.chance(5) {
        schema["x-ms-enum-flags"] = json!({"isFlags": true});
    }
    schema
}

fn list(dice: &mut Dice, version: Version, depth: usize) -> Value {
    let mut list = json!({"type": "array", "items": schema(dice, version, depth)});
    if dice.chance(30) {
        list["minItems"] = json!(1);
    }
    if dice.chance(20) {
        list["maxItems"] = json!(5 + dice.below(5));
    }
    if dice.chance(15) {
        list["uniqueItems"] = json!(true);
    }
    if version > Version::V30 && dice.chance(25) {
        list["prefixItems"] = json!([{"type": "string"}, reference(dice)]);
    }
    if version > Version::V30 && dice.chance(15) {
        list["contains"] = json!({"type": "integer"});
        list["minContains"] = json!(1);
        list["maxContains"] = json!(2);
    }
    if version > Version::V30 && dice.chance(8) {
        list["unevaluatedItems"] = json!(false);
    }
    list
}

pub(crate) fn object(dice: &mut Dice, version: Version, depth: usize) -> Value {
    let mut properties = Map::new();
    for field in FIELDS {
        if dice.chance(40) {
            properties.insert(field.to_owned(), schema(dice, version, depth));
        }
    }
    let required: Vec<&str> = FIELDS.into_iter().filter(|_| dice.chance(15)).collect();
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    match dice.below(12) {
        0 => object["additionalProperties"] = json!(false),
        1 => object["additionalProperties"] = json!({"type": "object"}),
        2 => object["additionalProperties"] = json!({"type": "string"}),
        3 => object["maxProperties"] = json!(8),
        4 => object["minProperties"] = json!(1),
        5 => object["discriminator"] = discriminator(dice, version),
        _ => {}
    }
    if version > Version::V30 {
        match dice.below(14) {
            0 => object["patternProperties"] = json!({"^x": schema(dice, version, 0)}),
            1 => object["propertyNames"] = json!({"pattern": "^[a-z]"}),
            2 => object["unevaluatedProperties"] = json!(false),
            3 => object["dependentRequired"] = json!({"name": ["size"]}),
            4 => object["dependentSchemas"] = json!({"name": {"required": ["note"]}}),
            5 => object["$defs"] = json!({"inner": {"type": "string"}}),
            6 => {
                object["if"] = json!({"required": ["name"]});
                object["then"] = json!({"required": ["size"]});
                object["else"] = json!({"maxProperties": 3});
            }
            _ => {}
        }
    }
    object
}

fn discriminator(dice: &mut Dice, version: Version) -> Value {
    let mut discriminator = json!({"propertyName": "kind"});
    if dice.chance(70) {
        discriminator["mapping"] = json!({"lamp": "#/components/schemas/Lamp", "desk": "Desk"});
    }
    if version >= Version::V32 && dice.chance(30) {
        discriminator["defaultMapping"] = json!("#/components/schemas/Door");
    }
    discriminator
}

fn choice(dice: &mut Dice, version: Version, depth: usize) -> Value {
    let alternatives: Vec<Value> = (0..1 + dice.below(3))
        .map(|_| schema(dice, version, depth))
        .collect();
    let keyword = dice.pick(&["oneOf", "anyOf"]);
    let mut choice = json!({keyword: alternatives});
    match dice.below(8) {
        0 => choice["discriminator"] = discriminator(dice, version),
        1 => choice["properties"] = json!({"note": schema(dice, version, 0)}),
        2 => choice["type"] = json!("object"),
        3 => {
            let other = if keyword == "oneOf" { "anyOf" } else { "oneOf" };
            choice[other] = json!([schema(dice, version, 0), reference(dice)]);
        }
        4 => choice["allOf"] = json!([schema(dice, version, 0)]),
        _ => {}
    }
    choice
}

fn parts(dice: &mut Dice, version: Version, depth: usize) -> Value {
    let mut all = json!({"allOf": [reference(dice), object(dice, version, depth)]});
    match dice.below(6) {
        0 => all["allOf"] = json!([reference(dice)]),
        1 => all["allOf"] = json!([schema(dice, version, depth), schema(dice, version, depth)]),
        2 => all["properties"] = json!({"extra": schema(dice, version, 0)}),
        3 => all["required"] = json!(["name"]),
        _ => {}
    }
    all
}

/// Rare keywords.
fn beyond(dice: &mut Dice, version: Version, depth: usize) -> Value {
    match dice.below(if version > Version::V30 { 6 } else { 3 }) {
        0 => json!({"not": schema(dice, version, depth)}),
        1 => json!({"type": "object", "required": ["undeclared"]}),
        2 => json!({"properties": {"untyped": schema(dice, version, depth)}}),
        3 => json!(dice.chance(50)),
        4 => json!({"type": ["string", "integer", "object"], "maxLength": 5}),
        _ => json!({"$id": "https://desk.example/inner", "$comment": "Why", "type": "string"}),
    }
}

/// Keywords beside a type.
fn beside(dice: &mut Dice, version: Version, schema: &mut Value) {
    if !schema.is_object() {
        return;
    }
    for (percent, key, value) in [
        (12, "description", json!("What it is")),
        (4, "title", json!("A thing")),
        (8, "x-colour", json!({"shade": 1})),
        (5, "example", json!({"a": [1, 2], "$ref": "no reference"})),
        (5, "deprecated", json!(true)),
        (5, "readOnly", json!(true)),
        (4, "writeOnly", json!(true)),
        (5, "default", json!("a")),
        (
            3,
            "externalDocs",
            json!({"url": "https://desk.example/more", "description": "More"}),
        ),
        (3, "xml", json!({"name": "thing", "attribute": true})),
        (2, "x-ms-discriminator-value", json!("lamp")),
    ] {
        if dice.chance(percent) {
            schema[key] = value;
        }
    }
    match version {
        Version::V30 if dice.chance(10) => schema["nullable"] = json!(true),
        Version::V31 | Version::V32 if dice.chance(5) => {
            schema["examples"] = json!(["a", {"b": 1}]);
        }
        _ => {}
    }
}
