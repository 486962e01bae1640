//! A checkout of another revision below `target`, kept for the next run.

use std::path::Path;

use crate::workspace::Workspace;
use crate::{Failure, cargo};

/// Checks out a revision, and undoes what the last run changed there.
pub(crate) fn check_out(
    workspace: &Workspace,
    revision: &str,
    folder: &Path,
) -> Result<Workspace, Failure> {
    let path = folder.display().to_string();
    let there = Workspace::at(folder);
    if folder.join(".git").exists() {
        cargo::git(&there, &["reset", "--quiet", "--hard"])?;
        cargo::git(&there, &["checkout", "--quiet", "--detach", revision])?;
        return Ok(there);
    }
    cargo::git(workspace, &["worktree", "prune"])?;
    cargo::git(
        workspace,
        &["worktree", "add", "--quiet", "--detach", &path, revision],
    )?;
    Ok(there)
}
