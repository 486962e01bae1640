//! A node together with its pointer, for reporting its location.

use super::{Node, Position, Value, escape};

/// A node and its path.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The node.
    pub node: &'a Node,
    /// The JSON pointer to it, with `#` in front.
    pub pointer: String,
    /// The position of its key, if it is the value of one.
    pub key_position: Option<Position>,
}

impl<'a> Place<'a> {
    /// A node that was not reached through its parent.
    pub fn new(node: &'a Node, pointer: impl Into<String>) -> Self {
        Self {
            node,
            pointer: pointer.into(),
            key_position: None,
        }
    }

    /// The value of a key of this mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Place<'a>> {
        self.node.entry(key).map(|entry| self.child(entry))
    }

    /// The values of this mapping with their keys; none if it is not a mapping.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'a str, Place<'a>)> {
        self.node
            .entries()
            .iter()
            .map(|entry| (entry.key.as_str(), self.child(entry)))
            .collect()
    }

    /// The items of this list; none if it is not a list.
    #[must_use]
    pub fn items(&self) -> Vec<Place<'a>> {
        self.node
            .as_sequence()
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(index, node)| Place::new(node, format!("{}/{index}", self.pointer)))
            .collect()
    }

    /// The string of a key, without leading and trailing white space; empty if there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.node.get(key).map(Node::trimmed).unwrap_or_default()
    }

    /// The string of a key, unchanged.
    #[must_use]
    pub fn optional_text(&self, key: &str) -> Option<String> {
        self.node.get(key).and_then(Node::as_str).map(str::to_owned)
    }

    /// Whether a key exists and is `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    /// The integer of a key.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<i64> {
        match &self.node.get(key)?.value {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The number of a key, if it is a non-negative integer.
    #[must_use]
    pub fn count(&self, key: &str) -> Option<u64> {
        self.integer(key)
            .and_then(|value| u64::try_from(value).ok())
    }

    /// The strings in the list of a key.
    #[must_use]
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.node
            .get(key)
            .and_then(Node::as_sequence)
            .unwrap_or_default()
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }

    fn child(&self, entry: &'a super::Entry) -> Place<'a> {
        Place {
            node: &entry.node,
            pointer: below(&self.pointer, &escape(&entry.key)),
            key_position: Some(entry.key_position),
        }
    }
}

/// A pointer with one more segment. It is built for every node, so it avoids `format!`.
fn below(pointer: &str, part: &str) -> String {
    let mut longer = String::with_capacity(pointer.len() + 1 + part.len());
    longer.push_str(pointer);
    longer.push('/');
    longer.push_str(part);
    longer
}
