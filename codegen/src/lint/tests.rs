//! What the lint promises, rule by rule: a whole fragment passes, and each thing that can be wrong with it is found.

use crate::diagnostic::Problems;
use crate::load::parse;

use super::{check, unused};

const TICKETS: &str = include_str!("../../tests/fragments/tickets.yaml");
const MICROSOFT: &str = include_str!("../../tests/fragments/microsoft.yaml");

fn problems_of(text: &str) -> Problems {
    check(&parse("a.yaml", text).unwrap())
}

/// The fragment with one text replaced by another.
fn edited(from: &str, to: &str) -> String {
    assert!(TICKETS.contains(from), "{from:?} is not in the fragment");
    TICKETS.replacen(from, to, 1)
}

/// Asserts that an edit leaves the fragment without a problem.
fn accepts(from: &str, to: &str) {
    let text = edited(from, to);
    let problems = problems_of(&text);
    assert!(problems.is_empty(), "{problems}");
}

/// Checks that an edit is found by a rule, at the line that holds a mark.
#[track_caller]
fn finds(rule: &str, mark: &str, from: &str, to: &str) {
    let text = edited(from, to);
    let problems = problems_of(&text);
    let found = problems.iter().any(|problem| {
        let line = problem.position.unwrap().line;
        let shown = text.lines().nth(line - 1).unwrap_or_default();
        problem.rule == rule && shown.contains(mark) && !problem.help.is_empty()
    });
    assert!(
        found,
        "no `{rule}` at a line with {mark:?} in:\n{}",
        problems.with_source(&text)
    );
}

#[test]
fn whole_fragments_pass_in_both_flavours() {
    assert_eq!(problems_of(TICKETS).to_string(), "");
    assert_eq!(problems_of(MICROSOFT).to_string(), "");
}

#[test]
fn other_versions_are_refused_without_further_noise() {
    for (version, shown) in [
        ("openapi: 3.1.0", "OpenAPI `3.1.0` is not supported"),
        ("openapi: 3.0", "OpenAPI `3.0` is not supported"),
        ("swagger: \"2.0\"", "Swagger 2.0 is not supported"),
        ("title: none", "does not say its OpenAPI version"),
    ] {
        let problems = problems_of(&edited("openapi: 3.0.3", version));
        assert_eq!(problems.len(), 1, "{problems}");
        assert!(problems.to_string().contains(shown), "{problems}");
    }
}

