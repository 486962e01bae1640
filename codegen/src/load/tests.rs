//! What loading promises: positions, the core schema, and a clear refusal of all else.

use super::*;

fn refused(text: &str) -> String {
    parse("a.yaml", text).unwrap_err().to_string()
}

fn rules(text: &str) -> Vec<(&'static str, usize, usize)> {
    parse("a.yaml", text)
        .unwrap_err()
        .iter()
        .map(|problem| {
            let position = problem.position.unwrap();
            (problem.rule, position.line, position.column)
        })
        .collect()
}

#[test]
fn values_and_keys_have_locations() {
    let text =
        "info:\n  title: Tags\n  list:\n    - one\n    - {two: 2}\n  folded: >\n    a\n    b\n";
    let document = parse("a.yaml", text).unwrap();
    let place = |pointer: &str| {
        let position = document.root.pointer(pointer).unwrap().position;
        (position.line, position.column)
    };
    assert_eq!(place("#/info"), (2, 3));
    assert_eq!(place("#/info/title"), (2, 10));
    assert_eq!(place("#/info/list/0"), (4, 7));
    assert_eq!(place("#/info/list/1/two"), (5, 13));
    let entry = document.root.get("info").unwrap().entry("title").unwrap();
    assert_eq!(entry.key_position, Position { line: 2, column: 3 });
    assert_eq!(
        document.root.pointer("#/info/folded").unwrap().as_str(),
        Some("a b\n")
    );
}

#[test]
fn columns_count_characters() {
    let document = parse("a.yaml", "é: {ü: ö, k: v}\n").unwrap();
    let position = document.root.pointer("#/é/k").unwrap().position;
    assert_eq!(
        position,
        Position {
            line: 1,
            column: 14
        }
    );
}

#[test]
fn yes_and_no_are_strings_and_so_is_everything_quoted() {
    let document = parse(
        "a.yaml",
        "a: [Yes, no, on, \"true\", '5', 2XX]\n200: {y: n}\n",
    )
    .unwrap();
    assert_eq!(
        document.root.to_json(),
        serde_json::json!({"a": ["Yes", "no", "on", "true", "5", "2XX"], "200": {"y": "n"}})
    );
}

#[test]
fn json_is_read_unchanged() {
    let value = serde_json::json!({"a": [1, -2.5, true, null, "ü\n\u{1F600}\\\"/"], "b": {"c": {}}, "d": []});
    for text in [
        value.to_string(),
        serde_json::to_string_pretty(&value).unwrap(),
    ] {
        assert_eq!(parse("a.json", &text).unwrap().root.to_json(), value);
    }
}

