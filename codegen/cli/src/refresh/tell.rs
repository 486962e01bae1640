//! Reports the results of a refresh, as findings in the review's formats.

use std::collections::BTreeSet;
use std::io;

use graph_client_codegen::csdl::Metadata;
use graph_client_codegen::edit::edit;
use graph_client_codegen::load::{Document, Position};
use graph_client_codegen::refresh::{self, Difference, Refresh, UpstreamPlace};
use graph_client_review::{Finding, FindingKind, Location, Review, Side, Source as Text, review};

use super::decisions::Keep;
use super::{Inputs, Options, Run};
use crate::repository::Repository;
use crate::review::{Format, Shown};
use crate::{Failure, counted};

/// The placeholder for new descriptions while the two texts are compared.
const STAND_IN: &str = "New.";

/// The differences that no decision keeps.
pub(super) struct Found {
    pub(super) differences: Vec<Difference>,
    /// The other findings: disagreements of the sources, and expired decisions.
    pub(super) told: Vec<Finding>,
    pub(super) notes: Vec<String>,
    /// The number of differences that a decision keeps.
    kept: usize,
}

impl Found {
    pub(super) fn of(refresh: &Refresh<'_>, run: &Run, keeps: &[Keep]) -> Self {
        let comparison = refresh.compare();
        let mut found = Self {
            differences: Vec::new(),
            told: Vec::new(),
            notes: comparison.notes,
            kept: 0,
        };
        let names: BTreeSet<String> = comparison
            .differences
            .iter()
            .map(Difference::name)
            .collect();
        let applicable = |keep: &&Keep| !keep.of_description && keep.concerns(run);
        for difference in comparison.differences {
            let name = difference.name();
            match keeps
                .iter()
                .filter(applicable)
                .any(|keep| keep.what == name)
            {
                true => found.kept += 1,
                false => found.differences.push(difference),
            }
        }
        for keep in keeps.iter().filter(applicable) {
            let subject = keep.what.split_once(' ').map_or("", |(_, subject)| subject);
            let type_ = subject.split('.').next().unwrap_or_default();
            // Only the existence of an action is known; of a type that was not compared, nothing is.
            let was_compared = comparison.compared.contains(type_) || subject.contains('/');
            if was_compared && !names.contains(&keep.what) {
                found.told.push(expired(keep));
            }
        }
        found
    }

    /// Adds the differences between the description and the metadata, and those of the fragment's operations.
    pub(super) fn add_description(
        &mut self,
        fragment: &Document,
        metadata: &Metadata,
        description: &Document,
        run: &Run,
        keeps: &[Keep],
    ) {
        let mut findings = Vec::new();
        for told in refresh::disagreements(fragment, metadata, description) {
            let at = upstream(&metadata.file, &told.upstream);
            let mut finding = Finding::told(FindingKind::SourcesDisagree, &told.subject, at)
                .with_change(
                    Some(format!("metadata: {}", told.metadata)),
                    Some(format!("description: {}", told.description)),
                );
            finding.nearest = Some(in_document(Side::Base, description, &told.pointer));
            findings.push(finding);
        }
        for (label, is_new) in refresh::operations(fragment, description) {
            let kind = if is_new {
                FindingKind::OperationAdded
            } else {
                FindingKind::OperationRemoved
            };
            let at = in_document(Side::Head, description, "#/paths");
            findings.push(Finding::told(kind, &label, at));
        }
        let name = |finding: &Finding| format!("{} {}", finding.kind, finding.subject);
        let names: BTreeSet<String> = findings.iter().map(name).collect();
        let applicable = |keep: &&Keep| keep.of_description && keep.concerns(run);
        let is_kept = |finding: &Finding| {
            keeps
                .iter()
                .filter(applicable)
                .any(|keep| keep.what == name(finding))
        };
        let expired_ones = keeps
            .iter()
            .filter(applicable)
            .filter(|keep| !names.contains(&keep.what))
            .map(expired);
        self.told.extend(expired_ones);
        let before = findings.len();
        findings.retain(|finding| !is_kept(finding));
        self.kept += before - findings.len();
        self.told.extend(findings);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.told.is_empty()
    }
}

fn expired(keep: &Keep) -> Finding {
    let at = Location {
        side: Side::Base,
        file: keep.file.clone(),
        line: keep.position.line,
        column: keep.position.column,
        pointer: keep.pointer.clone(),
    };
    Finding::told(FindingKind::DecisionExpired, &keep.decision, at).with_change(
        Some(keep.what.clone()),
        Some("upstream agrees now: remove it from `keeps`".to_owned()),
    )
}

/// A location in the metadata.
fn upstream(file: &str, place: &UpstreamPlace) -> Location {
    Location {
        side: Side::Head,
        file: file.to_owned(),
        line: place.position.line,
        column: place.position.column,
        pointer: format!("#/{}", place.name),
    }
}

