//! Checks the Rust axis against `cargo-semver-checks`: both sides are generated as crates, and their public APIs
//! compared.
//!
//! Run it manually, as it takes minutes: `cargo test -p graph-client-review --test review -- --ignored truth`. Without
//! `cargo-semver-checks`, it reports that it was skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use graph_client_codegen::{Settings, generate};
use graph_client_review::Rust;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::edits::at;
use crate::support::{review_json, sample};

/// An edit with its name.
type Case = (&'static str, fn(&mut Value));

const CASES: [Case; 10] = [
    ("a member more", |head| {
        at(head, "/components/schemas/desk.state/enum")
            .as_array_mut()
            .unwrap()
            .push(json!("late"))
    }),
    ("a member less", |head| {
        drop(
            at(head, "/components/schemas/desk.state/enum")
                .as_array_mut()
                .unwrap()
                .remove(1),
        )
    }),
    ("a property more", |head| {
        at(head, "/components/schemas/desk.person/properties")["phone"] = json!({"type": "string"})
    }),
    ("a property less", |head| {
        drop(
            at(head, "/components/schemas/desk.person/properties")
                .as_object_mut()
                .unwrap()
                .remove("mail"),
        );
    }),
    ("another operation id", |head| {
        at(head, "/paths/~1tickets/get")["operationId"] = json!("tickets_ShowTicket")
    }),
    ("an operation less", |head| {
        drop(
            at(head, "/paths")
                .as_object_mut()
                .unwrap()
                .remove("/tickets/{ticket-id}/notes"),
        );
    }),
    ("a parameter more", |head| {
        let parameters = at(head, "/paths/~1tickets/get/parameters")
            .as_array_mut()
            .unwrap();
        parameters.push(json!({"name": "$skip", "in": "query", "schema": {"type": "integer"}}));
    }),
    ("a parameter less", |head| {
        drop(
            at(head, "/paths/~1tickets/get/parameters")
                .as_array_mut()
                .unwrap()
                .remove(2),
        );
    }),
    ("a schema of another name", |head| {
        *head =
            serde_json::from_str(&head.to_string().replace("desk.person", "desk.human")).unwrap();
    }),
    ("other words", |head| {
        at(head, "/components/schemas/desk.person")["description"] = json!("Somebody")
    }),
];

#[test]
#[ignore = "takes minutes, and needs cargo-semver-checks"]
fn the_rust_axis_agrees_with_a_comparison_of_the_public_apis() {
    let is_installed = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    if !is_installed.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: cargo-semver-checks is not installed");
        return;
    }
    let folder = TempDir::new().unwrap();
    let base = sample();
    let baseline = write_crate(&folder.path().join("base"), &base);
    for (name, apply) in CASES {
        for backwards in [false, true] {
            let mut head = base.clone();
            apply(&mut head);
            let current = write_crate(&folder.path().join("head"), &head);
            let (review, breaks) = match backwards {
                false => (review_json(&base, &head), breaks(&baseline, &current)),
                true => (review_json(&head, &base), breaks(&current, &baseline)),
            };
            let ours = review
                .findings
                .iter()
                .any(|finding| finding.rust == Rust::Breaking);
            eprintln!("{name}, backwards {backwards}: breaks {breaks}");
            assert_eq!(
                ours, breaks,
                "{name}, backwards {backwards}: {:#?}",
                review.findings
            );
        }
    }
}

/// A separate crate with the code that is generated from a description.
fn write_crate(folder: &Path, description: &Value) -> PathBuf {
    let text = format!("{description:#}");
    let generated = generate(
        "description.json",
        &text,
        &Settings::for_description("cargo test"),
    )
    .unwrap();
    let client = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../generated-client")
        .canonicalize()
        .unwrap();
    let manifest = format!(
        "[package]\nname = \"desk\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         graph-incidents = {{ path = {:?} }}\n\n[features]\nschemars = [\"graph-incidents/schemars\"]\n\n[workspace]\n",
        client.display().to_string()
    );
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(
        folder.join("src/lib.rs"),
        "//! Generated.\npub mod generated;\n",
    )
    .unwrap();
    fs::write(folder.join("src/generated.rs"), generated.single_file()).unwrap();
    folder.to_owned()
}

/// Whether the tool requires a major version between two crates.
fn breaks(baseline: &Path, current: &Path) -> bool {
    let output = Command::new("cargo")
        .args([
            "semver-checks",
            "--release-type",
            "minor",
            "--only-explicit-features",
        ])
        .arg("--manifest-path")
        .arg(current.join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(baseline)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    match (output.status.success(), text.contains("--- failure")) {
        (true, _) => false,
        (false, true) => true,
        (false, false) => panic!("{text}"),
    }
}
