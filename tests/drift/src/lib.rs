//! Readers for the drift tests: the workspace's files, and the Rust surface of a crate.

pub mod house;
pub mod rust_surface;
mod written;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Returns every file below a folder, sorted, without the folders of cargo and git.
///
/// # Errors
///
/// Returns an error if a folder cannot be read.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let is_left_out = path
                .file_name()
                .is_some_and(|name| name == "target" || name == ".git" || name == "node_modules");
            if path.is_dir() && !is_left_out {
                open.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
