//! Random parts that operations share: headers, links, examples, servers, security schemes.

use serde_json::{Value, json};

use super::schemas::schema;
use super::{Dice, Version};

pub(crate) fn header(dice: &mut Dice, version: Version) -> Value {
    let mut header = match dice.chance(85) {
        true => json!({"schema": schema(dice, version, 1)}),
        false => json!({"content": {"application/json": {"schema": schema(dice, version, 0)}}}),
    };
    for (percent, key, value) in [
        (40, "description", json!("A header")),
        (40, "required", json!(dice.chance(60))),
        (10, "deprecated", json!(true)),
        (10, "style", json!("simple")),
        (10, "explode", json!(true)),
        (8, "example", json!("a")),
    ] {
        if dice.chance(percent) {
            header[key] = value;
        }
    }
    header
}

pub(crate) fn link(dice: &mut Dice) -> Value {
    let mut link = match dice.chance(70) {
        true => json!({"operationId": "show", "parameters": {"thing": "$response.body#/id"}}),
        false => {
            json!({"operationRef": "#/paths/~1things/get", "requestBody": {"a": "$request.body"}})
        }
    };
    if dice.chance(30) {
        link["description"] = json!("What comes next");
    }
    if dice.chance(20) {
        link["server"] = json!({"url": "https://next.example"});
    }
    link
}

pub(crate) fn example(dice: &mut Dice, version: Version) -> Value {
    match dice.below(4) {
        0 => json!({"externalValue": "https://desk.example/one.json"}),
        1 if version >= Version::V32 => json!({"dataValue": {"c": 1}, "serializedValue": "c=1"}),
        _ => {
            json!({"summary": "One", "description": "The first", "value": {"c": {"$ref": "data"}}})
        }
    }
}

pub(crate) fn servers(dice: &mut Dice, version: Version) -> Value {
    let mut server = match dice.chance(50) {
        true => json!({"url": "https://other.example"}),
        false => json!({
            "url": "https://other.example/{zone}",
            "variables": {"zone": {"default": "eu", "enum": ["eu", "us"], "description": "Where"}},
        }),
    };
    if dice.chance(30) {
        server["description"] = json!("There");
    }
    if version >= Version::V32 && dice.chance(30) {
        server["name"] = json!("other");
    }
    match dice.chance(30) {
        true => json!([server, {"url": "https://third.example/v1"}]),
        false => json!([server]),
    }
}

/// The two schemes of requirements, and sometimes others.
pub(crate) fn security_schemes(dice: &mut Dice, version: Version) -> Value {
    let scopes = json!({"read": "Read", "write": "Write"});
    let flow = match dice.below(if version >= Version::V32 { 5 } else { 4 }) {
        0 => json!({"implicit": {"authorizationUrl": "https://sign.example/a", "scopes": scopes}}),
        1 => {
            json!({"password": {"tokenUrl": "https://sign.example/t", "refreshUrl": "https://sign.example/r", "scopes": scopes}})
        }
        2 => {
            json!({"authorizationCode": {"authorizationUrl": "https://sign.example/a", "tokenUrl": "https://sign.example/t", "scopes": scopes}})
        }
        3 => json!({"clientCredentials": {"tokenUrl": "https://sign.example/t", "scopes": scopes}}),
        _ => {
            json!({"deviceAuthorization": {"deviceAuthorizationUrl": "https://sign.example/d", "tokenUrl": "https://sign.example/t", "scopes": scopes}})
        }
    };
    let mut schemes = json!({
        "key": {"type": "apiKey", "in": dice.pick(&["header", "query", "cookie"]), "name": "X-Key"},
        "sign": {"type": "oauth2", "flows": flow},
    });
    match dice.below(6) {
        0 => schemes["other"] = json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}),
        1 => {
            schemes["other"] =
                json!({"type": "openIdConnect", "openIdConnectUrl": "https://sign.example/o"})
        }
        2 => {
            schemes["other"] =
                json!({"type": "http", "scheme": "basic", "description": "Name and word"})
        }
        3 if version > Version::V30 => schemes["other"] = json!({"type": "mutualTLS"}),
        4 if version >= Version::V32 => {
            schemes["key"]["deprecated"] = json!(true);
            schemes["sign"]["oauth2MetadataUrl"] = json!("https://sign.example/meta");
        }
        _ => {}
    }
    schemes
}
