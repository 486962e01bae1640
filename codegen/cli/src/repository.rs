//! The repository of a description: the locations of its files, and the names of its commands.

use std::path::{Path, PathBuf};

use clap::Args;
use graph_client_codegen::settings_file::SettingsFile;

use crate::files;
use crate::input::SETTINGS;
use crate::{Failure, generate};

/// The description of a repository, on the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct Named {
    /// The settings file, whose `from` is the description [default: graph-client.toml, if it exists]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The description, in the folder of the settings file or below it
    #[arg(long, value_name = "FILE")]
    pub from: Option<String>,
}

impl Named {
    /// Finds the repository.
    ///
    /// # Errors
    ///
    /// Returns an error if a named settings file cannot be read, or a settings file is invalid.
    pub fn repository(&self) -> Result<Repository, Failure> {
        let path = self.settings.as_deref().unwrap_or(Path::new(SETTINGS));
        // A file that cannot be looked at is not a missing one: reading it says why.
        let is_there = self.settings.is_some() || path.try_exists().unwrap_or(true);
        match (&self.from, is_there) {
            (Some(from), _) => Ok(Repository::new(Path::new(""), Some(from))),
            (None, true) => Repository::of_settings(path),
            (None, false) => Ok(Repository::new(Path::new(""), None)),
        }
    }
}

/// The names of a repository's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commands {
    /// Generates the files that are out of date.
    pub generate: &'static str,
    /// Reviews the changes.
    pub review: &'static str,
    /// Checks the changes.
    pub check: &'static str,
}

/// The commands of this program.
const OURS: Commands = Commands {
    generate: generate::COMMAND,
    review: "graph-client review",
    check: "graph-client generate --check",
};

/// Counts the generated files that are out of date; `None` if that is unknown.
type Stale = Box<dyn Fn() -> Result<usize, Failure> + Send + Sync>;

/// A folder with a description.
pub struct Repository {
    root: PathBuf,
    description: Option<String>,
    commands: Commands,
    stale: Option<Stale>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Repository")
            .field("root", &self.root)
            .field("description", &self.description)
            .field("commands", &self.commands)
            .finish_non_exhaustive()
    }
}

impl Repository {
    /// Finds the repository at a folder, with the relative path of its description, if it has one.
    #[must_use]
    pub fn new(root: &Path, description: Option<&str>) -> Self {
        Self {
            root: root.to_owned(),
            description: description.map(|path| path.replace('\\', "/")),
            commands: OURS,
            stale: None,
        }
    }

    /// Creates the repository of a settings file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read or is invalid.
    pub fn of_settings(path: &Path) -> Result<Self, Failure> {
        let text = files::read_text(path).map_err(|error| {
            Failure::new(format!(
                "error: cannot read {}: {error}\n  help: pass a settings file with --settings, or a description with --from",
                path.display()
            ))
        })?;
        let file = SettingsFile::parse(&path.display().to_string(), &text)?;
        let root = path.parent().unwrap_or(Path::new(""));
        let repository = Self::new(root, Some(&file.from));
        let settings = path.to_owned();
        Ok(match file.out {
            Some(_) => repository.with_stale(move || generate::out_of_date(&settings)),
            None => repository,
        })
    }

    /// Returns the same repository, with other names of commands.
    #[must_use]
    pub fn with_commands(mut self, commands: Commands) -> Self {
        self.commands = commands;
        self
    }

    /// Returns the same repository, with a function that counts the generated files that are out of date.
    #[must_use]
    pub fn with_stale(
        mut self,
        stale: impl Fn() -> Result<usize, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.stale = Some(Box::new(stale));
        self
    }

    /// Returns the folder that its paths are relative to.
    #[must_use]
    pub fn root(&self) -> &Path {
        match self.root.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.root,
        }
    }

    /// Returns the path of the description relative to the root, with slashes; it is also its name in messages.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none.
    pub fn description(&self) -> Result<&str, Failure> {
        self.description.as_deref().ok_or_else(|| {
            Failure::new(format!(
                "error: no description was given, and there is no {SETTINGS} here\n  help: pass one with --from, or set `from` in the settings file"
            ))
        })
    }

    /// Returns the text of the description in the working tree.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none, or it cannot be read.
    pub fn text(&self) -> Result<String, Failure> {
        let name = self.description()?;
        files::read_text(self.root().join(name)).map_err(|error| {
            Failure::new(format!(
                "error: cannot read {name}: {error}\n  help: restore it with `git restore {name}`"
            ))
        })
    }

    /// Returns the path of a file beside the description, relative to the root; `None` without a description.
    #[must_use]
    pub fn beside(&self, name: &str) -> Option<String> {
        let (folder, _) = self
            .description
            .as_deref()?
            .rsplit_once('/')
            .unwrap_or_default();
        Some(match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        })
    }

    /// Returns the path and the name of a file: the one that the caller names, or one beside the description; `None` if
    /// there is neither.
    pub(crate) fn named_or_beside(
        &self,
        named: Option<&Path>,
        name: &str,
    ) -> Option<(PathBuf, String)> {
        match named {
            Some(path) => Some((path.to_owned(), path.display().to_string())),
            None => {
                let beside = self.beside(name)?;
                Some((self.root().join(&beside), beside))
            }
        }
    }

    /// Returns the names of the commands.
    #[must_use]
    pub fn commands(&self) -> Commands {
        self.commands
    }

    /// Counts the generated files that are out of date; `None` if the repository generates none.
    ///
    /// # Errors
    ///
    /// Returns an error if the files cannot be generated.
    #[must_use]
    pub fn stale(&self) -> Option<Result<usize, Failure>> {
        self.stale.as_ref().map(|count| count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_the_description_are_named_from_the_root() {
        let at = |description| Repository::new(Path::new("/r"), description).beside("levels.yaml");
        assert_eq!(at(Some("spec/a.yaml")).as_deref(), Some("spec/levels.yaml"));
        assert_eq!(
            at(Some("spec\\a.yaml")).as_deref(),
            Some("spec/levels.yaml")
        );
        assert_eq!(at(Some("a.yaml")).as_deref(), Some("levels.yaml"));
        assert_eq!(at(Some("../a.yaml")).as_deref(), Some("../levels.yaml"));
        assert_eq!(at(None), None);
    }
}
