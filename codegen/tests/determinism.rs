//! The same input gives the same output, whatever the order of keys in mappings without order.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use graph_client_codegen::load::{self, Node, Value};
use graph_client_codegen::{Settings, generate};

const FRAGMENTS: [&str; 3] = [
    include_str!("fragments/tickets.yaml"),
    include_str!("fragments/microsoft.yaml"),
    include_str!("../../spec/incidents.yaml"),
];

/// Everything that is generated.
fn generated(text: &str) -> Vec<String> {
    let generated = generate("a.yaml", text, &Settings::for_description("cargo build")).unwrap();
    let mut texts = vec![generated.surface(), generated.single_file().to_owned()];
    texts.extend(generated.files().iter().map(|file| file.text.clone()));
    texts
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for text in FRAGMENTS {
        assert_eq!(generated(text), generated(text));
    }
}

/// The same document as JSON, with every mapping in reverse order.
fn reversed(node: &Node) -> String {
    match &node.value {
        Value::Mapping(entries) => {
            let entries = entries.iter().rev().map(|entry| {
                let key = serde_json::Value::from(entry.key.as_str());
                format!("{key}: {}", reversed(&entry.node))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(reversed).collect();
            format!("[{}]", items.join(", "))
        }
        _ => node.to_json().to_string(),
    }
}

#[test]
fn the_order_of_keys_does_not_matter() {
    for text in FRAGMENTS {
        let document = load::parse("a.yaml", text).unwrap();
        let upside_down = reversed(&document.root);
        assert_ne!(upside_down, text);
        for (left, right) in generated(text).iter().zip(generated(&upside_down)) {
            assert!(*left == right, "{}", first_difference(left, &right));
        }
    }
}

fn first_difference(left: &str, right: &str) -> String {
    let mut pairs = left.lines().zip(right.lines());
    let difference = pairs.find(|(left, right)| left != right);
    format!("the first difference: {difference:?}")
}

#[test]
fn line_endings_do_not_matter() {
    for text in FRAGMENTS {
        assert_eq!(generated(text), generated(&text.replace('\n', "\r\n")));
    }
}
