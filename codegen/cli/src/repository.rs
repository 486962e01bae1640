//! The repository around a description: where its files lie, and what the commands are called in it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use graph_client_codegen::settings_file::SettingsFile;

use crate::input::SETTINGS;
use crate::{Failure, generate};

/// How the description of a repository is named on the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct Named {
    /// The settings file, whose `from` is the description [default: graph-client.toml, where it is there]
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
    /// When a settings file is named and cannot be read, or one says what it may not.
    pub fn repository(&self) -> Result<Repository, Failure> {
        let path = self.settings.as_deref().unwrap_or(Path::new(SETTINGS));
        let is_there = self.settings.is_some() || path.is_file();
        match (&self.from, is_there) {
            (Some(from), _) => Ok(Repository::new(Path::new(""), Some(from))),
            (None, true) => Repository::of_settings(path),
            (None, false) => Ok(Repository::new(Path::new(""), None)),
        }
    }
}

/// What the commands of a repository are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commands {
    /// Generates what is out of date.
    pub generate: &'static str,
    /// Says what changed.
    pub review: &'static str,
    /// Checks what was changed.
    pub check: &'static str,
}

/// The commands of this program.
const OURS: Commands = Commands {
    generate: generate::COMMAND,
    review: "graph-client review",
    check: "graph-client generate --check",
};

/// Counts the generated files that are out of date; `None` where that cannot be told.
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
    /// The repository at a folder, with the path of its description from there, where it has one.
    #[must_use]
    pub fn new(root: &Path, description: Option<&str>) -> Self {
        Self {
            root: root.to_owned(),
            description: description.map(|path| path.replace('\\', "/")),
            commands: OURS,
            stale: None,
        }
    }

    /// The repository that a settings file describes.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is wrong.
    pub fn of_settings(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| {
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

    /// The same, with commands of other names.
    #[must_use]
    pub fn with_commands(mut self, commands: Commands) -> Self {
        self.commands = commands;
        self
    }

    /// The same, with a function that counts the generated files that are out of date.
    #[must_use]
    pub fn with_stale(
        mut self,
        stale: impl Fn() -> Result<usize, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.stale = Some(Box::new(stale));
        self
    }

    /// The folder that its paths start from.
    #[must_use]
    pub fn root(&self) -> &Path {
        match self.root.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.root,
        }
    }

    /// The path of the description from the root, with slashes; it is also its name in messages.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn description(&self) -> Result<&str, Failure> {
        self.description.as_deref().ok_or_else(|| {
            Failure::new(format!(
                "error: no description was given, and there is no {SETTINGS} here\n  help: pass one with --from, or set `from` in the settings file"
            ))
        })
    }

    /// The text of the description in the working tree.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be read.
    pub fn text(&self) -> Result<String, Failure> {
        let name = self.description()?;
        fs::read_to_string(self.root().join(name)).map_err(|error| {
            Failure::new(format!(
                "error: cannot read {name}: {error}\n  help: restore it with `git restore {name}`"
            ))
        })
    }

    /// The path from the root of a file that lies beside the description; `None` without a description.
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

    /// The path and the name of a file: the one that the caller names, or one beside the description; `None` where
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

    /// What the commands are called.
    #[must_use]
    pub fn commands(&self) -> Commands {
        self.commands
    }

    /// Counts the generated files that are out of date; `None` if the repository does not generate any.
    ///
    /// # Errors
    ///
    /// When the files cannot be generated.
    #[must_use]
    pub fn stale(&self) -> Option<Result<usize, Failure>> {
        self.stale.as_ref().map(|count| count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_the_description_is_named_from_the_root() {
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