#[test]
fn keywords_that_would_be_lost_are_refused() {
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
fn references_lead_to_components_of_the_right_kind() {
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
fn a_cycle_of_lists_of_inline_objects_is_found_too() {
    finds(
        "reference-cycle",
        "Tree",
        "    ErrorResponse:\n",
        "    Tree: {type: array, items: {type: object, properties: {children: {$ref: \"#/components/schemas/Tree\"}}}}\n    ErrorResponse:\n",
    );
}

#[test]
fn operations_have_ids_and_paths_that_differ() {
    accepts("operationId: updateTicket", "operationId: getTicket");
    finds(
        "missing-operation-id",
        "get:",
        "      operationId: getTicket\n",
        "",
    );
    accepts("operationId: updateTicket", "operationId: get_ticket");
    finds(
        "unusable-name",
        "日本",
        "operationId: updateTicket",
        "operationId: 日本",
    );
    accepts("operationId: getTicket", "operationId: ticket");
    finds(
        "duplicate-path",
        "{other}",
        "  /tickets/$count:",
        "  /tickets/{other}:",
    );
    finds(
        "path-template",
        "tickets/{",
        "  /tickets/$count:",
        "  /tickets/{a/$count:",
    );
    finds(
        "unsupported-media-type",
        "text/html",
        "            application/json:\n              schema: {$ref: \"#/components/schemas/Ticket\"}",
        "            text/html:\n              schema: {type: string}",
    );
}

#[test]
fn bodies_and_answers_have_one_type() {
    let json = "          application/json:\n            schema: {$ref: \"#/components/schemas/TicketUpdate\"}";
    finds(
        "unsupported-media-type",
        "content",
        json,
        &format!("{json}\n          text/xml: {{}}"),
    );
    finds(
        "body-without-meaning",
        "requestBody",
        "      operationId: countTickets\n",
        "      operationId: countTickets\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n",
    );
    finds(
        "several-successes",
        "\"204\"",
        "        \"204\":\n",
        "        \"201\": {description: New., content: {application/json: {schema: {type: object}}}}\n        \"204\":\n",
    );
    finds(
        "no-success",
        "responses",
        "        \"204\":\n",
        "        \"404\":\n",
    );
    finds("status", "6XX", "        4XX:", "        6XX:");
    finds(
        "unsupported-media-type",
        "text/plain",
        "schema: {type: integer}",
        "schema: {type: string}",
    );
}

#[test]
fn parameters_agree_with_the_path() {
    finds(
        "path-parameter",
        "get:",
        "- name: ticketId",
        "- name: ticket",
    );
    finds(
        "optional-path-parameter",
        "- name: ticketId",
        "        required: true\n        schema: {type: string}",
        "        schema: {type: string}",
    );
    finds(
        "unsupported-parameter",
        "- name: If-Match",
        "          in: header",
        "          in: cookie",
    );
    finds(
        "header-name",
        "- name: If Match",
        "- name: If-Match",
        "- name: If Match",
    );
    finds(
        "header-name",
        "- name: Authorization",
        "- name: If-Match",
        "- name: Authorization",
    );
    finds(
        "unsupported-parameter",
        "- name: $select",
        "          explode: false\n",
        "",
    );
    finds(
        "unsupported-parameter",
        "type: object",
        "schema: {type: integer, minimum: 1, maximum: 50}",
        "schema: {type: object}",
    );
    finds(
        "duplicate-parameter",
        "- name: $select",
        "- name: $top",
        "- name: $select",
    );
    accepts("- name: $top", "- name: select");
}

#[test]
fn types_are_known_and_have_values() {
    finds(
        "unknown-type",
        "strin",
        "url: {type: string}",
        "url: {type: strin}",
    );
    finds(
        "missing-items",
        "tags",
        "tags: {type: array, items: {type: string}}",
        "tags: {type: array}",
    );
    finds(
        "contradiction",
        "maxLength",
        "maxLength: 100",
        "maxLength: 100, minLength: 101",
    );
    finds(
        "contradiction",
        "properties",
        "    Ticket:\n      description: Something that somebody has to do.\n      type: object",
        "    Ticket:\n      description: Something that somebody has to do.\n      type: string",
    );
    finds(
        "required-without-property",
        "titel",
        "      minProperties: 1\n",
        "      minProperties: 1\n      required: [titel]\n",
    );
    finds(
        "uninhabited",
        "enum: []",
        "enum: [open, done, cancelled]",
        "enum: []",
    );
    finds(
        "uninhabited",
        "addedDateTime",
        "            size: {type: integer, format: int64}",
        "            addedDateTime: {type: integer}",
    );
}

#[test]
fn compositions_are_of_a_known_form() {
    finds(
        "several-bases",
        "schemas/Attachment\"",
        "    LinkAttachment:\n      description: An address.\n      allOf:\n",
        "    LinkAttachment:\n      description: An address.\n      allOf:\n        - $ref: \"#/components/schemas/Ticket\"\n",
    );
    finds(
        "uninhabited",
        "type: string",
        "      allOf:\n        - $ref: \"#/components/schemas/Attachment\"\n        - type: object",
        "      allOf:\n        - $ref: \"#/components/schemas/Attachment\"\n        - type: string",
    );
    finds(
        "unsupported-choice",
        "oneOf",
        "url: {type: string}",
        "url: {oneOf: [{$ref: \"#/components/schemas/Ticket\"}, {$ref: \"#/components/schemas/TicketUpdate\"}]}",
    );
    finds(
        "unsupported-choice",
        "anyOf",
        "url: {type: string}",
        "url: {anyOf: [{type: string}, {type: object}]}",
    );
}

#[test]
fn members_of_enumerations_differ_and_are_described_once() {
    finds(
        "member-collision",
        "enum",
        "enum: [open, done, cancelled]",
        "enum: [open, done, cancelled, done]",
    );
    accepts(
        "enum: [open, done, cancelled]",
        "enum: [open, done, cancelled, Done]",
    );
    accepts(
        "enum: [open, done, cancelled]",
        "enum: [open, done, cancelled, o-pen, o_pen]",
    );
    finds(
        "unusable-name",
        "enum",
        "enum: [open, done, cancelled]",
        "enum: [open, done, cancelled, \"*\"]",
    );
    finds(
        "member-is-no-text",
        "enum",
        "enum: [open, done, cancelled]",
        "enum: [open, done, cancelled, 5]",
    );
    finds(
        "enum-details",
        "closed",
        "{value: done, description",
        "{value: closed, description",
    );
    finds(
        "enum-details",
        "x-graph-page-only",
        "{value: done, description",
        "{value: done, x-graph-page-only: gone, description",
    );
}

#[test]
fn discriminators_agree_with_the_subtypes() {
    finds(
        "discriminator",
        "propertyName",
        "        propertyName: \"@odata.type\"",
        "        propertyName: kind",
    );
    finds(
        "discriminator",
        "schemas/File\"",
        "\"#/components/schemas/FileAttachment\"",
        "\"#/components/schemas/File\"",
    );
    finds(
        "discriminator",
        "schemas/Ticket\"",
        "\"#/components/schemas/FileAttachment\"",
        "\"#/components/schemas/Ticket\"",
    );
    finds(
        "discriminator",
        "FileAttachment:",
        "          \"#tickets.fileAttachment\": \"#/components/schemas/FileAttachment\"\n",
        "",
    );
    finds(
        "discriminator",
        "#tickets.zip",
        "          \"#tickets.linkAttachment\"",
        "          \"#tickets.zip\": \"#/components/schemas/FileAttachment\"\n          \"#tickets.linkAttachment\"",
    );
}

#[test]
fn names_that_become_one_are_told_apart() {
    accepts(
        "    ErrorResponse:\n",
        "    ticket_status: {type: object}\n    ErrorResponse:\n",
    );
    accepts(
        "    ErrorResponse:\n",
        "    AttachmentBase: {type: object}\n    ErrorResponse:\n",
    );
    accepts(
        "        status:\n          allOf: [{$ref: \"#/components/schemas/TicketStatus\"}]\n          nullable: true",
        "        Title: {type: string}",
    );
    accepts(
        "        tags: {type: array",
        "        clearTitle: {type: string}\n        tags: {type: array",
    );
}

#[test]
fn everything_is_found_in_one_run_in_the_order_of_the_file() {
    let text = edited("operationId: getTicket", "operationId: listTickets")
        .replace("schemas/TicketCollection\"", "schemas/Tickets\"")
        .replace("enum: [open, done, cancelled]", "enum: [open, done, open]");
    insta::assert_snapshot!(problems_of(&text).with_source(&text), @r##"
    error[dangling-reference]: `#/components/schemas/Tickets` does not exist
        --> a.yaml:27:30
         |
      27 |               schema: {$ref: "#/components/schemas/Tickets"}
         |                              ^
         = in #/paths/~1tickets/get/responses/200/content/application~1json/schema/$ref
         = help: did you mean `#/components/schemas/Ticket`?

    error[member-collision]: `open` is a member twice
        --> a.yaml:102:26
         |
     102 |       enum: [open, done, open]
         |                          ^
         = in #/components/schemas/TicketStatus/enum/2
         = help: remove one of the two

    error[enum-details]: `x-ms-enum` describes `cancelled`, which is no member
        --> a.yaml:108:21
         |
     108 |           - {value: cancelled, description: It does not matter., x-graph-guarded: it cannot be undon
         |                     ^
         = in #/components/schemas/TicketStatus/x-ms-enum/values/2/value
         = help: add it to `enum`, or correct the name

    error: 3 problems in a.yaml
    "##);
}

#[test]
fn components_that_nothing_leads_to_are_found() {
    let rules = |text: &str| {
        let problems = unused(&parse("a.yaml", text).unwrap());
        problems
            .iter()
            .map(|problem| problem.pointer.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(TICKETS), [""; 0]);
    let text = edited("        - $ref: \"#/components/parameters/Filter\"\n", "");
    assert_eq!(rules(&text), ["#/components/parameters/Filter"]);
}

#[test]
fn descriptions_that_nobody_has_written_are_refused() {
    use crate::refresh::UNWRITTEN;
    let text = format!("description: \"{UNWRITTEN}\"");
    let from = "title: {type: string, nullable: true, description:";
    let line = edited(from, &format!("title: {{type: string, {text}, title:"));
    let found = problems_of(&line);
    assert!(
        found.iter().any(|problem| problem.rule == "unwritten"),
        "{found}"
    );
}

#[test]
fn parts_that_lead_to_one_schema_over_many_levels_are_asked_once() {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    for level in 0..30 {
        let part = format!("{{$ref: '#/components/schemas/A{}'}}", level + 1);
        let parts = vec![part; 4].join(", ");
        text.push_str(&format!("    A{level}: {{allOf: [{parts}]}}\n"));
    }
    text.push_str("    A30: {description: the last}\n");
    let start = std::time::Instant::now();
    let problems = check(&parse("fan.yaml", &text).unwrap());
    assert!(problems.to_string().contains("several-bases"));
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
}
