//! Random documents, each of them small, so that many differ.

use serde_json::{Map, Value, json};

use super::operations::{body, callback, media_type, operation, parameter, response};
use super::schemas::{NAMES, named};
use super::shared::{example, header, link, security_schemes, servers};
use super::{Dice, Version};

pub(crate) fn document(dice: &mut Dice) -> Value {
    let version = match dice.below(10) {
        0..=4 => Version::V30,
        5..=7 => Version::V31,
        _ => Version::V32,
    };
    let mut document = json!({
        "openapi": version.text(),
        "info": info(dice, version),
        "paths": paths(dice, version),
        "components": components(dice, version),
    });
    for (percent, key, value) in [
        (50, "servers", servers(dice, version)),
        (40, "security", json!([{"key": []}])),
        (15, "security", json!([{"sign": ["read"]}, {}])),
        (30, "tags", tags(dice, version)),
        (
            20,
            "externalDocs",
            json!({"url": "https://desk.example/docs", "description": "More"}),
        ),
        (20, "x-origin", json!({"by": ["a", "b"]})),
    ] {
        if dice.chance(percent) {
            document[key] = value;
        }
    }
    if version > Version::V30 {
        if dice.chance(30) {
            document["webhooks"] =
                json!({"changed": {"post": operation(dice, version, "changed")}});
        }
        if dice.chance(10) {
            document["jsonSchemaDialect"] = json!("https://json-schema.org/draft/2020-12/schema");
        }
    }
    document
}

fn info(dice: &mut Dice, version: Version) -> Value {
    let mut info = json!({"title": "Desk", "version": "1"});
    for (percent, key, value) in [
        (20, "description", json!("What it offers")),
        (
            15,
            "contact",
            json!({"name": "Somebody", "url": "https://desk.example", "email": "a@desk.example"}),
        ),
        (10, "termsOfService", json!("https://desk.example/terms")),
        (
            15,
            "license",
            json!({"name": "MIT", "url": "https://desk.example/mit"}),
        ),
    ] {
        if dice.chance(percent) {
            info[key] = value;
        }
    }
    if version > Version::V30 && dice.chance(20) {
        info["summary"] = json!("In short");
        info["license"] = json!({"name": "MIT", "identifier": "MIT"});
    }
    info
}

fn tags(dice: &mut Dice, version: Version) -> Value {
    let mut tag = json!({"name": "one", "description": "The first"});
    if dice.chance(30) {
        tag["externalDocs"] = json!({"url": "https://desk.example/one"});
    }
    if version >= Version::V32 {
        tag["summary"] = json!("One");
        tag["kind"] = json!("nav");
        tag["parent"] = json!("two");
    }
    json!([tag, {"name": "two"}])
}

fn paths(dice: &mut Dice, version: Version) -> Value {
    let method = dice.pick(&[
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ]);
    let mut things = json!({method: operation(dice, version, "things")});
    for (percent, key, value) in [
        (20, "summary", json!("Things")),
        (15, "description", json!("All of them")),
        (15, "servers", servers(dice, version)),
        (
            20,
            "parameters",
            json!([parameter(dice, version, "common")]),
        ),
    ] {
        if dice.chance(percent) {
            things[key] = value;
        }
    }
    if version >= Version::V32 && dice.chance(30) {
        things["query"] = operation(dice, version, "search");
        things["additionalOperations"] = json!({"COPY": operation(dice, version, "copy")});
    }
    let mut paths = json!({"/things": things});
    if dice.chance(60) {
        paths["/things/{thing}"] = json!({
            "parameters": [{"name": "thing", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": operation(dice, version, "show"),
        });
    }
    if version > Version::V30 && dice.chance(20) {
        paths["/shared"] = json!({"$ref": "#/components/pathItems/Shared"});
    }
    if dice.chance(8) {
        paths["x-paths"] = json!([1]);
    }
    paths
}

/// Referenced parts must exist; the unused rest is removed.
fn components(dice: &mut Dice, version: Version) -> Value {
    let schemas: Map<String, Value> = NAMES
        .iter()
        .map(|name| ((*name).to_owned(), named(dice, version)))
        .collect();
    let mut components = json!({
        "schemas": schemas,
        "parameters": {"Trace": parameter(dice, version, "trace")},
        "headers": {"Wait": header(dice, version)},
        "responses": {"Gone": response(dice, version)},
        "requestBodies": {"Shared": body(dice, version)},
        "examples": {"One": example(dice, version)},
        "links": {"Follow": link(dice)},
        "callbacks": {"Shared": callback(dice, version)},
        "securitySchemes": security_schemes(dice, version),
    });
    if version > Version::V30 {
        components["pathItems"] =
            json!({"Shared": {"get": operation(dice, version, "shared"), "summary": "Shared"}});
    }
    if version >= Version::V32 {
        components["mediaTypes"] = json!({"Shared": media_type(dice, version)});
    }
    if dice.chance(10) {
        components["x-note"] = json!("a");
    }
    components
}
