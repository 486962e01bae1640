//! Where things lie in the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The fragment, relative to the root; it is also its name in messages and headers.
pub const FRAGMENT: &str = "spec/incidents.yaml";

/// The command that generates, as headers and messages name it.
pub const COMMAND: &str = "cargo xtask regen";

/// A checkout of the project.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace of the package that cargo runs, which is also the one that this command was built from.
    ///
    /// # Errors
    ///
    /// When the folder is gone.
    pub fn find() -> Result<Self, Failure> {
        // Cargo says at run time where the package lies: a checkout can have been moved since it was built.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        match manifest.parent() {
            Some(root) if root.is_dir() => Ok(Self::at(root)),
            _ => Err(Failure::new(
                "error: the workspace of this command no longer exists\n  help: run it as `cargo xtask` inside the checkout",
            )),
        }
    }

    /// The workspace at a folder.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The folder of the workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of the fragment.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not UTF-8.
    pub fn fragment(&self) -> Result<String, Failure> {
        let path = self.root.join(FRAGMENT);
        fs::read_to_string(&path).map_err(|error| {
            Failure::new(format!(
                "error: cannot read {FRAGMENT}: {error}\n  help: restore it with `git restore {FRAGMENT}`"
            ))
        })
    }
}
