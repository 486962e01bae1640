//! `cargo xtask minimal-versions`: checks that the workspace compiles with the oldest versions that its manifests allow.

use std::io;
use std::process::Command;

use crate::checkout::check_out;
use crate::workspace::Workspace;
use crate::{Failure, Outcome, cargo};

/// Resolves every direct dependency to its lower bound in a checkout of HEAD, and checks the workspace.
///
/// The resolver's option is unstable; `RUSTC_BOOTSTRAP` allows it on a stable toolchain.
///
/// # Errors
///
/// Returns an error if bounds contradict each other or a dependency's oldest version lacks something; cargo prints which.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let folder = workspace.root().join("target/minimal-versions");
    let there = check_out(workspace, "HEAD", &folder.join("checkout"))?;
    writeln!(
        out,
        "{:>12} HEAD with the oldest versions that it allows",
        "Checking"
    )?;
    for arguments in [
        ["generate-lockfile", "-Zdirect-minimal-versions"],
        ["check", "--workspace"],
    ] {
        let mut command = Command::new(cargo::program());
        command.args(arguments).current_dir(there.root());
        if arguments[0] == "generate-lockfile" {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        let status = command
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .status();
        let status =
            status.map_err(|error| Failure::new(format!("error: failed to run cargo: {error}")))?;
        if !status.success() {
            return Err(Failure::new(format!(
                "error: `cargo {}` failed with the oldest versions\n  help: raise the lower bound in Cargo.toml",
                arguments.join(" ")
            )));
        }
    }
    writeln!(out, "{:>12} the lower bounds are true", "Checked")?;
    Ok(Outcome::Fine)
}
