//! Finds the span of text for each edit, and joins the replacements.

use std::cmp::Reverse;

use crate::diagnostic::{Problem, Problems};
use crate::load::{Document, Entry, Node, Value, unescape};

use super::layout::{Layout, indent_of};
use super::{Edit, write};

/// A replacement for a span of text.
#[derive(Debug)]
struct Splice {
    start: usize,
    end: usize,
    text: String,
    /// Its depth: the content of an inner part comes before the content that follows the outer one.
    depth: usize,
}

pub(super) struct Splicer<'d> {
    document: &'d Document,
    layout: Layout<'d>,
    splices: Vec<Splice>,
    problems: Problems,
}

impl<'d> Splicer<'d> {
    pub(super) fn new(document: &'d Document, text: &'d str) -> Self {
        Self {
            document,
            layout: Layout::new(text),
            splices: Vec::new(),
            problems: Problems::default(),
        }
    }

    pub(super) fn edit(&mut self, edit: &Edit) {
        let Some(parent) = self.document.root.pointer(edit.parent()) else {
            return self.report(edit.parent(), "there is no such node");
        };
        let is_done = match edit {
            Edit::Insert {
                key, node, after, ..
            } => self.insert(parent, key, node, after.as_deref()),
            Edit::InsertItem { node, after, .. } => self.insert_item(parent, node, *after),
            Edit::Replace { pointer, node } => self.replace(parent, last(pointer), node),
            Edit::Remove { pointer } => self.remove(parent, last(pointer)),
        };
        if is_done.is_none() {
            let pointer = edit.parent().to_owned();
            self.report(&pointer, "the layout of this part is not supported");
        }
    }

    fn report(&mut self, pointer: &str, message: &str) {
        self.problems.push(Problem {
            rule: "layout",
            message: message.to_owned(),
            file: self.document.file.clone(),
            position: self
                .document
                .root
                .pointer(pointer)
                .map(|node| node.position),
            pointer: pointer.to_owned(),
            help:
                "write this part in block style with one key or item per line, or edit it yourself"
                    .to_owned(),
        });
    }

    /// The whole text with all replacements.
    pub(super) fn finish(mut self) -> Result<String, Problems> {
        let text = self.layout.text;
        self.problems
            .into_result()
            .map_err(|problems| problems.with_source(text))?;
        // Replacements at one position keep their order.
        self.splices
            .sort_by_key(|splice| (splice.start, Reverse(splice.depth)));
        let mut edited = String::with_capacity(text.len() + 1024);
        let mut copied = 0;
        for splice in &self.splices {
            edited.push_str(text.get(copied..splice.start).unwrap_or_default());
            edited.push_str(&splice.text);
            copied = copied.max(splice.end);
        }
        edited.push_str(text.get(copied..).unwrap_or_default());
        Ok(edited)
    }

    fn is_flow(&self, node: &Node) -> bool {
        let rest = self.layout.text.get(self.layout.offset(node.position)..);
        rest.is_some_and(|rest| rest.starts_with(['{', '[']))
    }

    /// The line of a key, and its indent; nothing if something precedes it on the line.
    fn own_line(&self, entry: &Entry) -> Option<(usize, usize)> {
        let line = entry.key_position.line - 1;
        let indent = entry.key_position.column - 1;
        (indent_of(self.layout.line(line)) == indent).then_some((line, indent))
    }

    fn entry_end(&self, entry: &Entry) -> usize {
        let is_list = matches!(entry.node.value, Value::Sequence(_));
        let (line, indent) = (entry.key_position.line - 1, entry.key_position.column - 1);
        self.layout.block_end(line, indent, is_list)
    }

