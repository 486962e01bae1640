//! Operations: ids, paths, parameters, bodies and responses.

use super::{accepts, finds};

#[test]
fn operations_have_distinct_ids_and_paths() {
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
    accepts(
        "            application/json:\n              schema: {$ref: \"#/components/schemas/Ticket\"}",
        "            text/html:\n              schema: {type: string}",
    );
}

#[test]
fn bodies_and_responses_have_one_type() {
    let json = "          application/json:\n            schema: {$ref: \"#/components/schemas/TicketUpdate\"}";
    accepts(json, &format!("{json}\n          text/xml: {{}}"));
    accepts(json, "          image/png: {}");
    finds(
        "unsupported-media-type",
        "content",
        json,
        "          multipart/form-data: {}",
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
    accepts("schema: {type: integer}", "schema: {type: string}");
}

#[test]
fn parameters_match_the_path() {
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
