//! Descriptions with 10,000 nested or chained parts are compared or refused, in time and without a stack overflow.

use std::time::{Duration, Instant};

use graph_client_review::{Source, review};
use serde_json::{Value, json};

const DEPTH: usize = 10_000;

/// Far more than needed, and far less than exponential growth with the depth would take.
const LONGEST: Duration = Duration::from_secs(60);

/// The rule that refuses a pair, or the number of findings.
fn outcome(base: &str, head: &str) -> String {
    let start = Instant::now();
    let source = |file, text| Source { file, text };
    let outcome = match review(source("base", base), source("head", head)) {
        Ok(review) => format!("{} found", review.findings.len()),
        Err(problems) => problems.sides()[0].iter().next().unwrap().rule.to_owned(),
    };
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    outcome
}

/// A description whose schema `A` is a string.
fn around(schema: &str) -> String {
    let schemas = json!({"A": "@"});
    json!({"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {}, "components": {"schemas": schemas}})
        .to_string()
        .replacen("\"@\"", schema, 1)
}

#[test]
fn too_deep_nesting_is_refused_in_json_and_yaml() {
    for (open, close) in [
        (r#"{"type":"array","items":"#, "}"),
        (r#"{"allOf":["#, "]}"),
        (r#"{"oneOf":["#, "]}"),
        (r#"{"type":"object","properties":{"a":"#, "}}"),
        (r#"{"additionalProperties":"#, "}"),
        (r#"{"not":"#, "}"),
    ] {
        for depth in [100, DEPTH] {
            let (before, behind) = (open.repeat(depth), close.repeat(depth));
            let nested = |kind: &str| around(&format!(r#"{before}{{"type":"{kind}"}}{behind}"#));
            let outcome = outcome(&nested("string"), &nested("integer"));
            assert!(
                ["syntax", "too-deep"].contains(&outcome.as_str()),
                "{open} {outcome}"
            );
        }
    }
    let block = |kind: &str| {
        let mut text = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A:\n".to_owned();
        for level in 0..300 {
            text.push_str(&format!("{}items:\n", " ".repeat(6 + level)));
        }
        text + &format!("{}type: {kind}\n", " ".repeat(306))
    };
    assert_eq!(outcome(&block("string"), &block("integer")), "too-deep");
}

/// Schemas that each refer to the next one; the last one has a property.
fn chain(depth: usize, link: &dyn Fn(Value) -> Value, kind: &str) -> String {
    let mut schemas = serde_json::Map::new();
    for index in 0..depth {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        schemas.insert(format!("S{index}"), link(next));
    }
    let last = json!({"type": "object", "properties": {"z": {"type": kind}}});
    schemas.insert(format!("S{depth}"), last);
    json!({"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {}, "components": {"schemas": schemas}})
        .to_string()
}

#[test]
fn chains_of_references_are_compared_or_refused_once() {
    let compared = |depth: usize, link: &dyn Fn(Value) -> Value| {
        outcome(
            &chain(depth, link, "string"),
            &chain(depth, link, "integer"),
        )
    };
    assert_eq!(compared(DEPTH, &|next| next), "too-deep");
    let extended = |next| json!({"allOf": [next, {"description": "a"}]});
    assert_eq!(compared(DEPTH, &extended), "too-deep");
    // As many as a debug build can compare quickly.
    let owned = |next| json!({"type": "object", "properties": {"next": next}});
    assert_eq!(compared(1_000, &owned), "1 found");
    let listed = |next| json!({"type": "array", "items": next});
    assert_eq!(compared(1_000, &listed), "1 found");
}
