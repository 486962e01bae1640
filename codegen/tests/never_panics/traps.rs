//! Documents that have broken generators before.

use graph_client_codegen::{Settings, generate};

use super::{TICKETS, assert_outcome};

/// A name, the rule that refuses it, and an edit of the fragment.
type Trap = (&'static str, &'static str, &'static str, &'static str);

const TRAPS: [Trap; 15] = [
    (
        "cycle of aliases",
        "reference-cycle",
        "    ErrorResponse:\n",
        "    A: {$ref: \"#/components/schemas/B\"}\n    B: {$ref: \"#/components/schemas/A\"}\n    ErrorResponse:\n",
    ),
    (
        "list of itself",
        "reference-cycle",
        "    ErrorResponse:\n",
        "    A: {type: array, items: {$ref: \"#/components/schemas/A\"}}\n    ErrorResponse:\n",
    ),
    (
        "base of itself",
        "inheritance-cycle",
        "      description: Something that belongs to a ticket.\n",
        "      allOf: [{$ref: \"#/components/schemas/Attachment\"}]\n",
    ),
    (
        "two types of success",
        "several-successes",
        "        \"204\":\n",
        "        \"200\": {description: a, content: {application/json: {schema: {type: object}}}}\n        \"204\":\n",
    ),
    (
        "unknown type",
        "unknown-type",
        "url: {type: string}",
        "url: {type: strin}",
    ),
    (
        "dangling reference",
        "dangling-reference",
        "schemas/TicketUpdate\"",
        "schemas/TicketUpdat\"",
    ),
    (
        "optional path parameter",
        "optional-path-parameter",
        "        required: true\n        schema: {type: string}",
        "        required: false\n        schema: {type: string}",
    ),
    (
        "undeclared path parameter",
        "path-parameter",
        "- name: ticketId",
        "- name: other",
    ),
    (
        "a form",
        "unsupported-media-type",
        "          application/json:\n            schema: {$ref: \"#/components/schemas/TicketUpdate\"}",
        "          multipart/form-data: {schema: {type: object}}",
    ),
    ("empty enum", "uninhabited", "[open, done, cancelled]", "[]"),
    (
        "text and object",
        "uninhabited",
        "        - type: object\n          properties:\n            url",
        "        - type: string\n          properties:\n            url",
    ),
    (
        "cookie",
        "unsupported-parameter",
        "          in: header",
        "          in: cookie",
    ),
    (
        "no id",
        "missing-operation-id",
        "      operationId: getTicket\n",
        "",
    ),
    (
        "another OpenAPI",
        "unsupported-version",
        "openapi: 3.0.3",
        "openapi: 4.0.0",
    ),
    (
        "header that is none",
        "header-name",
        "- name: If-Match",
        "- name: \"If Match\\n\"",
    ),
];

/// Documents that have broken generators before. Each must be refused by its rule.
#[test]
fn known_traps_are_refused_by_their_rules() {
    for (name, rule, from, to) in TRAPS {
        assert!(
            TICKETS.contains(from),
            "{name}: {from:?} is not in the fragment"
        );
        let text = TICKETS.replacen(from, to, 1);
        // In descriptions of other authors, some of these are left out with a warning.
        let mut settings = Settings::for_description("cargo build");
        settings.leave_out = false;
        let problems = generate("trap.yaml", &text, &settings).map(drop);
        let problems = problems.expect_err(name);
        assert!(
            problems.iter().any(|problem| problem.rule == rule),
            "{name}: {problems}"
        );
        assert_outcome(&text);
    }
}
