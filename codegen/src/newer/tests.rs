//! Newer versions of OpenAPI: what 3.0 can express is converted, and everything else is named.

use super::*;
use crate::load::parse;

fn read(schemas: &str) -> Result<(serde_json::Value, Report), String> {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: \"1\"}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
    );
    let mut document = parse("a.yaml", &text).unwrap();
    let mut report = Report::new("a.yaml");
    match read_as_3_0(&mut document, &mut report) {
        Ok(()) => Ok((
            document.root.to_json()["components"]["schemas"].clone(),
            report,
        )),
        Err(problems) => Err(problems.to_string()),
    }
}

#[track_caller]
fn is_read_as(newer: &str, older: serde_json::Value) {
    let (json, _) =
        read(&format!("    A: {newer}\n")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(json["A"], older, "{newer}");
}

#[test]
fn everything_that_3_0_can_express_is_converted() {
    use serde_json::json;
    is_read_as(
        "{type: [string, 'null']}",
        json!({"type": "string", "nullable": true}),
    );
    is_read_as("{type: [string]}", json!({"type": "string"}));
    is_read_as(
        "{type: object, additionalProperties: false}",
        json!({"type": "object", "additionalProperties": false}),
    );
    is_read_as("{type: [integer, number]}", json!({"type": "number"}));
    is_read_as("{const: a}", json!({"type": "string", "enum": ["a"]}));
    is_read_as("{const: true}", json!({"type": "boolean"}));
    is_read_as(
        "{type: string, enum: [a, null]}",
        json!({"type": "string", "enum": ["a"], "nullable": true}),
    );
    is_read_as(
        "{type: string, examples: [x, y]}",
        json!({"type": "string", "example": "x"}),
    );
    is_read_as(
        "{type: integer, exclusiveMinimum: 5}",
        json!({"type": "integer", "minimum": 5, "exclusiveMinimum": true}),
    );
    is_read_as(
        "{type: integer, minimum: 9, exclusiveMinimum: 5}",
        json!({"type": "integer", "minimum": 9}),
    );
    is_read_as(
        "{type: integer, maximum: 9, exclusiveMaximum: 5}",
        json!({"type": "integer", "maximum": 5, "exclusiveMaximum": true}),
    );
    is_read_as(
        "{type: string, contentEncoding: base64}",
        json!({"type": "string", "format": "byte"}),
    );
    is_read_as(
        "{contentMediaType: image/png}",
        json!({"type": "string", "format": "binary"}),
    );
    is_read_as(
        "{type: array, items: true}",
        json!({"type": "array", "items": {}}),
    );
    is_read_as(
        "{anyOf: [{$ref: '#/a'}, {type: 'null'}]}",
        json!({"anyOf": [{"$ref": "#/a"}, {"type": "object", "nullable": true}]}),
    );
    is_read_as(
        "{oneOf: [{type: string, format: uuid}, {type: 'null'}]}",
        json!({"type": "string", "format": "uuid", "nullable": true}),
    );
    is_read_as(
        "{$ref: '#/a', description: d}",
        json!({"$ref": "#/a", "description": "d"}),
    );
    is_read_as(
        "{$ref: '#/a', default: d}",
        json!({"allOf": [{"$ref": "#/a"}], "default": "d"}),
    );
    is_read_as(
        "{type: object, $comment: c, properties: {a: {type: [array, 'null'], items: {type: [string, 'null']}}}}",
        json!({"type": "object", "properties": {"a": {"type": "array", "nullable": true, "items": {"type": "string", "nullable": true}}}}),
    );
}

#[test]
fn everything_that_3_0_cannot_express_is_refused_by_name_and_location() {
    for (schema, shown) in [
        (
            "{prefixItems: [{}]}",
            "OpenAPI 3.0 has no equivalent of `prefixItems`",
        ),
        (
            "{type: [string, integer]}",
            "several types (string, integer)",
        ),
        ("{properties: {a: false}}", "a schema that allows nothing"),
        ("{const: {a: 1}}", "a `const` that is not"),
        (
            "{type: [string, 5]}",
            "a type must be a string, but is a number",
        ),
        (
            "{type: ['null', []]}",
            "a type must be a string, but is a list",
        ),
        ("{contentEncoding: 5}", "`contentEncoding` must be a string"),
        (
            "{type: string, contentMediaType: [a]}",
            "`contentMediaType` must be a string",
        ),
        ("{unevaluatedProperties: false}", "`unevaluatedProperties`"),
    ] {
        let problems = read(&format!("    A: {schema}\n")).unwrap_err();
        assert!(problems.contains(shown), "{problems}");
        assert!(problems.contains("--> a.yaml:6:"), "{problems}");
    }
}

#[test]
fn a_constant_that_is_not_checked_is_a_warning() {
    let (_, report) = read("    A: {type: integer, const: 5}\n").unwrap();
    let warnings: Vec<&str> = report
        .warnings()
        .map(|remark| remark.subject.as_str())
        .collect();
    assert_eq!(warnings, ["`const`"]);
}

#[test]
fn the_rest_of_the_document_is_converted_and_omissions_are_warnings() {
    let text = "\
openapi: 3.2.0
$self: https://example.com/a
info: {title: T, version: \"1\", summary: s, license: {name: MIT, identifier: MIT}}
jsonSchemaDialect: https://spec.openapis.org/oas/3.2/dialect/2025-09-17
tags: [{name: a, kind: nav}]
webhooks: {a: {}}
paths:
  /a: {$ref: '#/components/pathItems/a'}
  /b:
    query: {responses: {}}
    get:
      responses: {'200': {content: {application/json: {schema: {type: [string, 'null']}}}}}
components:
  pathItems:
    a: {get: {operationId: getA}}
";
    let mut document = parse("a.yaml", text).unwrap();
    let mut report = Report::new("a.yaml");
    read_as_3_0(&mut document, &mut report).unwrap();
    let json = document.root.to_json();
    assert_eq!(json["openapi"], "3.0.3");
    assert_eq!(json["paths"]["/a"]["get"]["operationId"], "getA");
    let response = &json["paths"]["/b"]["get"]["responses"]["200"];
    assert_eq!(response["description"], "");
    assert_eq!(
        response["content"]["application/json"]["schema"]["nullable"],
        true
    );
    let left_out: Vec<&str> = report
        .warnings()
        .map(|remark| remark.subject.as_str())
        .collect();
    assert_eq!(left_out, ["`webhooks`", "`query`"]);
    for gone in ["webhooks", "$self", "jsonSchemaDialect"] {
        assert!(json.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn a_3_0_document_is_unchanged() {
    let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: [string, 'null']}}}\n";
    let mut document = parse("a.yaml", text).unwrap();
    let before = document.clone();
    read_as_3_0(&mut document, &mut Report::new("a.yaml")).unwrap();
    assert_eq!(document, before);
    let mut other = parse("a.yaml", &text.replace("3.0.3", "3.1.x")).unwrap();
    let before = other.clone();
    read_as_3_0(&mut other, &mut Report::new("a.yaml")).unwrap();
    assert_eq!(other, before, "3.1.x is no version");
}
