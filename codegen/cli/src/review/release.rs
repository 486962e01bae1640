//! Whether the version, the changelog and the generated files already match the change.

use std::io::ErrorKind;

use graph_client_review::Verdict;

use crate::files;
use crate::repository::Repository;

use super::source::{Origin, Text, git};

/// The state of the checkout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) version: Option<VersionStep>,
    /// Whether the changelog has a new entry; `None` if that was not checked.
    pub(super) changelog: Option<bool>,
    /// The number of generated files that are out of date, or why that is unknown; `None` if that was not checked.
    pub(super) stale: Option<Result<usize, String>>,
    /// Files that exist and could not be read, each with the reason: they were not checked.
    pub(super) unread: Vec<String>,
}

/// The version of the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionStep {
    pub(super) before: String,
    pub(super) now: String,
    /// The minimum version that the change requires.
    pub(super) wanted: String,
    /// Whether the version is sufficient.
    pub(super) says_so: bool,
}

/// Checks the checkout, as far as the two descriptions belong to it.
pub(super) fn look(
    repository: &Repository,
    base: &Text,
    head: &Text,
    verdict: Verdict,
    stale: Option<Result<usize, String>>,
) -> Release {
    let mut unread = Vec::new();
    let mut file = |text: &Text, path: &str| {
        file(repository, text, path).unwrap_or_else(|reason| {
            unread.push(format!("{path} cannot be read: {reason}"));
            None
        })
    };
    let (old, new) = (file(base, "Cargo.toml"), file(head, "Cargo.toml"));
    let version = match (
        old.as_deref().and_then(version_of),
        new.as_deref().and_then(version_of),
    ) {
        (Some(before), Some(now)) => verdict.next(&before).map(|wanted| VersionStep {
            says_so: verdict.is_said_by(&before, &now),
            before,
            now,
            wanted,
        }),
        _ => None,
    };
    let (old, new) = (file(base, "CHANGELOG.md"), file(head, "CHANGELOG.md"));
    let changelog = match (old, new) {
        (Some(old), Some(new)) => Some(verdict == Verdict::None || has_new_entry(&old, &new)),
        _ => None,
    };
    Release {
        version,
        changelog,
        stale,
        unread,
    }
}

/// The number of generated files that are out of date, or why that is unknown; `None` if they are not generated from
/// the head.
pub(super) fn stale(repository: &Repository, head: &Text) -> Option<Result<usize, String>> {
    match head.origin {
        Origin::WorkingTree => {
            let counted = repository.stale()?;
            Some(counted.map_err(|failure| {
                let text = failure.to_string();
                let first = text.lines().next().unwrap_or_default();
                first.trim_start_matches("error: ").to_owned()
            }))
        }
        _ => None,
    }
}

/// A file of the checkout, as of the same revision as a text; `None` if there is none.
fn file(repository: &Repository, text: &Text, path: &str) -> Result<Option<String>, String> {
    match &text.origin {
        Origin::WorkingTree => match files::read_text(repository.root().join(path)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        },
        Origin::Commit(commit) => {
            // An empty list is the only sign of a missing file that does not depend on git's language.
            let found = git(repository, &["ls-tree", "--name-only", commit, "--", path])?;
            if found.trim().is_empty() {
                return Ok(None);
            }
            git(repository, &["show", &format!("{commit}:./{path}")]).map(Some)
        }
        Origin::File(_) => Ok(None),
    }
}

/// The version of all packages of a workspace.
fn version_of(manifest: &str) -> Option<String> {
    let mut in_section = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_section = matches!(line, "[workspace.package]" | "[package]");
        } else if in_section
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "version"
        {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

/// Whether a changelog has a new list item.
fn has_new_entry(old: &str, new: &str) -> bool {
    let entries = |text: &str| {
        text.lines()
            .map(str::trim)
            .filter(|line| line.starts_with("- ") || line.starts_with("* "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let known = entries(old);
    entries(new).iter().any(|entry| !known.contains(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_workspace() {
        let manifest =
            "[workspace.dependencies]\nversion = \"9\"\n[workspace.package]\nversion = \"0.1.0\"\n";
        assert_eq!(version_of(manifest).as_deref(), Some("0.1.0"));
        assert_eq!(version_of("[profile.dev]\n"), None);
    }

    #[test]
    fn a_new_line_of_a_list_is_a_new_entry() {
        let old = "# Changelog\n\n- one\n";
        assert!(has_new_entry(old, "# Changelog\n\n- one\n- two\n"));
        assert!(!has_new_entry(old, "# Changelog\n\nmore words\n\n- one\n"));
    }
}
