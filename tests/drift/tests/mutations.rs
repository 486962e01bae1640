//! A changed copy of the fragment is noticed with what it changes; an invalid one is refused with line and pointer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use graph_client_codegen::{read, surface::surface};
use graph_incidents_drift::{files_below, root};
use tempfile::TempDir;
use xtask::witness::WITNESS;
use xtask::workspace::{FRAGMENT, Workspace};
use xtask::{Failure, Outcome, regen};

fn fragment() -> String {
    Workspace::at(&root()).fragment().unwrap()
}

/// Replaces a text in the fragment after `anchor`.
fn edit(anchor: &str, from: &str, to: &str) -> String {
    let text = fragment();
    let start = text
        .find(anchor)
        .unwrap_or_else(|| panic!("the fragment has no `{anchor}`"));
    let (before, after) = text.split_at(start);
    assert!(
        after.contains(from),
        "the fragment has no `{from}` after `{anchor}`"
    );
    format!("{before}{}", after.replacen(from, to, 1))
}

/// A checkout with another fragment, and the current files on disk.
fn checkout(fragment: &str) -> TempDir {
    let copy = TempDir::new().unwrap();
    let root = root();
    for path in files_below(&root.join(regen::GENERATED))
        .unwrap()
        .into_iter()
        .chain([root.join(regen::CONTRACT), root.join(WITNESS)])
    {
        let target = copy.path().join(path.strip_prefix(&root).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, &target).unwrap();
    }
    fs::create_dir_all(copy.path().join("spec")).unwrap();
    fs::write(copy.path().join(FRAGMENT), fragment).unwrap();
    copy
}

fn check(folder: &Path) -> Result<Outcome, Failure> {
    regen::check(&Workspace::at(folder), &mut Vec::new())
}

/// The facts that a mutation removes and adds, and the files that it makes stale.
fn consequences(mutated: &str) -> String {
    let facts = |text: &str| -> BTreeSet<String> {
        let model = read(FRAGMENT, text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        surface(&model).lines().map(str::to_owned).collect()
    };
    let (before, after) = (facts(&fragment()), facts(mutated));
    let copy = checkout(mutated);
    assert_eq!(
        check(copy.path()).unwrap_or_else(|failure| panic!("{failure}")),
        Outcome::OutOfDate
    );
    let mut text = String::new();
    for fact in before.difference(&after) {
        text.push_str(&format!("- {fact}\n"));
    }
    for fact in after.difference(&before) {
        text.push_str(&format!("+ {fact}\n"));
    }
    for change in regen::changes(&Workspace::at(copy.path())).unwrap() {
        text.push_str(&format!("stale: {}\n", change.path().display()));
    }
    text
}

#[test]
fn the_files_on_disk_match_the_fragment() {
    let copy = checkout(&fragment());
    assert_eq!(check(copy.path()).unwrap(), Outcome::Fine);
}

#[test]
fn an_added_member_is_noticed() {
    let mutated = edit(
        "    IncidentStatus:",
        "        - awaitingAction\n",
        "        - awaitingAction\n        - paused\n",
    );
    insta::assert_snapshot!(consequences(&mutated), @"
    + member IncidentStatus.paused
    stale: generated-client/src/generated/enumerations.rs
    stale: tests/simulator/contract.json
    ");
}

#[test]
fn an_added_property_is_noticed() {
    let added = "        kqlText:\n          type: string\n          nullable: true\n";
    let mutated = edit(
        "    RecommendedHuntingQuery:",
        added,
        &format!("        rank:\n          type: integer\n          format: int32\n{added}"),
    );
    insta::assert_snapshot!(consequences(&mutated), @"
    + property RecommendedHuntingQuery.rank: int32
    stale: generated-client/src/generated/objects.rs
    stale: tests/simulator/contract.json
    ");
}

#[test]
fn a_renamed_property_is_noticed() {
    let mutated = edit(
        "    RecommendedHuntingQuery:",
        "        kqlText:",
        "        queryText:",
    );
    insta::assert_snapshot!(consequences(&mutated), @"
    - property RecommendedHuntingQuery.kqlText: string?
    + property RecommendedHuntingQuery.queryText: string?
    stale: generated-client/src/generated/objects.rs
    stale: tests/simulator/contract.json
    ");
}

/// The fragment without one of its paths.
fn without_path(path: &str) -> String {
    let text = fragment();
    let start = text.find(&format!("\n  {path}:\n")).unwrap();
    let rest = &text[start + 1..];
    let length = ["\n  /", "\ncomponents:"]
        .iter()
        .filter_map(|next| rest.find(next))
        .min()
        .unwrap();
    format!("{}{}", &text[..start], &rest[length..])
}

#[test]
fn a_removed_operation_is_noticed() {
    let mutated = without_path("/security/incidents/$count");
    insta::assert_snapshot!(consequences(&mutated), @r"
    - cloud countIncidents: global
    - cloud countIncidents: usGovernmentL4
    - cloud countIncidents: usGovernmentL5
    - error countIncidents: GraphErrorResponse
    - operation countIncidents: GET /security/incidents/$count -> 200 number as text/plain
    - parameter countIncidents.$filter: query string
    - parameter countIncidents.$search: query string
    - permission countIncidents: application higher SecurityIncident.ReadWrite.All
    - permission countIncidents: application least SecurityIncident.Read.All
    - permission countIncidents: delegated higher SecurityIncident.ReadWrite.All
    - permission countIncidents: delegated least SecurityIncident.Read.All
    - role countIncidents: Global Reader
    - role countIncidents: Security Administrator
    - role countIncidents: Security Operator
    - role countIncidents: Security Reader
    stale: generated-client/src/generated/operations.rs
    stale: generated-client/src/generated/requests.rs
    stale: tests/simulator/contract.json
    ");
}

#[test]
fn a_removed_operation_that_leaves_unused_schemas_is_refused() {
    let mutated = without_path("/security/incidents/microsoft.graph.security.mergeIncidents");
    let problems = check(checkout(&mutated).path()).unwrap_err().to_string();
    assert!(
        problems.contains("no operation uses `MergeIncidentsRequest`")
            && problems.contains("spec/incidents.yaml:")
            && problems.contains("in #/components/schemas/MergeIncidentsRequest"),
        "{problems}"
    );
}

#[test]
fn a_dangling_reference_is_refused_with_line_and_pointer() {
    let mutated = edit(
        "    Incident:",
        "#/components/schemas/AlertClassification",
        "#/components/schemas/AlertClassificatoin",
    );
    let line = 1 + mutated
        .lines()
        .position(|line| line.contains("AlertClassificatoin"))
        .unwrap();
    let failure = check(checkout(&mutated).path()).unwrap_err().to_string();
    assert!(
        failure.contains(&format!("{FRAGMENT}:{line}:")),
        "{failure}"
    );
    assert!(
        failure.contains("#/components/schemas/Incident/"),
        "{failure}"
    );
    assert!(failure.contains("help: "), "{failure}");
}

#[test]
fn every_problem_is_reported_in_one_run() {
    let mutated = edit(
        "    Incident:",
        "#/components/schemas/AlertClassification",
        "#/components/schemas/Nowhere",
    )
    .replacen("type: boolean\n", "type: boolaen\n", 1);
    let failure = check(checkout(&mutated).path()).unwrap_err().to_string();
    assert!(
        failure.contains("Nowhere") && failure.contains("boolaen"),
        "{failure}"
    );
}
