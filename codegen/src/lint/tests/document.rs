//! Keywords and references, wherever they stand.

use super::{accepts, edited, finds, problems_of};

#[test]
fn keywords_that_would_be_ignored_are_refused() {
    finds(
        "unknown-keyword",
        "descripton",
        "title: {type: string, nullable: true, description:",
        "title: {type: string, nullable: true, descripton:",
    );
    finds(
        "unsupported-keyword",
        "patternProperties",
        "additionalProperties: false",
        "patternProperties: {a: {}}",
    );
    finds(
        "unsupported-keyword",
        "not:",
        "size: {type: integer",
        "size: {not: {}, type: integer",
    );
    finds(
        "unsupported-keyword",
        "const",
        "url: {type: string}",
        "url: {const: a}",
    );
    finds(
        "wrong-kind",
        "[string, \"null\"]",
        "url: {type: string}",
        "url: {type: [string, \"null\"]}",
    );
    finds(
        "wrong-kind",
        "nullable: yes",
        "title: {type: string, nullable: true,",
        "title: {type: string, nullable: yes,",
    );
    finds("wrong-kind", "version: 1", "version: \"1\"", "version: 1");
    finds(
        "unknown-extension",
        "x-graph-garded",
        "x-graph-guarded",
        "x-graph-garded",
    );
    finds(
        "unknown-extension",
        "x-graph-role",
        "x-graph-permissions:",
        "x-graph-role: [A]\n      x-graph-permissions:",
    );
    finds(
        "beside-reference",
        "nullable: true",
        "value: {type: array, items: {$ref: \"#/components/schemas/Ticket\"",
        "value: {type: array, items: {nullable: true, $ref: \"#/components/schemas/Ticket\"",
    );
    finds("missing-keyword", "info:", "  title: Tickets\n", "");
    finds(
        "unsupported-server",
        "{region}",
        "tickets.example.com",
        "{region}.example.com",
    );
}

#[test]
fn extensions_are_free_beside_paths_and_statuses_but_components_may_have_any_name() {
    accepts("paths:\n", "paths:\n  x-note: [1]\n");
    accepts(
        "        4XX: {$ref",
        "        x-note: [1]\n        4XX: {$ref",
    );
    for kind in ["responses:\n    Error:", "schemas:\n    Ticket:"] {
        let (section, _) = kind.split_once('\n').unwrap();
        finds(
            "unknown-keyword",
            "x-gone",
            &format!("  {kind}"),
            &format!(
                "  {section}\n    x-gone: {{descripton: a}}\n{}",
                kind.split_once('\n').unwrap().1
            ),
        );
    }
    finds(
        "unknown-keyword",
        "x-gone",
        "        status:\n",
        "        x-gone: {descripton: a}\n        status:\n",
    );
    finds(
        "unknown-keyword",
        "x-gone",
        "schema: {type: array, items: {type: string}}",
        "schema: {type: object, properties: {x-gone: {descripton: a}}}",
    );
}

#[test]
fn the_help_for_a_wrong_kind_fits_what_was_written() {
    let cases = [
        (
            "url: {type: string}",
            "url: {type: [string, \"null\"]}",
            "write `nullable: true` for null",
        ),
        ("version: \"1\"", "version: 1", "quote it"),
        ("version: \"1\"", "version: true", "quote it"),
        (
            "version: \"1\"",
            "version: [a]",
            "see the OpenAPI 3.0 specification",
        ),
        (
            "title: {type: string, nullable: true,",
            "title: {type: string, nullable: yes,",
            "write it without quotes",
        ),
        ("minimum: 1,", "minimum: \"1\",", "write it without quotes"),
        (
            "enum: [open, done, cancelled]",
            "enum: open",
            "see the OpenAPI 3.0 specification",
        ),
        (
            "items: {type: string}",
            "items: string",
            "see the OpenAPI 3.0 specification",
        ),
        (
            "x-graph-permissions:",
            "x-graph-permission:",
            "did you mean `x-graph-permissions`?",
        ),
        (
            "      x-graph-permissions:",
            "      x-graph-zzzzzzzz: 1\n      x-graph-permissions:",
            "known here: `x-graph-",
        ),
        (
            "  title: Tickets\n",
            "  title: Tickets\n  x-graph-permissions: 1\n",
            "it belongs elsewhere",
        ),
    ];
    for (from, to, help) in cases {
        let problems = problems_of(&edited(from, to));
        assert!(
            problems.iter().any(|problem| problem.help.contains(help)),
            "{to}: {problems}"
        );
    }
}

#[test]
fn references_point_to_components_of_the_right_kind() {
    finds(
        "dangling-reference",
        "Tiket\"",
        "schema: {$ref: \"#/components/schemas/Ticket\"}",
        "schema: {$ref: \"#/components/schemas/Tiket\"}",
    );
    finds(
        "external-reference",
        "other.yaml",
        "schema: {$ref: \"#/components/schemas/Ticket\"}",
        "schema: {$ref: \"other.yaml#/Ticket\"}",
    );
    finds(
        "reference-kind",
        "responses/Error",
        "schema: {$ref: \"#/components/schemas/Ticket\"}",
        "schema: {$ref: \"#/components/responses/Error\"}",
    );
    finds(
        "deep-reference",
        "properties/id",
        "url: {type: string}",
        "url: {$ref: \"#/components/schemas/Ticket/properties/id\"}",
    );
    finds(
        "reference-chain",
        "$ref",
        "    Filter:\n",
        "    Loop: {$ref: \"#/components/parameters/Filter\"}\n    Filter:\n",
    );
    finds(
        "reference-cycle",
        "Ping",
        "    ErrorResponse:\n",
        "    Ping: {$ref: \"#/components/schemas/Pong\"}\n    Pong: {type: array, items: {$ref: \"#/components/schemas/Ping\"}}\n    ErrorResponse:\n",
    );
    finds(
        "inheritance-cycle",
        "Attachment:",
        "      description: Something that belongs to a ticket.\n",
        "      allOf: [{$ref: \"#/components/schemas/FileAttachment\"}]\n",
    );
}

#[test]
fn cycles_of_lists_of_inline_objects_are_found() {
    finds(
        "reference-cycle",
        "Tree",
        "    ErrorResponse:\n",
        "    Tree: {type: array, items: {type: object, properties: {children: {$ref: \"#/components/schemas/Tree\"}}}}\n    ErrorResponse:\n",
    );
}
