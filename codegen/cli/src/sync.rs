//! Finds the changes that bring files up to date, and shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::Failure;

/// The mark near the start of a generated file; a file without it must not be removed.
const MARK: &str = "@generated";

/// The prefix of a run's temporary files.
pub(crate) const TEMPORARY: &str = ".writing-";

/// The expected files.
#[derive(Debug)]
pub struct Plan {
    root: PathBuf,
    files: BTreeMap<PathBuf, String>,
    once: BTreeMap<PathBuf, String>,
    folders: Vec<PathBuf>,
}

/// A difference between the expected and the actual files. Paths are relative to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A missing file.
    Create {
        /// The file.
        path: PathBuf,
        /// The expected text.
        text: String,
    },
    /// A file with another text.
    Update {
        /// The file.
        path: PathBuf,
        /// The actual text.
        before: String,
        /// The expected text.
        text: String,
    },
    /// A generated file that is no longer generated.
    Remove {
        /// The file.
        path: PathBuf,
        /// The actual text.
        before: String,
    },
}

impl Plan {
    /// Creates a plan for files below a folder.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
            once: BTreeMap::new(),
            folders: Vec::new(),
        }
    }

    /// Adds an expected file.
    pub fn file(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, text);
    }

    /// Adds a file that is written if it is missing, and belongs to the user from then on.
    pub fn once(&mut self, path: PathBuf, text: String) {
        self.once.insert(path, text);
    }

    /// Adds a folder that contains only planned files.
    pub fn owned_folder(&mut self, path: PathBuf) {
        self.folders.push(path);
    }

    /// Returns the necessary changes, in the order of the paths.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or an owned folder contains a file that was not generated.
    pub fn changes(&self) -> Result<Vec<Change>, Failure> {
        let mut changes = Vec::new();
        for (path, text) in &self.files {
            let (path, text) = (path.clone(), text.clone());
            match read(&self.root.join(&path))? {
                None => changes.push(Change::Create { path, text }),
                Some(before) if before != text => {
                    changes.push(Change::Update { path, before, text })
                }
                Some(_) => {}
            }
        }
        for (path, text) in &self.once {
            if read(&self.root.join(path))?.is_none() {
                let (path, text) = (path.clone(), text.clone());
                changes.push(Change::Create { path, text });
            }
        }
        for folder in &self.folders {
            self.superfluous(folder, &mut changes)?;
        }
        self.left_behind(&mut changes)?;
        changes.sort_by(|left, right| left.path().cmp(right.path()));
        Ok(changes)
    }

    fn superfluous(&self, folder: &Path, changes: &mut Vec<Change>) -> Result<(), Failure> {
        let absolute = self.root.join(folder);
        let entries = match fs::read_dir(&absolute) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Failure::at(&absolute, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::at(&absolute, &error))?;
            let path = folder.join(entry.file_name());
            if self.files.contains_key(&path) {
                continue;
            }
            if is_left_behind(&path) {
                changes.push(Change::Remove {
                    path,
                    before: String::new(),
                });
                continue;
            }
            let before = match entry.path().is_file() {
                true => read(&entry.path())?.unwrap_or_default(),
                false => String::new(),
            };
            if !before.lines().take(3).any(|line| line.contains(MARK)) {
                return Err(Failure::new(format!(
                    "error: {} is in the folder of the generated files but was not generated\n  help: move it out of {}",
                    path.display(),
                    folder.display()
                )));
            }
            changes.push(Change::Remove { path, before });
        }
        Ok(())
    }

    /// Temporary files of interrupted runs in folders that also contain other files.
    fn left_behind(&self, changes: &mut Vec<Change>) -> Result<(), Failure> {
        let planned = self.files.keys().chain(self.once.keys());
        let folders: BTreeSet<PathBuf> = planned
            .filter_map(|path| path.parent())
            .filter(|folder| !self.folders.iter().any(|owned| owned == folder))
            .map(Path::to_owned)
            .collect();
        for folder in folders {
            let absolute = self.root.join(&folder);
            let entries = match fs::read_dir(&absolute) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Failure::at(&absolute, &error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| Failure::at(&absolute, &error))?;
                let path = folder.join(entry.file_name());
                if is_left_behind(&path) && entry.path().is_file() {
                    let before = String::new();
                    changes.push(Change::Remove { path, before });
                }
            }
        }
        Ok(())
    }
}

/// Whether this is the temporary file of a run that was interrupted.
fn is_left_behind(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with(TEMPORARY))
}

/// The text of a file; nothing if there is none. Line endings are normalized.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::at(path, &error)),
    }
}

impl Change {
    /// Returns the changed file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Create { path, .. } | Self::Update { path, .. } | Self::Remove { path, .. } => {
                path
            }
        }
    }

    /// Returns what happens to it.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Create { .. } => "Created",
            Self::Update { .. } => "Updated",
            Self::Remove { .. } => "Removed",
        }
    }

    /// Returns the change as a unified diff.
    #[must_use]
    pub fn diff(&self) -> String {
        let (before, after) = match self {
            Self::Create { text, .. } => ("", text.as_str()),
            Self::Update { before, text, .. } => (before.as_str(), text.as_str()),
            Self::Remove { before, .. } => (before.as_str(), ""),
        };
        let path = self.path().display();
        TextDiff::from_lines(before, after)
            .unified_diff()
            .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
            .to_string()
    }
}
