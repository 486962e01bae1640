//! `cargo xtask regen`: generates all files that are made from the fragment, or says which are out of date.

use std::io;
use std::path::PathBuf;

use graph_client_cli::generate::settle;
use graph_client_codegen::{Generated, Settings, generate};

use crate::sync::{Change, Plan};
use crate::workspace::{FRAGMENT, Workspace};
use crate::{Failure, Outcome};

/// The command, as headers and messages name it.
pub const COMMAND: &str = "cargo xtask regen";

/// Where the client's generated modules lie; everything in there is generated.
pub const GENERATED: &str = "generated-client/src/generated";

/// Where the simulator finds the contract.
pub const CONTRACT: &str = "tests/simulator/contract.json";

/// Generates from the fragment of a workspace, in memory.
///
/// # Errors
///
/// When the fragment cannot be read, or is refused.
pub fn generated(workspace: &Workspace) -> Result<Generated, Failure> {
    let text = workspace.fragment()?;
    Ok(generate(FRAGMENT, &text, &Settings::for_fragment(COMMAND))?)
}

/// The files that should be there, against those that are.
///
/// # Errors
///
/// When the fragment is refused, or a file cannot be read.
pub fn changes(workspace: &Workspace) -> Result<Vec<Change>, Failure> {
    let generated = generated(workspace)?;
    let mut plan = Plan::new(workspace.root());
    for file in generated.files() {
        plan.file(PathBuf::from(GENERATED).join(&file.path), file.text.clone());
    }
    plan.file(CONTRACT.into(), generated.contract());
    plan.owned_folder(GENERATED.into());
    plan.changes()
}

/// Writes what is out of date, and nothing else.
///
/// # Errors
///
/// When the fragment is refused (nothing is written then), or a file cannot be written.
pub fn write(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    settle(&changes(workspace)?, workspace.root(), FRAGMENT, None, out)
}

/// Shows what is out of date, and how to mend it.
///
/// # Errors
///
/// When the fragment is refused, or a file cannot be read.
pub fn check(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    settle(
        &changes(workspace)?,
        workspace.root(),
        FRAGMENT,
        Some(COMMAND),
        out,
    )
}
