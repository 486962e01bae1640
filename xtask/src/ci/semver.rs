//! Compares the published packages with the last release, if `cargo-semver-checks` is installed.

use std::io;
use std::process::{Command, Stdio};

use crate::workspace::Workspace;
use crate::{Failure, cargo};

/// Runs `cargo semver-checks`, or reports why it was skipped.
///
/// It may require more than the review of the fragment does: the hand-written API is not in the fragment.
pub(super) fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<(), Failure> {
    let tags = cargo::git(
        workspace,
        &[
            "tag",
            "--list",
            "v*",
            "--merged",
            "HEAD",
            "--sort=-version:refname",
        ],
    )?;
    let Some(last) = tags.lines().next() else {
        writeln!(
            out,
            "{:>12} semver: there is no release to compare with",
            "Skipped"
        )?;
        return Ok(());
    };
    let version = Command::new(cargo::program())
        .args(["semver-checks", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !version.is_ok_and(|status| status.success()) {
        writeln!(
            out,
            "{:>12} semver: cargo-semver-checks is not installed (`cargo install cargo-semver-checks`)",
            "Skipped"
        )?;
        return Ok(());
    }
    let packages = cargo::publishable(workspace)?;
    let mut arguments = vec!["semver-checks", "--baseline-rev", last];
    arguments.extend(packages.iter().flat_map(|one| ["-p", &one.name]));
    writeln!(
        out,
        "{:>12} semver: cargo {}",
        "Running",
        arguments.join(" ")
    )?;
    cargo::run(workspace, &arguments)
}
