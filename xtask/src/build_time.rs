//! `cargo xtask build-time`: measures the build of a program with graph-incidents and of the same program with bare
//! reqwest and serde, in one run.
//!
//! The programs are in `tests/build-cost`. The command builds a copy of the workspace in `target/build-time` and counts
//! CPU seconds, which do not depend on the number of cores.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Failure, Outcome};

const OURS: &str = "graph-incidents-build-cost";
const BARE: &str = "reqwest-build-cost";
const BUILD_SCRIPT: &str = "graph-client-build-time";

/// The generated file to which a line is added.
const GENERATED: &str = "generated-client/src/generated/objects.rs";

/// The options of `cargo xtask build-time`.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Options {
    /// How often a changed line is built; the shortest build counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Exit with 4 if a bound is exceeded
    #[arg(long)]
    check: bool,
}

/// A row of the table.
struct Row {
    what: &'static str,
    unit: &'static str,
    ours: f64,
    bare: Option<f64>,
    bound: Bound,
}

enum Bound {
    /// A multiple of the cost with bare reqwest.
    Times(f64),
    /// A fixed cost.
    Of(f64),
    None,
}

impl Row {
    fn most(&self) -> Option<f64> {
        match self.bound {
            Bound::Times(factor) => self.bare.map(|bare| factor * bare),
            Bound::Of(most) => Some(most),
            Bound::None => None,
        }
    }

    fn is_exceeded(&self) -> bool {
        self.most().is_some_and(|most| self.ours > most)
    }
}

/// Measures the builds and writes a table.
///
/// # Errors
///
/// Returns an error if a build fails, or if CPU seconds cannot be counted.
pub fn run(
    workspace: &Workspace,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let builds = Builds::begin(workspace)?;
    let bare = builds.program(BARE, "tests/build-cost/bare/src/main.rs", options.rounds)?;
    let ours = builds.program(
        OURS,
        "tests/build-cost/incidents/src/main.rs",
        options.rounds,
    )?;
    let generated = builds.generated(options.rounds)?;
    let lines = builds.llvm_lines()?;
    let script = builds.build(BUILD_SCRIPT)?;
    let beside = |what, ours, bare, factor| Row {
        what,
        unit: "s",
        ours,
        bare: Some(bare),
        bound: Bound::Times(factor),
    };
    let rows = [
        beside(
            "one line of the program changed",
            ours.changed,
            bare.changed,
            0.8,
        ),
        Row {
            what: "one line of the generated crate changed, crate and program",
            unit: "s",
            ours: generated,
            bare: None,
            bound: Bound::Of(25.0),
        },
        beside("cold, everything", ours.cold, bare.cold, 1.1),
        Row {
            unit: "MB",
            ..beside("stripped program", ours.megabytes, bare.megabytes, 0.9)
        },
        Row {
            what: "cold, a crate whose `build.rs` generates a client",
            unit: "s",
            ours: script,
            bare: None,
            bound: Bound::None,
        },
    ];
    write_table(&rows, out)?;
    match lines {
        Some([ours, bare, generated, runtime]) => writeln!(
            out,
            "\n`cargo llvm-lines`: the program {ours} lines, with bare reqwest {bare}; the generated crate {generated}, the runtime {runtime}"
        )?,
        None => writeln!(
            out,
            "\nskipped: lines of LLVM's code, because cargo-llvm-lines is not installed: `cargo install cargo-llvm-lines`"
        )?,
    }
    let is_exceeded = rows.iter().any(Row::is_exceeded);
    Ok(match options.check && is_exceeded {
        true => Outcome::Breaks,
        false => Outcome::Fine,
    })
}

fn write_table(rows: &[Row], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "| release build | graph-incidents | bare reqwest | bound |"
    )?;
    writeln!(out, "|---|---|---|---|")?;
    for row in rows {
        let Row {
            what, unit, ours, ..
        } = row;
        let bare = row
            .bare
            .map_or_else(|| "–".to_owned(), |bare| format!("{bare:.1} {unit}"));
        let bound = match (row.most(), row.is_exceeded()) {
            (None, _) => "–".to_owned(),
            (Some(most), false) => format!("{most:.1} {unit}"),
            (Some(most), true) => format!("{most:.1} {unit}, exceeded"),
        };
        writeln!(out, "| {what} | {ours:.1} {unit} | {bare} | {bound} |")?;
    }
    Ok(())
}

/// The cost of a program.
struct Program {
    cold: f64,
    changed: f64,
    megabytes: f64,
}

/// Builds of a copy of the workspace.
struct Builds {
    source: PathBuf,
    target: PathBuf,
}

