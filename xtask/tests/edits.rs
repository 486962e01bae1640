//! An edit of the fragment needs only `cargo xtask regen` and two snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use graph_client_codegen::plan::Plan;
use graph_client_codegen::read;
use graph_client_codegen::surface::surface;
use tempfile::TempDir;
use xtask::regen::{CONTRACT, GENERATED};
use xtask::witness::WITNESS;
use xtask::workspace::FRAGMENT;

/// The workspace that this test belongs to.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap().to_owned()
}

/// A copy of what `regen` reads and writes.
fn copy() -> TempDir {
    let copy = TempDir::new().unwrap();
    for path in [FRAGMENT, CONTRACT, WITNESS] {
        let target = copy.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(workspace().join(path), target).unwrap();
    }
    fs::create_dir_all(copy.path().join(GENERATED)).unwrap();
    for entry in fs::read_dir(workspace().join(GENERATED)).unwrap() {
        let entry = entry.unwrap();
        let target = copy.path().join(GENERATED).join(entry.file_name());
        fs::copy(entry.path(), target).unwrap();
    }
    copy
}

fn regen(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("regen")
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Inserts a text after the only occurrence of another.
fn insert(fragment: &mut String, after: &str, text: &str) {
    let at = fragment
        .find(after)
        .unwrap_or_else(|| panic!("no {after:?} in {FRAGMENT}"));
    fragment.insert_str(at + after.len(), text);
}

/// Adds a member to an enumeration.
fn add_member(fragment: &mut String) {
    let enumeration = fragment.find("\n    AlertClassification:\n").unwrap();
    let members = enumeration + fragment[enumeration..].find("      enum:\n").unwrap();
    fragment.insert_str(
        members + "      enum:\n".len(),
        "        - underDiscussion\n",
    );
}

/// A member, a property and an operation.
fn edited(fragment: &str) -> String {
    let mut fragment = fragment.to_owned();
    add_member(&mut fragment);
    let incident = fragment.find("\n    Incident:\n").unwrap();
    let properties = incident + fragment[incident..].find("      properties:\n").unwrap();
    fragment.insert_str(
        properties + "      properties:\n".len(),
        "        escalationLevel:\n          type: integer\n          format: int32\n          nullable: true\n          \
         description: How far up it went.\n          x-graph-filterable: true\n",
    );
    insert(
        &mut fragment,
        "\n  /security/incidents/{incidentId}/comments:\n    parameters:\n      - $ref: \"#/components/parameters/IncidentId\"\n",
        "    delete:\n      operationId: deleteIncidentComments\n      tags:\n        - incidents\n      summary: Delete \
         the comments of an incident\n      description: Removes every comment.\n      responses:\n        \"204\":\n          \
         description: They are gone.\n        4XX:\n          $ref: \"#/components/responses/ClientError\"\n",
    );
    fragment
}

/// The facts of the fragment and the API of the client, line by line.
fn surfaces(fragment: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let model = read(FRAGMENT, fragment, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    (lines(surface(&model)), lines(Plan::of(&model).surface()))
}

#[test]
fn a_new_member_property_and_operation_need_only_regen_and_two_snapshots() {
    let copy = copy();
    let path = copy.path().join(FRAGMENT);
    let before = fs::read_to_string(&path).unwrap();
    let after = edited(&before);
    fs::write(&path, &after).unwrap();

    let output = regen(copy.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    let check = regen(copy.path(), &["--check"]);
    assert_eq!(check.status.code(), Some(0), "{}", printed(&check));

    // The lines that a reviewer reads in the two snapshots.
    let (said, offered) = (surfaces(&before), surfaces(&after));
    let added = |before: &BTreeSet<String>, after: &BTreeSet<String>| -> Vec<String> {
        assert!(before.is_subset(after), "something went");
        after.difference(before).cloned().collect()
    };
    let fragment = added(&said.0, &offered.0);
    assert_eq!(
        fragment,
        [
            "error deleteIncidentComments: GraphErrorResponse",
            "member AlertClassification.underDiscussion",
            "operation deleteIncidentComments: DELETE /security/incidents/{incidentId}/comments -> 204 nothing",
            "parameter deleteIncidentComments.incidentId: path string required",
            "property Incident.escalationLevel: int32? filterable",
        ]
    );
    let client = added(&said.1, &offered.1);
    for line in [
        "AlertClassification::UnderDiscussion",
        "pub Incident::escalation_level: Option<i32>",
        "IncidentProperty::EscalationLevel",
        "pub const fn IncidentFilter::escalation_level() -> runtime::PlainField<i32>",
        "pub fn delete_incident_comments<'a>(&'a self, incident_id: &'a str) -> DeleteIncidentComments<'a>",
    ] {
        assert!(
            client.iter().any(|known| known == line),
            "{line} is not in {client:#?}"
        );
    }
}

#[test]
fn two_branches_that_edit_different_parts_change_no_common_line() {
    let text = |fragment: &str| {
        let settings = graph_client_codegen::Settings::for_fragment(xtask::regen::COMMAND);
        let generated = graph_client_codegen::generate(FRAGMENT, fragment, &settings);
        generated.unwrap_or_else(|problems| panic!("{problems}"))
    };
    let before = fs::read_to_string(workspace().join(FRAGMENT)).unwrap();
    let mut after = before.clone();
    add_member(&mut after);
    let (before, after) = (text(&before), text(&after));
    let changed: Vec<&str> = before
        .files()
        .iter()
        .zip(after.files())
        .filter(|(before, after)| before.text != after.text)
        .map(|(file, _)| file.path.as_str())
        .collect();
    assert_eq!(
        changed,
        ["enumerations.rs"],
        "files that an edit of one enumeration changes"
    );
}
