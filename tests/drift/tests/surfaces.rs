//! Snapshots for reviewers: the facts of the fragment and the public API of the crate, one per line.
//!
//! If one of these fails, read the difference. If it is what you meant, accept it with
//! `INSTA_UPDATE=always cargo test -p graph-incidents-drift --test surfaces` and commit the snapshot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;

use graph_client_codegen::plan::Plan;
use graph_client_codegen::{read, surface::surface};
use graph_incidents_drift::{root, rust_surface};
use xtask::regen::GENERATED;
use xtask::workspace::{FRAGMENT, Workspace};

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn model() -> graph_client_codegen::model::Model {
    let text = Workspace::at(&root()).fragment().unwrap();
    read(FRAGMENT, &text, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The lines of a plan's surface.
fn planned() -> BTreeSet<String> {
    let surface = Plan::of(&model()).surface();
    surface.lines().map(str::to_owned).collect()
}

#[test]
fn the_fragment_matches_its_snapshot() {
    settings().bind(|| insta::assert_snapshot!("spec_surface", surface(&model())));
}

#[test]
fn the_public_api_matches_its_snapshot() {
    let library = root().join("generated-client/src/lib.rs");
    let mut lines = rust_surface::of_crate(&library, "generated").unwrap();
    lines.extend(planned());
    let surface: String = lines.into_iter().map(|line| line + "\n").collect();
    settings().bind(|| insta::assert_snapshot!("rust_surface", surface));
}

#[test]
fn the_crate_has_exactly_the_items_of_the_plan() {
    let index = root().join(GENERATED).join("mod.rs");
    let (planned, found) = (planned(), rust_surface::of_modules(&index).unwrap());
    assert!(found.len() > 1_000, "{} items were read", found.len());
    let missing: Vec<_> = planned.difference(&found).collect();
    let invented: Vec<_> = found.difference(&planned).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "planned and not written: {missing:#?}\nwritten and not planned: {invented:#?}"
    );
}