fn in_document(side: Side, document: &Document, pointer: &str) -> Location {
    let found = document.root.pointer(pointer).map(|node| node.position);
    let position = found.unwrap_or(Position { line: 1, column: 1 });
    Location {
        side,
        file: document.file.clone(),
        line: position.line,
        column: position.column,
        pointer: pointer.to_owned(),
    }
}

/// The content of a report.
pub(super) struct RefreshReport<'r> {
    pub(super) repository: &'r Repository,
    pub(super) options: &'r Options,
    pub(super) inputs: &'r Inputs,
    pub(super) run: &'r Run,
    pub(super) refresh: &'r Refresh<'r>,
    pub(super) found: &'r Found,
}

impl RefreshReport<'_> {
    /// Writes it in one of the review's formats.
    pub(super) fn write(&self, format: Format, out: &mut dyn io::Write) -> Result<(), Failure> {
        let metadata = &self.inputs.metadata;
        let shown = Shown {
            review: self.review()?,
            base: (self.inputs.name.clone(), self.inputs.fragment.clone()),
            head: (metadata.name.clone(), metadata.text.clone()),
            head_path: metadata.path.clone(),
            title: format!(
                "Refresh from {} of the {}",
                self.run.version,
                self.run.cloud.title()
            ),
            notes: self.notes(),
            next: self.next(),
        };
        shown.write(self.repository, format, self.options.color, out)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.found.notes.clone();
        if self.found.kept > 0 {
            notes.push(format!(
                "{} decided otherwise in {}",
                counted(self.found.kept, "difference is", "differences are"),
                self.inputs.provenance_name
            ));
        }
        for difference in &self.found.differences {
            if !difference.remark.is_empty() {
                notes.push(format!("{}: {}", difference.subject, difference.remark));
            }
        }
        notes
    }

    fn edits_nothing(&self) -> bool {
        let prunes = self.options.prune;
        let edits = self
            .refresh
            .edits(&self.found.differences, STAND_IN, prunes);
        edits.is_empty()
    }

    fn next(&self) -> String {
        match (self.found.is_empty(), self.options.apply) {
            (true, _) => "nothing to do".to_owned(),
            (false, true) if self.edits_nothing() => {
                "nothing was edited; `--prune` takes out what upstream no longer has".to_owned()
            }
            (false, true) => "read what was edited: `git diff spec`".to_owned(),
            (false, false) => format!(
                "`--apply` edits the fragment; to keep a difference, add it to `keeps` of a decision in {}",
                self.inputs.provenance_name
            ),
        }
    }

    /// The findings between the fragment and the fragment as upstream would have it, and the other findings.
    fn review(&self) -> Result<Review, Failure> {
        let edits = self.refresh.edits(&self.found.differences, STAND_IN, true);
        let wanted = edit(&self.inputs.name, &self.inputs.fragment, &edits)?;
        let text = |text| Text {
            file: &self.inputs.name,
            text,
        };
        let mut review = review(text(&self.inputs.fragment), text(&wanted))
            .map_err(|unreadable| Failure::new(unreadable.to_string()))?;
        review
            .findings
            .retain(|finding| finding.kind != FindingKind::DocsChanged);
        for finding in &mut review.findings {
            self.place(finding);
        }
        // Findings that no edit of the text can show.
        for difference in &self.found.differences {
            let kind = FindingKind::ALL
                .iter()
                .find(|kind| kind.as_str() == difference.kind);
            if let (true, Some(kind)) = (difference.edits.is_empty(), kind) {
                let at = upstream(&self.inputs.metadata.name, &difference.upstream);
                let mut finding = Finding::told(*kind, &difference.subject, at)
                    .with_change(difference.from.clone(), difference.to.clone());
                finding.nearest = Some(self.in_fragment(&difference.pointer));
                review.findings.push(finding);
            }
        }
        review.findings.extend(self.found.told.iter().cloned());
        Ok(review)
    }

    /// Sets the upstream location of a finding, because the compared text is not a file.
    fn place(&self, finding: &mut Finding) {
        let known = self.found.differences.iter().find(|difference| {
            difference.kind == finding.kind.as_str() && difference.subject == finding.subject
        });
        let place = match known {
            Some(difference) => Some(difference.upstream.clone()),
            None => self.refresh.upstream_of(&finding.subject),
        };
        if finding.at.side == Side::Head {
            if finding.nearest.is_none() {
                let pointer = known.map_or("#/components/schemas", |known| known.pointer.as_str());
                finding.nearest = Some(self.in_fragment(pointer));
            }
            if let Some(place) = &place {
                finding.at = upstream(&self.inputs.metadata.name, place);
            }
        } else {
            finding.nearest = place.map(|place| upstream(&self.inputs.metadata.name, &place));
        }
    }

    fn in_fragment(&self, pointer: &str) -> Location {
        let position = self.refresh.position_in_fragment(pointer);
        Location {
            side: Side::Base,
            file: self.inputs.name.clone(),
            line: position.line,
            column: position.column,
            pointer: pointer.to_owned(),
        }
    }
}
