//! Compares two folders of descriptions: each file with its namesake.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use graph_client_review::Verdict;
use serde_json::{Value, json};

use super::levels::Levels;
use super::source::Text;
use super::{Format, Options, json as json_report, outcome, report, write};
use crate::files;
use crate::repository::Repository;
use crate::{Failure, Outcome, counted};

/// The two folders, if both sides are folders.
pub(super) fn named(options: &Options) -> Option<(PathBuf, PathBuf)> {
    let folder = |name: &Option<String>| {
        name.as_ref()
            .map(PathBuf::from)
            .filter(|path| path.is_dir())
    };
    Some((folder(&options.base)?, folder(&options.head)?))
}

/// Compares every description that both folders have, and lists those that only one has.
pub(super) fn run(
    repository: &Repository,
    options: &Options,
    levels: &Levels,
    (base, head): (PathBuf, PathBuf),
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    if matches!(
        options.format,
        Format::Sarif | Format::Html | Format::Github
    ) {
        return Err(Failure::new(
            "error: this format supports only one description\n  help: for folders use text, markdown, json, summary, operations or changelog",
        ));
    }
    let (old, new) = (descriptions(&base)?, descriptions(&head)?);
    let mut worst = Outcome::Fine;
    let mut verdict = Verdict::None;
    let mut documents = Vec::new();
    for name in old.union(&new) {
        let sides = (old.contains(name), new.contains(name));
        let (true, true) = sides else {
            let what = if sides.0 { "removed" } else { "added" };
            verdict = verdict.max(if sides.0 {
                Verdict::Major
            } else {
                Verdict::Minor
            });
            // Removing a whole description removes everything in it.
            if sides.0 && options.fail_on.is_some() {
                worst = Outcome::Breaks;
            }
            match options.format {
                Format::Json => documents.push(json!({"file": name, "status": what})),
                _ => writeln!(out, "{name}: the description is {what}\n")?,
            }
            continue;
        };
        let texts = (
            Text::in_file(&base.join(name))?,
            Text::in_file(&head.join(name))?,
        );
        let report = report(repository, options, levels.clone(), texts.0, texts.1)?;
        verdict = verdict.max(report.verdict());
        if outcome(&report, options.fail_on) == Outcome::Breaks {
            worst = Outcome::Breaks;
        }
        match options.format {
            Format::Json => {
                let review: Value = serde_json::from_str(&json_report::write(&report))
                    .map_err(|error| Failure::new(format!("error: {name}: {error}")))?;
                documents.push(json!({"file": name, "status": "compared", "review": review}));
            }
            _ => {
                writeln!(out, "{name}")?;
                write(&report, options.format, options.color, out)?;
                writeln!(out)?;
            }
        }
    }
    match options.format {
        Format::Json => writeln!(
            out,
            "{:#}",
            json!({"verdict": verdict.as_str(), "documents": documents})
        )?,
        _ => writeln!(
            out,
            "{} in all: {}",
            counted(old.union(&new).count(), "description", "descriptions"),
            verdict.as_str()
        )?,
    }
    Ok(worst)
}

/// The descriptions of a folder and its subfolders, by path. Other files, such as parts that descriptions refer to, are
/// skipped.
fn descriptions(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let entries = fs::read_dir(&path).map_err(|error| Failure::at(&path, &error))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if !matches!(extension, Some("yaml" | "yml" | "json")) {
                continue;
            }
            let text = files::read(&path).map_err(|error| Failure::at(&path, &error))?;
            let text = String::from_utf8_lossy(&text);
            let is_description = text.lines().any(|line| {
                line.trim_start_matches(['\u{feff}', ' ', '{', '"'])
                    .starts_with("openapi")
            });
            if is_description && let Ok(relative) = path.strip_prefix(folder) {
                found.insert(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    match found.is_empty() {
        true => Err(Failure::new(format!(
            "error: {}: no description is in this folder\n  help: a description is a .yaml, .yml or .json file with `openapi`",
            folder.display()
        ))),
        false => Ok(found),
    }
}
