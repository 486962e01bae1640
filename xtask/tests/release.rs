//! A release does everything except the push, once, and restores the files if it fails.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
        ])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository with one package and a fragment that can be reviewed.
fn repository() -> TempDir {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    write(
        root,
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"tags\"]\n\n[workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n",
    );
    write(
        root,
        "tags/Cargo.toml",
        "[package]\nname = \"tags-of-a-test\"\ndescription = \"Tags.\"\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\n",
    );
    write(root, "tags/src/lib.rs", "//! Tags.\n");
    write(root, "xtask/README.md", "Where the command lies.\n");
    write(root, ".gitignore", "/target\n");
    write(
        root,
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\nFollows the beta description of 2026-08-04.\n\n- Tags.\n",
    );
    write(root, "spec/incidents.yaml", FRAGMENT);
    let mut cargo = Command::new("cargo");
    let lock = cargo
        .args(["generate-lockfile", "--offline"])
        .current_dir(root);
    assert!(lock.output().unwrap().status.success());
    git(root, &["init", "--quiet", "--initial-branch", "main"]);
    git(root, &["config", "user.name", "Tester"]);
    git(root, &["config", "user.email", "tester@example.org"]);
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "-m", "Tags"]);
    folder
}

fn release(root: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["release", "--no-verify", "--date", "2026-11-26"])
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TARGET_DIR", root.join("target"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

const FRAGMENT: &str = r##"openapi: 3.0.3
info: {title: Tags, version: "1"}
paths:
  /tags/{id}:
    get:
      operationId: getTag
      summary: Reads a tag.
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: The tag.
          content: {application/json: {schema: {$ref: "#/components/schemas/tag"}}}
components:
  schemas:
    tag:
      type: object
      description: A tag.
      properties:
        id: {type: string, description: Its identifier.}
        colour: {type: string, description: Its colour.}
"##;

const REPOSITORY: [&str; 2] = ["--repository", "https://example.org/tags"];

#[test]
fn a_release_is_a_commit_and_a_tag_and_a_second_run_changes_nothing() {
    let folder = repository();
    let root = folder.path();
    let (is_done, text) = release(root, &["0.1.0", REPOSITORY[0], REPOSITORY[1]]);
    assert!(is_done, "{text}");
    assert!(text.contains("git push origin HEAD v0.1.0"), "{text}");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("repository = \"https://example.org/tags\""));
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains("## [0.1.0] - 2026-11-26"), "{changelog}");
    assert_eq!(git(root, &["status", "--porcelain"]), "");
    let head = git(root, &["rev-parse", "HEAD", "v0.1.0^{commit}"]);
    let (is_done, text) = release(root, &["0.1.0"]);
    assert!(is_done && text.contains("v0.1.0 exists already"), "{text}");
    assert_eq!(git(root, &["rev-parse", "HEAD", "v0.1.0^{commit}"]), head);
}

#[test]
fn a_version_step_that_is_too_small_for_the_fragment_is_refused() {
    let folder = repository();
    let root = folder.path();
    assert!(release(root, &["0.1.0", REPOSITORY[0], REPOSITORY[1]]).0);
    let gone = FRAGMENT.replace(
        "        colour: {type: string, description: Its colour.}\n",
        "",
    );
    write(root, "spec/incidents.yaml", &gone);
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    let more = "## [Unreleased]\n\nFollows the beta description of 2026-09-01.\n\n- No colour.\n";
    write(
        root,
        "CHANGELOG.md",
        &changelog.replace("## [Unreleased]\n", more),
    );
    git(root, &["commit", "--quiet", "--all", "-m", "Colours go"]);
    let before = git(root, &["rev-parse", "HEAD"]);
    let (is_done, text) = release(root, &["0.1.1"]);
    assert!(
        !is_done && text.contains("help: release at least 0.2.0"),
        "{text}"
    );
    assert_eq!(git(root, &["rev-parse", "HEAD"]), before);
    let (is_done, text) = release(root, &["0.2.0"]);
    assert!(is_done, "{text}");
}

#[test]
fn missing_information_is_requested_and_a_failed_release_restores_the_files() {
    let folder = repository();
    let root = folder.path();
    let (is_done, text) = release(root, &["0.1.0"]);
    assert!(!is_done && text.contains("--repository URL"), "{text}");
    let (is_done, text) = release(root, &["0.1", REPOSITORY[0], REPOSITORY[1]]);
    assert!(!is_done && text.contains("not a version"), "{text}");
    write(
        root,
        "tags/Cargo.toml",
        &format!(
            "{}\nreadme = \"gone.md\"\n",
            fs::read_to_string(root.join("tags/Cargo.toml")).unwrap()
        ),
    );
    let (is_done, text) = release(root, &["0.1.0", REPOSITORY[0], REPOSITORY[1]]);
    assert!(!is_done && text.contains("uncommitted changes"), "{text}");
    git(
        root,
        &[
            "commit",
            "--quiet",
            "--all",
            "-m",
            "A readme that is not there",
        ],
    );
    let (is_done, text) = release(root, &["0.1.0", REPOSITORY[0], REPOSITORY[1]]);
    assert!(!is_done && text.contains("failed"), "{text}");
    assert_eq!(git(root, &["status", "--porcelain"]), "");
    assert_eq!(git(root, &["tag"]), "");
}
