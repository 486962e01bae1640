//! The invariants of the architecture that no compiler checks.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::{Path, PathBuf};

use graph_incidents_drift::{files_below, root};

/// Hand-written Rust files, relative to the root.
fn sources() -> Vec<(PathBuf, String)> {
    let root = root();
    ["codegen", "xtask", "generated-client", "tests"]
        .iter()
        .flat_map(|folder| files_below(&root.join(folder)).unwrap())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            (
                path.strip_prefix(&root).unwrap().to_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .filter(|(path, _)| !path.iter().any(|part| part == "generated"))
        .collect()
}

/// The dependencies that a manifest names in `[dependencies]` and `[build-dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let mut names = Vec::new();
    let mut listening = false;
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('[') {
            listening = matches!(
                section.trim_end_matches(']'),
                "dependencies" | "build-dependencies"
            );
        } else if let Some((name, _)) = line.split_once('=').filter(|_| listening) {
            names.push(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    names
}

fn users_of(needle: &str) -> Vec<PathBuf> {
    let own_name = Path::new("tests/drift/tests/architecture.rs");
    // `emit::progenitor::run` is a module of ours.
    let starts_path = |before: &str| !before.ends_with([':', '_']);
    let path = format!("{needle}::");
    let uses = |text: &str| {
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        code.filter_map(|line| line.split_once(&path))
            .any(|(before, _)| starts_path(before))
    };
    sources()
        .into_iter()
        .filter(|(path, text)| path != own_name && uses(text))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn every_file_starts_with_its_purpose() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! ") && !text.starts_with("#![doc"))
        .map(|(path, _)| path)
        .collect();
    assert!(
        silent.is_empty(),
        "these files do not open with `//!`: {silent:#?}"
    );
}

#[test]
fn progenitor_is_named_in_one_file() {
    assert_eq!(
        users_of("progenitor"),
        [Path::new("codegen/src/emit/operations/progenitor.rs")]
    );
}

#[test]
fn the_generator_touches_neither_disk_nor_network() {
    for needle in ["std::fs", "std::net", "std::process", "std::env"] {
        let users: Vec<_> = users_of(needle)
            .into_iter()
            .filter(|path| {
                path.starts_with("codegen/src") || path.starts_with("codegen/review/src")
            })
            .collect();
        assert!(users.is_empty(), "{needle} is used in {users:?}");
    }
}

#[test]
fn the_simulator_depends_on_no_crate_of_the_workspace() {
    let own: Vec<_> = dependencies("tests/simulator/Cargo.toml")
        .into_iter()
        .filter(|name| name.starts_with("graph-incidents") || name == "xtask")
        .collect();
    assert!(own.is_empty(), "{own:?}");
}

#[test]
fn the_client_depends_on_neither_generator_nor_server() {
    for (manifest, expected) in [
        ("generated-client/Cargo.toml", "graph-client-runtime"),
        ("generated-client/runtime/Cargo.toml", "reqwest"),
    ] {
        let names = dependencies(manifest);
        assert!(
            names.contains(&expected.to_owned()),
            "the manifest was not understood: {names:?}"
        );
        for unwanted in [
            "graph-client-codegen",
            "progenitor",
            "progenitor-client",
            "axum",
            "clap",
            "openapiv3",
            "redis",
            "graph-incidents-fleet",
        ] {
            assert!(
                !names.contains(&unwanted.to_owned()),
                "{unwanted} is a dependency of {manifest}"
            );
        }
    }
}

#[test]
fn the_generator_does_not_depend_on_the_review() {
    for manifest in [
        "codegen/Cargo.toml",
        "generated-client/Cargo.toml",
        "tests/build-time/Cargo.toml",
    ] {
        let names = dependencies(manifest);
        assert!(!names.is_empty(), "{manifest} was not understood");
        assert!(
            !names.contains(&"graph-client-review".to_owned()),
            "{manifest} depends on the review"
        );
    }
    assert!(dependencies("codegen/review/Cargo.toml").contains(&"graph-client-codegen".to_owned()));
}

#[test]
fn the_runtime_knows_no_generated_client() {
    let own: Vec<_> = dependencies("generated-client/runtime/Cargo.toml")
        .into_iter()
        .filter(|name| name.starts_with("graph-"))
        .collect();
    assert!(own.is_empty(), "{own:?}");
    let users: Vec<_> = users_of("graph_incidents")
        .into_iter()
        .filter(|path| path.starts_with("generated-client/runtime"))
        .collect();
    assert!(users.is_empty(), "{users:?}");
}

#[test]
fn exactly_the_generated_files_have_the_mark() {
    let root = root();
    for path in files_below(&root.join("generated-client/src")).unwrap() {
        let text = fs::read_to_string(&path).unwrap();
        let is_generated = path.starts_with(root.join("generated-client/src/generated"));
        assert_eq!(
            text.starts_with("// @generated"),
            is_generated,
            "{}",
            path.display()
        );
    }
}

#[test]
fn no_upstream_file_is_in_the_project() {
    let root = root();
    let strangers: Vec<_> = files_below(&root.join("spec"))
        .unwrap()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}
