//! The report for a terminal, in cargo's style: right-aligned verbs, locations, and a summary line.

use std::io;

use graph_client_review::{Finding, FindingKind, Verdict};

use super::accepted::Acceptance;
use super::report::Report;
use super::weight::Weight;
use super::words::{self, axes, change, meaning, noun, used_by, verb};

const RED: &str = "\u{1b}[1;31m";
const GREEN: &str = "\u{1b}[1;32m";
const YELLOW: &str = "\u{1b}[1;33m";
const CYAN: &str = "\u{1b}[1;36m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The maximum length of a shown value.
const LONGEST_VALUE: usize = 70;

struct Writer<'w> {
    out: &'w mut dyn io::Write,
    coloured: bool,
}

pub(super) fn write(report: &Report, coloured: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = Writer { out, coloured };
    writer.line(
        CYAN,
        "Reviewing",
        &format!("{} against {}", report.head.name, report.base.name),
    )?;
    for weight in Weight::ALL {
        for (finding, acceptance) in report.of_weight(weight) {
            writer.finding(weight, finding, acceptance)?;
        }
    }
    let items = &report.review.rust.other_items;
    if !items.is_empty() {
        writer.line(
            YELLOW,
            "Generated",
            "public items that differ although requests and responses do not",
        )?;
        for item in items {
            writer.item(item)?;
        }
    }
    if report.is_empty() {
        for note in &report.notes {
            writer.line(DIM, "note", note)?;
        }
        return writer.line(GREEN, "Unchanged", "the two descriptions are equivalent");
    }
    for note in report.release_notes() {
        writer.line(DIM, "note", &note)?;
    }
    let colour = match report.verdict() {
        Verdict::Major => RED,
        Verdict::Minor => YELLOW,
        _ => GREEN,
    };
    writer.line(
        colour,
        "Verdict",
        &format!("{} ({})", report.verdict().as_str(), report.numbers()),
    )?;
    writer.line(CYAN, "Next", &report.next_command())
}

impl Writer<'_> {
    fn line(&mut self, colour: &str, verb: &str, text: &str) -> io::Result<()> {
        match self.coloured {
            true => writeln!(self.out, "{colour}{verb:>12}{PLAIN} {text}"),
            false => writeln!(self.out, "{verb:>12} {text}"),
        }
    }

    fn finding(
        &mut self,
        weight: Weight,
        finding: &Finding,
        acceptance: Option<&Acceptance>,
    ) -> io::Result<()> {
        let colour = match (weight, acceptance) {
            (_, Some(_)) => DIM,
            (Weight::Breaking, None) => RED,
            (Weight::Additive, None) => GREEN,
            (Weight::Other, None) => YELLOW,
            (Weight::Docs, None) => DIM,
        };
        let mut text = format!("{} {}", noun(finding.kind), finding.subject);
        if !finding.detail.is_empty() {
            text.push_str(&format!(" ({})", finding.detail));
        }
        let is_docs = finding.kind == FindingKind::DocsChanged;
        if let Some(change) = change(finding, LONGEST_VALUE) {
            text.push_str(&format!(": {change}"));
        }
        self.line(colour, verb(finding), &text)?;
        let at = &finding.at;
        let place = match is_docs {
            // If only texts changed, the location is sufficient.
            true => format!("{}:{}:{}", at.file, at.line, at.column),
            false => format!(
                "{}:{}:{} [{}] {}",
                at.file,
                at.line,
                at.column,
                finding.id,
                axes(finding)
            ),
        };
        self.line(DIM, "at", &place)?;
        if is_docs {
            return Ok(());
        }
        if finding.certainty < 1.0 {
            let percent = (finding.certainty * 100.0).round();
            self.line(
                DIM,
                "sure",
                &format!("{percent} %; otherwise one was removed and another one added"),
            )?;
        }
        if let Some(used_by) = used_by(finding, 3) {
            self.line(DIM, "used by", &used_by)?;
        }
        let meaning = meaning(finding);
        let means = format!(
            "callers: {}; service: {}; crate: {}",
            meaning.callers, meaning.service, meaning.crate_users
        );
        self.line(DIM, "means", &means)?;
        for item in &finding.rust_items {
            self.item(item)?;
        }
        if weight == Weight::Breaking && acceptance.is_none() {
            self.line(DIM, "accept by", &words::acceptance(finding))?;
        }
        if let Some(acceptance) = acceptance {
            let until = acceptance
                .expires
                .map(|date| format!(" until {date}"))
                .unwrap_or_default();
            self.line(DIM, "accepted", &format!("{}{until}", acceptance.reason))?;
        }
        Ok(())
    }

    fn item(&mut self, item: &str) -> io::Result<()> {
        let colour = if item.starts_with('-') { RED } else { GREEN };
        match self.coloured {
            true => writeln!(self.out, "{:>12} {colour}{item}{PLAIN}", ""),
            false => writeln!(self.out, "{:>12} {item}", ""),
        }
    }
}
