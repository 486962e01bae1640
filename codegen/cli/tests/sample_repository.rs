//! A repository with its own fragment that copied only ten lines from the README: its drift test, its check and the review
//! of its pull requests.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use graph_client_codegen::load::{self, Node};
use tempfile::TempDir;

const FRAGMENT: &str = r##"openapi: 3.0.3
info: {title: Tags, version: "1"}
paths:
  /tags:
    get:
      operationId: listTags
      responses:
        "200":
          description: Tags.
          content: {application/json: {schema: {$ref: "#/components/schemas/Tags"}}}
components:
  schemas:
    Tags:
      type: object
      properties: {value: {type: array, items: {$ref: "#/components/schemas/Tag"}}}
    Tag:
      type: object
      properties:
        displayName: {type: string, nullable: true}
        colour: {type: string, nullable: true}
"##;

/// The files that the README says to copy.
const COPIED: [&str; 3] = [
    "graph-client.toml",
    "tests/drift.rs",
    ".github/workflows/client.yml",
];

const WORKFLOW: &str = COPIED[2];

/// The README's code block for a file.
fn from_readme(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (_, rest) = readme.split_once(&format!(" {file}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// A clone of a repository on a new branch.
struct Sample {
    folder: TempDir,
}

impl Sample {
    /// The files are committed on main, and main is pushed; the generated files are fresh.
    fn new() -> Self {
        let sample = Self {
            folder: TempDir::new().unwrap(),
        };
        sample.git(".", &["init", "--quiet", "--bare", "origin"]);
        sample.git(".", &["clone", "--quiet", "origin", "clone"]);
        sample.write("spec/tags.yaml", FRAGMENT);
        for file in COPIED {
            sample.write(file, &from_readme(file));
        }
        let generated = sample.graph_client("graph-client generate");
        assert_eq!(generated.code, 0, "{}", generated.text);
        sample.in_clone(&["checkout", "--quiet", "-b", "main"]);
        sample.commit("first");
        sample.in_clone(&["push", "--quiet", "origin", "main"]);
        sample.in_clone(&["checkout", "--quiet", "-b", "change"]);
        sample
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("clone")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, from: &str, to: &str) {
        assert!(FRAGMENT.contains(from), "{from}");
        self.write("spec/tags.yaml", &FRAGMENT.replace(from, to));
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.folder.path().join(folder))
            .args([
                "-c",
                "user.name=nobody",
                "-c",
                "user.email=nobody@example.com",
            ])
            .args([
                "-c",
                "commit.gpgsign=false",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(arguments)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {errors}");
    }

    fn in_clone(&self, arguments: &[&str]) {
        self.git("clone", arguments);
    }

    fn commit(&self, message: &str) {
        self.in_clone(&["add", "--all"]);
        self.in_clone(&["commit", "--quiet", "--message", message]);
    }

    /// Runs a line of a workflow that calls our program.
    fn graph_client(&self, line: &str) -> Ended {
        let arguments = line.strip_prefix("graph-client ").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_graph-client"))
            .args(arguments.split(' '))
            .current_dir(self.root())
            .env("GITHUB_BASE_REF", "main")
            .output()
            .unwrap();
        Ended::of(&output)
    }

    /// Runs the steps of the workflow as for a pull request: until one fails.
    fn pull_request(&self) -> Ended {
        let mut text = String::new();
        for line in scripts().iter().filter(|line| !line.starts_with("cargo ")) {
            let ended = self.graph_client(line);
            text.push_str(&ended.text);
            if ended.code != 0 {
                return Ended { text, ..ended };
            }
        }
        Ended { code: 0, text }
    }
}

#[derive(Debug)]
struct Ended {
    code: i32,
    text: String,
}

impl Ended {
    fn of(output: &Output) -> Self {
        let text = [&output.stdout[..], &output.stderr[..]].concat();
        Self {
            code: output.status.code().unwrap(),
            text: String::from_utf8(text).unwrap(),
        }
    }
}

fn workflow() -> Node {
    load::parse(WORKFLOW, &from_readme(WORKFLOW)).unwrap().root
}

fn steps(workflow: &Node) -> &[Node] {
    let steps = workflow.pointer("#/jobs/client/steps").unwrap();
    steps.as_sequence().unwrap()
}

/// The steps of the workflow.
fn scripts() -> Vec<String> {
    let workflow = workflow();
    let run = |step: &Node| step.get("run").and_then(Node::as_str).map(str::to_owned);
    steps(&workflow).iter().filter_map(run).collect()
}

#[test]
fn the_readme_s_ten_lines_are_copied_into_one_workflow() {
    let lines = |file: &str| from_readme(file).lines().count();
    let workflow = workflow();
    let steps = steps(&workflow);
    assert_eq!(lines(COPIED[0]) + lines(COPIED[1]) + steps.len(), 10);
    assert_eq!(
        workflow.get("on").and_then(Node::as_str),
        Some("pull_request")
    );
    let system = workflow.pointer("#/jobs/client/runs-on");
    assert_eq!(system.and_then(Node::as_str), Some("ubuntu-latest"));
    // Every step either uses an action or runs a script.
    for step in steps {
        assert!(step.get("uses").is_some() != step.get("run").is_some());
    }
    // A review needs the history.
    let checkout = &steps[0];
    let action = checkout.get("uses").and_then(Node::as_str).unwrap();
    assert!(action.starts_with("actions/checkout@"), "{action}");
    assert!(checkout.pointer("#/with/fetch-depth").is_some());
    assert_eq!(scripts()[0], "cargo install graph-client-cli");
}

#[test]
fn a_pull_request_that_changes_nothing_passes() {
    let ended = Sample::new().pull_request();
    assert_eq!(ended.code, 0, "{}", ended.text);
}

#[test]
fn a_pull_request_with_stale_files_fails_the_check() {
    let sample = Sample::new();
    sample.edit("colour:", "shade:");
    sample.commit("a change that forgets to generate");
    let ended = sample.pull_request();
    assert_eq!(ended.code, 4, "{}", ended.text);
    assert!(
        ended.text.contains("run `graph-client generate`"),
        "{}",
        ended.text
    );
}

#[test]
fn a_breaking_pull_request_fails_with_an_annotation_at_its_line() {
    let sample = Sample::new();
    sample.edit("        colour: {type: string, nullable: true}\n", "");
    sample.graph_client("graph-client generate");
    sample.commit("a change that breaks");
    let ended = sample.pull_request();
    assert_eq!(ended.code, 4, "{}", ended.text);
    let annotation = ended.text.lines().find(|line| line.starts_with("::error "));
    let annotation = annotation.unwrap_or_else(|| panic!("{}", ended.text));
    assert!(
        annotation.starts_with("::error file=spec/tags.yaml,line=")
            && annotation.contains("colour"),
        "{annotation}"
    );
}

#[test]
fn a_pull_request_that_only_adds_passes_and_lists_what_it_adds() {
    let sample = Sample::new();
    let colour = "        colour: {type: string, nullable: true}\n";
    let added = format!("{colour}        owner: {{type: string, nullable: true}}\n");
    sample.edit(colour, &added);
    sample.graph_client("graph-client generate");
    sample.commit("a change that adds");
    let ended = sample.pull_request();
    assert_eq!(ended.code, 0, "{}", ended.text);
    assert!(
        ended.text.contains("::notice file=spec/tags.yaml,line="),
        "{}",
        ended.text
    );
    assert!(!ended.text.contains("out of date"), "{}", ended.text);
}

#[test]
fn a_review_reports_when_freshness_is_unknown() {
    let sample = Sample::new();
    // The review supports it, and the generator refuses it.
    sample.edit(
        "type: string, nullable: true}",
        "type: string, nullable: true, not: {}}",
    );
    let ended = sample.graph_client("graph-client review");
    assert!(
        ended
            .text
            .contains("cannot tell whether the generated files are fresh: "),
        "{}",
        ended.text
    );
}

#[test]
fn a_repository_inside_a_larger_one_can_be_reviewed() {
    let sample = Sample::new();
    sample.in_clone(&["checkout", "--quiet", "main"]);
    sample.write("service/spec/tags.yaml", FRAGMENT);
    sample.write("service/graph-client.toml", &from_readme(COPIED[0]));
    sample.commit("a service");
    sample.in_clone(&["push", "--quiet", "origin", "main"]);
    sample.write(
        "service/spec/tags.yaml",
        &FRAGMENT.replace("colour:", "shade:"),
    );
    let review = "graph-client review --settings service/graph-client.toml --format github";
    let ended = sample.graph_client(review);
    assert_eq!(ended.code, 0, "{}", ended.text);
    assert!(
        ended.text.contains("file=service/spec/tags.yaml,line="),
        "{}",
        ended.text
    );
}

/// The library that was built last: builds with other features leave others there.
fn library(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.flatten();
    let libraries = files.filter(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libgraph_client_cli-") && name.ends_with(".rlib")
    });
    let newest = libraries.max_by_key(|file| file.metadata().and_then(|data| data.modified()).ok());
    newest.map(|file| file.path())
}

/// The README's drift test is compiled against the library that this test uses.
#[test]
fn the_drift_test_of_the_readme_detects_stale_files() {
    let program = Path::new(env!("CARGO_BIN_EXE_graph-client"));
    let artifacts = program.parent().unwrap();
    let Some(library) = library(&artifacts.join("deps")) else {
        let mut stderr = std::io::stderr();
        let place = artifacts.display();
        writeln!(
            stderr,
            "SKIPPED: there is no libgraph_client_cli below {place}"
        )
        .unwrap();
        return;
    };
    let sample = Sample::new();
    let drift = sample.folder.path().join("drift");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--test", "--edition", "2024", "tests/drift.rs", "-o"])
        .arg(&drift)
        .arg("-L")
        .arg(format!("dependency={}", artifacts.join("deps").display()))
        .arg("--extern")
        .arg(format!("graph_client_cli={}", library.display()))
        .current_dir(sample.root())
        .output()
        .unwrap();
    let compiled = Ended::of(&output);
    assert_eq!(compiled.code, 0, "{}", compiled.text);
    let run = || {
        let test = Command::new(&drift).current_dir(sample.root()).output();
        Ended::of(&test.unwrap())
    };
    let fresh = run();
    assert_eq!(fresh.code, 0, "{}", fresh.text);
    sample.edit("colour:", "shade:");
    let stale = run();
    assert_ne!(stale.code, 0);
    assert!(
        stale.text.contains("graph-client generate"),
        "{}",
        stale.text
    );
}
