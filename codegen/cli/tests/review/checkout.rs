//! A checkout for each test: a fragment, its history, the accepted findings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use graph_client_cli::repository::Repository;
use graph_client_cli::review::{self, Colour, Options};
use graph_client_cli::{Failure, Outcome};
use tempfile::TempDir;

use crate::SAMPLE;

pub(crate) struct Checkout(TempDir);

/// The options of a command line.
#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

impl Checkout {
    /// A fragment that is committed on main, with a manifest and a changelog.
    pub(crate) fn new() -> Self {
        let checkout = Self(TempDir::new().unwrap());
        checkout.write("spec/incidents.yaml", SAMPLE);
        checkout.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
        checkout.write(
            "CHANGELOG.md",
            "# Changelog\n\n## [Unreleased]\n\n- the first version\n",
        );
        checkout.git(&["init", "--quiet", "--initial-branch", "main"]);
        checkout.commit("first");
        checkout
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Changes the fragment of the working tree.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path("spec/incidents.yaml")).unwrap();
        assert!(text.contains(from), "{from}");
        self.write("spec/incidents.yaml", &text.replacen(from, to, 1));
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.0.path())
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
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn repository(&self) -> Repository {
        Repository::new(self.0.path(), Some("spec/incidents.yaml"))
    }

    pub(crate) fn review(&self, arguments: &[&str]) -> Result<(Outcome, String), Failure> {
        let line = ["review"].iter().chain(arguments);
        let mut options = Line::try_parse_from(line).unwrap().options;
        // The tests may run on a terminal.
        if options.color == Colour::Auto {
            options.color = Colour::Never;
        }
        let mut out = Vec::new();
        let outcome = review::run(&self.repository(), &options, &mut out)?;
        Ok((outcome, String::from_utf8(out).unwrap()))
    }

    /// The output of the review; a failure fails the test.
    pub(crate) fn report(&self, arguments: &[&str]) -> String {
        match self.review(arguments) {
            Ok((_, text)) => text,
            Err(failure) => panic!("{failure}"),
        }
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        serde_json::from_str(&self.report(&all)).unwrap()
    }

    /// The text without the parts that are different in each run.
    pub(crate) fn stable(&self, text: &str) -> String {
        let head = Command::new("git")
            .arg("-C")
            .arg(self.0.path())
            .args(["rev-parse", "--short", "main"])
            .output()
            .unwrap();
        let head = String::from_utf8(head.stdout).unwrap();
        let text = match head.trim() {
            "" => text.to_owned(),
            head => text.replace(head, "REVISION"),
        };
        text.replace(&Path::new(self.0.path()).display().to_string(), "CHECKOUT")
            .replace('\\', "/")
    }
}
