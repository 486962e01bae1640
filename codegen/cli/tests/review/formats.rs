//! The formats of the review.

use graph_client_cli::Outcome;
use serde_json::Value;

use crate::SAMPLE;
use crate::checkout::Checkout;

/// One change of each weight (breaking, additive, neither, documentation), and a removed part.
pub(crate) fn edited() -> Checkout {
    let checkout = Checkout::new();
    checkout.edit("enum: [low, middle, high]", "enum: [low, high]");
    checkout.edit(
        "operationId: tickets_GetTicket",
        "operationId: tickets_ReadTicket",
    );
    checkout.edit(
        "mail: {type: string, nullable: true}",
        "mail: {type: string, nullable: true}\n        phone: {type: string, nullable: true}",
    );
    checkout.edit(
        "sender: {type: string, nullable: true}",
        "sender: {type: string, nullable: true, x-note: 1}",
    );
    checkout.edit("summary: Add a note", "summary: Write a note");
    checkout
}

#[test]
fn the_terminal_shows_verbs_locations_items_and_a_summary() {
    let checkout = edited();
    insta::assert_snapshot!(checkout.stable(&checkout.report(&[])));
}

#[test]
fn colour_is_used_only_if_requested() {
    let checkout = edited();
    assert!(!checkout.report(&[]).contains('\u{1b}'));
    assert!(
        checkout
            .report(&["--color", "always"])
            .contains("\u{1b}[1;31m     Removed\u{1b}[0m")
    );
}

#[test]
fn a_comment_is_grouped_and_folded_and_empty_without_changes() {
    let checkout = edited();
    let text = checkout.report(&["--format", "markdown"]);
    insta::assert_snapshot!(checkout.stable(&text));
    assert_eq!(Checkout::new().report(&["--format", "markdown"]), "");
}

#[test]
fn a_comment_is_never_longer_than_allowed() {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    for number in 0..1500 {
        text.push_str(&format!("    desk.thing{number}:\n      type: object\n      properties:\n        word: {{type: string}}\n"));
    }
    let checkout = Checkout::new();
    checkout.write("long.yaml", &text);
    checkout.write(
        "short.yaml",
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n",
    );
    let (long, short) = (checkout.path("long.yaml"), checkout.path("short.yaml"));
    let (long, short) = (long.to_str().unwrap(), short.to_str().unwrap());
    for (base, head) in [(long, short), (short, long)] {
        let comment = checkout.report(&["--format", "markdown", "--base", base, "--head", head]);
        assert!(
            comment.chars().count() <= 65_536,
            "{}",
            comment.chars().count()
        );
        assert!(comment.contains("left out because comments have a size limit"));
        assert_eq!(
            comment.matches("<details>").count(),
            comment.matches("</details>").count()
        );
    }
}

