//! What a selection promises: everything that is needed and nothing else, in its place, or an error that helps.

use super::*;
use crate::load::{Node, parse};

const LIBRARY: &str = r##"
openapi: 3.0.3
info: {title: Library, version: "1"}
paths:
  /readers:
    get:
      operationId: listReaders
      tags: [readers]
      parameters: [{$ref: "#/components/parameters/top"}]
      responses:
        2XX: {description: Readers., content: {application/json: {schema: {$ref: "#/components/schemas/lib.readerPage"}}}}
    post:
      operationId: addReader
      tags: [readers]
      requestBody: {$ref: "#/components/requestBodies/reader"}
      responses:
        2XX: {$ref: "#/components/responses/reader"}
  /readers/{reader-id}/loans:
    get:
      operationId: listLoans
      tags: [loans]
      responses:
        2XX: {description: Loans., content: {application/json: {schema: {$ref: "#/components/schemas/lib.loan"}}}}
  /media:
    get:
      operationId: listMedia
      responses:
        2XX: {description: Media., content: {application/json: {schema: {$ref: "#/components/schemas/lib.medium"}}}}
components:
  parameters:
    top: {name: $top, in: query, schema: {type: integer}}
    skip: {name: $skip, in: query, schema: {type: integer}}
  requestBodies:
    reader: {content: {application/json: {schema: {$ref: "#/components/schemas/lib.reader"}}}}
  responses:
    reader: {description: A reader., content: {application/json: {schema: {$ref: "#/components/schemas/lib.reader"}}}}
  schemas:
    lib.entity:
      type: object
      properties: {id: {type: string}}
      discriminator:
        propertyName: "@odata.type"
        mapping:
          "#lib.reader": "#/components/schemas/lib.reader"
          "#lib.loan": "#/components/schemas/lib.loan"
          "#lib.medium": "#/components/schemas/lib.medium"
    lib.reader:
      allOf:
        - {$ref: "#/components/schemas/lib.entity"}
        - type: object
          required: [loans]
          properties:
            address: {$ref: "#/components/schemas/lib.address"}
            guardian: {$ref: "#/components/schemas/lib.reader"}
            loans: {type: array, description: What is lent., items: {$ref: "#/components/schemas/lib.loan"}, x-ms-navigationProperty: true}
    lib.readerPage:
      type: object
      properties:
        value: {type: array, items: {$ref: "#/components/schemas/lib.reader"}}
    lib.address: {type: object, properties: {street: {type: string}}}
    lib.loan:
      allOf:
        - {$ref: "#/components/schemas/lib.entity"}
        - {type: object, properties: {medium: {$ref: "#/components/schemas/lib.medium"}}}
    lib.medium:
      allOf:
        - {$ref: "#/components/schemas/lib.entity"}
        - {type: object, properties: {title: {type: string}}}
      discriminator:
        propertyName: "@odata.type"
        mapping: {"#lib.book": "lib.book"}
    lib.book:
      allOf:
        - {$ref: "#/components/schemas/lib.medium"}
        - {type: object, properties: {pages: {type: integer}}}
    other.address: {type: object, properties: {discriminator: {type: string}, mapping: {type: string}}}
"##;

fn selected(selection: Selection) -> Document {
    let mut document = parse("library.yaml", LIBRARY).unwrap();
    apply(&mut document, &selection).unwrap_or_else(|problems| panic!("{problems}"));
    document
}

fn keys(document: &Document, pointer: &str) -> Vec<String> {
    let node = document.root.pointer(pointer);
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| entry.key.clone()).collect()
}

fn schemas(selection: Selection) -> Vec<String> {
    keys(&selected(selection), "#/components/schemas")
}

fn refused(selection: Selection) -> String {
    let mut document = parse("library.yaml", LIBRARY).unwrap();
    let before = document.clone();
    let problems = apply(&mut document, &selection).unwrap_err().to_string();
    assert_eq!(document, before, "a refused selection changes nothing");
    problems
}

#[test]
fn an_empty_selection_is_the_whole_description() {
    assert_eq!(
        selected(Selection::new()),
        parse("library.yaml", LIBRARY).unwrap()
    );
}