impl Builds {
    fn begin(workspace: &Workspace) -> Result<Self, Failure> {
        let target = workspace.root().join("target/build-time");
        if target.exists() {
            fs::remove_dir_all(&target).map_err(|error| Failure::at(&target, &error))?;
        }
        let source = target.join("source");
        for file in files(workspace)? {
            let (from, to) = (workspace.root().join(&file), source.join(&file));
            if from.is_file() {
                copy(&from, &to).map_err(|error| Failure::at(&from, &error))?;
            }
        }
        Ok(Self { source, target })
    }

    fn program(&self, package: &str, main: &str, rounds: u32) -> Result<Program, Failure> {
        let cold = self.build(package)?;
        let built = self.target.join(package).join("release").join(package);
        let built = built.with_extension(std::env::consts::EXE_EXTENSION);
        let bytes = fs::metadata(&built)
            .map_err(|error| Failure::at(&built, &error))?
            .len();
        let main = self.source.join(main);
        let text = fs::read_to_string(&main).map_err(|error| Failure::at(&main, &error))?;
        let changed = self.least(package, rounds, |round| {
            let line = format!("const CHANGED: u32 = {round};");
            let changed = text.replace("const CHANGED: u32 = 0;", &line);
            fs::write(&main, changed).map_err(|error| Failure::at(&main, &error))
        })?;
        Ok(Program {
            cold,
            changed,
            megabytes: bytes as f64 / 1e6,
        })
    }

    /// Measures a changed line of the generated crate, together with the program that uses it.
    fn generated(&self, rounds: u32) -> Result<f64, Failure> {
        let file = self.source.join(GENERATED);
        let text = fs::read_to_string(&file).map_err(|error| Failure::at(&file, &error))?;
        self.least(OURS, rounds, |round| {
            let changed =
                format!("{text}\n#[allow(missing_docs)]\npub const CHANGED: u32 = {round};\n");
            fs::write(&file, changed).map_err(|error| Failure::at(&file, &error))
        })
    }

    /// Returns the shortest of several builds after a change.
    fn least(
        &self,
        package: &str,
        rounds: u32,
        change: impl Fn(u32) -> Result<(), Failure>,
    ) -> Result<f64, Failure> {
        let mut least = f64::INFINITY;
        for round in 1..=rounds.max(1) {
            change(round)?;
            least = least.min(self.build(package)?);
        }
        Ok(least)
    }

    /// Builds a package and returns the CPU seconds that it took.
    fn build(&self, package: &str) -> Result<f64, Failure> {
        let before = cpu_seconds_of_children()?;
        self.cargo(package, &["build", "--quiet", "--package", package])?;
        Ok(cpu_seconds_of_children()? - before)
    }

    /// How many lines LLVM compiles for our program, for the one with bare reqwest, for the generated crate, and for the
    /// runtime; none where `cargo llvm-lines` is not installed.
    fn llvm_lines(&self) -> Result<Option<[u64; 4]>, Failure> {
        let installed = Command::new(cargo())
            .args(["llvm-lines", "--version"])
            .output()?;
        if !installed.status.success() {
            return Ok(None);
        }
        let lines = |target: &str, package: &[&str]| {
            let arguments = [&["llvm-lines", "--package"], package].concat();
            let table = self.cargo(target, &arguments)?;
            let total = table.lines().find(|line| line.ends_with("(TOTAL)"));
            let total = total.and_then(|line| line.split_whitespace().next()?.parse().ok());
            total.ok_or_else(|| {
                Failure::new(format!("error: `cargo llvm-lines` gives no total\n{table}"))
            })
        };
        Ok(Some([
            lines(OURS, &[OURS])?,
            lines(BARE, &[BARE])?,
            lines(OURS, &["graph-incidents", "--lib"])?,
            lines(
                OURS,
                &["graph-client-runtime", "--lib", "--features", "gzip,rustls"],
            )?,
        ]))
    }

    /// Runs cargo for a release, in the target folder of a package, and returns its output.
    fn cargo(&self, package: &str, arguments: &[&str]) -> Result<String, Failure> {
        let output = Command::new(cargo())
            .args(arguments)
            .arg("--release")
            .current_dir(&self.source)
            .env("CARGO_TARGET_DIR", self.target.join(package))
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .output()?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr).into_owned();
            let command = arguments.join(" ");
            return Err(Failure::new(format!(
                "error: `cargo {command}` fails\n{reason}"
            )));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The files of the workspace that git tracks or would add.
fn files(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(workspace.root())
        .output()?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::new(format!(
            "error: git cannot list the files of the workspace: {reason}"
        )));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map(drop)
}

/// The CPU seconds of all finished child processes and their children.
#[cfg(unix)]
fn cpu_seconds_of_children() -> Result<f64, Failure> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_err(|error| Failure::new(format!("error: cannot count CPU seconds: {error}")))?;
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(microseconds as f64 / 1e6)
}

#[cfg(not(unix))]
fn cpu_seconds_of_children() -> Result<f64, Failure> {
    Err(Failure::new(
        "error: CPU seconds of child processes can be measured on Unix only\n  help: run it there",
    ))
}
