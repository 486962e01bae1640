//! `cargo xtask ci`: what continuous integration runs, in its order, stopping at the first failure.

use std::io;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Failure, Outcome, regen};

/// A step: what it is called, and the arguments of `cargo`.
const STEPS: [(&str, &[&str]); 4] = [
    ("format", &["fmt", "--all", "--check"]),
    (
        "lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
    ),
    ("tests", &["test", "--workspace"]),
    (
        "documentation",
        &["doc", "--workspace", "--all-features", "--no-deps"],
    ),
];

/// Runs the freshness check and every step.
///
/// # Errors
///
/// Names the first step that failed, and the command to repeat it.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    writeln!(out, "{:>12} freshness of the generated files", "Running")?;
    if regen::check(workspace, out)? == Outcome::OutOfDate {
        return Ok(Outcome::OutOfDate);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (name, arguments) in STEPS {
        let command = format!("cargo {}", arguments.join(" "));
        writeln!(out, "{:>12} {name}: {command}", "Running")?;
        out.flush()?;
        let status = Command::new(&cargo)
            .args(arguments)
            .current_dir(workspace.root())
            .env("RUSTDOCFLAGS", "-D warnings")
            .status()
            .map_err(|error| Failure::new(format!("error: cannot run `{command}`: {error}")))?;
        if !status.success() {
            return Err(Failure::new(format!(
                "error: {name} failed; to repeat it: {command}"
            )));
        }
    }
    writeln!(out, "{:>12} all steps", "Passed")?;
    Ok(Outcome::Fine)
}
