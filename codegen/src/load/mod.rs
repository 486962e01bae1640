//! Reads YAML (and JSON, which is part of it) into a tree whose nodes and keys have a line and a column.
//!
//! The tree follows the core schema of YAML 1.2, so `Yes`, `no`, `on` and dates are strings. Ambiguous constructs are
//! refused: see [`parse`].

mod aliases;
mod build;
mod place;
mod scalar;
mod text;

use std::borrow::Cow;
use std::collections::HashMap;

pub use crate::diagnostic::Position;
use crate::diagnostic::Problems;
pub use place::Place;

/// The maximum depth of mappings and sequences: every later stage may recurse into a parsed document.
pub const DEEPEST: usize = 96;

/// The maximum length of a text in bytes. Microsoft's whole description is larger, but none of its modules is.
pub const LONGEST: usize = 32 * 1024 * 1024;

/// A value and its location.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The location of its start.
    pub position: Position,
    /// The value.
    pub value: Value,
}

/// The value of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without quotes.
    Number(serde_json::Number),
    /// Any other scalar.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the order of the text.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key; a number such as `200` keeps its text.
    pub key: String,
    /// Where the key starts.
    pub key_position: Position,
    /// The value.
    pub node: Node,
}

/// A parsed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its name in messages.
    pub file: String,
    /// The root: a mapping.
    pub root: Node,
    /// The index of the components, so that resolving thousands of references stays cheap.
    index: HashMap<String, [usize; 3]>,
}

/// Parses a text. `file` is its name in messages.
///
/// # Errors
///
/// Returns every problem of the text as YAML, with line, column and remedy: invalid YAML (the first problem only),
/// duplicate keys of a mapping, anchors, aliases, merge keys and tags, keys that are not strings, no document or more
/// than one, a document that is not a mapping, numbers that JSON cannot represent, a byte order mark, control
/// characters, and a text that is too long or nested too deeply.
pub fn parse(file: &str, text: &str) -> Result<Document, Problems> {
    text::check(file, text)
        .and_then(|()| build::build(file, text, None))
        .map(|root| Document::new(file, root))
        .map_err(|problems| problems.with_source(text))
}

/// Parses a text of another author: like [`parse`], but aliases are replaced by the anchored nodes, merge keys add the
/// entries of a mapping, and a byte order mark is ignored.
///
/// The copy of an anchored node keeps the anchor's positions.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::load;
///
/// let document = load::parse_resolved("a.yaml", "a: &name {b: 1}\nc: *name\n")?;
/// assert_eq!(document.root.get("a"), document.root.get("c"));
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
///
/// # Errors
///
/// Refuses what [`parse`] refuses otherwise, and aliases that expand to more than 500,000 nodes in all.
pub fn parse_resolved(file: &str, text: &str) -> Result<Document, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text::check(file, text)
        .and_then(|()| build::build(file, text, Some(aliases::Aliases::default())))
        .map(|root| Document::new(file, root))
        .map_err(|problems| problems.with_source(text))
}

impl Document {
    /// Creates a document with a root.
    #[must_use]
    pub fn new(file: &str, root: Node) -> Self {
        let mut document = Self {
            file: file.to_owned(),
            root,
            index: HashMap::new(),
        };
        document.reindex();
        document
    }

    /// Returns the node that a reference such as `#/components/schemas/Incident` points at.
    #[must_use]
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        self.indexed(reference)
            .or_else(|| self.root.pointer(reference))
    }

    fn reindex(&mut self) {
        for (first, components) in self.root.entries().iter().enumerate() {
            if components.key != "components" {
                continue;
            }
            for (second, kind) in components.node.entries().iter().enumerate() {
                for (third, component) in kind.node.entries().iter().enumerate() {
                    let pointer = format!(
                        "#/components/{}/{}",
                        escape(&kind.key),
                        escape(&component.key)
                    );
                    self.index.insert(pointer, [first, second, third]);
                }
            }
        }
    }

    /// The index is checked, because corrections can change `root`.
    fn indexed(&self, reference: &str) -> Option<&Node> {
        let [first, second, third] = *self.index.get(reference)?;
        let components = self.root.entries().get(first)?;
        let kind = components.node.entries().get(second)?;
        let component = kind.node.entries().get(third)?;
        let (kind_key, key) = reference
            .strip_prefix("#/components/")
            .and_then(|rest| rest.split_once('/'))?;
        (components.key == "components"
            && escape(&kind.key) == kind_key
            && escape(&component.key) == key)
            .then_some(&component.node)
    }
}

impl Node {
    /// Returns the value of a key of this mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// Returns the value of a key of this mapping, to change it.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries_mut()
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }

    /// The entries of this mapping, to change them; none if it is not a mapping.
    #[must_use]
    pub fn entries_mut(&mut self) -> &mut [Entry] {
        match &mut self.value {
            Value::Mapping(entries) => entries,
            _ => &mut [],
        }
    }

    /// Removes a key from this mapping.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let Value::Mapping(entries) = &mut self.value else {
            return None;
        };
        let index = entries.iter().position(|entry| entry.key == key)?;
        Some(entries.remove(index).node)
    }

    /// Returns a key of this mapping with its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Returns the entries of this mapping; none if it is not a mapping.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().unwrap_or_default()
    }

    /// Returns the entries, if this is a mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the items, if this is a list.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the string without leading and trailing white space, as YAML's folding leaves it; empty if this is not a
    /// string.
    #[must_use]
    pub fn trimmed(&self) -> String {
        self.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Returns the boolean, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Returns the node that a JSON pointer, with or without a leading `#`, leads to from here.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        let path = pointer.trim_start_matches('#');
        if !path.is_empty() && !path.starts_with('/') {
            return None;
        }
        let mut node = self;
        for key in path.split('/').skip(1) {
            let key = unescape(key);
            node = match &node.value {
                Value::Sequence(items) => items.get(key.parse::<usize>().ok()?)?,
                _ => node.get(&key)?,
            };
        }
        Some(node)
    }

    /// Returns the tree without positions.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(number) => number.clone().into(),
            Value::String(text) => text.clone().into(),
            Value::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.node.to_json()))
                .collect(),
        }
    }

    /// Returns the kind of the node for messages: `a text`, `a list` …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

/// Escapes a key as a segment of a JSON pointer.
#[must_use]
pub fn escape(key: &str) -> Cow<'_, str> {
    match key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        true => Cow::Owned(key.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(key),
    }
}

/// Returns the key of a segment of a JSON pointer.
#[must_use]
pub fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests;
