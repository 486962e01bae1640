//! `graph-client review`: what changed between two descriptions, and whom it affects.
//!
//! The comparison is [`graph_client_review`]; this module finds its texts and writes its findings.

mod accepted;
mod changelog;
mod endpoints;
mod folders;
mod github;
mod html;
mod json;
mod levels;
mod markdown;
mod place;
mod release;
mod report;
mod rules;
mod sarif;
#[cfg(feature = "refresh")]
mod shown;
mod snippets;
mod source;
mod text;
mod weight;
mod words;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use graph_client_review::{Rust, Side, Wire};

use crate::repository::Repository;
use crate::{Failure, Outcome};

use levels::{Level, Levels};
use place::Place;
use report::Report;
use source::Text;

pub use accepted::ACCEPTED;
#[cfg(feature = "refresh")]
pub(crate) use shown::Shown;

/// How to review.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The older description: a git revision, a file or a folder [default: the branch point from main]
    #[arg(long, value_name = "REV|FILE|FOLDER")]
    pub base: Option<String>,
    /// The newer description: a git revision, a file or a folder [default: the working tree]
    #[arg(long, value_name = "REV|FILE|FOLDER")]
    pub head: Option<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Exit with 4 if a finding that was not accepted breaks this
    #[arg(long, value_enum, value_name = "AXIS")]
    pub fail_on: Option<FailOn>,
    /// The accepted findings [default: accepted.yaml beside the description]
    #[arg(long, value_name = "FILE")]
    pub accepted: Option<PathBuf>,
    /// The levels of the kinds of findings [default: levels.yaml beside the description]
    #[arg(long, value_name = "FILE")]
    pub levels: Option<PathBuf>,
    /// When to colour the text
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    /// Print only the JSON schema of `--format json`
    #[arg(long)]
    pub schema: bool,
    /// Print only the rules, as JSON or with `--format markdown` as a table
    #[arg(long)]
    pub rules: bool,
}

/// The format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// For a comment on GitHub: at most 65,536 characters, empty if nothing changed
    Markdown,
    /// For programs: see `--schema`
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a workflow run
    Github,
    /// A page of its own to look at
    Html,
    /// One line for each operation
    Summary,
    /// Every finding below the operations that it affects
    Operations,
    /// Entries for a changelog
    Changelog,
}

/// The axis that must not break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Deployed clients, or the service
    Wire,
    /// Code that uses the crate
    Rust,
    /// Either
    Any,
    /// A finding whose level is `error`, see `--levels`
    Error,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Colour {
    fn is_on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }
}

/// Compares, and writes the report.
///
/// # Errors
///
/// Returns an error if one of the texts cannot be found, read or compared, or the accepted findings are invalid.
pub fn run(
    repository: &Repository,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if options.schema {
        out.write_all(json::schema().as_bytes())?;
        return Ok(Outcome::Fine);
    }
    let levels = Levels::read(repository, options.levels.as_deref())?;
    if options.rules {
        out.write_all(rules::write(options.format, &levels)?.as_bytes())?;
        return Ok(Outcome::Fine);
    }
    if let Some(pair) = folders::named(options) {
        return folders::run(repository, options, &levels, pair, out);
    }
    let base = Text::base(repository, options.base.as_deref())?;
    let head = Text::head(repository, options.head.as_deref())?;
    let report = report(repository, options, levels, base, head)?;
    write(&report, options.format, options.color, out)?;
    Ok(outcome(&report, options.fail_on))
}

/// Compares two texts.
fn report(
    repository: &Repository,
    options: &Options,
    levels: Levels,
    base: Text,
    head: Text,
) -> Result<Report, Failure> {
    let (stale, review) = std::thread::scope(|scope| {
        let stale = scope.spawn(|| release::stale(repository, &head));
        let review = graph_client_review::review_with(
            base.source(),
            head.source(),
            &|side, name| match side {
                Side::Base => base.beside(repository, name),
                Side::Head => head.beside(repository, name),
            },
        );
        let stale = stale.join();
        (
            stale.unwrap_or_else(|_| Some(Err("the generator stopped".to_owned()))),
            review,
        )
    });
    let review = review.map_err(|unreadable| Failure::new(unreadable.to_string()))?;
    let accepted = accepted::read(repository, options.accepted.as_deref())?;
    let acceptances = accepted::settle(&accepted, &review.findings)?;
    let release = release::look(repository, &base, &head, review.verdict(), stale);
    Ok(Report {
        review,
        acceptances,
        levels,
        release,
        base,
        head,
        place: Place::of(repository),
        commands: repository.commands(),
        title: None,
        notes: Vec::new(),
        next: None,
    })
}

fn write(
    report: &Report,
    format: Format,
    colour: Colour,
    out: &mut dyn io::Write,
) -> Result<(), Failure> {
    match format {
        Format::Text => text::write(report, colour.is_on(), out)?,
        Format::Markdown => out.write_all(markdown::write(report).as_bytes())?,
        Format::Json => out.write_all(json::write(report).as_bytes())?,
        Format::Sarif => out.write_all(sarif::write(report).as_bytes())?,
        Format::Github => out.write_all(github::write(report).as_bytes())?,
        Format::Html => out.write_all(html::write(report).as_bytes())?,
        Format::Summary => out.write_all(endpoints::summary(report).as_bytes())?,
        Format::Operations => out.write_all(endpoints::grouped(report).as_bytes())?,
        Format::Changelog => out.write_all(changelog::write(report).as_bytes())?,
    }
    out.flush()?;
    Ok(())
}

fn outcome(report: &Report, fail_on: Option<FailOn>) -> Outcome {
    let Some(axis) = fail_on else {
        return Outcome::Fine;
    };
    let of_findings = report
        .findings()
        .filter(|(_, acceptance)| acceptance.is_none())
        .any(|(finding, _)| match axis {
            FailOn::Wire => finding.wire == Wire::Breaking,
            FailOn::Rust => finding.rust == Rust::Breaking,
            FailOn::Any => finding.wire == Wire::Breaking || finding.rust == Rust::Breaking,
            FailOn::Error => report.levels.of(finding) == Level::Error,
        });
    let of_other_items = !matches!(axis, FailOn::Wire | FailOn::Error)
        && report.review.rust.of_other_items == Rust::Breaking;
    match of_findings || of_other_items {
        true => Outcome::Breaks,
        false => Outcome::Fine,
    }
}
