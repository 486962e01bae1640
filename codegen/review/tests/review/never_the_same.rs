//! Two descriptions that differ in anything but layout give at least one finding: random documents of every construct,
//! random edits of any node.
//!
//! A small number runs with the other tests. By hand: `REVIEW_PAIRS=10000 cargo test -p graph-client-review --test
//! review never_the_same -- --nocapture`; `REVIEW_SEED` repeats a run, `REVIEW_SHOW=17` prints the 17th pair.

use graph_client_review::{Review, Side, Source, Wire, review};
use serde_json::Value;

use crate::random_documents::{Dice, document};
use crate::random_edits::{edit, normalised};

/// How many pairs run with the other tests.
const USUAL: u64 = 40;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

fn outcome(base: &Value, head: &Value) -> Option<Review> {
    let (base, head) = (base.to_string(), head.to_string());
    let source = |file, text| Source { file, text };
    // A refusal is no silence.
    review(source("base.json", &base), source("head.json", &head)).ok()
}

#[test]
fn whatever_changes_is_found_or_refused() {
    let (pairs, seed) = (number("REVIEW_PAIRS", USUAL), number("REVIEW_SEED", 1));
    let mut silent = Vec::new();
    let (mut compared, mut refused) = (0, 0);
    for index in 0..pairs {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let base = document(&mut dice);
        let Some((head, what)) = edit(&mut dice, &base) else {
            continue;
        };
        if number("REVIEW_SHOW", u64::MAX) == index {
            println!("{base}\n{head}");
        }
        let Some(review) = outcome(&base, &head) else {
            refused += 1;
            continue;
        };
        compared += 1;
        let differs = normalised(&base, "") != normalised(&head, "");
        if differs && review.findings.is_empty() && review.rust.other_items.is_empty() {
            silent.push(format!("{index}: {what}"));
        }
        for finding in &review.findings {
            let worse = finding.request.max(finding.response).unwrap_or(Wire::None);
            assert_eq!(finding.wire, worse, "{index}: {what}: {finding:?}");
            assert!(
                finding.understood || finding.wire != Wire::Compatible,
                "{finding:?}"
            );
            assert!(
                finding.at.side == Side::Head || finding.nearest.is_none() || finding.at.line > 0
            );
        }
    }
    println!("{compared} pairs compared, {refused} refused, seed {seed}");
    assert!(compared > pairs / 3, "{compared} of {pairs}");
    assert!(silent.is_empty(), "{} silent: {silent:#?}", silent.len());
}

#[test]
fn a_random_document_is_the_same_as_itself() {
    for index in 0..number("REVIEW_PAIRS", USUAL) / 3 {
        let base = document(&mut Dice(number("REVIEW_SEED", 1).wrapping_add(index)));
        if let Some(review) = outcome(&base, &base) {
            assert!(
                review.findings.is_empty(),
                "{index}: {:#?}",
                review.findings
            );
        }
    }
}

#[test]
fn the_mirror_of_a_finding_is_a_finding_of_the_mirror() {
    for index in 0..number("REVIEW_PAIRS", USUAL) / 3 {
        let mut dice = Dice(
            number("REVIEW_SEED", 1)
                .wrapping_mul(7_919)
                .wrapping_add(index),
        );
        let base = document(&mut dice);
        let Some((head, what)) = edit(&mut dice, &base) else {
            continue;
        };
        let (Some(there), Some(back)) = (outcome(&base, &head), outcome(&head, &base)) else {
            continue;
        };
        let rules = graph_client_review::rules();
        for finding in &there.findings {
            let mirrors: Vec<_> = rules
                .iter()
                .filter(|rule| rule.kind == finding.kind)
                .map(|rule| rule.mirror)
                .collect();
            let is_mirrored = back
                .findings
                .iter()
                .any(|other| mirrors.contains(&other.kind));
            assert!(
                is_mirrored,
                "{index}: {what}: {} has no mirror in {:#?}",
                finding.kind, back.findings
            );
        }
    }
}
