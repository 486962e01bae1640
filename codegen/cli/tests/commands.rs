//! The commands in temporary folders: what they write and print, and how they exit.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const FRAGMENT: &str = r##"openapi: 3.0.3
info: {title: Tags, version: "1"}
paths:
  /tags:
    get:
      operationId: listTags
      responses:
        "200": {description: Tags., content: {application/json: {schema: {$ref: "#/components/schemas/Tags"}}}}
  /tags/{tagId}:
    get:
      operationId: getTag
      parameters: [{name: tagId, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: The tag., content: {application/json: {schema: {$ref: "#/components/schemas/Tag"}}}}
  /marks:
    get:
      operationId: listMarks
      responses:
        "200": {description: Marks., content: {application/json: {schema: {$ref: "#/components/schemas/Mark"}}}}
components:
  schemas:
    Tags: {type: object, properties: {value: {type: array, items: {$ref: "#/components/schemas/Tag"}}}}
    Tag: {type: object, properties: {id: {type: string}, displayName: {type: string, nullable: true}}}
    Mark: {type: object, properties: {id: {type: string}, name: {type: string}}}
"##;

/// A part of it.
const SETTINGS: &str =
    "from = 'spec/tags.yaml'\nout = 'src/generated'\n[select]\npaths = ['^/tags']\n";

struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(TempDir::new().unwrap());
        repository.write("spec/tags.yaml", FRAGMENT);
        repository.write("graph-client.toml", SETTINGS);
        repository
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

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_graph-client"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        said(&output)
    }
}

