//! The paths in a report for other tools: relative to the root of the checkout.

use std::path::{Path, PathBuf};

use crate::repository::Repository;

use super::source::git;

/// The root of the checkout, and the description relative to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    root: PathBuf,
    /// The path of the description, with slashes; empty if there is none.
    pub(super) description: String,
}

impl Place {
    /// The root for a repository, which may be a folder of a larger checkout, or outside of any.
    pub(super) fn of(repository: &Repository) -> Self {
        let description = repository.description().unwrap_or_default();
        match git(
            repository,
            &["rev-parse", "--show-toplevel", "--show-prefix"],
        ) {
            Ok(lines) => {
                let mut lines = lines.lines();
                let root = lines.next().unwrap_or_default();
                let prefix = lines.next().unwrap_or_default();
                Self {
                    root: PathBuf::from(root),
                    description: normal(&format!("{prefix}{description}")),
                }
            }
            Err(_) => Self {
                root: repository.root().to_owned(),
                description: description.to_owned(),
            },
        }
    }

    /// A path relative to the root, with slashes.
    pub(super) fn relative(&self, path: &Path) -> String {
        let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (root, path) = (absolute(&self.root), absolute(path));
        let mut from = root.components().peekable();
        let mut to = path.components().peekable();
        while from.peek().is_some() && from.peek() == to.peek() {
            from.next();
            to.next();
        }
        let mut parts: Vec<String> = from.map(|_| "..".to_owned()).collect();
        parts.extend(to.map(|part| part.as_os_str().to_string_lossy().into_owned()));
        parts.join("/")
    }
}

/// A path without `.` and `..`, as far as it does not leave its start.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_path_is_named_as_in_the_checkout() {
        assert_eq!(normal("service/spec/a.yaml"), "service/spec/a.yaml");
        assert_eq!(normal("service/../spec/./a.yaml"), "spec/a.yaml");
        assert_eq!(normal("../a.yaml"), "../a.yaml");
    }
}
