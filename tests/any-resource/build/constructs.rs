//! Small descriptions of every construct that use every name with a meaning in Rust or in generated code, in every role.
//! They pass if this crate compiles; `CONSTRUCTS=all` adds a description for each name by itself.

use std::fmt::Write as _;

/// Names with a meaning: in Rust, in its prelude, in the runtime's macros, in generated types and requests.
const NAMES: &str = include_str!("names.txt");

/// The descriptions: the name of a module, and the text.
pub(crate) fn descriptions() -> Vec<(String, String)> {
    let usable: Vec<&str> = NAMES.lines().filter(|name| is_usable(name)).collect();
    let mut all = vec![
        ("schemas".to_owned(), schemas(&usable)),
        ("properties".to_owned(), properties(&usable)),
        ("members".to_owned(), members(&usable)),
        ("parameters".to_owned(), parameters(&usable)),
        ("methods".to_owned(), methods(&usable)),
        ("subtypes".to_owned(), subtypes(&usable)),
        ("roles".to_owned(), ROLES.to_owned()),
    ];
    if std::env::var("CONSTRUCTS").is_ok_and(|wanted| wanted == "all") {
        for (index, name) in usable.iter().enumerate() {
            let one = [*name];
            for (role, text) in [
                ("schemas", schemas(&one)),
                ("properties", properties(&one)),
                ("members", members(&one)),
                ("parameters", parameters(&one)),
                ("methods", methods(&one)),
                ("subtypes", subtypes(&one)),
            ] {
                all.push((format!("{role}{index}"), text));
            }
        }
    }
    all
}

