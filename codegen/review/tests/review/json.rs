//! A review as JSON follows the schema that is published beside the sources.

use graph_client_review::{FindingKind, json_schema};
use serde_json::{Value, json};

use crate::random::{Dice, document, edit};
use crate::support::{review_json, sample};

fn schema() -> Value {
    serde_json::from_str(json_schema()).unwrap()
}

#[test]
fn the_schema_lists_every_kind_with_its_sentence() {
    let kinds: Vec<Value> = FindingKind::ALL
        .iter()
        .map(|kind| json!({"const": kind.as_str(), "description": kind.description()}))
        .collect();
    let schema = schema();
    assert_eq!(
        schema["$defs"]["finding"]["properties"]["kind"]["oneOf"],
        json!(kinds)
    );
}

#[test]
fn json_output_follows_the_schema_and_is_complete() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let schema = schema();
    let mut head = sample();
    head["info"]["title"] = json!("Another title");
    head["components"]["schemas"]["desk.person"]["properties"]["name"]["type"] = json!("integer");
    let written = review_json(&sample(), &head).to_json();
    assert!(validator.is_valid(&written), "{written:#}");
    let members = schema["$defs"]["finding"]["properties"]
        .as_object()
        .unwrap();
    for finding in written["findings"].as_array().unwrap() {
        assert!(
            finding.as_object().unwrap().keys().eq(members.keys()),
            "{finding:#}"
        );
    }
    let mut wrong = written.clone();
    wrong["findings"][0]["wire"] = json!("loud");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn reviews_of_random_documents_follow_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let base = document(&mut dice);
        let Some((head, what)) = edit(&mut dice, &base) else {
            continue;
        };
        let source = |file, text| graph_client_review::Source { file, text };
        let (base, head) = (base.to_string(), head.to_string());
        if let Ok(review) = graph_client_review::review(source("a", &base), source("b", &head)) {
            let written = review.to_json();
            assert!(validator.is_valid(&written), "{seed}: {what}: {written:#}");
        }
    }
}
