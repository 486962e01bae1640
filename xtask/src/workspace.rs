//! The workspace and its paths.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The path of the fragment, relative to the root; also its name in messages and headers.
pub const FRAGMENT: &str = "spec/incidents.yaml";

/// The command that generates, as headers and messages name it.
pub const COMMAND: &str = "cargo xtask regen";

/// A checkout of the project.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the workspace of the package that cargo runs, or else the one that this command was built from.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder no longer exists.
    pub fn find() -> Result<Self, Failure> {
        // Cargo sets the variable at run time: the checkout can have been moved since it was built.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        match manifest.parent() {
            Some(root) if root.is_dir() => Ok(Self::at(root)),
            _ => Err(Failure::new(
                "error: the workspace of this command no longer exists\n  help: run it as `cargo xtask` inside the checkout",
            )),
        }
    }

    /// Creates the workspace of a folder.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Returns the folder of the workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the fragment.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be read, or is not UTF-8.
    pub fn fragment(&self) -> Result<String, Failure> {
        let path = self.root.join(FRAGMENT);
        fs::read_to_string(&path).map_err(|error| {
            Failure::new(format!(
                "error: cannot read {FRAGMENT}: {error}\n  help: restore it with `git restore {FRAGMENT}`"
            ))
        })
    }
}