fn is_usable(name: &str) -> bool {
    name.contains(|letter: char| letter.is_ascii_alphanumeric())
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Constructs, version: \"1\"}\n";

fn json(reference: &str) -> String {
    format!(
        "content: {{application/json: {{schema: {{$ref: \"#/components/schemas/{reference}\"}}}}}}"
    )
}

/// Every name is a type, with a property of the same name and type.
fn schemas(names: &[&str]) -> String {
    let mut text = format!(
        "{HEAD}paths:\n  /all:\n    get:\n      operationId: readAll\n      responses: {{\"200\": {{description: d, {}}}}}\ncomponents:\n  schemas:\n",
        json("everything")
    );
    text.push_str("    everything:\n      type: object\n      properties:\n");
    for (index, name) in names.iter().enumerate() {
        let _ = writeln!(
            text,
            "        p{index}: {{$ref: \"#/components/schemas/{name}\"}}"
        );
    }
    for name in names {
        let _ = writeln!(
            text,
            "    \"{name}\": {{type: object, properties: {{\"{name}\": {{$ref: \"#/components/schemas/{name}\"}}, id: {{type: string}}}}}}"
        );
    }
    text
}

/// Every name is a property of types that are read, created, updated and replaced, with a list beside it.
fn properties(names: &[&str]) -> String {
    let mut text = HEAD.to_owned();
    let response = json("thing");
    let _ = writeln!(text, "paths:\n  /things/{{id}}:");
    text.push_str(
        "    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n",
    );
    for method in ["get", "post", "patch", "put"] {
        let body = match method {
            "get" => String::new(),
            _ => format!("      requestBody: {{required: true, {response}}}\n"),
        };
        let _ = write!(
            text,
            "    {method}:\n      operationId: {method}Thing\n{body}      responses: {{\"200\": {{description: d, {response}}}}}\n"
        );
    }
    text.push_str("components:\n  schemas:\n    thing:\n      type: object\n      properties:\n");
    for name in names {
        let _ = writeln!(text, "        \"{name}\": {{type: string, nullable: true}}");
        let _ = writeln!(
            text,
            "        \"{name}List\": {{type: array, items: {{type: string}}}}"
        );
    }
    text
}

/// Every name is a member of an enumeration in responses, bodies and queries.
fn members(names: &[&str]) -> String {
    let members: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!(
        "{HEAD}paths:\n  /things:\n    post:\n      operationId: addThing\n      parameters: [{{name: kind, in: query, schema: {{$ref: \"#/components/schemas/kind\"}}}}]\n      requestBody: {{required: true, {}}}\n      responses: {{\"200\": {{description: d, {}}}}}\ncomponents:\n  schemas:\n    thing: {{type: object, properties: {{kind: {{$ref: \"#/components/schemas/kind\"}}}}}}\n    kind: {{type: string, enum: [{}]}}\n",
        json("thing"),
        json("thing"),
        members.join(", ")
    )
}

/// Every name is a parameter in a query, a header and a path.
fn parameters(names: &[&str]) -> String {
    let mut text = format!(
        "{HEAD}paths:\n  /things:\n    get:\n      operationId: listThings\n      parameters:\n"
    );
    for name in names {
        let _ = writeln!(
            text,
            "        - {{name: \"{name}\", in: query, schema: {{type: string}}}}"
        );
        let _ = writeln!(
            text,
            "        - {{name: \"{name}2\", in: query, schema: {{type: integer}}}}"
        );
    }
    let _ = writeln!(
        text,
        "      responses: {{\"200\": {{description: d, {}}}}}",
        json("things")
    );
    text.push_str("  /things/head:\n    get:\n      operationId: listOthers\n      parameters:\n        - {name: X-Any, in: header, schema: {type: boolean}}\n");
    for name in names.iter().filter(|name| name.is_ascii()) {
        let _ = writeln!(
            text,
            "        - {{name: \"{name}\", in: header, schema: {{type: boolean}}}}"
        );
    }
    let _ = writeln!(
        text,
        "      responses: {{\"200\": {{description: d, {}}}}}",
        json("things")
    );
    for (index, names) in names.chunks(6).enumerate() {
        let path: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
        let _ = writeln!(
            text,
            "  \"/things{index}/{}\":\n    delete:\n      operationId: delete{index}\n      parameters:",
            path.join("/")
        );
        for name in names {
            let _ = writeln!(
                text,
                "        - {{name: \"{name}\", in: path, required: true, schema: {{type: string}}}}"
            );
        }
        text.push_str("      responses: {\"204\": {description: d}}\n");
    }
    text.push_str("components:\n  schemas:\n    thing: {type: object, properties: {id: {type: string}}}\n    things: {type: object, properties: {value: {type: array, items: {$ref: \"#/components/schemas/thing\"}}, \"@odata.nextLink\": {type: string}}}\n");
    text
}

/// Every name is the id of an operation; one of them has an optional body of bytes.
fn methods(names: &[&str]) -> String {
    let mut text = format!("{HEAD}paths:\n");
    for (index, name) in names.iter().enumerate() {
        let _ = writeln!(
            text,
            "  /p{index}:\n    get:\n      operationId: \"{name}\"\n      responses: {{\"200\": {{description: d, content: {{application/octet-stream: {{}}}}}}}}"
        );
    }
    text.push_str("  /upload:\n    put:\n      operationId: upload\n      requestBody: {content: {image/png: {}}}\n      responses: {\"204\": {description: d}}\n");
    text
}

/// Every name is a subtype of a type with a discriminator.
fn subtypes(names: &[&str]) -> String {
    let mut text = format!(
        "{HEAD}paths:\n  /things:\n    get:\n      operationId: readThing\n      responses: {{\"200\": {{description: d, {}}}}}\ncomponents:\n  schemas:\n    thing:\n      type: object\n      properties: {{\"@odata.type\": {{type: string}}, name: {{type: string}}}}\n      discriminator:\n        propertyName: \"@odata.type\"\n        mapping:\n",
        json("thing")
    );
    for name in names {
        let _ = writeln!(
            text,
            "          \"#{name}\": \"#/components/schemas/{name}\""
        );
    }
    for name in names {
        let _ = writeln!(
            text,
            "    \"{name}\":\n      allOf:\n        - $ref: \"#/components/schemas/thing\"\n        - {{type: object, properties: {{\"{name}\": {{type: string}}}}}}"
        );
    }
    text
}

/// Schemas in unusual roles.
const ROLES: &str = include_str!("roles.yaml");
