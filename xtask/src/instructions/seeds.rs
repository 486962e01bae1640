//! Fixed seeds for hash tables, so that two runs of one program execute the same instructions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

/// The library that is loaded before the program's own.
const SOURCE: &str = include_str!("seeds.c");

/// The variable that names it to the loader.
pub(super) const LOADED_FIRST: &str = "LD_PRELOAD";

/// Compiles the library into a folder with the linker that Rust needs anyway, and returns its path.
///
/// # Errors
///
/// Returns an error if the folder cannot be written, or if `cc` fails.
pub(super) fn library(folder: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::at(folder, &error))?;
    let source = folder.join("seeds.c");
    fs::write(&source, SOURCE).map_err(|error| Failure::at(&source, &error))?;
    let library = folder.join("seeds.so");
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .args([&library, &source])
        .output()
        .map_err(|error| Failure::new(format!("error: failed to run cc: {error}")))?;
    match output.status.success() {
        true => Ok(library),
        false => Err(Failure::new(format!(
            "error: cc failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ))),
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::collections::hash_map::RandomState;
    use std::env;
    use std::hash::BuildHasher as _;

    use super::*;

    /// Set for the runs of this test whose seeds are compared.
    const SHOWS: &str = "XTASK_SHOWS_ITS_SEEDS";

    #[test]
    fn with_the_library_two_runs_have_the_same_seeds() {
        if env::var_os(SHOWS).is_some() {
            println!("hash {}", RandomState::new().hash_one(7));
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let library = library(folder.path()).unwrap();
        let run = |library: Option<&Path>| {
            let mut command = Command::new(env::current_exe().unwrap());
            command.args(["with_the_library", "--nocapture"]);
            command.env(SHOWS, "1");
            if let Some(library) = library {
                command.env(LOADED_FIRST, library);
            }
            let output = command.output().unwrap();
            let output = String::from_utf8(output.stdout).unwrap();
            let mut lines = output.lines().map(str::to_owned);
            lines.find(|line| line.contains("hash ")).unwrap()
        };
        assert_eq!(run(Some(&library)), run(Some(&library)));
        assert_ne!(run(None), run(None));
    }
}
