//! Random documents of every construct in the specification.

use serde_json::{Map, Value, json};

/// A source of numbers that is the same for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

pub(crate) const NAMES: [&str; 6] = ["Lamp", "Desk", "Door", "Rack", "Crate", "Badge"];
const FIELDS: [&str; 6] = ["name", "size", "owner", "note", "colour", "weight"];

/// A schema with any of the constructs that the specification knows.
fn schema(dice: &mut Dice, depth: usize) -> Value {
    let mut schema = match dice.below(if depth == 0 { 6 } else { 11 }) {
        0 => text(dice),
        1 => numeric(dice),
        2 => json!({"type": "boolean"}),
        3 => json!({"$ref": format!("#/components/schemas/{}", dice.pick(&NAMES))}),
        4 => json!({"type": "string", "enum": ["a", "b", "c"]}),
        5 => json!({}),
        6 => json!({"type": "array", "items": schema(dice, depth - 1), "minItems": 1}),
        7 => object(dice, depth - 1),
        8 => json!({"type": "object", "additionalProperties": schema(dice, depth - 1)}),
        9 => choice(dice, depth - 1),
        _ => json!({"allOf": [
            {"$ref": format!("#/components/schemas/{}", dice.pick(&NAMES))}, object(dice, depth - 1),
        ]}),
    };
    if schema.get("$ref").is_none() {
        beside(dice, &mut schema);
    }
    schema
}

fn text(dice: &mut Dice) -> Value {
    let mut schema = json!({"type": "string"});
    if dice.chance(40) {
        schema["maxLength"] = json!(10 + dice.below(50));
    }
    if dice.chance(20) {
        schema["pattern"] = json!("^[a-z]+$");
    }
    if dice.chance(20) {
        schema["format"] = json!(dice.pick(&["date-time", "uuid"]));
    }
    schema
}

fn numeric(dice: &mut Dice) -> Value {
    let mut schema = json!({"type": dice.pick(&["integer", "number"])});
    if dice.chance(40) {
        schema["minimum"] = json!(dice.below(10));
    }
    if dice.chance(30) {
        schema["maximum"] = json!(100 + dice.below(10));
    }
    if dice.chance(20) {
        schema["multipleOf"] = json!(2);
    }
    schema
}

fn object(dice: &mut Dice, depth: usize) -> Value {
    let mut properties = Map::new();
    for field in FIELDS {
        if dice.chance(50) {
            properties.insert(field.to_owned(), schema(dice, depth));
        }
    }
    let required: Vec<&str> = FIELDS.into_iter().filter(|_| dice.chance(15)).collect();
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if dice.chance(10) {
        object["additionalProperties"] = json!(false);
    }
    if dice.chance(10) {
        object["discriminator"] = json!({"propertyName": "kind"});
    }
    object
}

fn choice(dice: &mut Dice, depth: usize) -> Value {
    let alternatives: Vec<Value> = (0..2 + dice.below(2))
        .map(|_| schema(dice, depth))
        .collect();
    json!({dice.pick(&["oneOf", "anyOf"]): alternatives})
}

fn beside(dice: &mut Dice, schema: &mut Value) {
    if dice.chance(15) {
        schema["description"] = json!("What it is");
    }
    if dice.chance(10) {
        schema["nullable"] = json!(true);
    }
    if dice.chance(8) {
        schema["x-colour"] = json!({"shade": 1});
    }
    if dice.chance(5) {
        schema["example"] = json!({"a": [1, 2]});
    }
    if dice.chance(5) {
        schema["deprecated"] = json!(true);
    }
    if dice.chance(5) {
        schema["readOnly"] = json!(true);
    }
    if dice.chance(5) {
        schema["not"] = json!({"type": "object", "required": ["x"]});
    }
}

fn body(dice: &mut Dice) -> Value {
    let mut media = json!({"schema": schema(dice, 2)});
    if dice.chance(20) {
        media["example"] = json!({"b": 1});
    }
    let mut content = json!({"application/json": media});
    if dice.chance(25) {
        content["multipart/form-data"] = json!({
            "schema": object(dice, 1),
            "encoding": {"name": {"contentType": "image/png, image/gif", "headers": {"X-Part": {"schema": {"type": "string"}}}}},
        });
    }
    content
}

