//! Problems that are found while the tree is built, each with its location.

use saphyr_parser::{ScanError, Tag};

use crate::diagnostic::{Position, Problem};
use crate::load::{Entry, escape, text};

use super::{Builder, Open, position};

impl Builder<'_> {
    pub(super) fn refuse_duplicates(&mut self, entries: &[Entry]) {
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by(|left, right| left.key.cmp(&right.key));
        let mut first: Option<&Entry> = None;
        for entry in sorted {
            match first {
                Some(known) if known.key == entry.key => {
                    let Position { line, column } = known.key_position;
                    let pointer = format!("{}/{}", self.pointer(), escape(&entry.key));
                    self.problems.push(Problem {
                        rule: "duplicate-key",
                        message: format!(
                            "key `{}` occurs twice, first at line {line}, column {column}",
                            entry.key
                        ),
                        file: self.file.to_owned(),
                        position: Some(entry.key_position),
                        pointer,
                        help: "remove one of the two".to_owned(),
                    });
                }
                _ => first = Some(entry),
            }
        }
    }

    pub(super) fn refuse_anchor_and_tag(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        position: Position,
    ) {
        if anchor != 0 && self.aliases.is_none() {
            self.report(
                "anchor",
                position,
                "YAML anchors are not supported".to_owned(),
                "remove it; move values that are used twice into components and refer to them with `$ref`",
            );
        }
        if let Some(tag) = tag {
            self.report(
                "tag",
                position,
                format!("the YAML tag `{tag}` is not supported"),
                "remove it; quote the value if it is meant as a string",
            );
        }
    }

    pub(super) fn syntax(&mut self, error: &ScanError, source: &str) {
        let position = position(*error.marker());
        let help = text::syntax_help(source, position.line);
        self.report("syntax", position, error.info().to_lowercase(), help);
    }

    pub(super) fn report(
        &mut self,
        rule: &'static str,
        position: Position,
        message: String,
        help: &str,
    ) {
        self.problems.push(Problem {
            rule,
            message,
            file: self.file.to_owned(),
            position: Some(position),
            pointer: self.pointer(),
            help: help.to_owned(),
        });
    }

    /// The JSON pointer of the current node.
    fn pointer(&self) -> String {
        let mut pointer = "#".to_owned();
        for open in &self.stack {
            match open {
                Open::Sequence { items, .. } => pointer.push_str(&format!("/{}", items.len())),
                Open::Mapping { key, .. } => {
                    if let Some((key, _)) = key {
                        pointer.push('/');
                        pointer.push_str(&escape(key));
                    }
                }
            }
        }
        pointer
    }
}
