//! Types, compositions, enumerations, discriminators, and names that meet.

use super::{accepts, finds};

#[test]
fn types_are_known_and_not_empty() {
    finds(
        "unknown-type",
        "strin",
        "url: {type: string}",
        "url: {type: strin}",
    );
    for format in ["INT64", "Int64", "int-64"] {
        let to = format!("size: {{type: integer, format: {format}}}");
        finds(
            "misspelt-format",
            format,
            "size: {type: integer, format: int64}",
            &to,
        );
    }
    accepts("url: {type: string}", "url: {type: string, format: uri}");
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
fn compositions_have_a_supported_form() {
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
fn enumeration_members_are_distinct_and_described_once() {
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
fn discriminators_match_the_subtypes() {
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
fn names_that_become_equal_are_made_unique() {
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
