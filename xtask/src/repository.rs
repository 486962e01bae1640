//! The workspace as the commands of `graph-client` see it.

use graph_client_cli::repository::{Commands, Repository};

use crate::regen;
use crate::workspace::{COMMAND, FRAGMENT, Workspace};

/// Describes a workspace to the commands of `graph-client`.
#[must_use]
pub fn repository(workspace: &Workspace) -> Repository {
    let checkout = workspace.clone();
    Repository::new(workspace.root(), Some(FRAGMENT))
        .with_commands(Commands {
            generate: COMMAND,
            review: "cargo xtask review",
            check: "cargo xtask ci",
        })
        .with_stale(move || regen::changes(&checkout).map(|changes| changes.len()))
}
