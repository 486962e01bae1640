//! Finds the two texts: in files, git revisions, or the working tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use graph_client_review::Source;

use crate::Failure;
use crate::environment::variable;
use crate::files;
use crate::repository::Repository;

/// A text, and its source.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// Its name in the report: a path, or `REVISION:PATH`.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// The source of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The description in the working tree.
    WorkingTree,
    /// The description in a commit.
    Commit(String),
    /// A file that the caller named.
    File(PathBuf),
}

impl Text {
    /// Reads the older text: by default, from the commit where the branch left main.
    pub(super) fn base(repository: &Repository, named: Option<&str>) -> Result<Self, Failure> {
        match named {
            Some(name) => Self::named(repository, name, "--base"),
            None => Self::at_commit(repository, &merge_base(repository)?, "--base"),
        }
    }

    /// Reads the newer text: by default, from the working tree.
    pub(super) fn head(repository: &Repository, named: Option<&str>) -> Result<Self, Failure> {
        match named {
            Some(name) => Self::named(repository, name, "--head"),
            None => Ok(Self {
                name: repository.description()?.to_owned(),
                text: repository.text()?,
                origin: Origin::WorkingTree,
            }),
        }
    }

    pub(super) fn source(&self) -> Source<'_> {
        Source {
            file: &self.name,
            text: &self.text,
        }
    }

    /// The text of a file that this one refers to, by its path relative to this one's folder.
    pub(super) fn beside(&self, repository: &Repository, name: &str) -> Result<String, String> {
        let read = |path: &Path| files::read_text(path).map_err(|error| error.to_string());
        let beside = repository.beside(name).unwrap_or_else(|| name.to_owned());
        match &self.origin {
            Origin::WorkingTree => read(&repository.root().join(beside)),
            Origin::File(path) => read(&path.parent().unwrap_or(Path::new("")).join(name)),
            Origin::Commit(commit) => git(repository, &["show", &at(commit, &beside)]),
        }
    }

    fn named(repository: &Repository, name: &str, option: &str) -> Result<Self, Failure> {
        let path = Path::new(name);
        if path.is_file() {
            return Self::in_file(path);
        }
        if path.is_dir() {
            return Err(Failure::new(format!(
                "error: {option} {name}: this is a folder\n  help: pass the description in it, or a folder for the other side too"
            )));
        }
        match git(
            repository,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{name}^{{commit}}"),
            ],
        ) {
            Ok(commit) => Self::at_commit(repository, commit.trim(), option),
            Err(reason) if reason != FAILED => Err(Failure::new(format!(
                "error: {option} {name}: there is no such file, and git cannot look for a revision: {reason}\n  help: pass a file, or make `git rev-parse HEAD` work in this folder"
            ))),
            Err(_) => Err(Failure::new(format!(
                "error: {option} {name}: there is no such file, and no such revision\n  help: pass a file, or a revision that `git rev-parse` knows; in a shallow clone, run `git fetch --unshallow` first"
            ))),
        }
    }

    pub(super) fn in_file(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read(path).map_err(|error| {
            Failure::new(format!(
                "error: {}: {error}\n  help: pass a readable description",
                path.display()
            ))
        })?;
        Ok(Self {
            name: path.display().to_string(),
            text: utf8(&path.display().to_string(), bytes)?,
            origin: Origin::File(path.to_owned()),
        })
    }

    fn at_commit(repository: &Repository, commit: &str, option: &str) -> Result<Self, Failure> {
        let short = git(repository, &["rev-parse", "--short", commit])
            .map_or_else(|_| commit.to_owned(), |short| short.trim().to_owned());
        let description = repository.description()?;
        let name = format!("{short}:{description}");
        let bytes = git_bytes(repository, &["show", &at(commit, description)]).map_err(|reason| {
            Failure::new(format!(
                "error: {option} {short}: {description} is not in this revision: {reason}\n  help: choose a revision that has it, or pass a file"
            ))
        })?;
        Ok(Self {
            text: utf8(&name, bytes)?,
            name,
            origin: Origin::Commit(commit.to_owned()),
        })
    }
}

/// A file of a commit in git's syntax: `./` is the current folder, which may be below the checkout's root.
fn at(commit: &str, path: &str) -> String {
    format!("{commit}:./{path}")
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |index| index + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        Failure::new(format!(
            "error[not-utf-8]: the text is not UTF-8\n  --> {name}:{line}:{column}\n   = help: save it as UTF-8"
        ))
    })
}

/// The main branches, the first that exists counts.
const MAINS: [&str; 4] = ["origin/main", "main", "origin/master", "master"];

/// The commit where the current branch left the main one; in a pull request, its target branch.
fn merge_base(repository: &Repository) -> Result<String, Failure> {
    let exists = |branch: &str| {
        let commit = format!("{branch}^{{commit}}");
        git(repository, &["rev-parse", "--verify", "--quiet", &commit]).is_ok()
    };
    let main = match variable("GITHUB_BASE_REF")? {
        Some(target) => {
            let target = format!("origin/{target}");
            if !exists(&target) {
                return Err(Failure::new(format!(
                    "error: `{target}`, the target branch of this pull request (GITHUB_BASE_REF), is not in this clone\n  help: fetch it (`fetch-depth: 0`), or pass a revision or a file with --base"
                )));
            }
            target
        }
        None => match MAINS.into_iter().find(|main| exists(main)) {
            Some(main) => main.to_owned(),
            None => {
                return Err(Failure::new(format!(
                    "error: cannot find where this branch left the main branch: none of {} exists here\n  help: pass a revision or a file with --base",
                    MAINS.join(", ")
                )));
            }
        },
    };
    let commit = git(repository, &["merge-base", "HEAD", &main]).map_err(|reason| {
        Failure::new(format!(
            "error: cannot find where this branch left `{main}`: {reason}\n  help: fetch the whole history (`git fetch --unshallow`), or pass a revision or a file with --base"
        ))
    })?;
    Ok(commit.trim().to_owned())
}

/// The reason of a failure that `git` does not explain.
const FAILED: &str = "git failed";

/// What `git` prints.
pub(super) fn git(repository: &Repository, arguments: &[&str]) -> Result<String, String> {
    let bytes = git_bytes(repository, arguments)?;
    String::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())
}

fn git_bytes(repository: &Repository, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository.root())
        .args(arguments)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr)
            .lines()
            .next()
            .unwrap_or(FAILED)
            .trim_start_matches("fatal: ")
            .to_owned()),
    }
}
