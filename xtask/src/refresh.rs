//! `cargo xtask refresh`: holds this repository's fragment against what the service says of itself now.

use std::io;

use graph_client_cli::refresh;
pub use graph_client_cli::refresh::{Cloud, Options, Version};

use crate::repository::repository;
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// Compares, and writes the report; with `--apply`, edits the fragment.
///
/// # Errors
///
/// Like [`refresh::run`].
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    refresh::run(&repository(workspace), options, out)
}