#[test]
fn json_follows_the_published_schema() {
    let checkout = edited();
    let schema: Value = serde_json::from_str(&checkout.report(&["--schema"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = checkout.json(&[]);
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // The library's document, with what only the command knows.
    let of_library = serde_json::from_str(graph_client_review::json_schema()).unwrap();
    assert!(jsonschema::is_valid(&of_library, &document));
    let mut wrong = document.clone();
    wrong["findings"][0]["kind"] = "something-else".into();
    assert!(!validator.is_valid(&wrong));
    assert_eq!(document["verdict"], "major");
    let removed = &document["findings"][0];
    assert_eq!(removed["kind"], "enum-member-removed");
    assert_eq!(removed["subject"], "Urgency.middle");
    assert_eq!(removed["at"]["side"], "base");
    assert_eq!(
        removed["at"]["pointer"],
        "#/components/schemas/desk.urgency/enum/1"
    );
    assert_eq!(
        removed["rust_items"],
        serde_json::json!(["- Urgency::Middle"])
    );
}

#[test]
fn json_of_equivalent_documents_follows_the_schema() {
    let checkout = Checkout::new();
    let schema: Value = serde_json::from_str(&checkout.report(&["--schema"])).unwrap();
    let document = checkout.json(&[]);
    assert!(jsonschema::is_valid(&schema, &document));
    assert_eq!(document["verdict"], "none");
    assert_eq!(document["findings"], serde_json::json!([]));
}

/// The standard's requirements on the parts used here, in our own words.
const SARIF: &str = include_str!("sarif.schema.json");

#[test]
fn sarif_is_valid_and_has_lines_of_the_head() {
    let checkout = edited();
    let id = checkout.json(&[])["findings"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    checkout.write(
        "spec/accepted.yaml",
        &format!("accepted:\n- id: {id:?}\n  reason: never sent\n"),
    );
    let document: Value = serde_json::from_str(&checkout.report(&["--format", "sarif"])).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(SARIF).unwrap()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &document["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "spec/incidents.yaml");
    }
    assert_eq!(
        run["results"][0]["suppressions"][0]["justification"],
        "never sent"
    );
}

#[test]
fn annotations_of_removed_parts_are_at_the_nearest_line_of_the_head() {
    let checkout = edited();
    let text = checkout.report(&["--format", "github"]);
    let head = std::fs::read_to_string(checkout.path("spec/incidents.yaml")).unwrap();
    let line = head
        .lines()
        .position(|line| line.contains("enum: [low, high]"))
        .unwrap()
        + 1;
    let removed = text
        .lines()
        .find(|line| line.contains("Urgency.middle"))
        .unwrap();
    assert!(
        removed.starts_with(&format!(
            "::error file=spec/incidents.yaml,line={line},col=14,title="
        )),
        "{removed}"
    );
    assert!(removed.contains("%0A- Urgency::Middle"), "{removed}");
    assert_eq!(text.lines().count(), 5);
    assert!(
        text.lines()
            .all(|line| line.starts_with("::error ") || line.starts_with("::notice "))
    );
}

#[test]
fn the_exit_code_reports_breaking_changes_only_if_requested() {
    let checkout = edited();
    assert_eq!(checkout.review(&[]).unwrap().0, Outcome::Fine);
    for axis in ["rust", "any"] {
        assert_eq!(
            checkout.review(&["--fail-on", axis]).unwrap().0,
            Outcome::Breaks,
            "{axis}"
        );
    }
    let tightened = Checkout::new();
    tightened.edit("maxLength: 200", "maxLength: 100");
    for (axis, outcome) in [
        ("wire", Outcome::Breaks),
        ("rust", Outcome::Fine),
        ("any", Outcome::Breaks),
    ] {
        assert_eq!(
            tightened.review(&["--fail-on", axis]).unwrap().0,
            outcome,
            "{axis}"
        );
    }
    let harmless = Checkout::new();
    harmless.edit("summary: Add a note", "summary: Write a note");
    assert_eq!(
        harmless.review(&["--fail-on", "any"]).unwrap().0,
        Outcome::Fine
    );
    let renamed = Checkout::new();
    renamed.edit(
        "operationId: tickets_GetTicket",
        "operationId: tickets_ReadTicket",
    );
    assert_eq!(
        renamed.review(&["--fail-on", "wire"]).unwrap().0,
        Outcome::Fine
    );
    assert_eq!(
        renamed.review(&["--fail-on", "rust"]).unwrap().0,
        Outcome::Breaks
    );
}

#[test]
fn accepted_findings_are_marked_and_do_not_fail() {
    let checkout = Checkout::new();
    checkout.edit("enum: [low, middle, high]", "enum: [low, high]");
    let id = checkout.json(&[])["findings"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    checkout.write(
        "spec/accepted.yaml",
        &format!("accepted:\n- id: {id:?}\n  reason: never sent\n  expires: 2999-12-31\n"),
    );
    let (outcome, text) = checkout.review(&["--fail-on", "any"]).unwrap();
    assert_eq!(outcome, Outcome::Fine);
    assert!(
        text.contains("    accepted never sent until 2999-12-31"),
        "{text}"
    );
    let document = checkout.json(&[]);
    assert_eq!(document["findings"][0]["accepted"]["reason"], "never sent");
    assert_eq!(document["summary"]["accepted"], 1);
    assert_eq!(document["verdict"], "major", "it is still gone");
    checkout.write(
        "spec/accepted.yaml",
        &format!("accepted:\n- id: {id:?}\n  reason: never sent\n  expires: 2020-01-01\n"),
    );
    assert_eq!(
        checkout.review(&["--fail-on", "any"]).unwrap().0,
        Outcome::Breaks,
        "it has expired"
    );
    assert_eq!(checkout.json(&[])["findings"][0]["accepted"], Value::Null);
}

#[test]
fn an_id_depends_on_the_change_and_not_on_its_location() {
    let checkout = Checkout::new();
    checkout.edit("enum: [low, middle, high]", "enum: [low, high]");
    let before = checkout.json(&[])["findings"][0].clone();
    checkout.edit("openapi: 3.0.1", "# a line more\nopenapi: 3.0.1");
    checkout.edit("enum: [low, high]", "enum: [low, high, top]");
    let findings = checkout.json(&[])["findings"].clone();
    let after = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["subject"] == "Urgency.middle");
    assert_eq!(after.unwrap()["id"], before["id"]);
}

#[test]
fn the_version_and_the_changelog_may_already_mention_the_change() {
    let checkout = edited();
    let release = checkout.json(&[])["release"].clone();
    assert_eq!(release["version"]["wanted"], "0.2.0");
    assert_eq!(release["version"]["says_so"], false);
    assert_eq!(release["changelog_says_so"], false);
    checkout.write("Cargo.toml", "[workspace.package]\nversion = \"0.2.0\"\n");
    checkout.write(
        "CHANGELOG.md",
        "# Changelog\n\n- the first version\n- `middle` is gone\n",
    );
    let release = checkout.json(&[])["release"].clone();
    assert_eq!(release["version"]["says_so"], true);
    assert_eq!(release["changelog_says_so"], true);
    assert_eq!(release["version"]["now"], "0.2.0");
}

#[test]
fn revisions_and_files_can_be_compared_in_any_combination() {
    let checkout = edited();
    checkout.commit("second");
    checkout.write("other.yaml", SAMPLE);
    let other = checkout.path("other.yaml");
    let other = other.to_str().unwrap();
    for arguments in [
        ["--base", "main~1", "--head", "main"],
        ["--base", other, "--head", "main"],
        [
            "--base",
            "HEAD~1",
            "--head",
            checkout.path("spec/incidents.yaml").to_str().unwrap(),
        ],
    ] {
        let document = checkout.json(&arguments);
        assert_eq!(
            document["findings"].as_array().unwrap().len(),
            5,
            "{arguments:?}"
        );
    }
    // A branch is compared with where it left main, whatever main did since.
    checkout.git(&["checkout", "--quiet", "-b", "topic", "main~1"]);
    checkout.edit("summary: Add a note", "summary: Attach a note");
    let findings = checkout.json(&[])["findings"].clone();
    assert_eq!(findings.as_array().unwrap().len(), 1);
}