#[test]
fn a_selection_includes_what_it_needs_and_nothing_else() {
    let document = selected(Selection::new().path("^/readers$"));
    assert_eq!(keys(&document, "#/paths"), ["/readers"]);
    assert_eq!(keys(&document, "#/components/parameters"), ["top"]);
    assert_eq!(
        keys(&document, "#/components/schemas"),
        ["lib.entity", "lib.reader", "lib.readerPage", "lib.address"]
    );
    let document = selected(Selection::new().operation("listReaders"));
    assert_eq!(keys(&document, "#/paths/~1readers"), ["get"]);
    assert!(keys(&document, "#/components/responses").is_empty());
}

#[test]
fn operations_are_selected_by_id_method_and_path_or_tag() {
    let by_id = selected(Selection::new().operation("addReader"));
    assert_eq!(by_id, selected(Selection::new().operation("post /readers")));
    assert_eq!(keys(&by_id, "#/paths/~1readers"), ["post"]);
    let by_tag = selected(Selection::new().tag("loans"));
    assert_eq!(keys(&by_tag, "#/paths"), ["/readers/{reader-id}/loans"]);
}

#[test]
fn a_type_of_a_value_brings_its_subtypes_but_a_base_does_not() {
    assert_eq!(
        schemas(Selection::new().path("^/media$")),
        ["lib.entity", "lib.medium", "lib.book"]
    );
    let document = selected(Selection::new().path("^/readers$"));
    let mapping = "#/components/schemas/lib.entity/discriminator/mapping";
    assert_eq!(keys(&document, mapping), ["#lib.reader"]);
    assert!(schemas(Selection::new().type_named("entity")).contains(&"lib.book".to_owned()));
}

#[test]
fn a_base_that_is_a_value_too_brings_its_subtypes() {
    let own = "        - {$ref: \"#/components/schemas/lib.entity\"}\n        - {type: object, properties: {medium:";
    assert_eq!(LIBRARY.matches(own).count(), 1);
    let text = LIBRARY.replace(own, &own.replace("lib.entity", "lib.medium"));
    let mut document = parse("library.yaml", &text).unwrap();
    let selection = Selection::new().tag("loans").expand("loan.medium");
    apply(&mut document, &selection).unwrap();
    assert!(keys(&document, "#/components/schemas").contains(&"lib.book".to_owned()));
}

#[test]
fn without_a_mapping_the_subtypes_are_those_that_extend_the_type() {
    let mapped = r##"      discriminator:
        propertyName: "@odata.type"
        mapping: {"#lib.book": "lib.book"}
"##;
    let title = "{type: object, properties: {title: {type: string}}}";
    let tag = r#"discriminator: {propertyName: "@odata.type"}"#;
    let beside = LIBRARY.replace(mapped, &format!("      {tag}\n"));
    let within = LIBRARY.replace(mapped, "").replace(
        title,
        &format!("{{type: object, {tag}, properties: {{title: {{type: string}}}}}}"),
    );
    let untold = LIBRARY.replace(mapped, "");
    for (text, is_told_apart) in [(beside, true), (within, true), (untold, false)] {
        let has_book = |selection: Selection| {
            let mut document = parse("library.yaml", &text).unwrap();
            apply(&mut document, &selection).unwrap_or_else(|problems| panic!("{problems}"));
            let book = document.root.pointer("#/components/schemas/lib.book");
            book.is_some()
        };
        assert_eq!(has_book(Selection::new().path("^/media$")), is_told_apart);
        // A base alone has no values.
        assert!(!has_book(Selection::new().operation("addReader")), "{text}");
    }
    // The lone part of an `allOf` is the type itself.
    let lone = LIBRARY
        .replace(mapped, "")
        .replace("        - {$ref: \"#/components/schemas/lib.entity\"}\n        - {type: object, properties: {title: {type: string}}}\n",
            &format!("        - {{type: object, {tag}, properties: {{title: {{type: string}}}}}}\n"));
    let mut document = parse("library.yaml", &lone).unwrap();
    apply(&mut document, &Selection::new().path("^/media$")).unwrap();
    assert!(keys(&document, "#/components/schemas").contains(&"lib.book".to_owned()));
}

