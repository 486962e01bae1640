//! Reports for a release, for an overview, and for programs that list the rules.

use graph_client_cli::Outcome;
use serde_json::Value;

use crate::checkout::Checkout;

fn edited() -> Checkout {
    let checkout = Checkout::new();
    checkout.edit("enum: [low, middle, high]", "enum: [low, high]");
    checkout.edit("maxLength: 200", "maxLength: 100");
    checkout.edit("summary: Add a note", "summary: Write a note");
    checkout
}

#[test]
fn every_operation_has_one_line_with_its_worst_axis() {
    let summary = edited().report(&["--format", "summary"]);
    assert!(summary.contains("breaking   POST /tickets: "), "{summary}");
    assert!(
        summary.contains("none       POST /tickets/{ticket-id}/notes: 1 documentation"),
        "{summary}"
    );
    assert!(
        summary.trim_end().ends_with("1 is documentation"),
        "{summary}"
    );
}

#[test]
fn findings_are_listed_below_the_operations_that_they_affect() {
    let grouped = edited().report(&["--format", "operations"]);
    let start = grouped.find("POST /tickets (breaking").unwrap();
    let below = &grouped[start..];
    assert!(
        below.contains("TicketCreate.subject (maxLength): 200 → 100"),
        "{grouped}"
    );
}

#[test]
fn a_release_gets_entries_for_its_changelog() {
    let changelog = edited().report(&["--format", "changelog"]);
    assert!(
        changelog.starts_with(
            "### Breaking\n\n- Changed bounds TicketCreate.subject (maxLength): 200 → 100\n"
        ),
        "{changelog}"
    );
    assert!(changelog.contains("### Documentation\n\n- 1 thing is said in other words"));
}

#[test]
fn every_rule_is_listed_with_its_opposite_and_its_level() {
    let checkout = Checkout::new();
    checkout.write("spec/levels.yaml", "levels:\n  docs-changed: warning\n");
    let rules: Value = serde_json::from_str(&checkout.report(&["--rules"])).unwrap();
    let rules = rules["rules"].as_array().unwrap();
    let find = |kind: &str| rules.iter().find(|rule| rule["kind"] == kind).unwrap();
    assert_eq!(find("docs-changed")["level"], "warning");
    assert_eq!(find("enum-opened")["mirror"]["kind"], "enum-closed");
    assert_eq!(find("not-understood")["request"], "breaking");
    let table = checkout.report(&["--rules", "--format", "markdown"]);
    assert!(table.starts_with("| a change |"), "{table}");
}

#[test]
fn settings_decide_the_level_of_a_kind_and_what_fails() {
    let checkout = edited();
    checkout.write(
        "spec/levels.yaml",
        "levels:\n  docs-changed: error\n  bounds-changed: note\n  enum-member-removed: warning\n",
    );
    let text = checkout.report(&["--format", "github"]);
    assert!(text.contains("::error file=spec/incidents.yaml"), "{text}");
    assert!(text.contains("::warning file="), "{text}");
    let (outcome, _) = checkout.review(&["--fail-on", "error"]).unwrap();
    assert_eq!(outcome, Outcome::Breaks);
    checkout.write(
        "spec/levels.yaml",
        "levels:\n  bounds-changed: note\n  enum-member-removed: note\n",
    );
    let (outcome, _) = checkout.review(&["--fail-on", "error"]).unwrap();
    assert_eq!(outcome, Outcome::Fine);
    assert_eq!(
        checkout.review(&["--fail-on", "wire"]).unwrap().0,
        Outcome::Breaks
    );
}
