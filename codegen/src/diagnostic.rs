//! The problems of a fragment: where, why, and how to solve them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The maximum length of a line in a snippet.
const WIDEST_SNIPPET: usize = 100;

/// A location in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The violated rule, in kebab case; the same in every version.
    pub rule: &'static str,
    /// The problem, as a lower-case sentence fragment.
    pub message: String,
    /// The file, as the caller named it.
    pub file: String,
    /// The location in the file; `None` for the whole file.
    pub position: Option<Position>,
    /// The JSON pointer of the node, with `#` in front.
    pub pointer: String,
    /// How to solve it.
    pub help: String,
}

impl Problem {
    /// The sort key of problems: from the top of the file to its end.
    fn place(&self) -> (&str, Option<Position>, &str, &str, &str) {
        (
            &self.file,
            self.position,
            &self.pointer,
            self.rule,
            &self.message,
        )
    }
}

/// All problems, sorted by location, without duplicates.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::load;
///
/// let problems = load::parse("tags.yaml", "openapi: 3.0.3\nopenapi: 3.0.3\n").unwrap_err();
/// assert_eq!(
///     problems.to_string(),
///     "\
/// error[duplicate-key]: key `openapi` occurs twice, first at line 1, column 1
///   --> tags.yaml:2:1
///    |
///  2 | openapi: 3.0.3
///    | ^
///    = in #/openapi
///    = help: remove one of the two
///
/// error: 1 problem in tags.yaml
/// "
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    sorted: Vec<Problem>,
    /// The lines with problems, by file and number, if the text is known.
    lines: BTreeMap<(String, usize), String>,
}

impl Problems {
    /// Adds a problem in order.
    pub fn push(&mut self, problem: Problem) {
        let index = self
            .sorted
            .binary_search_by(|known| known.place().cmp(&problem.place()));
        if let Err(index) = index {
            self.sorted.insert(index, problem);
        }
    }

    /// Returns whether there are no problems.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Returns the number of problems.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Returns the problems, from the top of the file to its end.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.sorted.iter()
    }

    /// Adds the problems of another stage.
    pub fn extend(&mut self, others: Problems) {
        for problem in others.sorted {
            self.push(problem);
        }
        self.lines.extend(others.lines);
    }

    /// Stores the lines with problems, to show them. All problems are in one file.
    #[must_use]
    pub fn with_source(mut self, text: &str) -> Self {
        let files: BTreeSet<String> = self.sorted.iter().map(|p| p.file.clone()).collect();
        for file in files {
            self.remember(&file, text);
        }
        self
    }

    /// Stores the lines of one file with problems, to show them.
    #[must_use]
    pub fn with_source_of(mut self, file: &str, text: &str) -> Self {
        self.remember(file, text);
        self
    }

    fn remember(&mut self, file: &str, text: &str) {
        let wanted: BTreeSet<usize> = self
            .sorted
            .iter()
            .filter(|problem| problem.file == file)
            .filter_map(|problem| problem.position)
            .map(|position| position.line)
            .collect();
        let Some(last) = wanted.last() else {
            return;
        };
        for (index, line) in text.lines().enumerate().take(*last) {
            if wanted.contains(&(index + 1)) {
                let key = (file.to_owned(), index + 1);
                self.lines.entry(key).or_insert_with(|| line.to_owned());
            }
        }
    }

    /// Returns the problems as `Err`, or `Ok` if there are none.
    ///
    /// # Errors
    ///
    /// Returns the problems themselves.
    pub fn into_result(self) -> Result<(), Problems> {
        match self.is_empty() {
            true => Ok(()),
            false => Err(self),
        }
    }

    fn positions(&self) -> impl Iterator<Item = Position> {
        self.sorted.iter().filter_map(|problem| problem.position)
    }

    fn write_snippet(
        &self,
        formatter: &mut fmt::Formatter<'_>,
        file: &str,
        position: Position,
        gutter: usize,
    ) -> fmt::Result {
        let Some(line) = self.lines.get(&(file.to_owned(), position.line)) else {
            return Ok(());
        };
        let (shown, column) = excerpt(line, position.column);
        writeln!(formatter, "{:gutter$} |", "")?;
        writeln!(formatter, "{:>gutter$} | {shown}", position.line)?;
        writeln!(formatter, "{:gutter$} | {:column$}^", "", "")
    }
}

/// The part of a line around a column, and the distance of the column from its start.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let before = column.saturating_sub(1);
    let start = match line.chars().count() > WIDEST_SNIPPET {
        true => before.saturating_sub(WIDEST_SNIPPET / 2),
        false => 0,
    };
    let shown: String = line
        .chars()
        .skip(start)
        .take(WIDEST_SNIPPET)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    (shown.trim_end().to_owned(), before - start)
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gutter = self
            .positions()
            .map(|position| position.line.to_string().len() + 1)
            .max()
            .unwrap_or(2);
        for problem in &self.sorted {
            writeln!(formatter, "error[{}]: {}", problem.rule, problem.message)?;
            match problem.position {
                Some(position) => {
                    let Position { line, column } = position;
                    writeln!(
                        formatter,
                        "{:gutter$}--> {}:{line}:{column}",
                        "", problem.file
                    )?;
                    self.write_snippet(formatter, &problem.file, position, gutter)?;
                }
                None => writeln!(formatter, "{:gutter$}--> {}", "", problem.file)?,
            }
            writeln!(formatter, "{:gutter$} = in {}", "", problem.pointer)?;
            if !problem.help.is_empty() {
                writeln!(formatter, "{:gutter$} = help: {}", "", problem.help)?;
            }
            writeln!(formatter)?;
        }
        self.write_count(formatter)
    }
}

impl Problems {
    fn write_count(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut files: Vec<&str> = self.sorted.iter().map(|p| p.file.as_str()).collect();
        files.dedup();
        let count = match self.len() {
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        };
        match files.len().cmp(&1) {
            Ordering::Less => Ok(()),
            _ => writeln!(formatter, "error: {count} in {}", files.join(", ")),
        }
    }
}

impl std::error::Error for Problems {}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: usize, column: usize, message: &str) -> Problem {
        Problem {
            rule: "a-rule",
            message: message.to_owned(),
            file: "a.yaml".to_owned(),
            position: Some(Position { line, column }),
            pointer: "#/a".to_owned(),
            help: "mend it".to_owned(),
        }
    }

    #[test]
    fn problems_are_in_the_order_of_the_file_and_unique() {
        let mut problems = Problems::default();
        problems.push(problem(10, 1, "second"));
        problems.push(problem(2, 4, "first"));
        problems.push(problem(10, 1, "second"));
        insta::assert_snapshot!(problems.with_source("one\n  two\n"), @r"
        error[a-rule]: first
           --> a.yaml:2:4
            |
          2 |   two
            |    ^
            = in #/a
            = help: mend it

        error[a-rule]: second
           --> a.yaml:10:1
            = in #/a
            = help: mend it

        error: 2 problems in a.yaml
        ");
    }

    #[test]
    fn a_long_line_is_shown_around_the_column() {
        let line = format!("{}here{}", "a".repeat(500), "b".repeat(500));
        let (shown, column) = excerpt(&line, 501);
        assert_eq!(shown.chars().count(), WIDEST_SNIPPET);
        assert_eq!(&shown[column..column + 4], "here");
        assert_eq!(excerpt("short", 90), ("short".to_owned(), 89));
        let widest = "x".repeat(WIDEST_SNIPPET);
        let whole = (widest.clone(), WIDEST_SNIPPET - 1);
        assert_eq!(excerpt(&widest, WIDEST_SNIPPET), whole);
    }
}
