//! Two descriptions that differ in anything but layout give at least one finding: random documents of every construct,
//! random edits of any node.
//!
//! A small number runs with the other tests. By hand: `REVIEW_PAIRS=10000 cargo test -p graph-client-review --test
//! review never_the_same -- --nocapture`; `REVIEW_SEED` repeats a run, `REVIEW_SHOW=17` prints the 17th pair.

use graph_client_review::{Review, Side, Source, Wire, review};
use serde_json::{Map, Value, json};

/// How many pairs run with the other tests.
const USUAL: u64 = 40;

/// A source of numbers that is the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

const NAMES: [&str; 6] = ["Lamp", "Desk", "Door", "Rack", "Crate", "Badge"];
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

fn document(dice: &mut Dice) -> Value {
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

/// The pointers of all nodes below one.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let below = format!("{pointer}/{}", escape(key));
                all.push(below.clone());
                pointers(inner, &below, all);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let below = format!("{pointer}/{index}");
                all.push(below.clone());
                pointers(inner, &below, all);
            }
        }
        _ => {}
    }
}

/// Changes one node, wherever it is; `None` where the edit asks for nothing.
fn edit(dice: &mut Dice, base: &Value) -> Option<(Value, String)> {
    let mut all = Vec::new();
    pointers(base, "", &mut all);
    let pointer = dice.pick(&all);
    let mut head = base.clone();
    let what = match dice.below(4) {
        0 => {
            let (parent, key) = pointer.rsplit_once('/')?;
            let key = key.replace("~1", "/").replace("~0", "~");
            match head.pointer_mut(parent)? {
                Value::Object(map) => drop(map.remove(&key)?),
                Value::Array(items) => drop(items.remove(key.parse().ok()?)),
                _ => return None,
            }
            "removed"
        }
        1 => {
            let node = head.pointer_mut(&pointer)?;
            *node = other(dice, node)?;
            "changed"
        }
        2 => {
            let key = dice.pick(&[
                "x-new",
                "description",
                "maxLength",
                "zebra",
                "deprecated",
                "required",
                "enum",
                "default",
                "oneOf",
            ]);
            let map = head.pointer_mut(&pointer)?.as_object_mut()?;
            if map.contains_key(key) {
                return None;
            }
            let value = match key {
                "maxLength" => json!(5),
                "deprecated" => json!(true),
                "required" | "enum" => json!(["zebra"]),
                "oneOf" => json!([{"type": "string"}, {"type": "object"}]),
                _ => json!("new"),
            };
            map.insert(key.to_owned(), value);
            "added"
        }
        _ => {
            let items = head.pointer_mut(&pointer)?.as_array_mut()?;
            let twin = items.first()?.clone();
            items.push(match twin {
                Value::String(text) => json!(format!("{text}More")),
                other => other,
            });
            "longer"
        }
    };
    Some((head, format!("{what} {pointer}")))
}

fn other(dice: &mut Dice, node: &Value) -> Option<Value> {
    Some(match node {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_i64()? + 1 + dice.below(3) as i64),
        Value::String(text) => match text.as_str() {
            "string" => json!("boolean"),
            "integer" | "number" | "boolean" => json!("string"),
            "oauth2" | "apiKey" => json!("http"),
            text if text.starts_with("#/") => {
                json!(format!("#/components/schemas/{}", dice.pick(&NAMES)))
            }
            text => json!(format!("{text}x")),
        },
        Value::Object(_) => json!({}),
        Value::Array(_) | Value::Null => return None,
    })
}

