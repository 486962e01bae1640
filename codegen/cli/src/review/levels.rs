//! The level of each kind of finding: by what it breaks, or from a settings file.

use std::collections::BTreeMap;
use std::path::Path;

use graph_client_codegen::load::{self, Node};
use graph_client_codegen::{Problem, Problems};
use graph_client_review::{Finding, FindingKind};

use crate::Failure;
use crate::files;
use crate::repository::Repository;

use super::weight::Weight;

/// The settings file, beside the description.
pub(super) const LEVELS: &str = "levels.yaml";

/// The level of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// A note.
    Note,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl Level {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The levels that a settings file sets for kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Levels(BTreeMap<FindingKind, Level>);

impl Levels {
    /// Reads the settings; a missing file sets nothing.
    pub(super) fn read(repository: &Repository, named: Option<&Path>) -> Result<Self, Failure> {
        let Some((path, name)) = repository.named_or_beside(named, LEVELS) else {
            return Ok(Self::default());
        };
        match files::read_text(&path) {
            Ok(text) => Ok(Self(parse(&name, &text)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(error) => Err(Failure::new(format!(
                "error: {name}: {error}\n  help: pass a readable file of levels"
            ))),
        }
    }

    /// The level of a finding.
    pub(super) fn of(&self, finding: &Finding) -> Level {
        self.0
            .get(&finding.kind)
            .copied()
            .unwrap_or(match Weight::of(finding) {
                Weight::Breaking => Level::Error,
                Weight::Additive | Weight::Other | Weight::Docs => Level::Note,
            })
    }

    /// The level that the settings set for a kind.
    pub(super) fn of_kind(&self, kind: FindingKind) -> Option<Level> {
        self.0.get(&kind).copied()
    }
}

fn parse(name: &str, text: &str) -> Result<BTreeMap<FindingKind, Level>, Problems> {
    let document = load::parse(name, text)?;
    let mut problems = Problems::default();
    let mut levels = BTreeMap::new();
    let mut report = |node: &Node, pointer: &str, message: String, help: &str| {
        problems.push(Problem {
            rule: "levels",
            message,
            file: name.to_owned(),
            position: Some(node.position),
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    };
    for entry in document.root.entries() {
        if entry.key != "levels" || entry.node.as_mapping().is_none() {
            let message = format!("`{}` is not a known key, or is not a mapping", entry.key);
            report(
                &entry.node,
                &format!("#/{}", entry.key),
                message,
                "write kinds with their levels under `levels`",
            );
        }
    }
    for entry in document
        .root
        .get("levels")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let pointer = format!("#/levels/{}", entry.key);
        let kind = FindingKind::ALL
            .iter()
            .find(|kind| kind.as_str() == entry.key);
        let level = match entry.node.as_str() {
            Some("error") => Some(Level::Error),
            Some("warning") => Some(Level::Warning),
            Some("note") => Some(Level::Note),
            _ => None,
        };
        match (kind, level) {
            (Some(kind), Some(level)) => {
                levels.insert(*kind, level);
            }
            (None, _) => {
                let message = format!("`{}` is not a kind of finding", entry.key);
                report(
                    &entry.node,
                    &pointer,
                    message,
                    "`review --rules` lists them",
                );
            }
            (_, None) => {
                let message = "a level is `error`, `warning` or `note`".to_owned();
                report(
                    &entry.node,
                    &pointer,
                    message,
                    "to accept a finding, add it to accepted.yaml",
                );
            }
        }
    }
    match problems.is_empty() {
        true => Ok(levels),
        false => Err(problems.with_source(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_levels_of_the_settings() {
        let levels = parse("levels.yaml", "levels:\n  docs-changed: warning\n").unwrap();
        assert_eq!(levels.get(&FindingKind::DocsChanged), Some(&Level::Warning));
    }

    #[test]
    fn unknown_kinds_and_levels_are_refused_with_their_line() {
        for (text, message) in [
            ("levels:\n  docs-chnged: note\n", "levels.yaml:2:"),
            ("levels:\n  docs-changed: loud\n", "a level is `error`"),
            ("level: {}\n", "`level` is not a known key"),
        ] {
            let problems = parse("levels.yaml", text).unwrap_err().to_string();
            assert!(problems.contains(message), "{problems}");
        }
    }
}