fn said(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[test]
fn a_repository_with_its_own_fragment_generates_and_detects_drift() {
    let repository = Repository::new();
    let (code, text) = repository.run(&["generate", "--check"]);
    assert_eq!(code, 4, "{text}");
    assert!(!repository.path("src").exists(), "a check writes nothing");
    let (code, text) = repository.run(&["generate"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        repository
            .read("src/generated/requests.rs")
            .contains("list_tags")
    );
    assert!(
        !repository
            .read("src/generated/requests.rs")
            .contains("list_marks"),
        "it is not selected"
    );
    assert_eq!(repository.run(&["generate", "--check"]).0, 0);
    repository.write("spec/tags.yaml", &FRAGMENT.replace("displayName", "title"));
    let (code, text) = repository.run(&["generate", "--check"]);
    assert_eq!(code, 4, "{text}");
    assert!(text.contains("run `graph-client generate`"), "{text}");
}

#[test]
fn a_refused_description_leaves_every_file_unchanged() {
    let repository = Repository::new();
    repository.run(&["generate"]);
    let before = repository.read("src/generated/objects.rs");
    repository.write(
        "spec/tags.yaml",
        &FRAGMENT.replace("schemas/Tag\"", "schemas/Tug\""),
    );
    for command in [&["generate"][..], &["client", "--out", "made"], &["lint"]] {
        let (code, text) = repository.run(command);
        assert_eq!(code, 100, "{text}");
        assert!(text.contains("error[dangling-reference]"), "{text}");
    }
    assert_eq!(repository.read("src/generated/objects.rs"), before);
    assert!(!repository.path("made").exists());
}

#[test]
fn a_selection_that_matches_nothing_is_reported_at_its_location() {
    let repository = Repository::new();
    repository.write(
        "graph-client.toml",
        "from = 'spec/tags.yaml'\n[select]\npaths = ['^/tag$']\n",
    );
    let (code, text) = repository.run(&["lint"]);
    assert_eq!(code, 100);
    assert!(
        text.contains("--> graph-client.toml:3:10") && text.contains("similar: `/tags`"),
        "{text}"
    );
}

#[test]
fn a_json_report_is_alone_on_standard_output() {
    let repository = Repository::new();
    for command in [
        &["lint", "--report", "json"][..],
        &["generate", "--report=json", "--stats"],
        &["generate", "--report=json", "--check"],
        &["client", "--out", "made", "--report=json"],
        &["client", "--out", "made", "--report=json", "--dry-run"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_graph-client"))
            .args(command)
            .current_dir(repository.0.path())
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(report.is_object(), "{command:?}");
        assert!(!output.stderr.is_empty(), "{command:?}");
    }
    let (code, text) = repository.run(&["lint", "--report", "report.json"]);
    assert_eq!(code, 100);
    assert!(text.contains("`--report=json > report.json`"), "{text}");
    assert!(!repository.path("report.json").exists());
}

#[test]
fn a_crate_is_created_and_what_the_user_changed_is_kept() {
    let repository = Repository::new();
    let make = [
        "client",
        "--from",
        "spec/tags.yaml",
        "--path",
        "^/tags",
        "--out",
        "graph-tags",
    ];
    let (code, text) = repository.run(&[&make[..], &["--dry-run", "--report"]].concat());
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("Would write graph-tags/Cargo.toml") && text.contains("2 selected"),
        "{text}"
    );
    assert!(!repository.path("graph-tags").exists());
    let (code, text) = repository.run(&make);
    assert_eq!(code, 0, "{text}");
    for file in [
        "Cargo.toml",
        "README.md",
        "src/lib.rs",
        "src/generated/mod.rs",
        "examples/first_call.rs",
        "tests/contract.json",
        "tests/smoke.rs",
    ] {
        assert!(repository.path("graph-tags").join(file).is_file(), "{file}");
    }
    let smoke = repository.read("graph-tags/tests/smoke.rs");
    for part in ["client.get_tag(\"1\").await", "sent.ends_with(\"/tags/1\")"] {
        assert!(smoke.contains(part), "{part}: {smoke}");
    }
    let example = repository.read("graph-tags/examples/first_call.rs");
    assert!(example.contains("client.list_tags().await"), "{example}");
    repository.write("graph-tags/README.md", "mine");
    repository.write(
        "graph-tags/src/generated/objects.rs",
        "// @generated by somebody\n",
    );
    assert_eq!(repository.run(&[&make[..], &["--check"]].concat()).0, 4);
    assert_eq!(repository.run(&make).0, 0);
    assert_eq!(repository.read("graph-tags/README.md"), "mine");
    assert_eq!(repository.run(&[&make[..], &["--check"]].concat()).0, 0);
    let (code, text) = repository.run(&["client", "--from", "spec/tags.yaml", "--out", "9lives"]);
    assert_eq!(code, 100);
    assert!(
        text.contains("`9lives` is not a valid crate name"),
        "{text}"
    );
}

#[test]
fn the_readme_contains_the_command_that_updates_the_crate() {
    let repository = Repository::new();
    repository.write(
        "fix.yaml",
        "overlay: 1.1.0\ninfo: {title: Fix, version: '1'}\nactions:\n  - {target: $.info, update: {title: It's fixed}}\n",
    );
    let make = [
        "client",
        "--from",
        "spec/tags.yaml",
        "--overlay",
        "fix.yaml",
        "--path",
        "^/tags$",
        "--operation",
        "GET /marks",
        "--navigation",
        "raw",
        "--out",
        "graph-tags",
        "--name",
        "graph-labels",
        "--strict",
    ];
    assert_eq!(repository.run(&make).0, 0);
    let readme = repository.read("graph-tags/README.md");
    let (_, command) = readme.split_once("```console\ngraph-client ").unwrap();
    let (command, _) = command.split_once("\n```").unwrap();
    let script = format!("\"$0\" {command} --check");
    let status = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_graph-client")])
        .current_dir(repository.0.path())
        .status();
    assert!(status.unwrap().success(), "{command}");
    // In the folder itself the crate keeps its name, which no option can change.
    let folder = repository.path("graph-tags");
    let here = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_graph-client"))
            .args(["client", "--from", "../spec/tags.yaml", "--out", "."])
            .args(more)
            .current_dir(&folder)
            .output();
        said(&output.unwrap())
    };
    let (code, text) = here(&[]);
    assert_eq!(code, 0, "{text}");
    assert!(
        repository
            .read("graph-tags/tests/smoke.rs")
            .contains("use graph_labels::Client")
    );
    let (code, text) = here(&["--name", "other"]);
    assert_eq!(code, 100);
    assert!(
        text.contains("is called `graph-labels`, not `other`"),
        "{text}"
    );
}

#[test]
fn features_of_resources_are_updated_until_the_user_removes_them() {
    let repository = Repository::new();
    let all = ["client", "--from", "spec/tags.yaml", "--out", "graph-tags"];
    let part = [&all[..], &["--path", "^/tags"]].concat();
    assert_eq!(repository.run(&part).0, 0);
    let manifest = repository.read("graph-tags/Cargo.toml");
    assert!(
        manifest.contains("\nall = [\"tags\"]\ntags = []\n"),
        "{manifest}"
    );
    repository.write("graph-tags/Cargo.toml", &format!("{manifest}\n[lints]\n"));
    assert_eq!(repository.run(&[&all[..], &["--check"]].concat()).0, 4);
    assert_eq!(repository.run(&all).0, 0);
    let manifest = repository.read("graph-tags/Cargo.toml");
    assert!(
        manifest.contains("\nall = [\"marks\", \"tags\"]\n"),
        "{manifest}"
    );
    assert!(
        manifest.ends_with("\n[lints]\n"),
        "what the user wrote stays"
    );
    let requests = || repository.read("graph-tags/src/generated/requests.rs");
    assert!(requests().contains("    #[cfg(feature = \"marks\")]\n    pub fn list_marks"));
    let without: Vec<&str> = manifest
        .lines()
        .filter(|line| !line.ends_with("resources>"))
        .collect();
    repository.write("graph-tags/Cargo.toml", &without.join("\n"));
    assert_eq!(repository.run(&all).0, 0);
    assert!(!requests().contains("cfg("));
    assert_eq!(repository.read("graph-tags/Cargo.toml"), without.join("\n"));
}

#[test]
#[ignore = "compiles a crate and its dependencies: run by the long tests"]
fn the_crate_passes_its_own_tests() {
    let repository = Repository::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let runtime = root.join("generated-client/runtime");
    let simulator = root.join("tests/simulator");
    let make = [
        "client",
        "--from",
        "spec/tags.yaml",
        "--out",
        "graph-tags",
        "--runtime",
        runtime.to_str().unwrap(),
        "--simulator",
        simulator.to_str().unwrap(),
    ];
    let (code, text) = repository.run(&make);
    assert_eq!(code, 0, "{text}");
    fs::copy(
        root.join("Cargo.lock"),
        repository.path("graph-tags/Cargo.lock"),
    )
    .unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = |arguments: &[&str]| {
        let output = Command::new(&cargo)
            .args(arguments)
            .arg("--offline")
            .current_dir(repository.path("graph-tags"))
            .env("CARGO_TARGET_DIR", root.join("target/made-by-client"))
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .unwrap();
        let (code, text) = said(&output);
        assert_eq!(code, 0, "{arguments:?}: {text}");
        text
    };
    let text = run(&["test"]);
    assert!(
        text.contains("list_tags_is_sent_to_its_path_and_read ... ok"),
        "{text}"
    );
    // Each resource by itself, and none, compiles without warnings.
    for features in [
        "rustls",
        "rustls,tags",
        "rustls,marks",
        "rustls,tags,schemars",
    ] {
        let only = ["--no-default-features", "--features", features];
        run(&[&["check", "--all-targets"][..], &only].concat());
    }
}