/// What says the same in another layout: defaults left out, sets sorted, twice the same once.
fn normalised(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            let mut normal = Map::new();
            for (key, inner) in map {
                let is_default = matches!(
                    (key.as_str(), inner),
                    (
                        "required"
                            | "deprecated"
                            | "nullable"
                            | "readOnly"
                            | "writeOnly"
                            | "allowEmptyValue"
                            | "allowReserved"
                            | "uniqueItems",
                        Value::Bool(false)
                    )
                ) || (key == "additionalProperties"
                    && (inner == &json!(true) || inner == &json!({})))
                    || (key == "items" && inner == &json!({}))
                    || (key == "schema" && inner == &json!({}))
                    || (matches!(
                        key.as_str(),
                        "required"
                            | "tags"
                            | "security"
                            | "headers"
                            | "links"
                            | "parameters"
                            | "callbacks"
                            | "properties"
                            | "encoding"
                            | "variables"
                            | "examples"
                            | "schemas"
                    ) && (inner == &json!([]) || inner == &json!({})));
                if !is_default {
                    normal.insert(key.clone(), normalised(inner, key));
                }
            }
            // One value is written in one way, whatever `explode` says.
            let schema = normal.get("schema").cloned().unwrap_or_default();
            if ["string", "integer", "number", "boolean"]
                .iter()
                .any(|kind| schema["type"] == *kind)
            {
                normal.remove("explode");
            }
            Value::Object(normal)
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| normalised(item, "")).collect();
            if matches!(
                key,
                "required"
                    | "enum"
                    | "tags"
                    | "oneOf"
                    | "anyOf"
                    | "allOf"
                    | "parameters"
                    | "servers"
                    | "security"
                    | "read"
                    | "key"
                    | "sign"
            ) {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            Value::Array(items)
        }
        value => value.clone(),
    }
}

fn outcome(base: &Value, head: &Value) -> Option<Review> {
    let (base, head) = (base.to_string(), head.to_string());
    let source = |file, text| Source { file, text };
    // A refusal is no silence.
    review(source("base.json", &base), source("head.json", &head)).ok()
}

#[test]
fn whatever_changes_is_found_or_refused() {
    let (pairs, seed) = (number("REVIEW_PAIRS", USUAL), number("REVIEW_SEED", 1));
    let mut silent = Vec::new();
    let (mut compared, mut refused) = (0, 0);
    for index in 0..pairs {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let base = document(&mut dice);
        let Some((head, what)) = edit(&mut dice, &base) else {
            continue;
        };
        if number("REVIEW_SHOW", u64::MAX) == index {
            println!("{base}\n{head}");
        }
        let Some(review) = outcome(&base, &head) else {
            refused += 1;
            continue;
        };
        compared += 1;
        let differs = normalised(&base, "") != normalised(&head, "");
        if differs && review.findings.is_empty() && review.rust.other_items.is_empty() {
            silent.push(format!("{index}: {what}"));
        }
        for finding in &review.findings {
            let worse = finding.request.max(finding.response).unwrap_or(Wire::None);
            assert_eq!(finding.wire, worse, "{index}: {what}: {finding:?}");
            assert!(
                finding.understood || finding.wire != Wire::Compatible,
                "{finding:?}"
            );
            assert!(
                finding.at.side == Side::Head || finding.nearest.is_none() || finding.at.line > 0
            );
        }
    }
    println!("{compared} pairs compared, {refused} refused, seed {seed}");
    assert!(compared > pairs / 3, "{compared} of {pairs}");
    assert!(silent.is_empty(), "{} silent: {silent:#?}", silent.len());
}

#[test]
fn a_random_document_is_the_same_as_itself() {
    for index in 0..number("REVIEW_PAIRS", USUAL) / 3 {
        let base = document(&mut Dice(number("REVIEW_SEED", 1).wrapping_add(index)));
        if let Some(review) = outcome(&base, &base) {
            assert!(
                review.findings.is_empty(),
                "{index}: {:#?}",
                review.findings
            );
        }
    }
}

#[test]
fn the_mirror_of_a_finding_is_a_finding_of_the_mirror() {
    for index in 0..number("REVIEW_PAIRS", USUAL) / 3 {
        let mut dice = Dice(
            number("REVIEW_SEED", 1)
                .wrapping_mul(7_919)
                .wrapping_add(index),
        );
        let base = document(&mut dice);
        let Some((head, what)) = edit(&mut dice, &base) else {
            continue;
        };
        let (Some(there), Some(back)) = (outcome(&base, &head), outcome(&head, &base)) else {
            continue;
        };
        let rules = graph_client_review::rules();
        for finding in &there.findings {
            let mirrors: Vec<_> = rules
                .iter()
                .filter(|rule| rule.kind == finding.kind)
                .map(|rule| rule.mirror)
                .collect();
            let is_mirrored = back
                .findings
                .iter()
                .any(|other| mirrors.contains(&other.kind));
            assert!(
                is_mirrored,
                "{index}: {what}: {} has no mirror in {:#?}",
                finding.kind, back.findings
            );
        }
    }
}
