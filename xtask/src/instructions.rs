//! `cargo xtask instructions`: counts instructions of the client, the generator and the review, compared with the merge
//! base.

mod scenario;
mod seeds;
mod valgrind;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::checkout::check_out;
use crate::workspace::Workspace;
use crate::{Failure, Outcome, cargo};
use scenario::{CLIENT_SOURCE, SCENARIOS};
use valgrind::Valgrind;

/// By how much a count may rise.
const BOUND: f64 = 0.02;

/// The options of `cargo xtask instructions`.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Compare with this revision [default: where the branch left main]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Exit with 4 if a count rises by more than 2 %
    #[arg(long)]
    check: bool,
}

/// Counts both sides and prints a table. Without valgrind it reports that it was skipped.
///
/// # Errors
///
/// Returns an error if a side does not build, or a program fails under valgrind.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if !valgrind::is_installed() {
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
    // Both sides run the program of the head.
    copy(
        &workspace.root().join(CLIENT_SOURCE),
        &there.root().join(CLIENT_SOURCE),
    )?;
    writeln!(out, "{:>12} {base}, then the working tree", "Building")?;
    out.flush()?;
    let old = built(&there, &target, "base-programs")?;
    let head = built(workspace, &target, "head-programs")?;
    let valgrind = Valgrind::new(&target)?;
    let mut rises = false;
    writeln!(out, "| what | base | head | change |\n|---|---:|---:|---:|")?;
    for scenario in SCENARIOS {
        let count = Count {
            before: scenario.count(&there, &old, &valgrind)?,
            after: scenario.count(workspace, &head, &valgrind)?,
        };
        rises |= count.rises();
        writeln!(out, "| {} | {count} |", scenario.name)?;
        out.flush()?;
    }
    Ok(match rises && options.check {
        true => Outcome::OutOfDate,
        false => Outcome::Fine,
    })
}

/// What something costs on both sides.
#[derive(Debug, Clone, Copy)]
struct Count {
    before: u64,
    after: u64,
}

impl Count {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn change(self) -> f64 {
        self.after as f64 / self.before as f64 - 1.0
    }

    fn rises(self) -> bool {
        self.change() > BOUND
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before, after } = self;
        let mark = if self.rises() { " **" } else { "" };
        let percent = self.change() * 100.0;
        write!(formatter, "{before} | {after} | {percent:+.2} %{mark}")
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::at(folder, &error))?;
    }
    fs::copy(from, to).map_err(|error| Failure::at(from, &error))?;
    Ok(())
}

/// Builds what the scenarios run, and keeps the programs apart; says where. The sides share what they depend on, and
/// nothing else: to cargo, a package is the same in every checkout, and one whose files are older than the other side's
/// build would not be built.
fn built(workspace: &Workspace, target: &Path, name: &str) -> Result<PathBuf, Failure> {
    let folder = target.join(name);
    let programs = target.join("target/release");
    let shared = target.join("target").display().to_string();
    let at = ["--quiet", "--release", "--target-dir", &shared];
    cargo::run(workspace, &[&["clean", "--workspace"][..], &at].concat())?;
    cargo::run(
        workspace,
        &[&["build"], &at[..], scenario::PROGRAMS].concat(),
    )?;
    for program in [scenario::CLIENT_PROGRAM, scenario::GENERATOR_PROGRAM] {
        copy(&programs.join(program), &folder.join(program))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn more_than_two_percent_is_too_much_and_less_is_not() {
        for (before, after, rises) in [
            (1_000, 1_021, true),
            (1_000, 1_019, false),
            (1_000, 1_000, false),
            (1_000, 500, false),
            (0, 7, true),
        ] {
            assert_eq!(Count { before, after }.rises(), rises, "{before} {after}");
        }
        let shown = |after| {
            let count = Count {
                before: 1_000,
                after,
            };
            count.to_string()
        };
        assert_eq!(shown(1_050), "1000 | 1050 | +5.00 % **");
        assert_eq!(shown(990), "1000 | 990 | -1.00 %");
    }
}
