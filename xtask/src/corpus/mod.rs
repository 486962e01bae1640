//! `cargo xtask corpus`: generates from other descriptions, compiles the result, and reports what changed.
//!
//! The descriptions are not part of this project. The command looks for them beside the checkout, and reports if they
//! are missing. Only names and numbers are kept, in `tests/corpus.tsv`, to show what a change of the generator affects.

mod compile;
mod entry;
mod row;

use std::collections::BTreeMap;
use std::fs;
use std::io;

use graph_client_codegen::{Settings, generate};

use crate::workspace::Workspace;
use crate::{Failure, Outcome, counted, transaction};

use entry::Entry;
use row::Row;

/// The folder of the descriptions, relative to the root.
pub const CORPUS: &str = "../shared/upstream";

/// The file with the numbers, relative to the root.
pub const NUMBERS: &str = "tests/corpus.tsv";

/// The options of `cargo xtask corpus`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Only the entries whose name contains one of these
    pub names: Vec<String>,
    /// Save the numbers of this run as the expected ones
    #[arg(long)]
    pub accept: bool,
    /// Generate, but do not compile
    #[arg(long)]
    pub no_compile: bool,
}

impl Options {
    fn means(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| name.contains(wanted))
    }

    /// Returns a requested name that occurs in no entry's name.
    fn unknown<'n>(&self, mut names: impl Iterator<Item = &'n str> + Clone) -> Option<&str> {
        let is_known = |wanted: &&String| names.clone().any(|name| name.contains(wanted.as_str()));
        let unknown = self.names.iter().find(|wanted| !is_known(wanted));
        unknown
            .map(String::as_str)
            .filter(|_| names.next().is_some())
    }
}

/// Generates from every description, compares the numbers with the saved ones, and compiles the generated code.
///
/// # Errors
///
/// Returns an error if a description cannot be read, or generated code does not compile.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    run_with(workspace, options, false, out)
}

fn run_with(
    workspace: &Workspace,
    options: &Options,
    refuses_nothing: bool,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let folder = workspace.root().join(CORPUS);
    if !folder.is_dir() {
        writeln!(
            out,
            "{:>12} {CORPUS} does not exist; nothing was checked",
            "Skipped"
        )?;
        return Ok(Outcome::Fine);
    }
    let all = entry::all(&folder)?;
    if let Some(unknown) = options.unknown(all.iter().map(|entry| entry.name.as_str())) {
        return Err(Failure::new(format!(
            "error: no entry's name contains `{unknown}`\n  help: {NUMBERS} lists the names"
        )));
    }
    let entries: Vec<Entry> = all
        .into_iter()
        .filter(|entry| options.means(&entry.name))
        .collect();
    let mut rows = BTreeMap::new();
    let mut packages = compile::Packages::new(workspace);
    for entry in &entries {
        let row = generated(entry, &mut packages)?;
        writeln!(out, "{:>12} {}: {row}", row.verb(), entry.name)?;
        out.flush()?;
        if let (true, Row::Refused(_)) = (refuses_nothing, &row) {
            return Err(Failure::new(format!(
                "error: {} is refused: {row}\n  help: `cargo xtask corpus {}` repeats it",
                entry.name, entry.name
            )));
        }
        rows.insert(entry.name.clone(), row);
    }
    if !options.no_compile {
        packages.compile(out)?;
    }
    settle(workspace, options, rows, out)
}

/// The entries that continuous integration generates from: small parts of several modules.
const SLICE: [&str; 3] = ["want/detection_rules", "want/group_members", "want/signins"];

/// Generates from a few descriptions without compiling. Changed numbers are only shown.
///
/// # Errors
///
/// Returns an error if a description cannot be read, or is refused.
pub fn slice(workspace: &Workspace, out: &mut dyn io::Write) -> Result<(), Failure> {
    let options = Options {
        names: SLICE.map(str::to_owned).to_vec(),
        no_compile: true,
        ..Options::default()
    };
    run_with(workspace, &options, true, out).map(|_| ())
}

/// Generates from one description, and adds a package unless it is refused.
fn generated(entry: &Entry, packages: &mut compile::Packages<'_>) -> Result<Row, Failure> {
    let text = fs::read_to_string(&entry.path).map_err(|error| Failure::at(&entry.path, &error))?;
    let settings = Settings::for_description("cargo xtask corpus").select(entry.selection.clone());
    match generate(&entry.file, &text, &settings) {
        Ok(generated) => {
            packages.add(&entry.name, generated.single_file())?;
            Ok(Row::of(&generated))
        }
        Err(problems) => Ok(Row::refused(&problems)),
    }
}

/// Shows what changed, and saves it if requested.
fn settle(
    workspace: &Workspace,
    options: &Options,
    rows: BTreeMap<String, Row>,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let path = workspace.root().join(NUMBERS);
    let mut known = match fs::read_to_string(&path) {
        Ok(text) => row::read(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => return Err(Failure::at(&path, &error)),
    };
    let mut moved = 0;
    for (name, row) in &rows {
        let line = row.line(name);
        match known.get(name) {
            Some(before) if *before == line => continue,
            Some(before) => writeln!(out, "- {before}\n+ {line}")?,
            None => writeln!(out, "+ {line}")?,
        }
        moved += 1;
        known.insert(name.clone(), line);
    }
    if options.names.is_empty() {
        known.retain(|name, _| rows.contains_key(name));
    }
    let moved = counted(moved, "entry", "entries");
    if options.accept {
        let mut plan = crate::sync::Plan::new(workspace.root());
        plan.file(NUMBERS.into(), row::write(&known));
        transaction::carry_out(&plan.changes()?, workspace.root())?;
        writeln!(out, "{:>12} {moved} in {NUMBERS}", "Accepted")?;
        return Ok(Outcome::Fine);
    }
    match moved.starts_with("0 ") {
        true => {
            writeln!(out, "{:>12} all numbers match {NUMBERS}", "Fresh")?;
            Ok(Outcome::Fine)
        }
        false => {
            writeln!(
                out,
                "{:>12} {moved}; `cargo xtask corpus --accept` saves the new numbers",
                "Changed"
            )?;
            Ok(Outcome::OutOfDate)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_an_error() {
        let wanting = |names: &[&str]| Options {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Options::default()
        };
        let entries = ["want/users", "module/Files"];
        assert_eq!(wanting(&["want", "Fil"]).unknown(entries.into_iter()), None);
        assert_eq!(wanting(&[]).unknown(entries.into_iter()), None);
        let unknown = wanting(&["want", "wont"]);
        assert_eq!(unknown.unknown(entries.into_iter()), Some("wont"));
    }
}
