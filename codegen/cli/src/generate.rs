//! `graph-client generate`: writes the modules of a client into a folder, or reports which are out of date.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use graph_client_codegen::Generated;

use crate::input::Input;
use crate::sync::{Change, Plan};
use crate::{Failure, Outcome, counted, transaction};

/// The command, as in headers and messages.
pub const COMMAND: &str = "graph-client generate";

/// How to generate.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// The input.
    #[command(flatten)]
    pub input: Input,
    /// The folder of the generated modules, which holds nothing else [default: `out` of the settings file]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; show what is out of date
    #[arg(long)]
    pub check: bool,
    /// Show how many operations, types, properties and members there are
    #[arg(long)]
    pub stats: bool,
}

/// Writes the modules that are out of date, or shows them.
///
/// # Errors
///
/// Returns an error if the description is refused (nothing is written then), or a file cannot be read or written.
pub fn run(options: &Options, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let planned = planned(options)?;
    let out = &mut *options.input.tell(planned.generated.report(), out)?;
    if options.stats {
        write!(out, "{}", planned.generated.stats())?;
    }
    settle(
        &planned.changes,
        &planned.folder,
        &planned.file,
        options.check.then_some(COMMAND),
        out,
    )
}

/// The planned changes.
struct Planned {
    /// The description's name.
    file: String,
    folder: PathBuf,
    generated: Generated,
    changes: Vec<Change>,
}

fn planned(options: &Options) -> Result<Planned, Failure> {
    let description = options.input.read(COMMAND)?;
    let folder = options.out.clone().or_else(|| description.out.clone()).ok_or_else(|| {
        Failure::new("error: no output folder for the generated modules\n  help: pass one with --out, or set `out` in the settings file")
    })?;
    let generated = description.generate()?;
    let mut plan = Plan::new(&folder);
    for file in generated.files() {
        plan.file(PathBuf::from(&file.path), file.text.clone());
    }
    plan.owned_folder(PathBuf::new());
    Ok(Planned {
        changes: plan.changes()?,
        file: description.file,
        folder,
        generated,
    })
}

/// Checks whether the files of a settings file are up to date: a test of one line.
///
/// # Errors
///
/// Returns a diff of the files that are out of date, or why they cannot be checked.
pub fn is_fresh(settings: impl AsRef<Path>) -> Result<(), Failure> {
    let mut options = Options {
        check: true,
        ..Options::default()
    };
    options.input.settings = Some(settings.as_ref().to_owned());
    let mut said = Vec::new();
    match run(&options, &mut said)? {
        Outcome::Fine => Ok(()),
        _ => Err(Failure::new(String::from_utf8_lossy(&said).into_owned())),
    }
}

/// Counts the files of a settings file that are out of date.
///
/// # Errors
///
/// Returns an error if the settings name no folder, the description is refused, or a file cannot be read.
pub(crate) fn out_of_date(settings: &Path) -> Result<usize, Failure> {
    let mut options = Options::default();
    options.input.settings = Some(settings.to_owned());
    Ok(planned(&options)?.changes.len())
}

/// Applies changes, or shows them with the command that would apply them.
///
/// # Errors
///
/// Returns an error if a file cannot be written.
pub fn settle(
    changes: &[Change],
    root: &Path,
    source: &str,
    check: Option<&str>,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if changes.is_empty() {
        match check {
            Some(_) => writeln!(out, "{:>12} all generated files match {source}", "Fresh")?,
            None => writeln!(out, "{:>12} nothing to do", "Fresh")?,
        }
        return Ok(Outcome::Fine);
    }
    if let Some(command) = check {
        for change in changes {
            write!(out, "{}", change.diff())?;
        }
        let files = counted(changes.len(), "generated file", "generated files");
        writeln!(
            out,
            "{:>12} {files}; run `{command}` and commit the result",
            "Out of date"
        )?;
        return Ok(Outcome::OutOfDate);
    }
    transaction::carry_out(changes, root)?;
    for change in changes {
        writeln!(out, "{:>12} {}", change.verb(), change.path().display())?;
    }
    writeln!(
        out,
        "{:>12} {} from {source}",
        "Generated",
        counted(changes.len(), "change", "changes")
    )?;
    Ok(Outcome::Fine)
}
