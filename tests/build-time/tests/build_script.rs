//! The errors of the build script for an invalid fragment.

#[path = "../build/generate.rs"]
mod generate;

use std::fs;

use tempfile::TempDir;

#[test]
fn every_problem_names_file_line_and_column_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let fragment = folder.path().join("triage.yaml");
    let text = fs::read_to_string("spec/triage.yaml").unwrap();
    let broken = text
        .replace(
            "#/components/schemas/Severity",
            "#/components/schemas/Grade",
        )
        .replace("type: object", "type: objekt");
    let line = 1 + broken
        .lines()
        .position(|line| line.contains("schemas/Grade"))
        .unwrap();
    fs::write(&fragment, broken).unwrap();
    let target = folder.path().join("client.rs");
    let errors = generate::client(fragment.to_str().unwrap(), &target).unwrap_err();
    assert!(errors.len() >= 2, "{errors:#?}");
    assert!(errors.iter().any(|error| error.contains(&format!("triage.yaml:{line}:")) && error.contains("Grade")), "{errors:#?}");
    assert!(
        errors.iter().all(|error| !error.contains('\n')),
        "cargo shows one line an error: {errors:#?}"
    );
    assert!(!target.exists());
}

#[test]
fn a_missing_fragment_is_named() {
    let folder = TempDir::new().unwrap();
    let fragment = folder.path().join("nowhere.yaml");
    let errors =
        generate::client(fragment.to_str().unwrap(), &folder.path().join("client.rs")).unwrap_err();
    assert!(errors[0].contains("nowhere.yaml"), "{errors:?}");
}

#[test]
fn the_same_fragment_gives_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (
        folder.path().join("first.rs"),
        folder.path().join("second.rs"),
    );
    generate::client("spec/triage.yaml", &first).unwrap();
    generate::client("spec/triage.yaml", &second).unwrap();
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
}
