//! The numbers of an entry, as a line of a table.

use std::collections::BTreeMap;
use std::fmt;

use graph_client_codegen::report::Treatment;
use graph_client_codegen::{Generated, Problems};
use sha2::{Digest as _, Sha256};

/// The first line of the table.
const HEAD: &str = "entry\toperations\tschemas\tlines\tleft out\trenamed\tguessed\twarnings\thash";

/// The result of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Generated {
        numbers: [usize; 7],
        hash: String,
    },
    /// The number of problems by rule.
    Refused(BTreeMap<&'static str, usize>),
}

impl Row {
    pub(super) fn of(generated: &Generated) -> Self {
        let report = generated.report();
        let text = generated.single_file();
        let digest = Sha256::digest(text.as_bytes());
        Self::Generated {
            numbers: [
                generated.model().operations.len(),
                generated.model().schemas.len(),
                text.lines().count(),
                report.count(Treatment::LeftOut),
                report.count(Treatment::Renamed),
                report.count(Treatment::Guessed),
                report.warnings().count(),
            ],
            hash: digest
                .iter()
                .take(6)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        }
    }

    pub(super) fn refused(problems: &Problems) -> Self {
        let mut rules = BTreeMap::new();
        for problem in problems {
            *rules.entry(problem.rule).or_insert(0) += 1;
        }
        Self::Refused(rules)
    }

    pub(super) fn verb(&self) -> &'static str {
        match self {
            Self::Generated { .. } => "Generated",
            Self::Refused(_) => "Refused",
        }
    }

    pub(super) fn line(&self, name: &str) -> String {
        match self {
            Self::Generated { numbers, hash } => {
                let numbers = numbers.map(|number| number.to_string()).join("\t");
                format!("{name}\t{numbers}\t{hash}")
            }
            Self::Refused(_) => format!("{name}\trefused: {self}"),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generated {
                numbers: [operations, schemas, lines, left_out, ..],
                ..
            } => {
                write!(
                    formatter,
                    "{operations} operations, {schemas} schemas, {lines} lines, {left_out} left out"
                )
            }
            Self::Refused(rules) => {
                let rules: Vec<String> = rules
                    .iter()
                    .map(|(rule, count)| format!("{count} {rule}"))
                    .collect();
                formatter.write_str(&rules.join(", "))
            }
        }
    }
}

/// The lines of a table by the names of their entries.
pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .skip(1)
        .filter_map(|line| Some((line.split_once('\t')?.0.to_owned(), line.to_owned())))
        .collect()
}

pub(super) fn write(lines: &BTreeMap<String, String>) -> String {
    let lines: Vec<&str> = std::iter::once(HEAD)
        .chain(lines.values().map(String::as_str))
        .collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_is_written() {
        let row = Row::Generated {
            numbers: [1, 2, 3, 0, 0, 0, 0],
            hash: "ab".to_owned(),
        };
        let refused = Row::Refused(BTreeMap::from([("a-rule", 2)]));
        let lines = BTreeMap::from([
            ("a".to_owned(), row.line("a")),
            ("b".to_owned(), refused.line("b")),
        ]);
        assert_eq!(read(&write(&lines)), lines);
        assert_eq!(lines["b"], "b\trefused: 2 a-rule");
    }
}
