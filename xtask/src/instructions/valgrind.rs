//! valgrind's callgrind, which counts the instructions of a program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::seeds;
use crate::Failure;

/// How programs are run.
#[derive(Debug)]
pub(super) struct Valgrind {
    scratch: PathBuf,
    seeds: PathBuf,
}

impl Valgrind {
    /// Prepares the scratch folder, to which profiles are written.
    ///
    /// # Errors
    ///
    /// Returns an error if the library of fixed seeds cannot be built.
    pub(super) fn new(scratch: &Path) -> Result<Self, Failure> {
        Ok(Self {
            scratch: scratch.to_owned(),
            seeds: seeds::library(scratch)?,
        })
    }

    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The command that runs a program and prints its count.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("valgrind");
        let file = self.scratch.join("callgrind.out").display().to_string();
        command
            .args(["--tool=callgrind", &format!("--callgrind-out-file={file}")])
            .arg(program)
            .env(seeds::LOADED_FIRST, &self.seeds);
        command
    }
}

pub(super) fn is_installed() -> bool {
    let version = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

/// Runs a command, and returns its count.
///
/// # Errors
///
/// Returns an error if the program fails, or if valgrind prints no count.
pub(super) fn instructions(command: &mut Command) -> Result<u64, Failure> {
    let output = command
        .output()
        .map_err(|error| Failure::new(format!("error: failed to run valgrind: {error}")))?;
    let report = String::from_utf8_lossy(&output.stderr);
    // 4 means that a review found something.
    if !matches!(output.status.code(), Some(0 | 4)) {
        return Err(Failure::new(format!("error: under valgrind: {report}")));
    }
    counted(&report)
        .ok_or_else(|| Failure::new(format!("error: valgrind counted nothing: {report}")))
}

/// The number after `Collected :`.
fn counted(report: &str) -> Option<u64> {
    let line = report.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_runs_below_callgrind_with_fixed_seeds() {
        let valgrind = Valgrind {
            scratch: "scratch".into(),
            seeds: "scratch/seeds.so".into(),
        };
        let command = valgrind.command(Path::new("program"));
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments[0], "--tool=callgrind");
        assert_eq!(arguments[2], "program");
        let variables: Vec<_> = command.get_envs().collect();
        let seeds = Some("scratch/seeds.so".as_ref());
        assert_eq!(variables, [(seeds::LOADED_FIRST.as_ref(), seeds)]);
    }

    #[test]
    fn the_count_is_read_from_valgrind_s_report() {
        let report = "==7== Events    : Ir\n==7== Collected : 104123\n==7==\n";
        assert_eq!(counted(report), Some(104_123));
        assert_eq!(counted("==7== nothing"), None);
    }
}
