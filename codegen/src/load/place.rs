//! A node together with the pointer that leads to it, for whoever has to say where something stands.

use super::{Node, Position, Value, escape};

/// A node and how it was reached.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The node.
    pub node: &'a Node,
    /// The JSON pointer that leads to it, with `#` in front.
    pub pointer: String,
    /// Where its key stands, if it is the value of one.
    pub key_position: Option<Position>,
}

impl<'a> Place<'a> {
    /// A node that was reached in some other way than through its parent.
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

    /// The values of this mapping with their keys, or nothing where it is no mapping.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'a str, Place<'a>)> {
        self.node
            .entries()
            .iter()
            .map(|entry| (entry.key.as_str(), self.child(entry)))
            .collect()
    }

    /// The items of this list, or nothing where it is none.
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

    /// The text of a key, without white space at its ends; empty where there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.node.get(key).map(Node::trimmed).unwrap_or_default()
    }

    /// The text of a key as it stands.
    #[must_use]
    pub fn optional_text(&self, key: &str) -> Option<String> {
        self.node.get(key).and_then(Node::as_str).map(str::to_owned)
    }

    /// Whether a key is there and `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    /// The whole number of a key.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<i64> {
        match &self.node.get(key)?.value {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The number of a key, if it is a whole one and not negative.
    #[must_use]
    pub fn count(&self, key: &str) -> Option<u64> {
        self.integer(key)
            .and_then(|value| u64::try_from(value).ok())
    }

    /// The texts in the list of a key.
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

/// A pointer one part longer. Every node gets one, so it is not formatted.
fn below(pointer: &str, part: &str) -> String {
    let mut longer = String::with_capacity(pointer.len() + 1 + part.len());
    longer.push_str(pointer);
    longer.push('/');
    longer.push_str(part);
    longer
}
