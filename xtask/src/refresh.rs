//! `cargo xtask refresh`: compares this repository's fragment with the service's current metadata.

use std::io;

use graph_client_cli::refresh;
pub use graph_client_cli::refresh::{Cloud, Options, Version};

use crate::repository::repository;
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// Compares them and writes the report; with `--apply`, edits the fragment.
///
/// # Errors
///
/// Returns the errors of [`refresh::run`].
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    refresh::run(&repository(workspace), options, out)
}
