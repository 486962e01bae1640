//! Words that sound translated stay out of names, messages and documentation.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::PathBuf;

use graph_incidents_drift::{files_below, root};

/// Words that sound translated, and what to write instead.
const BANNED: [(&str, &str); 18] = [
    ("answer", "response"),
    ("answers", "responses, or: returns"),
    ("answered", "responded"),
    ("answering", "responding"),
    ("unanswered", "no response"),
    ("odd", "invalid"),
    ("foreign", "cross-origin, or: another"),
    ("workshop", "generator"),
    ("circle", "cycle"),
    ("circles", "cycles"),
    ("by hand", "manually"),
    ("is in order", "is valid, or: is sorted"),
    ("not in order", "invalid"),
    ("can be had", "is available; failed to acquire"),
    ("could be had", "failed to acquire"),
    ("broke off", "ended early"),
    ("breaks off", "ends early"),
    ("if nothing else is said", "Default: 5"),
];

/// Where such words are correct: the start of a path, the word, and why.
const ALLOWED: [(&str, &str, &str); 4] = [
    ("codegen/review/tests/review/kinds/", "circle", "a shape"),
    ("codegen/review/tests/review/kinds/", "circles", "shapes"),
    ("tests/drift/tests/plain_english.rs", "", "it names them"),
    (
        "generated-client/cli/src",
        "answer",
        "a person answers a question",
    ),
];

/// The words of a line in lower case, with a space before and after each; names are split into their words.
fn words(line: &str) -> String {
    let mut words = String::from(" ");
    let mut before = ' ';
    for character in line.chars() {
        let is_start = character.is_uppercase() && before.is_lowercase();
        if (!character.is_alphabetic() || is_start) && !words.ends_with(' ') {
            words.push(' ');
        }
        if character.is_alphabetic() {
            words.extend(character.to_lowercase());
        }
        before = character;
    }
    words.push(' ');
    words
}

/// Sources and documents that people read.
fn texts() -> Vec<(String, PathBuf)> {
    let root = root();
    let files = files_below(&root).unwrap().into_iter();
    files
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("rs" | "md" | "yaml" | "yml" | "toml"))
        })
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            (name, path)
        })
        .collect()
}

#[test]
fn no_text_sounds_translated() {
    let mut found = Vec::new();
    let mut excused = Vec::new();
    let texts = texts();
    assert!(texts.len() > 300, "{} files were found", texts.len());
    for (name, path) in texts {
        for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
            let words = words(line);
            for (banned, better) in BANNED {
                if !words.contains(&format!(" {banned} ")) {
                    continue;
                }
                let is_allowed = |row: &&(&str, &str, &str)| {
                    name.starts_with(row.0) && (row.1.is_empty() || row.1 == banned)
                };
                match ALLOWED.iter().find(is_allowed) {
                    Some(row) => excused.push(row),
                    None => found.push(format!("{name}:{}: {banned}: {better}", number + 1)),
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(!excused.is_empty(), "the allowed words were not found");
}

#[test]
fn words_are_found_in_names_too() {
    assert_eq!(
        words("fn an_answerOf(OddItem)"),
        " fn an answer of odd item  "
    );
}
