//! What all forms of the report have in common.

use std::path::PathBuf;

use graph_client_review::{
    Finding, Kind, Location, Review, Rust, RustBasis, Side, Summary, Verdict, Wire,
};

use super::accepted::Acceptance;
use super::release::Release;
use super::source::{Origin, Text};
use crate::counted;
use crate::regen::COMMAND;
use crate::workspace::FRAGMENT;

/// A review with all that a reader wants to know about it.
pub(super) struct Report {
    pub(super) review: Review,
    /// Why each finding is accepted, in their order.
    pub(super) acceptances: Vec<Option<Acceptance>>,
    pub(super) release: Release,
    pub(super) base: Text,
    pub(super) head: Text,
    pub(super) root: PathBuf,
    /// What the report is called, where it is no review.
    pub(super) title: Option<String>,
    /// What is to be said beside the findings.
    pub(super) notes: Vec<String>,
    /// What to do next, where that is not the review's to say.
    pub(super) next: Option<String>,
}

/// How grave a finding is, by the graver of its axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Breaking,
    Additive,
    Other,
    Docs,
}

impl Weight {
    pub(super) const ALL: [Self; 4] = [Self::Breaking, Self::Additive, Self::Other, Self::Docs];

    pub(super) fn of(finding: &Finding) -> Self {
        match (finding.wire, finding.rust) {
            (Wire::Breaking, _) | (_, Rust::Breaking) => Self::Breaking,
            (Wire::Compatible, _) | (_, Rust::Additive) => Self::Additive,
            _ if finding.kind == Kind::DocsChanged => Self::Docs,
            _ => Self::Other,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Additive => "Additive",
            Self::Other => "Neither",
            Self::Docs => "Documentation",
        }
    }
}

impl Report {
    pub(super) fn findings(&self) -> impl Iterator<Item = (&Finding, Option<&Acceptance>)> {
        self.review
            .findings
            .iter()
            .zip(self.acceptances.iter().map(Option::as_ref))
    }

    pub(super) fn of_weight(&self, weight: Weight) -> Vec<(&Finding, Option<&Acceptance>)> {
        self.findings()
            .filter(|(finding, _)| Weight::of(finding) == weight)
            .collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.review.findings.is_empty() && self.review.rust.other_items.is_empty()
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.review.verdict()
    }

    pub(super) fn summary(&self) -> Summary {
        self.review.summary()
    }

    pub(super) fn accepted_count(&self) -> usize {
        self.acceptances.iter().flatten().count()
    }

    /// The numbers in one sentence.
    pub(super) fn numbers(&self) -> String {
        let summary = self.summary();
        let mut parts = Vec::new();
        for (count, word) in [
            (summary.wire_breaking, "break the wire"),
            (summary.rust_breaking, "break Rust code"),
            (summary.additive, "only add or loosen"),
            (summary.docs, "are documentation"),
            (self.accepted_count(), "are accepted"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        let all = counted(self.review.findings.len(), "finding", "findings");
        match parts.is_empty() {
            true => all,
            false => format!("{all}: {}", parts.join(", ")),
        }
    }

    /// What the version, the changelog and the generated files have to do with it, a sentence each.
    pub(super) fn release_notes(&self) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let Some(version) = &self.release.version {
            let change = match version.before == version.now {
                true => format!("is still {}", version.now),
                false => format!("went from {} to {}", version.before, version.now),
            };
            notes.push(match (version.says_so, self.verdict()) {
                (_, Verdict::None) => format!("the crate's version {change}"),
                (true, _) => format!("the crate's version {change}, which says so"),
                (false, _) => format!(
                    "the crate's version {change}; this asks for {} or later",
                    version.wanted
                ),
            });
        }
        match self.release.changelog {
            Some(true) if self.verdict() != Verdict::None => {
                notes.push("CHANGELOG.md has a new entry".to_owned())
            }
            Some(false) => notes.push("CHANGELOG.md has no new entry".to_owned()),
            _ => {}
        }
        match self.release.stale {
            Some(0) => notes.push("the generated files are fresh".to_owned()),
            Some(count) => notes.push(format!(
                "{} out of date",
                counted(count, "generated file is", "generated files are")
            )),
            None => {}
        }
        if let RustBasis::Names(reason) = &self.review.rust.basis {
            notes.push(format!("the Rust axis is judged by names alone: {reason}"));
        }
        notes
    }

    /// What to do next.
    pub(super) fn next_command(&self) -> String {
        if let Some(next) = &self.next {
            return next.clone();
        }
        if self.release.stale.is_some_and(|count| count > 0) {
            return format!("`{COMMAND}`");
        }
        if self.release.changelog == Some(false) {
            return "edit CHANGELOG.md: say what changes for users".to_owned();
        }
        match self.head.origin {
            Origin::WorkingTree => "`cargo xtask ci`".to_owned(),
            _ => "`cargo xtask review --help` for other forms of this report".to_owned(),
        }
    }

    /// The path of a text for tools: relative to the root, with slashes.
    pub(super) fn path(&self, side: Side) -> String {
        let text = match side {
            Side::Base => &self.base,
            Side::Head => &self.head,
        };
        match &text.origin {
            Origin::WorkingTree | Origin::Commit(_) => FRAGMENT.to_owned(),
            Origin::File(path) => relative(&self.root, path),
        }
    }

    /// Where tools show a finding: in the head, for the base is not there to be shown.
    pub(super) fn place_in_head<'f>(&self, finding: &'f Finding) -> Option<&'f Location> {
        match finding.at.side {
            Side::Head => Some(&finding.at),
            Side::Base => finding.nearest.as_ref(),
        }
    }
}

