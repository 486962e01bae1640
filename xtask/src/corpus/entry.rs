//! The descriptions of the corpus: revisions, whole modules, popular parts, and samples of other projects.

use std::fs;
use std::path::{Path, PathBuf};

use graph_client_codegen::select::Selection;

use crate::Failure;

/// A description, and the selected part of it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its name in the table: `want/users`, `module/v1.0-Users`.
    pub(super) name: String,
    /// Its file, as the generated code names it.
    pub(super) file: String,
    pub(super) path: PathBuf,
    pub(super) selection: Selection,
}

/// Returns all entries, sorted by kind.
pub(super) fn all(folder: &Path) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for (kind, below) in [
        ("module", ""),
        ("module", "modules"),
        ("revision", "history"),
        ("sample", "progenitor"),
    ] {
        for path in descriptions(&folder.join(below))? {
            let file = file_name(&path);
            let stem = match kind {
                "sample" => file.clone(),
                _ => file
                    .rsplit_once('.')
                    .map_or(file.clone(), |(stem, _)| stem.to_owned()),
            };
            entries.push(Entry {
                name: format!("{kind}/{stem}"),
                file,
                path,
                selection: Selection::new(),
            });
        }
    }
    entries.extend(wants(folder)?);
    Ok(entries)
}

/// Returns the descriptions in a folder; none if it does not exist.
fn descriptions(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Failure::at(folder, &error))? {
        let path = entry.map_err(|error| Failure::at(folder, &error))?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yml" | "yaml" | "json")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the lines of `wants.tsv`: a name, a file, and regular expressions of paths.
fn wants(folder: &Path) -> Result<Vec<Entry>, Failure> {
    let path = folder.join("wants.tsv");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).map_err(|error| Failure::at(&path, &error))?;
    let mut entries = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
    {
        let [name, file, patterns] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(Failure::new(format!(
                "error: {}: not three columns: {line}",
                path.display()
            )));
        };
        let paths = patterns.split(" | ").map(str::trim);
        entries.push(Entry {
            name: format!("want/{name}"),
            file: file_name(Path::new(file)),
            path: folder.join(file),
            selection: paths.fold(Selection::new(), Selection::path),
        });
    }
    Ok(entries)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned()
}
