//! What editing promises: the edit is made, and nothing else of the text changes.

use super::*;
use crate::load::Value;

fn node(text: &str) -> Node {
    load::parse("n.yaml", &format!("n: {text}\n"))
        .unwrap()
        .root
        .entries()[0]
        .node
        .clone()
}

fn insert(parent: &str, key: &str, value: &str) -> Edit {
    Edit::Insert {
        parent: parent.into(),
        key: key.into(),
        node: node(value),
        after: None,
    }
}

fn item(list: &str, value: &str, after: Option<usize>) -> Edit {
    Edit::InsertItem {
        list: list.into(),
        node: node(value),
        after,
    }
}

fn remove(pointer: &str) -> Edit {
    Edit::Remove {
        pointer: pointer.into(),
    }
}

fn replace(pointer: &str, value: &str) -> Edit {
    Edit::Replace {
        pointer: pointer.into(),
        node: node(value),
    }
}

#[track_caller]
fn becomes(text: &str, edits: &[Edit], expected: &str) {
    match edit("a.yaml", text, edits) {
        Ok(edited) => assert_eq!(edited, expected),
        Err(problems) => panic!("{problems}"),
    }
}

const SCHEMA: &str = "\
# Above.
Tag: # beside
  properties:
    # The first.
    id: {type: string}   # key
    colour:
      type: string
      nullable: true # often
      description: >-
        Folded
        text.

    # The last.
    weight: {type: integer, format: int32}
  enum:
    - one
    # Between.
    - two # second

Other:
  enum: [a, b]
";

#[test]
fn a_new_key_is_inserted_alphabetically_and_comments_are_kept() {
    becomes(
        SCHEMA,
        &[insert(
            "#/Tag/properties",
            "depth",
            "{type: string, nullable: true}",
        )],
        &SCHEMA.replace(
            "        text.\n",
            "        text.\n    depth:\n      type: string\n      nullable: true\n",
        ),
    );
    becomes(
        SCHEMA,
        &[insert("#/Tag/properties/colour", "format", "uuid")],
        &SCHEMA.replace("        text.\n", "        text.\n      format: uuid\n"),
    );
    becomes(
        SCHEMA,
        &[insert("#/Tag/properties/weight", "nullable", "true")],
        &SCHEMA.replace("int32}", "int32, nullable: true}"),
    );
}

#[test]
fn items_are_added_after_a_named_one_or_at_the_end() {
    becomes(
        SCHEMA,
        &[
            item("#/Tag/enum", "middle", Some(0)),
            item("#/Tag/enum", "three", None),
        ],
        &SCHEMA
            .replace("- one\n", "- one\n    - middle\n")
            .replace("- two # second\n", "- two # second\n    - three\n"),
    );
    becomes(
        SCHEMA,
        &[
            item("#/Other/enum", "c", None),
            item("#/Other/enum", "d", None),
        ],
        &SCHEMA.replace("[a, b]", "[a, b, c, d]"),
    );
    becomes(
        SCHEMA,
        &[
            item("#/Other/enum", "c", Some(0)),
            item("#/Other/enum", "d", Some(0)),
        ],
        &SCHEMA.replace("[a, b]", "[a, c, d, b]"),
    );
}

#[test]
fn removing_a_node_removes_its_lines_and_nothing_else() {
    becomes(
        SCHEMA,
        &[remove("#/Tag/properties/colour/nullable")],
        &SCHEMA.replace("      nullable: true # often\n", ""),
    );
    becomes(SCHEMA, &[remove("#/Tag/properties/colour")], &SCHEMA.replace(
        "    colour:\n      type: string\n      nullable: true # often\n      description: >-\n        Folded\n        text.\n", ""));
    becomes(
        SCHEMA,
        &[remove("#/Tag/enum/1")],
        &SCHEMA.replace("    - two # second\n", ""),
    );
    becomes(
        SCHEMA,
        &[
            remove("#/Tag/properties/weight/type"),
            remove("#/Other/enum/1"),
        ],
        &SCHEMA
            .replace("{type: integer, format", "{format")
            .replace("[a, b]", "[a]"),
    );
    becomes("a: {b: 1, c: 2}\n", &[remove("#/a/c")], "a: {b: 1}\n");
    becomes("a: {b: 1}\n", &[remove("#/a/b")], "a: {}\n");
    becomes(
        "a:\n  - b: 1\n    c: 2\n",
        &[remove("#/a/0/b")],
        "a:\n  - c: 2\n",
    );
}

