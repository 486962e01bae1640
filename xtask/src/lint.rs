//! `cargo xtask lint`: checks the fragment alone.

use std::io;

use graph_client_codegen::read;

use crate::workspace::{FRAGMENT, Workspace};
use crate::{Failure, Outcome};

/// Reads the fragment as far as its normal form, and says how much of it there is.
///
/// # Errors
///
/// Everything that is wrong with the fragment.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let model = read(FRAGMENT, &workspace.fragment()?, &[])?;
    graph_client_cli::lint::say(FRAGMENT, &model, out)?;
    Ok(Outcome::Fine)
}