#[test]
fn every_duplicate_key_is_reported_with_both_locations() {
    let text = "a:\n  b: 1\n  c: 2\n  b: 3\nd: {e: 1, e: 2}\n";
    insta::assert_snapshot!(refused(text), @r"
    error[duplicate-key]: key `b` occurs twice, first at line 2, column 3
      --> a.yaml:4:3
       |
     4 |   b: 3
       |   ^
       = in #/a/b
       = help: remove one of the two

    error[duplicate-key]: key `e` occurs twice, first at line 5, column 5
      --> a.yaml:5:11
       |
     5 | d: {e: 1, e: 2}
       |           ^
       = in #/d/e
       = help: remove one of the two

    error: 2 problems in a.yaml
    ");
}

#[test]
fn yaml_features_beyond_json_are_refused() {
    assert_eq!(
        rules("a: &x {b: 1}\nc: *x\nd:\n  <<: {b: 1}\n"),
        [("anchor", 1, 4), ("alias", 2, 4), ("merge-key", 4, 3)]
    );
    assert_eq!(rules("a: !!str 5\n"), [("tag", 1, 4)]);
    assert_eq!(rules("a: 1\n---\nb: 2\n"), [("several-documents", 2, 1)]);
    assert_eq!(rules("? [a]\n: b\n"), [("key-is-no-text", 1, 3)]);
    assert_eq!(rules("null: b\n"), [("key-is-no-text", 1, 1)]);
    assert_eq!(rules("%YAML 1.1\n---\na: yes\n"), [("directive", 1, 1)]);
}

#[test]
fn a_document_without_a_mapping_is_refused() {
    assert_eq!(rules(""), [("empty", 1, 1)]);
    assert_eq!(rules("# nothing\n"), [("empty", 1, 1)]);
    assert_eq!(rules("---\n"), [("empty", 1, 1)]);
    assert_eq!(rules("- a\n"), [("root-is-no-mapping", 1, 1)]);
    assert_eq!(rules("openapi\n"), [("root-is-no-mapping", 1, 1)]);
}

#[test]
fn a_syntax_error_is_refused_at_its_line() {
    assert_eq!(rules("a:\n  b: [1, 2\nc: 3\n").first().unwrap().0, "syntax");
    assert!(refused("a:\n\tb: 1\n").contains("indent with spaces"));
    assert!(refused("a: 1\n b: 2\n").contains("a.yaml:2:"));
    assert!(refused("a: \"open\n").contains("error[syntax]"));
    assert!(refused("a: b: c\n").contains("a.yaml:1:"));
}

#[test]
fn characters_that_a_parser_would_drop_are_refused() {
    assert_eq!(rules("a: 1\nb: \0c: 2\n"), [("control-character", 2, 4)]);
    assert_eq!(rules("\u{feff}a: 1\n"), [("byte-order-mark", 1, 1)]);
}

#[test]
fn depth_and_length_are_bounded() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let deep = |count: usize| format!("a: {}{}", open.repeat(count), close.repeat(count));
        assert!(parse("a.yaml", &deep(DEEPEST - 1)).is_ok());
        assert_eq!(rules(&deep(DEEPEST)).first().unwrap().0, "too-deep");
        assert!(parse("a.yaml", &deep(100_000)).is_err());
    }
    let block: String = (0..5000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(rules(&block).first().unwrap().0, "too-deep");
    assert_eq!(rules(&"- ".repeat(50_000)).first().unwrap().0, "too-deep");
    assert_eq!(
        rules(&" ".repeat(LONGEST + 1)).first().unwrap().0,
        "too-long"
    );
}

#[test]
fn references_are_resolved_after_corrections_too() {
    let text =
        "components:\n  schemas:\n    a/b: {type: string}\n    c: {type: integer}\n    d: {}\n";
    let mut document = parse("a.yaml", text).unwrap();
    let kind = |document: &Document, pointer: &str| {
        document
            .resolve(pointer)?
            .get("type")?
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(
        kind(&document, "#/components/schemas/a~1b").unwrap(),
        "string"
    );
    assert_eq!(document.resolve("#/components/schemas/e"), None);
    assert_eq!(document.resolve("components/schemas/c"), None);
    let Value::Mapping(entries) = &mut document.root.value else {
        panic!("no mapping");
    };
    let Value::Mapping(entries) = &mut entries[0].node.value else {
        panic!("no mapping");
    };
    let Value::Mapping(schemas) = &mut entries[0].node.value else {
        panic!("no mapping");
    };
    schemas.remove(0);
    assert_eq!(document.resolve("#/components/schemas/a~1b"), None);
    assert_eq!(
        kind(&document, "#/components/schemas/c").unwrap(),
        "integer"
    );
}

#[test]
fn aliases_and_merge_keys_are_expanded() {
    let json = |text: &str| {
        super::parse_resolved("a.yaml", text)
            .unwrap()
            .root
            .to_json()
    };
    let expected = serde_json::json!({"a": {"x": 1, "y": [2]}, "b": {"x": 1, "y": [2]}, "c": {"x": 3, "y": [2], "z": 4}});
    let text = "a: &one {x: 1, y: &two [2]}\nb: *one\nc:\n  <<: [{x: 3}, *one]\n  z: 4\n";
    let mut found = json(text);
    assert_eq!(found, expected);
    found = json(&format!("\u{feff}{text}"));
    assert_eq!(found, expected);
}

#[test]
fn aliases_that_expand_too_much_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let below = level - 1;
        let all = vec![format!("*a{below}"); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{all}]\n"));
    }
    let problems = super::parse_resolved("a.yaml", &text).unwrap_err();
    assert!(problems.to_string().contains("expand to too many nodes"));
    let problems = super::parse_resolved("a.yaml", "a: &a [*a]\n").unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("inside the value of its own anchor")
    );
    let problems = super::parse_resolved("a.yaml", "<<: 5\n").unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("the value of a merge key must be")
    );
}
