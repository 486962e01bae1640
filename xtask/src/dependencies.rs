//! `cargo xtask dependencies`: lists what each published package depends on and why, and crates in several versions.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::Value;

use crate::cargo::{self, Package};
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// The options of `cargo xtask dependencies`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Options {
    /// Exit with 4 if a dependency has no reason in Cargo.toml, or a reason has no dependency
    #[arg(long)]
    check: bool,
}

/// A crate that a published package depends on directly.
#[derive(Debug, Default)]
struct Row {
    used_by: BTreeSet<String>,
    versions: BTreeSet<String>,
    license: String,
    why: Option<String>,
}

/// Prints the tables as Markdown.
///
/// # Errors
///
/// Returns an error if cargo cannot list the dependencies.
pub fn run(
    workspace: &Workspace,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let packages = cargo::publishable(workspace)?;
    let metadata = cargo::metadata(workspace, &["--all-features"])?;
    let rows = rows(&packages, &metadata);
    let reasons = reasons(&metadata);
    writeln!(
        out,
        "| crate | version | licence | used by | why |\n|---|---|---|---|---|"
    )?;
    for (name, row) in &rows {
        let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
        let why = row.why.as_deref().unwrap_or("**no reason given**");
        let (versions, users) = (list(&row.versions), list(&row.used_by));
        writeln!(
            out,
            "| {name} | {versions} | {} | {users} | {why} |",
            row.license
        )?;
    }
    writeln!(
        out,
        "\n| package | crates with its default features, itself included |\n|---|---|"
    )?;
    for package in &packages {
        let tree = [
            "-e",
            "normal,build",
            "--prefix",
            "none",
            "-p",
            &package.name,
        ];
        writeln!(
            out,
            "| {} | {} |",
            package.name,
            crates(workspace, &tree)?.len()
        )?;
    }
    twice(workspace, &packages, out)?;
    let stale = reasons.keys().filter(|name| !rows.contains_key(*name));
    let stale: Vec<&String> = stale.collect();
    for name in &stale {
        writeln!(
            out,
            "\n`{name}` has a reason in Cargo.toml, but no package depends on it."
        )?;
    }
    let is_complete = stale.is_empty() && rows.values().all(|row| row.why.is_some());
    Ok(match is_complete || !options.check {
        true => Outcome::Fine,
        false => Outcome::OutOfDate,
    })
}

/// Lists the crates that the published packages have in more than one version.
fn twice(
    workspace: &Workspace,
    packages: &[Package],
    out: &mut dyn io::Write,
) -> Result<(), Failure> {
    let mut tree = vec!["-e", "normal,build", "--prefix", "none"];
    tree.extend(packages.iter().flat_map(|one| ["-p", &one.name]));
    writeln!(out, "\n| in several versions | versions |\n|---|---|")?;
    for (name, versions) in in_several_versions(crates(workspace, &tree)?) {
        writeln!(out, "| {name} | {} |", versions.join(", "))?;
    }
    Ok(())
}

/// The crates that occur in more than one version.
fn in_several_versions(crates: BTreeSet<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version) in crates {
        all.entry(name).or_default().push(version);
    }
    all.retain(|_, versions| versions.len() > 1);
    all
}

/// The crates of a tree with their versions.
fn crates(workspace: &Workspace, tree: &[&str]) -> Result<BTreeSet<(String, String)>, Failure> {
    Ok(listed(&cargo::tree(workspace, tree)?))
}

/// The crates that `cargo tree --prefix none` lists: a name and a version per line, sometimes with a remark.
fn listed(tree: &str) -> BTreeSet<(String, String)> {
    let lines = tree.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        let version = rest.split(' ').next()?;
        Some((name.to_owned(), version.to_owned()))
    });
    lines.collect()
}

fn rows(packages: &[Package], metadata: &Value) -> BTreeMap<String, Row> {
    let reasons = reasons(metadata);
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for package in packages {
        let own = |name: &str| packages.iter().any(|one| one.name == name);
        let needed = package.dependencies.iter();
        for one in needed.filter(|one| !one.is_for_development && !own(&one.name)) {
            let row = rows.entry(one.name.clone()).or_default();
            let mark = if one.is_optional { " (optional)" } else { "" };
            row.used_by.insert(format!("{}{mark}", package.name));
            row.why = reasons.get(&one.name).cloned();
        }
    }
    for package in metadata["packages"].as_array().into_iter().flatten() {
        if let Some(row) = package["name"].as_str().and_then(|name| rows.get_mut(name)) {
            row.versions
                .extend(package["version"].as_str().map(str::to_owned));
            row.license = package["license"].as_str().unwrap_or("?").to_owned();
        }
    }
    rows
}

/// The reasons for crates, from `[workspace.metadata.why]`.
fn reasons(metadata: &Value) -> BTreeMap<String, String> {
    let reasons = metadata["metadata"]["why"].as_object();
    let reasons = reasons.into_iter().flatten();
    let reasons = reasons.filter_map(|(name, why)| Some((name.clone(), why.as_str()?.to_owned())));
    reasons.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_has_a_reason_and_every_reason_a_dependency() {
        let mut table = Vec::new();
        let workspace = Workspace::find().unwrap();
        let outcome = run(&workspace, Options { check: true }, &mut table).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert_eq!(outcome, Outcome::Fine, "{table}");
        assert!(table.contains("| reqwest |"), "{table}");
        // A package is built with at least itself and what it always needs.
        for package in cargo::publishable(&workspace).unwrap() {
            let needed = package.dependencies.iter();
            let needed = needed.filter(|one| !one.is_for_development && !one.is_optional);
            let needed: BTreeSet<&str> = needed.map(|one| one.name.as_str()).collect();
            let row = format!("\n| {} | ", package.name);
            let (_, counts) = table
                .split_once("| crates with its default features")
                .unwrap();
            let (_, count) = counts.split_once(&row).unwrap();
            let (count, _) = count.split_once(' ').unwrap();
            let count: usize = count.parse().unwrap();
            assert!(count > needed.len(), "{}: {count}", package.name);
        }
    }

    #[test]
    fn a_crate_is_counted_once_and_named_if_it_has_several_versions() {
        let tree = "top v0.1.0 (/somewhere)\nhash v1.0.0\nmacros v2.1.0 (proc-macro)\nhash v0.14.5\nhash v1.0.0 (*)\n\n";
        let crates = listed(tree);
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(
            crates,
            BTreeSet::from([
                pair("top", "0.1.0"),
                pair("macros", "2.1.0"),
                pair("hash", "0.14.5"),
                pair("hash", "1.0.0"),
            ])
        );
        let several = in_several_versions(crates);
        let expected = ["0.14.5", "1.0.0"].map(str::to_owned).to_vec();
        assert_eq!(several, BTreeMap::from([("hash".to_owned(), expected)]));
    }
}
