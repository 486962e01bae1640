//! The generated files on disk are those that the fragment generates.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use graph_incidents_drift::root;
use xtask::regen;
use xtask::workspace::Workspace;

#[test]
fn the_generated_files_match_the_fragment() {
    let changes =
        regen::changes(&Workspace::at(&root())).unwrap_or_else(|failure| panic!("{failure}"));
    let diffs: String = changes.iter().map(|change| change.diff()).collect();
    assert!(
        changes.is_empty(),
        "run `{}` and commit the result:\n{diffs}",
        regen::COMMAND
    );
}