#[test]
fn navigation_properties_are_left_out_unless_requested() {
    let properties = "#/components/schemas/lib.reader/allOf/1/properties";
    let left_out = selected(Selection::new().type_named("reader"));
    assert_eq!(keys(&left_out, properties), ["address"]);
    let required = "#/components/schemas/lib.reader/allOf/1/required";
    assert_eq!(
        left_out
            .root
            .pointer(required)
            .unwrap()
            .as_sequence()
            .unwrap(),
        []
    );
    for name in ["loans", "reader.loans", "lib.reader.loans"] {
        let expanded = selected(Selection::new().type_named("reader").expand(name));
        assert_eq!(keys(&expanded, properties), ["address", "loans"]);
        assert!(
            expanded
                .root
                .pointer("#/components/schemas/lib.loan")
                .is_some()
        );
    }
    let raw = selected(
        Selection::new()
            .type_named("reader")
            .navigation(Navigation::Raw),
    );
    assert_eq!(keys(&raw, properties), ["address", "guardian", "loans"]);
    assert_eq!(keys(&raw, &format!("{properties}/loans")), ["description"]);
    let kept = schemas(
        Selection::new()
            .type_named("reader")
            .navigation(Navigation::Keep),
    );
    assert!(kept.contains(&"lib.book".to_owned()), "{kept:?}");
}

#[test]
fn omissions_are_reported() {
    let mut document = parse("library.yaml", LIBRARY).unwrap();
    let remarks = apply(&mut document, &Selection::new().path("^/readers$")).unwrap();
    let lines: Vec<String> = remarks
        .iter()
        .map(|remark| format!("{} {}", remark.treatment.words(), remark.subject))
        .collect();
    assert_eq!(
        lines,
        [
            "selected operation `GET /readers`",
            "selected operation `POST /readers`",
            "left out 2 of 3 subtypes of `entity`",
            "left out property `reader.guardian`",
            "left out property `reader.loans`",
        ]
    );
    assert!(
        remarks
            .iter()
            .all(|remark| !remark.is_warning && remark.position.is_some())
    );
}

#[test]
fn locations_do_not_depend_on_the_rest_of_the_selection() {
    let small = selected(Selection::new().operation("listReaders"));
    let large = selected(Selection::new().path("^/readers").tag("loans"));
    for pointer in ["#/components/schemas/lib.reader", "#/paths/~1readers/get"] {
        assert_eq!(small.root.pointer(pointer), large.root.pointer(pointer));
    }
    let order = selected(Selection::new().tag("loans").path("^/readers"));
    assert_eq!(large, order);
}

#[test]
fn a_selection_that_matches_nothing_is_refused_with_similar_names() {
    let text = refused(
        Selection::new()
            .path("^/reader$")
            .operation("listReader")
            .tag("loan"),
    );
    assert!(text.contains("no path matches `^/reader$`"), "{text}");
    assert!(text.contains("similar: `/readers`"), "{text}");
    assert!(text.contains("similar: `listReaders`"), "{text}");
    assert!(text.contains("similar: `loans`"), "{text}");
    let text = refused(Selection::new().type_named("reder").expand("reader.loan"));
    assert!(text.contains("similar: `lib.reader`"), "{text}");
    assert!(text.contains("`reader.loans`"), "{text}");
    let text = refused(Selection::new().path("zzzz"));
    assert!(
        text.contains("the description has 3 paths, none of them similar"),
        "{text}"
    );
}

#[test]
fn ambiguous_names_and_invalid_patterns_are_refused() {
    let text = refused(Selection::new().type_named("address"));
    assert!(text.contains("`lib.address` or `other.address`"), "{text}");
    let text = refused(Selection::new().path("^/readers("));
    assert!(
        text.contains("`^/readers(` is not a regular expression: unclosed group"),
        "{text}"
    );
    let at = Position { line: 4, column: 9 };
    let wanted = Wanted {
        text: "(".to_owned(),
        origin: Some(("graph-client.toml".to_owned(), at)),
    };
    let text = refused(Selection::new().path("x").path(wanted));
    assert!(text.contains("--> graph-client.toml:4:9"), "{text}");
}
