//! `cargo xtask regen`: generates all files that come from the fragment, or shows which are out of date.

use std::io;
use std::path::PathBuf;

use graph_client_cli::generate::settle;
use graph_client_codegen::{Generated, Settings, generate};

use crate::sync::{Change, Plan};
use crate::witness::{self, WITNESS};
use crate::workspace::{FRAGMENT, Workspace};

pub use crate::workspace::COMMAND;
use crate::{Failure, Outcome};

/// The folder of the client's generated modules; everything in it is generated.
pub const GENERATED: &str = "generated-client/src/generated";

/// The file in which the simulator finds the contract.
pub const CONTRACT: &str = "tests/simulator/contract.json";

/// Generates from the fragment of a workspace in memory. Warnings are errors here.
///
/// # Errors
///
/// Returns an error if the fragment cannot be read, or is refused.
pub fn generated(workspace: &Workspace) -> Result<Generated, Failure> {
    let text = workspace.fragment()?;
    let settings = Settings::for_fragment(COMMAND).strict(true);
    Ok(generate(FRAGMENT, &text, &settings)?)
}

/// Compares the files that should exist with those that do.
///
/// # Errors
///
/// Returns an error if the fragment is refused, or a file cannot be read.
pub fn changes(workspace: &Workspace) -> Result<Vec<Change>, Failure> {
    let generated = generated(workspace)?;
    let mut plan = Plan::new(workspace.root());
    for file in generated.files() {
        plan.file(PathBuf::from(GENERATED).join(&file.path), file.text.clone());
    }
    plan.file(CONTRACT.into(), generated.contract());
    plan.file(WITNESS.into(), witness::text(generated.plan()));
    plan.owned_folder(GENERATED.into());
    plan.changes()
}

/// Writes or shows what is out of date, after the counts if they are requested.
///
/// # Errors
///
/// Returns an error if the fragment is refused, or a file cannot be read or written.
pub fn run(
    workspace: &Workspace,
    is_check: bool,
    with_stats: bool,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if with_stats {
        write!(out, "{}", generated(workspace)?.stats())?;
    }
    match is_check {
        true => check(workspace, out),
        false => write(workspace, out),
    }
}

/// Writes what is out of date, and nothing else.
///
/// # Errors
///
/// Returns an error if the fragment is refused (nothing is written then), or a file cannot be written.
pub fn write(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    settle(&changes(workspace)?, workspace.root(), FRAGMENT, None, out)
}

/// Shows what is out of date, and the command that updates it.
///
/// # Errors
///
/// Returns an error if the fragment is refused, or a file cannot be read.
pub fn check(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    settle(
        &changes(workspace)?,
        workspace.root(),
        FRAGMENT,
        Some(COMMAND),
        out,
    )
}
