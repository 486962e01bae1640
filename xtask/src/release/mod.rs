//! `cargo xtask release`: does everything for a release except the push.

mod edits;

use std::fs;
use std::io;
use std::path::PathBuf;

use graph_client_cli::review::{self, Colour, Format};
use graph_client_review::Verdict;

use crate::cargo::{self, git};
use crate::workspace::Workspace;
use crate::{Failure, Outcome, package};

/// The options of `cargo xtask release`.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The version to release, such as 0.2.0
    version: String,
    /// Where the repository is published; needed once, then stored in Cargo.toml
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// The day of the release [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// Do not build the packed packages
    #[arg(long)]
    no_verify: bool,
}

/// A file that the release changes.
struct Edit {
    path: PathBuf,
    text: String,
}

/// Sets the version, dates the changelog, packs and builds every package, commits and tags. A second run changes nothing.
/// If it fails, it restores the files.
///
/// # Errors
///
/// Returns an error if there are uncommitted changes, the version is smaller than the review requires, the repository is
/// unknown, the changelog is empty, or a package does not build.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let tag = format!("v{}", options.version);
    if git(workspace, &["tag", "--points-at", "HEAD"])?
        .lines()
        .any(|one| one == tag)
    {
        writeln!(out, "{tag} exists already.\n{}", next_steps(&tag))?;
        return Ok(Outcome::Fine);
    }
    refuse_what_is_in_the_way(workspace, &tag)?;
    is_large_enough(workspace, &options.version, out)?;
    let edits = edits(workspace, options)?;
    let carried_out = write(&edits).and_then(|()| pack(workspace, options, out));
    if let Err(failure) = carried_out {
        // Everything was committed before the release started.
        return match git(workspace, &["checkout", "--quiet", "--", "."]) {
            Ok(_) => Err(failure),
            Err(restoring) => Err(Failure::new(format!("{failure}\n{restoring}"))),
        };
    }
    git(
        workspace,
        &[
            "commit",
            "--quiet",
            "--all",
            "-m",
            &format!("Release {}", options.version),
        ],
    )?;
    git(workspace, &["tag", "-a", &tag, "-m", &options.version])?;
    writeln!(out, "Committed and tagged {tag}.\n{}", next_steps(&tag))?;
    Ok(Outcome::Fine)
}

fn next_steps(tag: &str) -> String {
    format!("  next: git push origin HEAD {tag} (the workflow `release` publishes what is tagged)")
}

fn refuse_what_is_in_the_way(workspace: &Workspace, tag: &str) -> Result<(), Failure> {
    if !git(
        workspace,
        &["status", "--porcelain", "--untracked-files=no"],
    )?
    .is_empty()
    {
        return Err(Failure::new(
            "error: there are uncommitted changes\n  help: commit or restore them",
        ));
    }
    match git(workspace, &["tag", "--list", tag])?.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "error: {tag} is another commit\n  help: a published version cannot be changed; use the next one"
        ))),
    }
}

/// Checks the version against what the review of the fragment requires since the last tag.
fn is_large_enough(
    workspace: &Workspace,
    version: &str,
    out: &mut dyn io::Write,
) -> Result<(), Failure> {
    let is_version = Verdict::None.next(version).as_deref() == Some(version);
    if !is_version {
        return Err(Failure::new(format!(
            "error: `{version}` is not a version\n  help: use three numbers, such as 0.2.0"
        )));
    }
    let tags = git(
        workspace,
        &[
            "tag",
            "--list",
            "v*",
            "--merged",
            "HEAD",
            "--sort=-version:refname",
        ],
    )?;
    let Some(last) = tags.lines().next() else {
        writeln!(
            out,
            "This is the first release: the review has nothing to compare with."
        )?;
        return Ok(());
    };
    let mut report = Vec::new();
    let compare = review::Options {
        base: Some(last.to_owned()),
        head: None,
        format: Format::Json,
        fail_on: None,
        accepted: None,
        levels: None,
        color: Colour::Never,
        schema: false,
        rules: false,
    };
    review::run(
        &crate::repository::repository(workspace),
        &compare,
        &mut report,
    )?;
    let verdict = verdict_of(&report)?;
    let before = last.trim_start_matches('v');
    let is_later = Verdict::Patch.is_said_by(before, version);
    match is_later && verdict.is_said_by(before, version) {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "error: the step from {before} to {version} is too small: the change of the fragment is {}\n  help: release at least {}",
            verdict.as_str(),
            verdict
                .max(Verdict::Patch)
                .next(before)
                .unwrap_or_else(|| format!("a version after {before}"))
        ))),
    }
}

/// The verdict of a report in JSON.
fn verdict_of(report: &[u8]) -> Result<Verdict, Failure> {
    let report: serde_json::Value = serde_json::from_slice(report)
        .map_err(|error| Failure::new(format!("error: the review is not JSON: {error}")))?;
    let all = [
        Verdict::None,
        Verdict::Patch,
        Verdict::Minor,
        Verdict::Major,
    ];
    let found = all
        .into_iter()
        .find(|one| report["verdict"] == one.as_str());
    found.ok_or_else(|| {
        Failure::new(format!(
            "error: the review has an unknown verdict: {}",
            report["verdict"]
        ))
    })
}

/// Prepares everything that will be written.
fn edits(workspace: &Workspace, options: &Options) -> Result<Vec<Edit>, Failure> {
    let read = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(before) => Ok((path, before)),
        Err(error) => Err(Failure::at(&path, &error)),
    };
    let mut edits = Vec::new();
    let (path, before) = read(workspace.root().join("Cargo.toml"))?;
    let mut text = edits::version(&before, &options.version)?;
    if edits::value_of(&before, "repository").is_none() {
        let url = options.repository.as_deref().ok_or_else(|| {
            Failure::new("error: the address of the published repository is unknown\n  help: pass `--repository URL` once")
        })?;
        text = edits::repository(&text, url)?;
    }
    edits.push(Edit { path, text });
    for package in cargo::publishable(workspace)? {
        let (path, before) = read(PathBuf::from(package.manifest))?;
        let text = edits::inherits_repository(&before);
        edits.push(Edit { path, text });
    }
    let date = match &options.date {
        Some(date) => date.clone(),
        None => chrono::Utc::now().format("%Y-%m-%d").to_string(),
    };
    let (path, before) = read(workspace.root().join("CHANGELOG.md"))?;
    let text = edits::changelog(&before, &options.version, &date)?;
    edits.push(Edit { path, text });
    Ok(edits)
}

fn write(edits: &[Edit]) -> Result<(), Failure> {
    edits.iter().try_for_each(|edit| {
        fs::write(&edit.path, &edit.text).map_err(|error| Failure::at(&edit.path, &error))
    })
}

/// Updates Cargo.lock and packs; nothing is committed yet.
fn pack(workspace: &Workspace, options: &Options, out: &mut dyn io::Write) -> Result<(), Failure> {
    cargo::metadata(workspace, &[])?;
    package::run(
        workspace,
        package::Options::of_release(options.no_verify),
        out,
    )
    .map(|_| ())
}
