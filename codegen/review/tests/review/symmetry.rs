//! Every rule has its mirror, or a written reason.

use graph_client_review::Kind;

const TABLE: &str = include_str!("../../README.md");

/// Pairs of ends of names that are each other's mirrors.
const MIRRORS: [(&str, &str); 4] = [
    ("-added", "-removed"),
    ("-introduced", "-dropped"),
    ("-opened", "-closed"),
    ("-removed", "-added"),
];

#[test]
fn what_can_come_can_go() {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
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
fn every_rule_stands_in_the_table_of_mirrors() {
    // Kinds of one property or parameter that the table names by what changes, not by the name of the kind.
    let by_words = [
        ("property-type-changed", "type changed"),
        ("schema-type-changed", "type changed"),
        ("request-body-type-changed", "type changed"),
        ("response-type-changed", "type changed"),
        ("property-format-changed", "format added"),
        ("property-nullable-changed", "null allowed"),
        ("property-required-changed", "| required |"),
        ("property-read-only-changed", "read-only"),
        ("pattern-changed", "pattern added"),
        ("request-body-media-type-changed", "media types, one more"),
        ("response-media-type-changed", "media types, one more"),
        ("schema-renamed", "`schema-added`, `-renamed`"),
        ("response-header-changed", "`response-header-changed`"),
        ("response-link-changed", "`response-link-changed`"),
    ];
    for kind in Kind::ALL {
        let name = format!("`{kind}`");
        let words = by_words
            .iter()
            .find(|(known, _)| *known == kind.as_str())
            .map(|(_, words)| *words);
        assert!(
            TABLE.contains(&name) || words.is_some_and(|words| TABLE.contains(words)),
            "{kind} is not in the table"
        );
    }
    let rows = TABLE
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches('|').count() == 5);
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(cells[1..5].iter().all(|cell| !cell.is_empty()), "{row}");
    }
    for (mark, reason) in [("¹", "1. "), ("²", "2. "), ("³", "3. "), ("⁴", "4. ")] {
        assert!(
            TABLE.contains(mark) && TABLE.contains(&format!("\n{reason}")),
            "{mark}"
        );
    }
}
