//! Snapshots that a reviewer reads: what the fragment says, and what the crate offers, one fact a line.
//!
//! When one of these fails, read the difference. If it is what the change was meant to do, accept it with
//! `INSTA_UPDATE=always cargo test -p graph-incidents-drift --test surfaces` and commit the snapshot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::path::Path;

use graph_client_codegen::{read, surface::surface};
use graph_incidents_drift::{root, rust_surface};
use xtask::workspace::{FRAGMENT, Workspace};

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn the_fragment_says_what_its_snapshot_says() {
    let text = Workspace::at(&root()).fragment().unwrap();
    let model = read(FRAGMENT, &text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    settings().bind(|| insta::assert_snapshot!("spec_surface", surface(&model)));
}

#[test]
fn the_client_offers_what_its_snapshot_offers() {
    let library = root().join(Path::new("generated-client/src/lib.rs"));
    let surface = rust_surface::of_crate(&library).unwrap();
    settings().bind(|| insta::assert_snapshot!("rust_surface", surface));
}
