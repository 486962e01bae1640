//! `cargo xtask instructions`: what the client, the generator and the review cost in instructions, beside the merge base.

mod scenario;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout::check_out;
use crate::workspace::Workspace;
use crate::{Failure, Outcome, cargo};
use scenario::{CLIENT_SOURCE, SCENARIOS};

/// By how much the count may rise.
const BOUND: f64 = 0.02;

/// What `cargo xtask instructions` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Compare with this revision [default: where the branch left main]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Exit with 4 when a count rises by more than 2 %
    #[arg(long)]
    check: bool,
}

/// Counts on both sides and prints a table. Without valgrind it says that it was skipped.
///
/// # Errors
///
/// When a side does not build, or a program fails under valgrind.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if !has_valgrind() {
        writeln!(
            out,
            "{:>12} instructions: valgrind is not installed",
            "Skipped"
        )?;
        return Ok(Outcome::Fine);
    }
    let base = match &options.base {
        Some(base) => base.clone(),
        None => cargo::git(workspace, &["merge-base", "HEAD", "main"])?,
    };
    let target = workspace.root().join("target/instructions");
    let there = check_out(workspace, &base, &target.join("base"))?;
    // Both sides run the same program, which is that of the head.
    copy(
        &workspace.root().join(CLIENT_SOURCE),
        &there.root().join(CLIENT_SOURCE),
    )?;
    let mut rises = false;
    writeln!(out, "| what | base | head | change |\n|---|---:|---:|---:|")?;
    let old = built(&there, &target, "base-programs")?;
    let head = built(workspace, &target, "head-programs")?;
    for scenario in SCENARIOS {
        let before = scenario.count(&there, &old, &target)?;
        let after = scenario.count(workspace, &head, &target)?;
        let change = ratio(before, after) - 1.0;
        rises |= change > BOUND;
        let mark = if change > BOUND { " **" } else { "" };
        writeln!(
            out,
            "| {} | {before} | {after} | {:+.2} %{mark} |",
            scenario.name,
            change * 100.0
        )?;
        out.flush()?;
    }
    Ok(match rises && options.check {
        true => Outcome::OutOfDate,
        false => Outcome::Fine,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn ratio(before: u64, after: u64) -> f64 {
    after as f64 / before as f64
}

fn has_valgrind() -> bool {
    let version = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::at(folder, &error))?;
    }
    fs::copy(from, to).map_err(|error| Failure::at(from, &error))?;
    Ok(())
}

/// Builds what the scenarios run, and keeps the programs apart; says where. The sides share what they depend on.
fn built(workspace: &Workspace, target: &Path, name: &str) -> Result<PathBuf, Failure> {
    let folder = target.join(name);
    let programs = target.join("target/release");
    for what in [scenario::CLIENT, scenario::GENERATOR] {
        let status = Command::new(cargo::program())
            .args(["build", "--release", "--quiet"])
            .args(what)
            .current_dir(workspace.root())
            .env("CARGO_TARGET_DIR", target.join("target"))
            .status()
            .map_err(|error| Failure::new(format!("error: failed to run cargo: {error}")))?;
        if !status.success() {
            let folder = workspace.root().display();
            return Err(Failure::new(format!("error: {folder} does not build")));
        }
    }
    for program in [scenario::CLIENT_PROGRAM, scenario::GENERATOR_PROGRAM] {
        copy(&programs.join(program), &folder.join(program))?;
    }
    Ok(folder)
}
