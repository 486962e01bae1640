//! The common parts of all formats of the report.

use graph_client_review::{
    Finding, Location, Review, Rust, RustBasis, Side, Summary, Verdict, Wire,
};

use super::accepted::Acceptance;
use super::levels::Levels;
use super::place::Place;
use super::release::Release;
use super::source::{Origin, Text};
use super::weight::Weight;
use crate::counted;
use crate::repository::Commands;

/// A review with everything that a report shows.
pub(super) struct Report {
    pub(super) review: Review,
    /// The acceptance of each finding, in order.
    pub(super) acceptances: Vec<Option<Acceptance>>,
    pub(super) levels: Levels,
    pub(super) release: Release,
    pub(super) base: Text,
    pub(super) head: Text,
    pub(super) place: Place,
    pub(super) commands: Commands,
    /// The name of the report, if it is not a review.
    pub(super) title: Option<String>,
    /// Remarks beside the findings.
    pub(super) notes: Vec<String>,
    /// The next step, if it is not the review's.
    pub(super) next: Option<String>,
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

    /// The counts in one sentence; each finding counts once.
    pub(super) fn numbers(&self) -> String {
        let count = |wanted: &dyn Fn(&Finding) -> bool| {
            self.review
                .findings
                .iter()
                .filter(|finding| wanted(finding))
                .count()
        };
        let wire = |finding: &Finding| finding.wire == Wire::Breaking;
        let rust = |finding: &Finding| finding.rust == Rust::Breaking;
        let of = |weight: Weight| count(&|finding| Weight::of(finding) == weight);
        let mut parts = Vec::new();
        for (count, one, many) in [
            (
                count(&|finding| wire(finding) && rust(finding)),
                "breaks the wire and Rust code",
                "break the wire and Rust code",
            ),
            (
                count(&|finding| wire(finding) && !rust(finding)),
                "breaks the wire",
                "break the wire",
            ),
            (
                count(&|finding| !wire(finding) && rust(finding)),
                "breaks Rust code",
                "break Rust code",
            ),
            (
                of(Weight::Additive),
                "only adds or loosens",
                "only add or loosen",
            ),
            (of(Weight::Other), "does neither", "do neither"),
            (of(Weight::Docs), "is documentation", "are documentation"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        }
        let all = counted(self.review.findings.len(), "finding", "findings");
        let mut text = match parts.is_empty() {
            true => all,
            false => format!("{all}: {}", parts.join(", ")),
        };
        if self.accepted_count() > 0 {
            text.push_str(&format!("; {} accepted", self.accepted_count()));
        }
        text
    }

    /// What the version, the changelog and the generated files still need, one sentence each.
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
                    "the crate's version {change}; this requires {} or later",
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
        match &self.release.stale {
            Some(Ok(0)) => notes.push("the generated files are fresh".to_owned()),
            Some(Ok(count)) => notes.push(format!(
                "{} out of date",
                counted(*count, "generated file is", "generated files are")
            )),
            Some(Err(reason)) => notes.push(format!(
                "cannot tell whether the generated files are fresh: {reason}"
            )),
            None => {}
        }
        notes.extend(self.release.unread.iter().cloned());
        if let RustBasis::Names(reason) = &self.review.rust.basis {
            notes.push(format!("the Rust axis is judged by names alone: {reason}"));
        }
        notes
    }

    /// The next step for the user.
    pub(super) fn next_command(&self) -> String {
        if let Some(next) = &self.next {
            return next.clone();
        }
        if matches!(self.release.stale, Some(Ok(1..) | Err(_))) {
            return format!("`{}`", self.commands.generate);
        }
        if self.release.changelog == Some(false) {
            return "edit CHANGELOG.md: say what changes for users".to_owned();
        }
        match self.head.origin {
            Origin::WorkingTree => format!("`{}`", self.commands.check),
            _ => format!(
                "`{} --help` for other forms of this report",
                self.commands.review
            ),
        }
    }

    /// The path of a text for other tools: relative to the root of the checkout, with slashes.
    pub(super) fn path(&self, side: Side) -> String {
        let text = match side {
            Side::Base => &self.base,
            Side::Head => &self.head,
        };
        match &text.origin {
            Origin::WorkingTree | Origin::Commit(_) => self.place.description.clone(),
            Origin::File(path) => self.place.relative(path),
        }
    }

    /// The location of a finding for other tools: in the head, because the base is not checked out.
    pub(super) fn place_in_head<'f>(&self, finding: &'f Finding) -> Option<&'f Location> {
        match finding.at.side {
            Side::Head => Some(&finding.at),
            Side::Base => finding.nearest.as_ref(),
        }
    }
}
