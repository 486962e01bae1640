//! Every rule has its mirror, or a written reason.

use graph_client_review::{FindingKind, rules_table};

const README: &str = include_str!("../../README.md");

/// Pairs of ends of names that are each other's mirrors.
const MIRRORS: [(&str, &str); 4] = [
    ("-added", "-removed"),
    ("-introduced", "-dropped"),
    ("-opened", "-closed"),
    ("-removed", "-added"),
];

#[test]
fn every_addition_has_an_opposite_removal() {
    let names: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.as_str()).collect();
    for name in &names {
        for (end, mirror) in MIRRORS {
            if let Some(stem) = name.strip_suffix(end) {
                let other = format!("{stem}{mirror}");
                assert!(names.contains(&other.as_str()), "{name} has no {other}");
            }
        }
    }
}

#[test]
fn the_readme_has_the_generated_table_of_rules() {
    assert!(
        README.contains(&rules_table()),
        "replace the table in codegen/review/README.md by what `cargo xtask review --rules --format markdown` prints:\n{}",
        rules_table()
    );
}