/// A path as seen from a folder.
fn relative(root: &std::path::Path, path: &std::path::Path) -> String {
    let absolute = |path: &std::path::Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, path) = (absolute(root), absolute(path));
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

/// What happened as a verb: `Added`, `Removed`, `Renamed`.
pub(super) fn verb(kind: Kind) -> &'static str {
    let name = kind.as_str();
    for (end, verb) in [
        ("-added", "Added"),
        ("-removed", "Removed"),
        ("-renamed", "Renamed"),
        ("-moved", "Moved"),
        ("-opened", "Opened"),
        ("-closed", "Closed"),
        ("-dropped", "Dropped"),
        ("-introduced", "Introduced"),
    ] {
        if name.ends_with(end) {
            return verb;
        }
    }
    match kind {
        Kind::DocsChanged => "Reworded",
        _ => "Changed",
    }
}

/// What it happened to: `enum member`, `property type`.
pub(super) fn noun(kind: Kind) -> String {
    let name = kind.as_str();
    let noun = name.rsplit_once('-').map_or(name, |(noun, _)| noun);
    match kind {
        Kind::EnumOpened | Kind::EnumClosed => "enumeration".to_owned(),
        Kind::DocsChanged => "text of".to_owned(),
        // The subject says it.
        Kind::ServerAdded | Kind::ServerRemoved | Kind::ServerChanged => "the".to_owned(),
        _ => noun.replace('-', " "),
    }
}

/// `a → b`, with what is too long cut.
pub(super) fn change(finding: &Finding, longest: usize) -> Option<String> {
    let cut = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() > longest {
            true => text.chars().take(longest).collect::<String>() + "…",
            false => text,
        }
    };
    match (&finding.from, &finding.to) {
        (Some(from), Some(to)) => Some(format!("{} → {}", cut(from), cut(to))),
        (Some(from), None) => Some(cut(from)),
        (None, Some(to)) => Some(cut(to)),
        (None, None) => None,
    }
}

/// The operations and types that a finding reaches, the first few by name.
pub(super) fn used_by(finding: &Finding, shown: usize) -> Option<String> {
    let (operations, types): (Vec<_>, Vec<_>) =
        finding.used_by.iter().partition(|name| name.contains(' '));
    if finding.used_by.is_empty()
        || (operations.len() == 1 && finding.subject.starts_with(operations[0].as_str()))
    {
        return None;
    }
    let mut parts: Vec<String> = operations
        .iter()
        .take(shown)
        .map(|name| (*name).clone())
        .collect();
    if operations.len() > shown {
        parts.push(counted(
            operations.len() - shown,
            "more operation",
            "more operations",
        ));
    }
    if !types.is_empty() {
        parts.push(match types.len() {
            1..=2 => types
                .iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            count => counted(count, "type", "types"),
        });
    }
    Some(parts.join(", "))
}

/// The two axes in words; the wire comes first.
pub(super) fn axes(finding: &Finding) -> String {
    format!(
        "wire {}, rust {}",
        finding.wire.as_str(),
        finding.rust.as_str()
    )
}
