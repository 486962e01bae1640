//! A description equals itself, and a difference in a transmitted value has a finding in both directions.

use std::time::{Duration, Instant};

use graph_client_review::{Review, Source, Unreadable, review};

use crate::MOST_SECONDS;

/// Separates the two descriptions of an input; without it, both are the same.
const SEPARATOR: &str = "\n---\n";

/// Words of the reference description below with replacements, each of which is a difference.
const DIFFERENCES: [(&str, &str); 9] = [
    ("type: boolean", "type: string"),
    ("format: int64", "format: int32"),
    ("required: [id]", "required: [id, name]"),
    ("enum: [small, large]", "enum: [small]"),
    ("\"204\"", "\"202\""),
    ("nullable: true", "nullable: false"),
    ("in: query", "in: header"),
    ("maximum: 50", "maximum: 49"),
    ("https://things.example", "https://other.example"),
];

/// Compares the two descriptions of an input: each with itself, both in both directions, and with a changed word.
///
/// # Panics
///
/// Panics if a description differs from itself, only one direction is refused, a changed word is not found, or it takes
/// too long.
pub fn review_pair(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (base, head) = text.split_once(SEPARATOR).unwrap_or((&text, &text));
    for side in [base, head] {
        if let Ok(same) = compared(side, side) {
            assert!(
                is_empty(&same),
                "it differs from itself: {:#?}",
                same.findings
            );
            differs_in_each_word(side);
        }
    }
    let (there, back) = (compared(base, head), compared(head, base));
    assert_eq!(there.is_ok(), back.is_ok(), "one direction is refused");
    if let (Ok(there), Ok(back)) = (there, back) {
        assert_eq!(
            is_empty(&there),
            is_empty(&back),
            "one direction finds nothing: {:#?} {:#?}",
            there.findings,
            back.findings
        );
    }
}

fn compared(base: &str, head: &str) -> Result<Review, Unreadable> {
    let source = |file, text| Source { file, text };
    let started = Instant::now();
    let found = review(source("base.yaml", base), source("head.yaml", head));
    let elapsed = started.elapsed();
    assert!(
        elapsed < Duration::from_secs(MOST_SECONDS),
        "it took {elapsed:?}"
    );
    if let Err(unreadable) = &found {
        assert!(!unreadable.to_string().is_empty(), "refused without a word");
    }
    found
}

fn is_empty(review: &Review) -> bool {
    review.findings.is_empty() && review.rust.other_items.is_empty()
}

/// Checked only for the original description: in a mutation, the word may be where it has no meaning.
fn differs_in_each_word(text: &str) {
    if text != KEPT {
        return;
    }
    for (from, to) in DIFFERENCES {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from} is not in the kept description");
        for (base, head) in [(text, other.as_str()), (other.as_str(), text)] {
            let found = compared(base, head).unwrap_or_else(|error| panic!("{from}: {error}"));
            assert!(!found.findings.is_empty(), "{from} → {to} is not found");
        }
    }
}

/// A description with one of each construct.
const KEPT: &str = include_str!("../corpus/review_pair/things.yaml");
