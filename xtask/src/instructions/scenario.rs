//! What is counted, and how: the difference of two runs, so that startup does not count.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::valgrind::{Valgrind, instructions};
use crate::Failure;
use crate::workspace::{FRAGMENT, Workspace};

/// What cargo builds: both programs at once, so that what they share is built once.
pub(super) const PROGRAMS: &[&str] = &[
    "-p",
    "graph-incidents-consumer",
    "--example",
    "instructions",
    "-p",
    "xtask",
    "--bin",
    "xtask",
];
/// Where the program of the client's scenarios is built.
pub(super) const CLIENT_PROGRAM: &str = "examples/instructions";
/// Its source.
pub(super) const CLIENT_SOURCE: &str = "tests/consumer/examples/instructions.rs";
/// Where the program of the generator's scenarios is built.
pub(super) const GENERATOR_PROGRAM: &str = "xtask";

/// Work whose instructions are counted.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    work: Work,
}

enum Work {
    /// The client runs a scenario this many times, and twice as many.
    Client { scenario: &'static str, times: u32 },
    /// The fragment is generated again.
    Regen,
    /// An edit of the fragment is reviewed.
    Review,
}

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::client("decode 20 incidents", "decode", 20),
    Scenario::client("encode 20 incidents", "encode", 20),
    Scenario::client("an update", "update", 200),
    Scenario::client("a page of 50", "page", 20),
    Scenario {
        name: "regenerate the fragment",
        work: Work::Regen,
    },
    Scenario {
        name: "review an edit",
        work: Work::Review,
    },
];

impl Scenario {
    const fn client(name: &'static str, scenario: &'static str, times: u32) -> Self {
        let work = Work::Client { scenario, times };
        Self { name, work }
    }

    /// Counts the instructions.
    pub(super) fn count(
        &self,
        workspace: &Workspace,
        programs: &Path,
        valgrind: &Valgrind,
    ) -> Result<u64, Failure> {
        match self.work {
            Work::Client { scenario, times } => {
                let program = programs.join(CLIENT_PROGRAM);
                let run = |times: u32| {
                    let mut command = valgrind.command(&program);
                    command.arg(scenario).arg(times.to_string());
                    instructions(&mut command)
                };
                Ok(run(times * 2)?.saturating_sub(run(times)?) / u64::from(times))
            }
            Work::Regen => {
                let mut command = of_generator(workspace, programs, valgrind);
                instructions(command.args(["regen", "--check"]))
            }
            Work::Review => {
                let edited = edited(workspace, valgrind.scratch())?;
                let mut command = of_generator(workspace, programs, valgrind);
                command.args(["review", "--base", FRAGMENT, "--head", &edited]);
                instructions(command.args(["--format", "json"]))
            }
        }
    }
}

/// Writes the fragment with one property renamed, and returns its path.
fn edited(workspace: &Workspace, scratch: &Path) -> Result<String, Failure> {
    let text = workspace.fragment()?;
    let edited = text.replacen("priorityScore:", "priorityScores:", 1);
    if edited == text {
        return Err(Failure::new("error: there is no `priorityScore` to edit"));
    }
    let path = scratch.join("edited.yaml");
    fs::write(&path, edited).map_err(|error| Failure::at(&path, &error))?;
    Ok(path.display().to_string())
}

fn of_generator(workspace: &Workspace, programs: &Path, valgrind: &Valgrind) -> Command {
    let mut command = valgrind.command(&programs.join(GENERATOR_PROGRAM));
    command.env("CARGO_MANIFEST_DIR", workspace.root().join("xtask"));
    command.current_dir(workspace.root());
    command
}