    fn insert(&mut self, parent: &Node, key: &str, node: &Node, after: Option<&str>) -> Option<()> {
        let entries = parent.as_mapping()?;
        if self.is_flow(parent) {
            let text = format!("{}: {}", write::scalar(key), write::flow(node));
            return self.insert_in_flow(parent, &text);
        }
        let before = place_of(entries, key, after)?;
        let indent = before.key_position.column - 1;
        let end = self.entry_end(before);
        let begins = before.key_position.line - 1;
        let is_gapped = entries.len() > 1
            && (self.layout.has_gap_before(begins) || self.layout.line(end).trim().is_empty())
            && entries
                .iter()
                .skip(1)
                .any(|entry| self.layout.has_gap_before(entry.key_position.line - 1));
        self.insert_lines(end, write::entry(key, node, indent), 2 * indent, is_gapped);
        Some(())
    }

    fn insert_item(&mut self, list: &Node, node: &Node, after: Option<usize>) -> Option<()> {
        let items = list.as_sequence()?;
        if self.is_flow(list) {
            let next = after.and_then(|after| items.get(after + 1));
            return match next {
                Some(next) => self.insert_before_in_flow(next, &write::flow(node)),
                None => self.insert_in_flow(list, &write::flow(node)),
            };
        }
        let before = items.get(after.unwrap_or(usize::MAX).min(items.len() - 1))?;
        let (line, indent) = self.dash(before)?;
        let end = self.layout.block_end(line, indent, false);
        // A dash may have the indent of its key.
        self.insert_lines(end, write::item(node, indent), 2 * indent + 1, false);
        Some(())
    }

    /// The line of the dash before an item, and its indent.
    fn dash(&self, item: &Node) -> Option<(usize, usize)> {
        let line = item.position.line - 1;
        let text = self.layout.line(line);
        let indent = indent_of(text);
        text.get(indent..)?
            .starts_with("- ")
            .then_some((line, indent))
    }

    fn insert_lines(&mut self, line: usize, lines: Vec<String>, depth: usize, is_gapped: bool) {
        let newline = self.layout.newline();
        let start = self.layout.line_start(line);
        let mut text = String::new();
        let is_after_line = start == 0
            || self
                .layout
                .text
                .get(..start)
                .is_some_and(|t| t.ends_with('\n'));
        if !is_after_line {
            text.push_str(newline);
        }
        if is_gapped {
            text.push_str(newline);
        }
        for line in lines {
            text.push_str(&line);
            text.push_str(newline);
        }
        self.splices.push(Splice {
            start,
            end: start,
            text,
            depth,
        });
    }

    fn insert_in_flow(&mut self, parent: &Node, text: &str) -> Option<()> {
        let start = self.layout.offset(parent.position);
        let end = self.layout.flow_end(start)?;
        let inside = self.layout.text.get(start + 1..end)?;
        let kept = inside.trim_end();
        let at = start + 1 + kept.len();
        let is_first = kept.trim().is_empty() || kept.ends_with(',');
        // A part that was added at the same position is a neighbour too.
        let has_company = self.splices.iter().any(|splice| splice.start == at);
        let comma = if is_first && !has_company { "" } else { ", " };
        self.splices.push(Splice {
            start: at,
            end: at,
            text: format!("{comma}{text}"),
            depth: 0,
        });
        Some(())
    }

    /// Inserts an item before the comma that precedes another one.
    fn insert_before_in_flow(&mut self, next: &Node, text: &str) -> Option<()> {
        let next = self.layout.offset(next.position);
        let before = self.layout.text.get(..next)?.trim_end();
        let at = before.strip_suffix(',')?.trim_end().len();
        self.splices.push(Splice {
            start: at,
            end: at,
            text: format!(", {text}"),
            depth: 0,
        });
        Some(())
    }

    fn replace(&mut self, parent: &Node, key: String, node: &Node) -> Option<()> {
        let old = parent.pointer(&format!("/{}", crate::load::escape(&key)))?;
        let start = self.layout.offset(old.position);
        if let Some(end) = self.scalar_end(old, start)
            && !matches!(node.value, Value::Mapping(_) | Value::Sequence(_))
        {
            self.splices.push(Splice {
                start,
                end,
                text: write::flow(node),
                depth: 0,
            });
            return Some(());
        }
        let entry = parent.entry(&key)?;
        let (line, indent) = self.own_line(entry)?;
        let end = self.entry_end(entry);
        let mut lines = write::entry(&key, node, indent).join(self.layout.newline());
        lines.push_str(self.layout.newline());
        self.splices.push(Splice {
            start: self.layout.line_start(line),
            end: self.layout.line_start(end),
            text: lines,
            depth: 0,
        });
        Some(())
    }

