//! `cargo xtask lint`: checks the fragment alone.

use std::io;

use crate::workspace::{FRAGMENT, Workspace};
use crate::{Failure, Outcome, regen};

/// Generates from the fragment in memory, with warnings as errors, and prints counts.
///
/// # Errors
///
/// Returns an error with every problem of the fragment.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let generated = regen::generated(workspace)?;
    graph_client_cli::lint::say(FRAGMENT, generated.model(), out)?;
    Ok(Outcome::Fine)
}