fn header(dice: &mut Dice) -> Value {
    json!({"description": "A header", "required": dice.chance(50), "schema": text(dice)})
}

fn response(dice: &mut Dice) -> Value {
    json!({
        "description": "What comes back",
        "headers": {"X-Left": header(dice), "X-Shared": {"$ref": "#/components/headers/Wait"}},
        "content": body(dice),
        "links": {"next": {"operationId": "list", "parameters": {"id": "$response.body#/id"}}},
    })
}

fn operation(dice: &mut Dice, id: &str) -> Value {
    let mut operation = json!({
        "operationId": id,
        "summary": "An operation",
        "tags": ["one", "two"],
        "parameters": [
            {"name": "top", "in": "query", "schema": numeric(dice), "allowEmptyValue": dice.chance(50)},
            {"name": "list", "in": "query", "explode": dice.chance(50), "schema": {"type": "array", "items": text(dice)}},
            {"name": "where", "in": "query", "content": {"application/json": {"schema": object(dice, 1)}}},
            {"$ref": "#/components/parameters/Trace"},
        ],
        "responses": {"200": response(dice), "404": {"$ref": "#/components/responses/Gone"}, "default": {"description": "Else"}},
    });
    if dice.chance(60) {
        operation["requestBody"] =
            json!({"required": dice.chance(50), "description": "A body", "content": body(dice)});
    }
    if dice.chance(30) {
        operation["callbacks"] = json!({"done": {"{$request.body#/url}": {"post": {
            "requestBody": {"content": body(dice)}, "responses": {"204": {"description": "Heard"}},
        }}}});
    }
    if dice.chance(30) {
        operation["security"] = json!([{"key": []}, {"sign": ["read", "write"], "key": []}]);
    }
    if dice.chance(20) {
        operation["servers"] = json!([{"url": "https://other.example/{zone}", "variables": {"zone": {"default": "eu", "enum": ["eu", "us"]}}}]);
    }
    operation
}

pub(crate) fn document(dice: &mut Dice) -> Value {
    let schemas: Map<String, Value> = NAMES
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                match dice.chance(70) {
                    true => object(dice, 2),
                    false => schema(dice, 2),
                },
            )
        })
        // A name that is nothing but another one may lead back to itself.
        .map(|(name, schema)| match schema.get("$ref").is_some() {
            true => (name, json!({"type": "object"})),
            false => (name, schema),
        })
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Desk", "version": "1", "contact": {"name": "Somebody"}},
        "servers": [{"url": "https://desk.example/v1", "description": "Here"}],
        "security": [{"key": []}],
        "tags": [{"name": "one", "description": "The first"}],
        "externalDocs": {"url": "https://desk.example/docs"},
        "x-origin": {"by": ["a", "b"]},
        "paths": {
            "/things": {"get": operation(dice, "list"), "post": operation(dice, "create"), "summary": "Things"},
            "/things/{thing}": {
                "parameters": [{"name": "thing", "in": "path", "required": true, "schema": {"type": "string"}}],
                "get": operation(dice, "show"),
            },
        },
        "components": {
            "schemas": schemas,
            "parameters": {"Trace": {"name": "trace", "in": "header", "schema": text(dice)}, "Alone": {"name": "alone", "in": "query", "schema": text(dice)}},
            "headers": {"Wait": header(dice)},
            "responses": {"Gone": response(dice)},
            "requestBodies": {"Alone": {"content": body(dice)}},
            "examples": {"One": {"value": {"c": 1}}},
            "links": {"Follow": {"operationId": "show"}},
            "callbacks": {"Shared": {"{$request.body#/url}": {"post": {"responses": {"204": {"description": "Heard"}}}}}},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "sign": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://sign.example", "scopes": {"read": "Read", "write": "Write"}}}},
            },
        },
    })
}
