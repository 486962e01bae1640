//! The bounds of the parts of a YAML text.

use crate::diagnostic::Position;

/// A text with the offsets of its lines.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(index, _)| index + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The line ending of the text.
    pub(super) fn newline(&self) -> &'static str {
        match self.text.contains("\r\n") {
            true => "\r\n",
            false => "\n",
        }
    }

    /// The offset of a position.
    pub(super) fn offset(&self, position: Position) -> usize {
        let start = self.line_start(position.line.saturating_sub(1));
        let line = self.text.get(start..).unwrap_or_default();
        let before = line.chars().take(position.column.saturating_sub(1));
        start + before.map(char::len_utf8).sum::<usize>()
    }

    /// The offset of a line, from 0; the end of the text for lines after the last.
    pub(super) fn line_start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// A line without its ending, from 0.
    pub(super) fn line(&self, line: usize) -> &'t str {
        let end = self.line_start(line + 1);
        let text = self
            .text
            .get(self.line_start(line)..end)
            .unwrap_or_default();
        text.trim_end_matches(['\n', '\r'])
    }

    fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line after the last one of a block that begins on a line, at an indent.
    ///
    /// `takes_dashes` is for a key whose list may have the indent of the key itself.
    pub(super) fn block_end(&self, line: usize, indent: usize, takes_dashes: bool) -> usize {
        let mut end = line + 1;
        for next in line + 1..self.line_count() {
            let text = self.line(next);
            if text.trim().is_empty() {
                continue;
            }
            let depth = indent_of(text);
            let is_dash = takes_dashes
                && depth == indent
                && (text.trim_start().starts_with("- ") || text.trim() == "-");
            if depth <= indent && !is_dash {
                break;
            }
            end = next + 1;
        }
        end
    }

    /// Whether the line before is empty.
    pub(super) fn has_gap_before(&self, line: usize) -> bool {
        line > 0 && self.line(line - 1).trim().is_empty()
    }

    /// The last character of a value in braces, brackets or quotes that begins at an offset.
    pub(super) fn flow_end(&self, offset: usize) -> Option<usize> {
        let mut depth = 0_usize;
        // The open quote, and the last character that was not white space.
        let (mut quote, mut last) = (None, ',');
        let mut characters = self.text.get(offset..)?.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            match (quote, character) {
                (Some('"'), '\\') => drop(characters.next()),
                (Some('\''), '\'') if characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                    characters.next();
                }
                (Some(open), _) if open == character => {
                    quote = None;
                    if depth == 0 {
                        return Some(offset + index);
                    }
                }
                (Some(_), _) => {}
                (None, '"' | '\'') if matches!(last, ',' | ':' | '[' | '{') => {
                    quote = Some(character)
                }
                (None, '#') if last.is_whitespace() => {
                    while characters.next_if(|(_, next)| *next != '\n').is_some() {}
                }
                (None, '[' | '{') => depth += 1,
                (None, ']' | '}') => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(offset + index);
                    }
                }
                (None, _) => {}
            }
            // White space matters only after text: it separates a comment from a `#` in the text.
            let begins_value = quote.is_none() && matches!(last, ',' | ':' | '[' | '{');
            if !(character.is_whitespace() && (begins_value || quote.is_some())) {
                last = character;
            }
        }
        None
    }
}

/// The number of spaces at the start of a line.
pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