#[test]
fn a_value_is_replaced_in_place() {
    becomes(
        SCHEMA,
        &[
            replace("#/Tag/properties/colour/type", "integer"),
            replace("#/Tag/properties/id/type", "array"),
        ],
        &SCHEMA
            .replace(
                "colour:\n      type: string",
                "colour:\n      type: integer",
            )
            .replace("{type: string}", "{type: array}"),
    );
    becomes(SCHEMA, &[replace("#/Tag/properties/colour", "{allOf: [{$ref: x}]}")], &SCHEMA.replace(
        "    colour:\n      type: string\n      nullable: true # often\n      description: >-\n        Folded\n        text.\n",
        "    colour:\n      allOf:\n        - $ref: x\n"));
    becomes(
        "a: 'it''s' # b\n",
        &[replace("#/a", "other")],
        "a: other # b\n",
    );
    becomes(
        "a: true # b\n",
        &[replace("#/a", "false")],
        "a: false # b\n",
    );
}

#[test]
fn line_endings_and_a_missing_last_one_are_kept() {
    becomes(
        "a:\r\n  b: 1\r\n",
        &[insert("#/a", "c", "2")],
        "a:\r\n  b: 1\r\n  c: 2\r\n",
    );
    becomes(
        "a:\n  b: 1",
        &[insert("#/a", "c", "2")],
        "a:\n  b: 1\n  c: 2\n",
    );
    becomes(
        "a:\n- b\n- c\n",
        &[item("#/a", "d", None), insert("#", "e", "1")],
        "a:\n- b\n- c\n- d\ne: 1\n",
    );
    becomes(
        "a: {}\nb: []\n",
        &[insert("#/a", "c", "2"), item("#/b", "d", None)],
        "a: {c: 2}\nb: [d]\n",
    );
}

#[test]
fn strings_that_could_mean_something_else_are_quoted() {
    for text in [
        "yes",
        "1",
        "a: b",
        "#x",
        "",
        " a",
        "a #b",
        "null",
        "@odata.type",
        "a\nb",
        "2024-01-01",
        "é",
        "\u{7f}",
        "- a",
        "[",
        "it's",
    ] {
        let value = Node {
            position: load::Position { line: 1, column: 1 },
            value: Value::String(text.to_owned()),
        };
        let edits = [
            Edit::Insert {
                parent: "#".into(),
                key: text.into(),
                node: value.clone(),
                after: None,
            },
            Edit::InsertItem {
                list: "#/l".into(),
                node: value.clone(),
                after: None,
            },
            Edit::InsertItem {
                list: "#/m".into(),
                node: value,
                after: None,
            },
        ];
        edit("a.yaml", "l: [x]\nm:\n  - y\n", &edits)
            .unwrap_or_else(|problems| panic!("{text:?}: {problems}"));
    }
}

#[test]
fn a_layout_that_is_not_supported_is_refused_with_its_location() {
    let problems = edit("a.yaml", "a: b\n", &[remove("#/x/y")]).unwrap_err();
    assert!(problems.to_string().contains("there is no such node"));
    // The only key of a block would leave nothing behind.
    let problems = edit("a.yaml", "a:\n  b: 1\n", &[remove("#/a/b")]).unwrap_err();
    assert!(problems.to_string().contains("a.yaml:2:3"), "{problems}");
}

#[test]
fn every_edit_of_a_large_document_is_correct_or_refused() {
    let text = SCHEMA;
    let document = load::parse("a.yaml", text).unwrap();
    let mut open = vec![("#".to_owned(), &document.root)];
    let mut count = 0;
    while let Some((pointer, node)) = open.pop() {
        let children: Vec<(String, &Node)> = match &node.value {
            Value::Mapping(entries) => entries
                .iter()
                .map(|e| (format!("{pointer}/{}", load::escape(&e.key)), &e.node))
                .collect(),
            Value::Sequence(items) => items
                .iter()
                .enumerate()
                .map(|(i, n)| (format!("{pointer}/{i}"), n))
                .collect(),
            _ => Vec::new(),
        };
        for (child, node) in children {
            // The check inside of `edit` is what this test relies on.
            let removed = edit("a.yaml", text, &[remove(&child)]);
            let replaced = edit("a.yaml", text, &[replace(&child, "{x: [1, {y: z}]}")]);
            count += usize::from(removed.is_ok()) + usize::from(replaced.is_ok());
            open.push((child, node));
        }
    }
    assert!(count > 20, "{count}");
}
