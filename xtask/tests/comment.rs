//! The workflow writes one comment, updates it, and deletes it without findings. The step runs against recorded
//! responses, without a network.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::Path;
use std::process::Command;

use graph_client_codegen::load::{self, Node};
use tempfile::TempDir;

/// A stand-in for `gh` that has the comments of a pull request and records its calls.
const GH: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >> "$RECORD"
case "$*" in *--paginate*) cat "$KNOWN" ;; esac
"#;

/// The script of the workflow's step that comments.
fn script() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows/spec-review.yml");
    let document = load::parse("spec-review.yml", &fs::read_to_string(path).unwrap()).unwrap();
    let steps = document.root.pointer("#/jobs/review/steps").unwrap();
    let step = steps
        .as_sequence()
        .unwrap()
        .iter()
        .find(|step| {
            step.get("name").and_then(Node::as_str) == Some("Comment, the same one each time")
        })
        .unwrap();
    step.get("run").and_then(Node::as_str).unwrap().to_owned()
}

/// Runs the step, with the id of an existing comment and the text of the review.
fn run(known: &str, comment: &str) -> String {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("gh"), GH).unwrap();
    fs::write(path("known"), known).unwrap();
    fs::write(path("comment.md"), comment).unwrap();
    fs::write(path("record"), "").unwrap();
    let search = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap()
    );
    // A file that was just written may be run by a shell, whatever its mode is.
    let start = format!(
        "gh() {{ bash {:?} \"$@\"; }}\n{}",
        path("gh").display().to_string(),
        script()
    );
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", &start])
        .current_dir(folder.path())
        .env("PATH", search)
        .env("RECORD", path("record"))
        .env("KNOWN", path("known"))
        // As in the recorded event of pull request 17.
        .env("COMMENTS", "repos/o/r/issues/17/comments")
        .env("ONE_COMMENT", "repos/o/r/issues/comments")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::read_to_string(path("record")).unwrap()
}

#[test]
fn the_first_review_creates_a_comment() {
    let record = run(
        "",
        "<!-- spec-review -->\n## Spec review: requires a major version\n",
    );
    assert!(
        record.contains("--method POST repos/o/r/issues/17/comments"),
        "{record}"
    );
}

#[test]
fn a_later_review_updates_the_same_comment() {
    let record = run(
        "4711\n",
        "<!-- spec-review -->\n## Spec review: requires a minor version\n",
    );
    assert!(
        record.contains("--method PATCH repos/o/r/issues/comments/4711"),
        "{record}"
    );
    assert!(!record.contains("POST"), "{record}");
}

#[test]
fn a_comment_without_findings_is_deleted() {
    assert!(run("4711\n", "").contains("--method DELETE repos/o/r/issues/comments/4711"));
    assert!(
        !run("", "").contains("--method"),
        "nothing to say and nothing to take back"
    );
}