    /// The end of a scalar on one line.
    fn scalar_end(&self, node: &Node, start: usize) -> Option<usize> {
        let rest = self.layout.text.get(start..)?;
        if rest.starts_with(['"', '\'']) {
            return Some(self.layout.flow_end(start)? + 1);
        }
        let plain = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => {
                let end = rest
                    .find([' ', ',', '}', ']', '\n', '\r'])
                    .unwrap_or(rest.len());
                rest.get(..end)?.to_owned()
            }
            _ => return None,
        };
        rest.starts_with(&plain).then_some(start + plain.len())
    }

    fn remove(&mut self, parent: &Node, key: String) -> Option<()> {
        if self.is_flow(parent) {
            return self.remove_from_flow(parent, &key);
        }
        if let Some(items) = parent.as_sequence() {
            let (line, indent) = self.dash(items.get(key.parse::<usize>().ok()?)?)?;
            let end = self.layout.block_end(line, indent, false);
            self.cut(self.layout.line_start(line), self.layout.line_start(end));
            return Some(());
        }
        let entry = parent.entry(&key)?;
        match self.own_line(entry) {
            Some((line, _)) => {
                let end = self.entry_end(entry);
                // The gap before a part is removed together with it.
                let first = match self.layout.has_gap_before(line)
                    && self.layout.line(end).trim().is_empty()
                {
                    true => line - 1,
                    false => line,
                };
                self.cut(self.layout.line_start(first), self.layout.line_start(end));
            }
            None => {
                // The first key after a dash: the next one takes its place.
                let entries = parent.entries();
                let index = entries.iter().position(|known| known.key == key)?;
                let next = entries.get(index + 1)?;
                let start = self.layout.offset(entry.key_position);
                self.cut(start, self.layout.offset(next.key_position));
            }
        }
        Some(())
    }

    fn remove_from_flow(&mut self, parent: &Node, key: &str) -> Option<()> {
        let starts: Vec<(String, usize)> = match &parent.value {
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), self.layout.offset(entry.key_position)))
                .collect(),
            Value::Sequence(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (index.to_string(), self.layout.offset(item.position)))
                .collect(),
            _ => return None,
        };
        let index = starts.iter().position(|(known, _)| known == key)?;
        let start = starts.get(index)?.1;
        if let Some((_, next)) = starts.get(index + 1) {
            self.cut(start, *next);
            return Some(());
        }
        let close = self.layout.flow_end(self.layout.offset(parent.position))?;
        let before = self.layout.text.get(..start)?.trim_end();
        let from = match before.strip_suffix(',') {
            Some(before) => before.len(),
            None => start,
        };
        let kept = self.layout.text.get(..close)?.trim_end().len();
        self.cut(from, kept);
        Some(())
    }

    fn cut(&mut self, start: usize, end: usize) {
        self.splices.push(Splice {
            start,
            end,
            text: String::new(),
            depth: 0,
        });
    }
}

/// The entry that a new key is added after.
fn place_of<'a>(entries: &'a [Entry], key: &str, after: Option<&str>) -> Option<&'a Entry> {
    let named = after.and_then(|after| entries.iter().find(|entry| entry.key == after));
    let fold = |key: &str| key.to_lowercase();
    let sorted = || {
        entries
            .iter()
            .filter(|entry| fold(&entry.key) < fold(key))
            .max_by_key(|entry| fold(&entry.key))
    };
    named.or_else(sorted).or(entries.last())
}

fn last(pointer: &str) -> String {
    unescape(pointer.rsplit_once('/').map_or(pointer, |(_, last)| last))
}
