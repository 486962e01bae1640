//! `cargo xtask review`: reports what a change of this repository's fragment means for users.

use std::io;

use graph_client_cli::review;
pub use graph_client_cli::review::{Format, Options};

use crate::repository::repository;
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// Compares the fragment with a revision and writes the report.
///
/// # Errors
///
/// Returns the errors of [`review::run`].
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    review::run(&repository(workspace), options, out)
}
