//! `cargo xtask regen` in a temporary folder: what it writes, what it leaves alone, what it prints.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;
use xtask::regen::GENERATED;

const FRAGMENT: &str = r##"openapi: 3.0.3
info:
  title: Tags
  version: "1"
paths:
  /tags/{tagId}:
    get:
      operationId: getTag
      parameters:
        - {name: tagId, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: The tag.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Tag"
components:
  schemas:
    Tag:
      type: object
      description: A tag.
      properties:
        colour:
          type: string
          enum: [red, blue]
        displayName:
          type: string
          nullable: true
          description: What it is called.
"##;

/// A checkout with a fragment and no generated files.
struct Checkout(TempDir);

impl Checkout {
    fn new() -> Self {
        let checkout = Self(TempDir::new().unwrap());
        checkout.write("spec/incidents.yaml", FRAGMENT);
        checkout
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn xtask(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .env("CARGO_MANIFEST_DIR", self.path("xtask"))
            .output()
            .unwrap()
    }

    /// When each generated file was last written.
    fn times(&self) -> Vec<(PathBuf, SystemTime)> {
        let mut times: Vec<_> = files(&self.path(GENERATED))
            .into_iter()
            .map(|path| {
                (
                    path.clone(),
                    fs::metadata(&path).unwrap().modified().unwrap(),
                )
            })
            .collect();
        times.sort();
        times
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// The exit code and the output.
fn transcript(output: &Output) -> String {
    format!(
        "exit {}\n{}{}",
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn it_names_each_written_file_and_writes_nothing_the_second_time() {
    let checkout = Checkout::new();
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen"])), @"
    exit 0
         Created generated-client/src/generated/client.rs
         Created generated-client/src/generated/enumerations.rs
         Created generated-client/src/generated/mod.rs
         Created generated-client/src/generated/objects.rs
         Created generated-client/src/generated/operations.rs
         Created generated-client/src/generated/requests.rs
         Created tests/drift/tests/generated/mod.rs
         Created tests/simulator/contract.json
       Generated 8 changes from spec/incidents.yaml
    ");
    let before = checkout.times();
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen"])), @"
    exit 0
           Fresh nothing to do
    ");
    assert_eq!(checkout.times(), before, "a file was touched");
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen", "--check"])), @"
    exit 0
           Fresh all generated files match spec/incidents.yaml
    ");
}

#[test]
fn check_shows_stale_files_with_a_remedy_and_writes_nothing() {
    let checkout = Checkout::new();
    checkout.xtask(&["regen"]);
    let before = checkout.times();
    checkout.write(
        "spec/incidents.yaml",
        &FRAGMENT.replace("[red, blue]", "[red, green, blue]"),
    );
    let output = checkout.xtask(&["regen", "--check"]);
    assert_eq!(output.status.code(), Some(4));
    let printed = transcript(&output);
    assert!(printed.contains("+    Green = \"green\","), "{printed}");
    assert!(
        printed.contains("run `cargo xtask regen` and commit the result"),
        "{printed}"
    );
    assert_eq!(checkout.times(), before);
}

#[test]
fn a_refused_fragment_leaves_every_file_unchanged() {
    let checkout = Checkout::new();
    checkout.xtask(&["regen"]);
    let before = checkout.times();
    checkout.write(
        "spec/incidents.yaml",
        &FRAGMENT.replace("schemas/Tag", "schemas/Tug"),
    );
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen"])), @r##"
    exit 100
    error[dangling-reference]: `#/components/schemas/Tug` does not exist
       --> spec/incidents.yaml:17:23
        |
     17 |                 $ref: "#/components/schemas/Tug"
        |                       ^
        = in #/paths/~1tags~1{tagId}/get/responses/200/content/application~1json/schema/$ref
        = help: did you mean `#/components/schemas/Tag`?

    error: 1 problem in spec/incidents.yaml
    "##);
    assert_eq!(checkout.times(), before);
}

#[test]
fn a_file_that_is_no_longer_generated_is_removed() {
    let checkout = Checkout::new();
    checkout.xtask(&["regen"]);
    checkout.write(
        &format!("{GENERATED}/former.rs"),
        "// @generated by `cargo xtask regen`\n",
    );
    checkout.write(&format!("{GENERATED}/.writing-abc"), "half a fi");
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen"])), @"
    exit 0
         Removed generated-client/src/generated/.writing-abc
         Removed generated-client/src/generated/former.rs
       Generated 2 changes from spec/incidents.yaml
    ");
    assert!(!checkout.path(&format!("{GENERATED}/former.rs")).exists());
    assert!(!checkout.path(&format!("{GENERATED}/.writing-abc")).exists());
}

#[test]
fn a_file_that_was_not_generated_is_never_removed() {
    let checkout = Checkout::new();
    checkout.xtask(&["regen"]);
    let stranger = format!("{GENERATED}/mine.rs");
    checkout.write(&stranger, "//! Written by people.\n");
    insta::assert_snapshot!(transcript(&checkout.xtask(&["regen"])), @"
    exit 100
    error: generated-client/src/generated/mine.rs is in the folder of the generated files but was not generated
      help: move it out of generated-client/src/generated
    ");
    assert_eq!(checkout.read(&stranger), "//! Written by people.\n");
}

#[test]
fn line_endings_of_a_windows_checkout_are_no_difference() {
    let checkout = Checkout::new();
    checkout.xtask(&["regen"]);
    for path in files(&checkout.path(GENERATED)) {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    }
    checkout.write("spec/incidents.yaml", &FRAGMENT.replace('\n', "\r\n"));
    let output = checkout.xtask(&["regen", "--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", transcript(&output));
}

#[test]
fn a_missing_fragment_is_an_error_with_a_remedy() {
    let checkout = Checkout::new();
    fs::remove_file(checkout.path("spec/incidents.yaml")).unwrap();
    for arguments in [&["regen"][..], &["regen", "--check"], &["lint"]] {
        let output = checkout.xtask(arguments);
        assert_eq!(output.status.code(), Some(100));
        assert!(
            transcript(&output).contains("git restore spec/incidents.yaml"),
            "{}",
            transcript(&output)
        );
    }
}

#[test]
fn lint_counts_operations_and_types() {
    let checkout = Checkout::new();
    insta::assert_snapshot!(transcript(&checkout.xtask(&["lint"])), @"
    exit 0
         Checked spec/incidents.yaml: 1 operation, 2 schemas, 2 properties, 2 enum members
    ");
}
