//! One small pair for each kind of change: its findings, with axis, line and text.
//!
//! The tables beside this file are read as they stand: `in` names the skeleton around `base` and `head`, `schemas` are
//! named schemas beside it, and a finding is `wire kind subject (detail): from -> to @ side line`, its line counted in
//! the part. `REVIEW_KINDS=1` prints what is found, for a new entry.

use graph_client_codegen::diagnostic::Position;
use graph_client_codegen::load::{self, Document, Node};
use graph_client_review::{Finding, Location, Side, Source, review};

use crate::support::line;

const TABLES: [(&str, &str); 6] = [
    ("schemas.yaml", include_str!("schemas.yaml")),
    ("choices.yaml", include_str!("choices.yaml")),
    ("operations.yaml", include_str!("operations.yaml")),
    ("whole.yaml", include_str!("whole.yaml")),
    ("same.yaml", include_str!("same.yaml")),
    ("edges.yaml", include_str!("edges.yaml")),
];

/// The text around a part; `@` is its position.
const SKELETONS: [(&str, &str); 7] = [
    (
        "request",
        "paths:\n  /boxes:\n    post:\n      operationId: post_box\n      requestBody:\n        content:\n          application/json:\n            schema:\n              @\n      responses:\n        \"204\": {description: Kept.}\n",
    ),
    (
        "response",
        "paths:\n  /boxes:\n    get:\n      operationId: get_box\n      responses:\n        \"200\":\n          description: A box.\n          content:\n            application/json:\n              schema:\n                @\n",
    ),
    (
        "both",
        "paths:\n  /boxes:\n    put:\n      operationId: put_box\n      requestBody:\n        content:\n          application/json:\n            schema: {$ref: '#/components/schemas/Box'}\n      responses:\n        \"200\":\n          description: A box.\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Box'}\ncomponents:\n  schemas:\n    Box:\n      @\n",
    ),
    (
        "operation",
        "paths:\n  /boxes/{box}:\n    parameters:\n      - {name: box, in: path, required: true, schema: {type: string}}\n    get:\n      @\n",
    ),
    (
        "parameters",
        "paths:\n  /boxes:\n    get:\n      operationId: get_boxes\n      parameters:\n        @\n      responses:\n        \"204\": {description: None.}\n",
    ),
    (
        "responses",
        "paths:\n  /boxes:\n    get:\n      operationId: get_boxes\n      responses:\n        @\n",
    ),
    ("root", "@\n"),
];

/// A part in its skeleton, and the number of lines before it.
fn document(case: &Node, part: &str) -> (String, usize) {
    let text = |key: &str| case.get(key).and_then(Node::as_str);
    let place = text("in").unwrap();
    let (_, skeleton) = SKELETONS.iter().find(|(name, _)| *name == place).unwrap();
    let head = match skeleton.starts_with('@') {
        true => String::new(),
        false => {
            let version = text("openapi").unwrap_or("3.0.3");
            format!("openapi: {version}\ninfo: {{title: Yard, version: \"1\"}}\n")
        }
    };
    let before = skeleton.split('@').next().unwrap();
    let indent = " ".repeat(before.len() - before.rfind('\n').map_or(0, |end| end + 1));
    let part = part.trim_end().replace('\n', &format!("\n{indent}"));
    let mut document = format!("{head}{}", skeleton.replacen('@', &part, 1));
    if let Some(schemas) = text("schemas") {
        if !document.contains("components:") {
            document.push_str("components:\n  schemas:\n");
        }
        document.push_str(&format!(
            "    {}\n",
            schemas.trim_end().replace('\n', "\n    ")
        ));
    }
    let lines = format!("{head}{before}").matches('\n').count();
    (document, lines)
}

fn told(finding: &Finding, lines: (usize, usize)) -> String {
    let text = line(finding);
    let (axes, rest) = text.split_once(' ').unwrap();
    let before = match finding.at.side {
        Side::Base => lines.0,
        Side::Head => lines.1,
    };
    format!(
        "{} {rest} @ {} {}",
        axes.split('/').next().unwrap(),
        finding.at.side.as_str(),
        finding.at.line as i64 - before as i64,
    )
}

/// Whether the pointer of a location leads to its line and column: to a value, or to the key of one.
fn is_at_its_pointer(location: &Location, document: &Document) -> bool {
    let Some(node) = document.root.pointer(&location.pointer) else {
        return false;
    };
    let key = location.pointer.rsplit_once('/').and_then(|(parent, key)| {
        let entry = document.root.pointer(parent)?.entry(&load::unescape(key))?;
        Some(entry.key_position)
    });
    let is_here = |at: Position| (at.line, at.column) == (location.line, location.column);
    is_here(node.position) || key.is_some_and(is_here)
}

/// The findings, in the order of their locations.
fn found(case: &Node) -> Vec<String> {
    let part = |key: &str| case.get(key).and_then(Node::as_str).unwrap();
    let (base, head) = (document(case, part("base")), document(case, part("head")));
    let source = |file, text| Source { file, text };
    match review(source("base.yaml", &base.0), source("head.yaml", &head.0)) {
        Ok(review) => {
            let locations = review.findings.iter().flat_map(|finding| {
                [Some(&finding.at), finding.nearest.as_ref()]
                    .into_iter()
                    .flatten()
            });
            for location in locations {
                let text = match location.side {
                    Side::Base => &base.0,
                    Side::Head => &head.0,
                };
                let document = load::parse(&location.file, text).unwrap();
                assert!(is_at_its_pointer(location, &document), "{location:?}");
            }
            let mut told: Vec<String> = review
                .findings
                .iter()
                .map(|finding| told(finding, (base.1, head.1)))
                .collect();
            told.sort();
            told
        }
        Err(problems) => vec![format!(
            "refused {}",
            problems.sides()[0].iter().next().unwrap().rule
        )],
    }
}

#[test]
fn each_kind_of_change_is_found_once_on_its_axis_at_its_line() {
    let mut wrong = Vec::new();
    for (file, text) in TABLES {
        let table = load::parse(file, text).unwrap();
        for case in table.root.get("cases").and_then(Node::as_sequence).unwrap() {
            let name = case.get("kind").and_then(Node::as_str).unwrap();
            let found = found(case);
            if std::env::var_os("REVIEW_KINDS").is_some() {
                println!("{file}\t{name}\t{}", serde_json::json!(found));
            }
            let right = case
                .get("found")
                .and_then(Node::as_sequence)
                .unwrap_or_default();
            let right: Vec<&str> = right.iter().filter_map(Node::as_str).collect();
            if found != right {
                wrong.push(format!("{file}: {name}: {found:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
