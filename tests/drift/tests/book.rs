//! The book is complete: every chapter is listed, every program runs, and every link works.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use graph_incidents_drift::root;

fn source() -> PathBuf {
    root().join("generated-client/book/src")
}

/// The chapters, relative to the folder of the book.
fn chapters() -> BTreeSet<String> {
    fn walk(folder: &Path, all: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(source()).unwrap().to_string_lossy();
                all.insert(name.replace('\\', "/"));
            }
        }
    }
    let mut all = BTreeSet::new();
    walk(&source(), &mut all);
    all.remove("SUMMARY.md");
    all
}

/// The targets of the links of a text.
fn links(text: &str) -> Vec<&str> {
    let parts = text.split("](").skip(1);
    parts.filter_map(|part| part.split(')').next()).collect()
}

fn read(chapter: &str) -> String {
    fs::read_to_string(source().join(chapter)).unwrap()
}

/// The anchors that a page's headings make.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|one| one.is_alphanumeric() || matches!(one, ' ' | '-'));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_chapter_is_listed_once() {
    let summary = read("SUMMARY.md");
    let listed: Vec<String> = links(&summary).into_iter().map(str::to_owned).collect();
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), set.len(), "a chapter is listed twice");
    assert_eq!(set, chapters());
}

#[test]
fn every_program_of_the_book_runs_as_a_test() {
    let runs = fs::read_to_string(root().join("tests/consumer/src/book.rs")).unwrap();
    for chapter in chapters() {
        let text = read(&chapter);
        let has_program = text.contains("```rust");
        let is_run = runs.contains(&format!("\"{chapter}\""));
        assert_eq!(has_program, is_run, "{chapter}: tests/consumer/src/book.rs");
        assert!(
            !text.contains("```rust,ignore"),
            "{chapter} has a program that nobody runs"
        );
    }
}

#[test]
fn every_link_within_the_repository_works() {
    let pages = chapters().into_iter().map(|chapter| source().join(chapter));
    let others = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "spec/README.md",
        "tests/simulator/README.md",
        "codegen/cli/README.md",
        "generated-client/cli/README.md",
    ];
    for page in pages.chain(others.map(|path| root().join(path))) {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            // Links to other sites need a network and are not checked.
            if link.contains("://")
                || link.contains('`')
                || link.contains('"')
                || link.contains(' ')
            {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            assert!(target.exists(), "{}: {link} leads nowhere", page.display());
            if !anchor.is_empty() {
                let there = anchors(&fs::read_to_string(&target).unwrap());
                assert!(
                    there.contains(anchor),
                    "{}: {link}: no such heading",
                    page.display()
                );
            }
        }
    }
}
