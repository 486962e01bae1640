//! The structure of the workspace: lengths of files and functions, cycles of modules, names of types.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use graph_incidents_drift::root;
use xtask::workspace::Workspace;

use graph_incidents_drift::house::{cycles, functions, packages, shared_names, sources};

/// The most lines of a file.
const LONGEST_FILE: usize = 400;
/// The most lines of a function.
const LONGEST_FUNCTION: usize = 80;

/// Type names that several modules of a crate share, and why.
const SHARED: [(&str, &str, &str); 7] = [
    ("tests/consumer", "Report", TWO_RUNS),
    ("tests/consumer", "Size", TWO_RUNS),
    ("codegen/cli", "Options", COMMAND_LINE),
    ("generated-client/cli", "Options", COMMAND_LINE),
    ("xtask", "Options", COMMAND_LINE),
    ("tests/simulator", "Condition", TWO_LANGUAGES),
    ("tests/simulator", "Token", TWO_LANGUAGES),
];

const COMMAND_LINE: &str = "each command has options, which are named with their module";
const TWO_LANGUAGES: &str = "filters of OData and hunting queries both have them";
const TWO_RUNS: &str = "the run through faults and the soak each have a size and a report";

#[test]
fn no_file_is_too_long() {
    let sources = sources().unwrap();
    assert!(sources.len() > 300, "{} files were found", sources.len());
    let lengths = sources
        .iter()
        .map(|file| (file.text.lines().count(), &file.path));
    let long: Vec<_> = lengths.filter(|(lines, _)| *lines > LONGEST_FILE).collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST_FILE} lines: {long:#?}"
    );
}

#[test]
fn no_function_is_too_long() {
    let mut long = Vec::new();
    let mut count = 0;
    for source in sources().unwrap() {
        let functions = functions(&source.parsed().unwrap());
        count += functions.len();
        let too_long = functions
            .into_iter()
            .filter(|one| one.lines > LONGEST_FUNCTION);
        long.extend(too_long.map(|one| {
            let path = source.path.display();
            format!("{path}:{}: {} has {} lines", one.line, one.name, one.lines)
        }));
    }
    assert!(count > 2_000, "{count} functions were read");
    assert!(
        long.is_empty(),
        "longer than {LONGEST_FUNCTION} lines: {long:#?}"
    );
}

#[test]
fn no_two_modules_of_a_crate_use_each_other() {
    let packages = packages().unwrap();
    assert!(packages.len() > 8, "{} crates were found", packages.len());
    let found: Vec<String> = packages
        .iter()
        .flat_map(|package| {
            let cycles = cycles(package).into_iter();
            cycles.map(|cycle| format!("{}: {}", package.folder.display(), cycle.join(", ")))
        })
        .collect();
    assert!(found.is_empty(), "modules that use each other: {found:#?}");
}

#[test]
fn the_guide_names_existing_files() {
    let guide = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, table) = guide.split_once("| where | file |\n|---|---|\n").unwrap();
    let rows: Vec<&str> = table
        .lines()
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(rows.len(), 10, "{rows:#?}");
    for row in rows {
        let path = row.split('`').nth(1).unwrap();
        assert!(root().join(path).is_file(), "{path} is not there: {row}");
    }
}

#[test]
fn the_readme_counts_what_is_generated() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let generated = xtask::regen::generated(&Workspace::at(&root()));
    let table = generated
        .unwrap_or_else(|failure| panic!("{failure}"))
        .stats()
        .markdown();
    assert!(
        readme.contains(&table),
        "README.md lacks this table:\n{table}"
    );
}

#[test]
fn a_type_name_has_one_meaning_in_a_crate() {
    let mut found = Vec::new();
    let mut excused = Vec::new();
    for package in packages().unwrap() {
        let folder = package.folder.display().to_string();
        for (name, modules) in shared_names(&package) {
            let is_allowed = |row: &&(&str, &str, &str)| row.0 == folder && row.1 == name;
            match SHARED.iter().find(is_allowed) {
                Some(row) => excused.push(row),
                None => found.push(format!("{folder}: {name} in {modules:?}")),
            }
        }
    }
    assert!(found.is_empty(), "names with several meanings: {found:#?}");
    let stale: Vec<_> = SHARED.iter().filter(|row| !excused.contains(row)).collect();
    assert!(
        stale.is_empty(),
        "these names are no longer shared: {stale:#?}"
    );
}
