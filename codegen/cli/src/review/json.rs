//! The report for programs, and its JSON schema.

use graph_client_review::{Finding, FindingKind};
use serde_json::{Value, json};

use super::accepted::Acceptance;
use super::report::Report;
use super::words::meaning;

pub(super) fn write(report: &Report) -> String {
    let release = &report.release;
    let mut document = report.review.to_json();
    let summary = report.summary();
    document["verdict"] = json!(report.verdict().as_str());
    document["summary"] = json!({
        "wire_breaking": summary.wire_breaking,
        "rust_breaking": summary.rust_breaking,
        "additive": summary.additive,
        "docs": summary.docs,
        "accepted": report.accepted_count(),
    });
    document["base"] = json!(report.base.name);
    document["head"] = json!(report.head.name);
    document["release"] = json!({
        "version": release.version.as_ref().map(|version| json!({
            "before": version.before,
            "now": version.now,
            "wanted": version.wanted,
            "says_so": version.says_so,
        })),
        "changelog_says_so": release.changelog,
        "stale_files": release.stale.as_ref().and_then(|stale| stale.as_ref().ok()),
    });
    document["findings"] = report
        .findings()
        .map(|(finding, acceptance)| one(report, finding, acceptance))
        .collect();
    pretty(&document)
}

fn pretty(document: &Value) -> String {
    let mut text = format!("{document:#}");
    text.push('\n');
    text
}

fn one(report: &Report, finding: &Finding, acceptance: Option<&Acceptance>) -> Value {
    let meaning = meaning(finding);
    let mut written = finding.to_json();
    written["level"] = json!(report.levels.of(finding).as_str());
    written["means"] = json!({
        "callers": meaning.callers,
        "service": meaning.service,
        "crate": meaning.crate_users,
    });
    written["accepted"] = json!(acceptance.map(|acceptance| json!({
        "reason": acceptance.reason,
        "expires": acceptance.expires.map(|date| date.to_string()),
    })));
    written
}

/// The JSON Schema (2020-12) of the document.
pub(super) fn schema() -> String {
    let count = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let optional_text = json!({"type": ["string", "null"]});
    pretty(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A review of two descriptions",
        "type": "object",
        "required": ["verdict", "summary", "base", "head", "release", "rust_axis", "findings"],
        "additionalProperties": false,
        "properties": {
            "verdict": {"enum": ["major", "minor", "patch", "none"]},
            "summary": {
                "type": "object",
                "required": ["wire_breaking", "rust_breaking", "additive", "docs"],
                "additionalProperties": false,
                "properties": {
                    "wire_breaking": count,
                    "rust_breaking": count,
                    "additive": count,
                    "docs": count,
                    "accepted": count,
                },
            },
            "base": text,
            "head": text,
            "release": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "version": {
                        "type": ["object", "null"],
                        "required": ["before", "now", "wanted", "says_so"],
                        "additionalProperties": false,
                        "properties": {"before": text, "now": text, "wanted": text, "says_so": {"type": "boolean"}},
                    },
                    "changelog_says_so": {"type": ["boolean", "null"]},
                    "stale_files": {"type": ["integer", "null"], "minimum": 0},
                },
            },
            "rust_axis": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "basis": {"enum": ["generated", "names"], "description": "What the Rust axis was judged by."},
                    "reason": optional_text,
                    "other_items": texts,
                },
            },
            "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        },
        "$defs": {"location": location_schema(), "finding": finding_schema()},
    }))
}

fn location_schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": ["side", "file", "line", "column", "pointer"],
        "additionalProperties": false,
        "properties": {
            "side": {"enum": ["base", "head"], "description": "Which of the two descriptions."},
            "file": text,
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1, "description": "In characters."},
            "pointer": {"type": "string", "pattern": "^#", "description": "A JSON pointer as a fragment."},
        },
    })
}

fn finding_schema() -> Value {
    let kinds: Vec<Value> = FindingKind::ALL
        .iter()
        .map(|kind| json!({"const": kind.as_str(), "description": kind.description()}))
        .collect();
    let text = json!({"type": "string"});
    let optional_text = json!({"type": ["string", "null"]});
    json!({
        "type": "object",
        "required": [
            "id", "kind", "subject", "from", "to", "wire", "request", "response", "understood", "level", "rust", "certainty", "at",
            "used_by", "means", "rust_items", "accepted",
        ],
        "additionalProperties": false,
        "properties": {
            "id": {"type": "string", "pattern": "^[0-9a-f]{12}$", "description": "The same for the same change, wherever it stands."},
            "kind": {"oneOf": kinds},
            "subject": {"type": "string", "description": "`Incident.tenantId`, `PATCH /security/incidents/{}`."},
            "detail": {"type": "string", "description": "Which part of the subject, where its name does not say it."},
            "from": optional_text,
            "to": optional_text,
            "wire": {"enum": ["breaking", "compatible", "none"], "description": "The worse of request and response."},
            "request": {"enum": ["breaking", "compatible", "none", null], "description": "Null where the part is in no request."},
            "response": {"enum": ["breaking", "compatible", "none", null], "description": "Null where the part is in no response."},
            "level": {"enum": ["error", "warning", "note"], "description": "As the settings say, or by what breaks."},
            "understood": {"type": "boolean", "description": "False where no rule knows what the change means; it counts as breaking."},
            "rust": {"enum": ["breaking", "additive", "none"]},
            "certainty": {"type": "number", "minimum": 0, "maximum": 1, "description": "Below 1 for what is proposed as a rename."},
            "at": {"$ref": "#/$defs/location"},
            "nearest": {"anyOf": [{"$ref": "#/$defs/location"}, {"type": "null"}], "description": "The nearest place in the other description."},
            "used_by": {"type": "array", "items": {"type": "string"}, "description": "Operations, then types."},
            "means": {
                "type": "object",
                "required": ["callers", "service", "crate"],
                "additionalProperties": false,
                "properties": {"callers": text, "service": text, "crate": text},
                "description": "What it means to whoever calls the service, serves it, or uses the crate.",
            },
            "rust_items": {"type": "array", "items": {"type": "string", "pattern": "^[-+] "}},
            "accepted": {
                "anyOf": [
                    {"type": "null"},
                    {
                        "type": "object",
                        "required": ["reason", "expires"],
                        "additionalProperties": false,
                        "properties": {"reason": text, "expires": {"type": ["string", "null"], "format": "date"}},
                    },
                ],
            },
        },
    })
}
