//! The structure of the workspace: files, functions, type names, and which module uses which.

mod functions;
mod modules;
mod types;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{files_below, root};

pub use functions::{Function, functions};
pub use modules::cycles;
pub use types::shared_names;

/// A hand-written Rust file.
#[derive(Debug)]
pub struct Source {
    /// Relative to the root.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Parses the file.
    ///
    /// # Errors
    ///
    /// Returns a message if it is not Rust.
    pub fn parsed(&self) -> Result<syn::File, String> {
        syn::parse_file(&self.text).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

/// Returns every hand-written Rust file.
///
/// # Errors
///
/// Returns a message if a file cannot be read.
pub fn sources() -> Result<Vec<Source>, String> {
    let root = root();
    let mut sources = Vec::new();
    for path in files_below(&root).map_err(|error| error.to_string())? {
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let path_below = path.strip_prefix(&root).unwrap_or(&path).to_owned();
        let is_generated = path_below.iter().any(|part| part == "generated");
        if is_rust && !is_generated {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            sources.push(Source {
                path: path_below,
                text,
            });
        }
    }
    Ok(sources)
}

/// A crate of the workspace: a folder with a manifest and sources.
pub struct Package {
    /// Its folder, relative to the root.
    pub folder: PathBuf,
    /// Its modules: the path of each (empty for the root), and its syntax without tests.
    pub modules: Vec<(Vec<String>, syn::File)>,
}

/// Returns every crate, with its hand-written modules.
///
/// # Errors
///
/// Returns a message if a file cannot be read or is not Rust.
pub fn packages() -> Result<Vec<Package>, String> {
    let mut packages: Vec<Package> = Vec::new();
    for source in sources()? {
        let Some((folder, module)) = module_of(&source.path) else {
            continue;
        };
        if module.iter().any(|name| name == "tests") {
            continue;
        }
        let file = source.parsed()?;
        match packages.iter_mut().find(|known| known.folder == folder) {
            Some(known) => known.modules.push((module, file)),
            None => packages.push(Package {
                folder,
                modules: vec![(module, file)],
            }),
        }
    }
    Ok(packages)
}

/// The folder of a file's crate, and the path of its module below `src`.
fn module_of(path: &Path) -> Option<(PathBuf, Vec<String>)> {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let source = parts.iter().position(|part| *part == "src")?;
    let folder = parts[..source].iter().collect();
    let mut module: Vec<String> = parts[source + 1..]
        .iter()
        .map(|part| part.trim_end_matches(".rs").to_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod")
        || matches!(module.as_slice(), [only] if only == "lib" || only == "main")
    {
        module.pop();
    }
    Some((folder, module))
}

/// Whether an item exists only for tests.
pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && crate::written::text(&attribute.meta).contains("(test")
    })
}
