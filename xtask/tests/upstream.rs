//! Compares our fragment with Microsoft's metadata, if it is beside the checkout.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::Write as _;
use std::path::Path;

use xtask::Outcome;
use xtask::refresh::{Cloud, Options, Version, run};
use xtask::review::Format;
use xtask::workspace::Workspace;

/// Runs a refresh of our fragment and returns its findings, by kind and subject.
fn findings(file: &str, version: Version, cloud: Cloud) -> Option<(Outcome, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("../shared/upstream/metadata");
    if !folder.is_dir() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {} is not there", folder.display()).unwrap();
        return None;
    }
    let options = Options {
        version: Some(version),
        cloud: Some(cloud),
        format: Format::Json,
        ..Options::against(&folder.join(file).display().to_string())
    };
    let mut out = Vec::new();
    let outcome = run(&Workspace::at(&root), &options, &mut out).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let named =
        findings.map(|finding| format!("{} {}", text(&finding["kind"]), text(&finding["subject"])));
    Some((outcome, named.collect()))
}

/// Reported differences are in `spec/README.md`; all others were decided.
#[test]
fn differences_from_the_newest_metadata_are_decided_or_listed_in_the_readme() {
    let readme = include_str!("../../spec/README.md");
    for (file, version, cloud) in [
        ("v1.0-2026-08-03.csdl", Version::V1, Cloud::Global),
        ("whole-v1.0-2026-08-03.csdl", Version::V1, Cloud::Global),
        (
            "beta-ussec-2026-08-05.csdl",
            Version::Beta,
            Cloud::UsGovernment,
        ),
    ] {
        let Some((outcome, findings)) = findings(file, version, cloud) else {
            return;
        };
        assert_eq!(outcome == Outcome::Fine, findings.is_empty());
        if file.starts_with("whole") {
            let rows = readme
                .lines()
                .filter_map(|line| line.strip_prefix("| v1.0 | `"));
            for told in rows.filter_map(|row| row.split_once('`')) {
                let is_told = findings.iter().any(|finding| finding == told.0);
                assert!(
                    is_told,
                    "the README tells `{}`, and the refresh does not",
                    told.0
                );
            }
        }
        for finding in findings {
            assert!(
                readme.contains(&format!("`{finding}`")),
                "{file}: {finding}"
            );
        }
    }
}
