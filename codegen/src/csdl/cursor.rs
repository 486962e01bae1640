//! Finds lines and columns of offsets in linear time, however long the lines are.

use crate::diagnostic::Position;

/// The start of a text.
pub(super) const START: Position = Position { line: 1, column: 1 };

/// Converts increasing offsets to lines and columns.
pub(super) struct Cursor {
    offset: usize,
    position: Position,
}

impl Default for Cursor {
    fn default() -> Self {
        Self::at(START)
    }
}

impl Cursor {
    /// For a text that begins at a position.
    pub(super) fn at(position: Position) -> Self {
        Self {
            offset: 0,
            position,
        }
    }

    /// The position of an offset that is not before the last one.
    pub(super) fn advance(&mut self, text: &str, to: usize) -> Position {
        let to = to.min(text.len());
        let passed = text.get(self.offset..to).unwrap_or_default();
        match passed.rfind('\n') {
            Some(last) => {
                self.position.line += passed.bytes().filter(|byte| *byte == b'\n').count();
                let line = passed.get(last + 1..).unwrap_or_default();
                self.position.column = line.chars().count() + 1;
            }
            None => self.position.column += passed.chars().count(),
        }
        self.offset = self.offset.max(to);
        self.position
    }
}
