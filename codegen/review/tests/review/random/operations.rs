//! Random operations: parameters, bodies, responses, callbacks, security and servers.

use serde_json::{Value, json};

use super::schemas::{object, schema};
use super::shared::{example, header, link, servers};
use super::{Dice, Version};

pub(crate) fn content(dice: &mut Dice, version: Version) -> Value {
    if version >= Version::V32 && dice.chance(10) {
        return json!({"application/json": {"$ref": "#/components/mediaTypes/Shared"}});
    }
    let mut content = json!({});
    if dice.chance(85) {
        content["application/json"] = media_type(dice, version);
    }
    match dice.below(8) {
        0 => content["multipart/form-data"] = form(dice, version),
        1 => {
            content["application/x-www-form-urlencoded"] = json!({
                "schema": object(dice, version, 0),
                "encoding": {"name": {"style": "spaceDelimited", "explode": true, "allowReserved": true}},
            });
        }
        2 => content["text/plain; charset=utf-8"] = json!({}),
        3 => content["image/*"] = json!({"schema": {"type": "string", "format": "binary"}}),
        4 if version >= Version::V32 => {
            content["application/jsonl"] = json!({"itemSchema": schema(dice, version, 1)});
        }
        5 if version >= Version::V32 => {
            content["multipart/mixed"] = json!({
                "prefixEncoding": [{"contentType": "image/png"}],
                "itemEncoding": {"contentType": "text/plain"},
            });
        }
        _ => {}
    }
    content
}

pub(crate) fn media_type(dice: &mut Dice, version: Version) -> Value {
    let mut media = json!({"schema": schema(dice, version, 2)});
    match dice.below(8) {
        0 => media["example"] = json!({"b": 1}),
        1 => {
            media["examples"] =
                json!({"one": example(dice, version), "two": {"$ref": "#/components/examples/One"}})
        }
        2 => media["x-note"] = json!("a"),
        _ => {}
    }
    media
}

fn form(dice: &mut Dice, version: Version) -> Value {
    json!({
        "schema": object(dice, version, 1),
        "encoding": {"name": {
            "contentType": dice.pick(&["image/png, image/gif", "image/png"]),
            "headers": {"X-Part": header(dice, version)},
        }},
    })
}

pub(crate) fn body(dice: &mut Dice, version: Version) -> Value {
    let mut body = json!({"content": content(dice, version)});
    if dice.chance(50) {
        body["required"] = json!(dice.chance(50));
    }
    if dice.chance(30) {
        body["description"] = json!("A body");
    }
    body
}

pub(crate) fn response(dice: &mut Dice, version: Version) -> Value {
    let mut response = json!({"description": "What comes back"});
    if dice.chance(75) {
        response["content"] = content(dice, version);
    }
    if dice.chance(25) {
        response["headers"] = json!({"X-Left": header(dice, version), "X-Shared": {"$ref": "#/components/headers/Wait"}});
    }
    if dice.chance(20) {
        response["links"] =
            json!({"next": link(dice), "other": {"$ref": "#/components/links/Follow"}});
    }
    if version >= Version::V32 && dice.chance(10) {
        response["summary"] = json!("In short");
    }
    response
}

/// One parameter of each location, with each of its kinds in turn.
pub(crate) fn parameter(dice: &mut Dice, version: Version, name: &str) -> Value {
    let mut parameter = match dice.below(9) {
        0 => {
            json!({"in": "query", "schema": schema(dice, version, 0), "allowEmptyValue": dice.chance(50)})
        }
        1 => {
            json!({"in": "query", "explode": dice.chance(50), "schema": {"type": "array", "items": {"type": "string"}}})
        }
        2 => {
            json!({"in": "query", "content": {"application/json": {"schema": object(dice, version, 1)}}})
        }
        3 => {
            json!({"in": "query", "style": "deepObject", "explode": true, "schema": object(dice, version, 0)})
        }
        4 => {
            json!({"in": "query", "style": dice.pick(&["pipeDelimited", "spaceDelimited"]), "schema": {"type": "array", "items": {"type": "integer"}}})
        }
        5 => json!({"in": "header", "style": "simple", "schema": schema(dice, version, 1)}),
        6 => json!({"in": "cookie", "schema": schema(dice, version, 0)}),
        7 if version >= Version::V32 => {
            json!({"in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": object(dice, version, 0)}}})
        }
        _ => {
            json!({"in": "query", "allowReserved": dice.chance(50), "schema": {"type": "string", "enum": ["a", "b"]}})
        }
    };
    parameter["name"] = json!(name);
    for (percent, key, value) in [
        (30, "required", json!(dice.chance(60))),
        (25, "description", json!("A parameter")),
        (8, "deprecated", json!(true)),
        (8, "example", json!("a")),
        (5, "x-note", json!({"a": 1})),
    ] {
        if dice.chance(percent) {
            parameter[key] = value;
        }
    }
    if parameter.get("example").is_none() && dice.chance(6) {
        parameter["examples"] = json!({"one": example(dice, version)});
    }
    parameter
}

pub(crate) fn operation(dice: &mut Dice, version: Version, id: &str) -> Value {
    let mut operation = json!({"operationId": id});
    let status = dice.pick(&["200", "201", "2XX"]);
    operation["responses"] = json!({status: response(dice, version)});
    for (percent, status, response) in [
        (40, "404", json!({"$ref": "#/components/responses/Gone"})),
        (30, "default", json!({"description": "Else"})),
        (15, "5XX", response(dice, version)),
        (15, "204", json!({"description": "Nothing"})),
    ] {
        if dice.chance(percent) {
            operation["responses"][status] = response;
        }
    }
    let names = ["top", "filter", "zone"];
    let mut parameters: Vec<Value> = (0..dice.below(3))
        .map(|index| parameter(dice, version, names[index]))
        .collect();
    if dice.chance(40) {
        parameters.push(json!({"$ref": "#/components/parameters/Trace"}));
    }
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    match dice.below(5) {
        0 | 1 => operation["requestBody"] = body(dice, version),
        2 => operation["requestBody"] = json!({"$ref": "#/components/requestBodies/Shared"}),
        _ => {}
    }
    for (percent, key, value) in [
        (30, "summary", json!("An operation")),
        (20, "description", json!("What it does")),
        (20, "tags", json!(["one", "two"])),
        (8, "deprecated", json!(true)),
        (
            8,
            "externalDocs",
            json!({"url": "https://desk.example/how"}),
        ),
        (10, "x-note", json!([1, 2])),
        (
            8,
            "x-graph-permissions",
            json!({"application": {"least": ["Desk.Read.All"], "more": ["Desk.ReadWrite.All"]}}),
        ),
        (8, "security", json!([])),
        (
            15,
            "security",
            json!([{"key": []}, {"sign": ["read", "write"], "key": []}]),
        ),
        (15, "servers", servers(dice, version)),
    ] {
        if dice.chance(percent) {
            operation[key] = value;
        }
    }
    match dice.below(8) {
        0 => operation["callbacks"] = json!({"done": callback(dice, version)}),
        1 => operation["callbacks"] = json!({"done": {"$ref": "#/components/callbacks/Shared"}}),
        _ => {}
    }
    operation
}

pub(crate) fn callback(dice: &mut Dice, version: Version) -> Value {
    json!({"{$request.body#/url}": {"post": {
        "requestBody": body(dice, version),
        "responses": {"204": {"description": "Heard"}, "400": response(dice, version)},
    }}})
}
