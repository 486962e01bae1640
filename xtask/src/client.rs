//! `cargo xtask client`: creates a crate from any description, with this checkout's runtime and simulator.

use std::io;

use graph_client_cli::client::{self, Options};

use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// The command, as headers and messages name it.
pub const COMMAND: &str = "cargo xtask client";

/// Creates the crate.
///
/// # Errors
///
/// Returns the errors of [`client::run`].
pub fn run(
    workspace: &Workspace,
    mut options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let runtime = workspace.root().join("generated-client/runtime");
    options.runtime = options.runtime.or(Some(runtime));
    let simulator = workspace.root().join("tests/simulator");
    options.simulator = options.simulator.or(Some(simulator));
    client::make(&options, COMMAND, out)
}
