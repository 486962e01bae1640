//! Reads YAML (and JSON, which is part of it) into a tree in which every node and key knows its line and column.
//!
//! The tree follows the core schema of YAML 1.2, so `Yes`, `no`, `on` and dates are texts. What would make a
//! fragment ambiguous is refused: see [`parse`].

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

/// How deep mappings and sequences may be nested: every later stage may recurse into a document that was loaded.
pub const DEEPEST: usize = 96;

/// How long a text may be, in bytes. The whole of Microsoft's description is larger, but no module of it is.
pub const LONGEST: usize = 32 * 1024 * 1024;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it starts.
    pub position: Position,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
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

/// A text that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its name in messages.
    pub file: String,
    /// Its top: a mapping.
    pub root: Node,
    /// Where the components stand, so that thousands of references into thousands of them stay cheap.
    index: HashMap<String, [usize; 3]>,
}

/// Reads a text. `file` is its name in messages.
///
/// # Errors
///
/// Every problem of the text as YAML, with line, column and remedy: what is not YAML (up to the first such place),
/// a key that stands twice in a mapping, anchors, aliases, merge keys and tags, keys that are no text, more than
/// one document, none, or one that is no mapping, numbers that JSON cannot hold, a byte order mark, control
/// characters, and a text that is too long or nested too deeply.
pub fn parse(file: &str, text: &str) -> Result<Document, Problems> {
    text::check(file, text)
        .and_then(|()| build::build(file, text, None))
        .map(|root| Document::new(file, root))
        .map_err(|problems| problems.with_source(text))
}

/// Reads a text that somebody else wrote: as [`parse`] does, but aliases stand for what their anchors name, merge keys
/// bring the entries of a mapping, and a byte order mark is passed over.
///
/// What an alias stands for keeps the positions of its anchor.
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
/// What [`parse`] refuses apart from these, and aliases that stand for too much: 500,000 nodes in all.
pub fn parse_resolved(file: &str, text: &str) -> Result<Document, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text::check(file, text)
        .and_then(|()| build::build(file, text, Some(aliases::Aliases::default())))
        .map(|root| Document::new(file, root))
        .map_err(|problems| problems.with_source(text))
}

impl Document {
    /// A document of that root.
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

    /// The node that a reference such as `#/components/schemas/Incident` points at.
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

    /// What the index says, if that is still true: `root` is open to corrections.
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
    /// The value of a key of this mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The value of a key of this mapping, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries_mut()
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }

    /// The entries of this mapping, to be changed, or nothing where it is none.
    #[must_use]
    pub fn entries_mut(&mut self) -> &mut [Entry] {
        match &mut self.value {
            Value::Mapping(entries) => entries,
            _ => &mut [],
        }
    }

    /// Takes a key out of this mapping.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let Value::Mapping(entries) = &mut self.value else {
            return None;
        };
        let index = entries.iter().position(|entry| entry.key == key)?;
        Some(entries.remove(index).node)
    }

    /// A key of this mapping with its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of this mapping, or nothing where it is none.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().unwrap_or_default()
    }

    /// The entries, if this is a mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a list.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text without white space at its ends, as YAML's folding leaves it; empty where this is no text.
    #[must_use]
    pub fn trimmed(&self) -> String {
        self.as_str().unwrap_or_default().trim().to_owned()
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The node that a JSON pointer leads to from here, with or without `#` in front.
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

    /// The tree without positions.
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

    /// What this is, for messages: `a text`, `a list` …
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

/// A key as a part of a JSON pointer.
#[must_use]
pub fn escape(key: &str) -> Cow<'_, str> {
    match key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        true => Cow::Owned(key.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(key),
    }
}

/// The key that a part of a JSON pointer stands for.
#[must_use]
pub fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests;
