//! Two descriptions that differ in anything but layout give at least one finding: random documents of every construct,
//! random edits of any node.
//!
//! A small number runs with the other tests. Many: `REVIEW_PAIRS=10000 cargo test --release -p graph-client-review
//! --test review never_the_same -- --nocapture`; `REVIEW_SEED` repeats a run, `REVIEW_SHOW=17` prints the 17th pair,
//! `REVIEW_FIRST=17` begins with it.

use graph_client_review::{Finding, FindingKind, Review, Rule, Side, Source, Wire, review, rules};
use serde_json::Value;

use crate::random::{Dice, document, edit, normalised, resolved};

/// The number of pairs in the normal test run.
const USUAL: u64 = 60;

/// The number of attempts to find an edit that changes something.
const TRIES: usize = 40;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// A description, the same with one edit, and a description of the edit.
struct Pair {
    base: Value,
    head: Value,
    what: String,
}

/// The pairs of a seed, with their numbers.
fn pairs() -> impl Iterator<Item = Pair> {
    let seed = number("REVIEW_SEED", 1);
    (number("REVIEW_FIRST", 0)..number("REVIEW_PAIRS", USUAL)).map(move |index| {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let base = document(&mut dice);
        let made = (0..TRIES).find_map(|_| edit(&mut dice, &base));
        let (head, what) = made.unwrap_or_else(|| panic!("{index}: nothing to edit"));
        if number("REVIEW_SHOW", u64::MAX) == index {
            println!("{base}\n{head}");
        }
        let what = format!("{index}: {what}");
        Pair { base, head, what }
    })
}

fn outcome(base: &Value, head: &Value) -> Option<Review> {
    let (base, head) = (base.to_string(), head.to_string());
    let source = |file, text| Source { file, text };
    // A refusal also reports something.
    review(source("base.json", &base), source("head.json", &head)).ok()
}

#[test]
fn every_change_is_found_or_refused() {
    let (mut silent, mut invented) = (Vec::new(), Vec::new());
    let (mut compared, mut refused) = (0, 0);
    for Pair { base, head, what } in pairs() {
        let Some(review) = outcome(&base, &head) else {
            refused += 1;
            continue;
        };
        compared += 1;
        let differs = normalised(&base) != normalised(&head);
        let is_empty = review.findings.is_empty() && review.rust.other_items.is_empty();
        match (differs, is_empty) {
            (true, true) if resolved(&base) != resolved(&head) => silent.push(what.clone()),
            (false, false) => invented.push(format!("{what}: {:?}", review.findings.first())),
            _ => {}
        }
        for finding in &review.findings {
            is_consistent(finding, &what);
        }
    }
    println!("{compared} pairs compared, {refused} refused");
    assert!(compared > refused, "{compared} compared, {refused} refused");
    assert!(silent.is_empty(), "{} silent: {silent:#?}", silent.len());
    assert!(
        invented.is_empty(),
        "{} of nothing: {invented:#?}",
        invented.len()
    );
}

fn is_consistent(finding: &Finding, what: &str) {
    let worse = finding.request.max(finding.response).unwrap_or(Wire::None);
    assert_eq!(finding.wire, worse, "{what}: {finding:?}");
    assert!(finding.at.line > 0, "{what}: {finding:?}");
    assert!(
        finding.at.side == Side::Head || finding.nearest.is_none() || finding.from.is_some(),
        "{what}: {finding:?}"
    );
    let has_rule = rules().iter().any(|rule| fits(finding, rule));
    assert!(has_rule, "{what}: no rule says so: {finding:?}");
}

#[test]
fn a_random_document_is_valid_and_equals_itself() {
    for Pair { base, what, .. } in pairs() {
        let review = outcome(&base, &base).unwrap_or_else(|| panic!("{what}: refused"));
        assert!(review.findings.is_empty(), "{what}: {:#?}", review.findings);
    }
}

#[test]
fn the_opposite_of_a_change_has_the_opposite_finding() {
    let rules = rules();
    let mut lone = Vec::new();
    for Pair { base, head, what } in pairs() {
        let (Some(there), Some(back)) = (outcome(&base, &head), outcome(&head, &base)) else {
            continue;
        };
        let has_new_names = there
            .findings
            .iter()
            .any(|finding| is_new_name(finding.kind));
        let mut left: Vec<&Finding> = back.findings.iter().collect();
        for finding in &there.findings {
            let is_mirror = |other: &&Finding| {
                mirrors(finding, other, &rules)
                    && (has_new_names || finding.subject == other.subject)
            };
            match left.iter().position(is_mirror) {
                Some(index) => drop(left.remove(index)),
                None => lone.push(format!("{what}: there: {}", told(finding))),
            }
        }
        lone.extend(
            left.into_iter()
                .map(|finding| format!("{what}: back: {}", told(finding))),
        );
    }
    assert!(lone.is_empty(), "{} lone: {lone:#?}", lone.len());
}

fn told(finding: &Finding) -> String {
    format!(
        "{} {} ({}) {:?} -> {:?} {:?}/{:?} {:?}",
        finding.kind,
        finding.subject,
        finding.detail,
        finding.from,
        finding.to,
        finding.request,
        finding.response,
        finding.used_by,
    )
}

/// Whether a rule matches the wire axis of a finding.
fn fits(finding: &Finding, rule: &Rule) -> bool {
    finding.kind == rule.kind
        && finding.request.is_none_or(|wire| wire == rule.request)
        && finding.response.is_none_or(|wire| wire == rule.response)
}

/// Whether a finding is the mirror of another one: by the rule, with the same operations and the values exchanged.
fn mirrors(finding: &Finding, other: &Finding, rules: &[Rule]) -> bool {
    let mirror = |rule: &Rule| {
        rules.iter().any(|back| {
            (back.kind, back.when) == (rule.mirror, rule.mirror_when) && fits(other, back)
        })
    };
    let travels = |finding: &Finding| (finding.request.is_some(), finding.response.is_some());
    let operations = |finding: &Finding| finding.used_by.len();
    // A change to another schema has the effects of the differences between the two.
    let is_of_types = finding.kind.as_str().ends_with("-type-changed");
    let has_rule = rules
        .iter()
        .any(|rule| fits(finding, rule) && (is_of_types || mirror(rule)));
    has_rule
        && (!is_of_types || finding.kind == other.kind)
        && (&finding.from, &finding.to) == (&other.to, &other.from)
        && travels(finding) == travels(other)
        && operations(finding) == operations(other)
}

/// Whether the reversed review names a part differently.
fn is_new_name(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::OperationMoved
            | FindingKind::SchemaRenamed
            | FindingKind::PropertyRenamed
            | FindingKind::EnumMemberRenamed
            | FindingKind::ParameterRenamed
            | FindingKind::ServerChanged
            | FindingKind::DiscriminatorMappingChanged
    )
}
