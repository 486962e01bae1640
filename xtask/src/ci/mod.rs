//! `cargo xtask ci`: runs what continuous integration runs, in the same order, and stops at the first failure.

mod features;
mod secrets;
mod semver;

use std::io;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Failure, Outcome, cargo, corpus, minimal_versions, package, regen};

/// The options of `cargo xtask ci`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Options {
    /// Also run the weekly checks: pairs of features, oldest dependencies, Microsoft's own descriptions, long tests,
    /// 10,000 updates through faults, an hour of soak
    #[arg(long)]
    full: bool,
}

/// A step: its name, its arguments for `cargo`, and its own environment variables.
struct Step {
    name: String,
    arguments: Vec<String>,
    variables: &'static [(&'static str, &'static str)],
}

impl Step {
    fn new(name: &str, arguments: &str) -> Self {
        Self {
            name: name.to_owned(),
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            variables: &[],
        }
    }

    fn with(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }

    /// The command that repeats the step.
    fn command(&self) -> String {
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| format!("{name}={value} "));
        format!(
            "{}cargo {}",
            variables.collect::<String>(),
            self.arguments.join(" ")
        )
    }
}

/// The steps of every push. The tests come last, so that their summary ends the output.
fn steps(workspace: &Workspace) -> Result<Vec<Step>, Failure> {
    let mut steps = vec![
        Step::new("format", "fmt --all --check"),
        Step::new(
            "lints",
            "clippy --workspace --all-targets --all-features -- -D warnings",
        ),
        Step::new("documentation", "doc --workspace --all-features --no-deps"),
    ];
    steps.extend(features::alone(workspace)?);
    steps.extend([
        Step::new(
            "tests of the runtime alone",
            "test --quiet -p graph-client-runtime",
        ),
        Step::new(
            "tests with all features",
            "test -p graph-client-runtime -p graph-incidents -p graph-incidents-cli --all-features",
        ),
        Step::new("tests", "test --workspace"),
    ]);
    Ok(steps)
}

/// The steps that the weekly run adds.
fn full_steps(workspace: &Workspace) -> Result<Vec<Step>, Failure> {
    let mut steps = features::in_pairs(workspace)?;
    steps.extend([
        // `--ignored` includes the full chaos test of the fleet.
        Step::new("long tests", "test --workspace --release -- --ignored"),
        Step::new("fuzzing", "test --release -p graph-fuzz --test targets")
            .with(&[("FUZZ_MUTATIONS", "1000000"), ("FUZZ_SECONDS", "300")]),
        Step::new(
            "10,000 updates through faults",
            "run --release -p graph-incidents-consumer --example fault_run",
        ),
        Step::new(
            "an hour of faults and kills",
            "run --release -p graph-incidents-consumer --example soak -- 3600",
        ),
    ]);
    Ok(steps)
}

/// Runs the freshness check and every step.
///
/// # Errors
///
/// Returns an error that names the first failed step and the command to repeat it.
pub fn run(
    workspace: &Workspace,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    writeln!(out, "{:>12} freshness of the generated files", "Running")?;
    if regen::check(workspace, out)? == Outcome::OutOfDate {
        return Ok(Outcome::OutOfDate);
    }
    if options.full {
        for step in full_steps(workspace)? {
            carry_out(workspace, &step, out)?;
        }
        secrets::run(workspace, out)?;
        semver::run(workspace, out)?;
        minimal_versions::run(workspace, out)?;
        package::run(workspace, package::Options::of_ci(), out)?;
        writeln!(out, "{:>12} other descriptions", "Running")?;
        if corpus::run(workspace, &corpus::Options::default(), out)? == Outcome::OutOfDate {
            return Ok(Outcome::OutOfDate);
        }
    }
    if !options.full {
        writeln!(out, "{:>12} a slice of the other descriptions", "Running")?;
        // Here a changed number is only shown, and a refused description is an error; the full run fails for both.
        corpus::slice(workspace, out)?;
    }
    for step in steps(workspace)? {
        carry_out(workspace, &step, out)?;
    }
    writeln!(out, "{:>12} all steps", "Passed")?;
    Ok(Outcome::Fine)
}

fn carry_out(workspace: &Workspace, step: &Step, out: &mut dyn io::Write) -> Result<(), Failure> {
    let (name, command) = (&step.name, step.command());
    writeln!(out, "{:>12} {name}: {command}", "Running")?;
    out.flush()?;
    let status = Command::new(cargo::program())
        .args(&step.arguments)
        .current_dir(workspace.root())
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("SOAK_SECONDS", "60")
        // Tests review repositories of their own, not the pull request.
        .env_remove("GITHUB_BASE_REF")
        .envs(step.variables.iter().copied())
        .status()
        .map_err(|error| Failure::new(format!("error: failed to run `{command}`: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "error: {name} failed; to repeat it: {command}"
        ))),
    }
}
