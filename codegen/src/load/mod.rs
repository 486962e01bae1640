//! Temporary stand-in (JSON only); being written by its owner.
pub use crate::diagnostic::Position;
use crate::diagnostic::{Problem, Problems};
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub position: Position,
    pub value: Value,
}
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_position: Position,
    pub node: Node,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub file: String,
    pub root: Node,
}
pub fn parse(file: &str, text: &str) -> Result<Document, Problems> {
    let v: serde_json::Value = serde_json::from_str(text).map_err(|e| {
        let mut p = Problems::default();
        p.push(Problem {
            rule: "json",
            message: e.to_string(),
            file: file.into(),
            position: None,
            pointer: "#".into(),
            help: String::new(),
        });
        p
    })?;
    Ok(Document {
        file: file.into(),
        root: conv(&v),
    })
}
fn conv(v: &serde_json::Value) -> Node {
    let position = Position { line: 1, column: 1 };
    let value = match v {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => Value::Number(n.clone()),
        serde_json::Value::String(s) => Value::String(s.clone()),
        serde_json::Value::Array(a) => Value::Sequence(a.iter().map(conv).collect()),
        serde_json::Value::Object(o) => Value::Mapping(
            o.iter()
                .map(|(k, v)| Entry {
                    key: k.clone(),
                    key_position: position,
                    node: conv(v),
                })
                .collect(),
        ),
    };
    Node { position, value }
}
impl Node {
    pub fn get(&self, k: &str) -> Option<&Node> {
        self.entries().iter().find(|e| e.key == k).map(|e| &e.node)
    }
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(e) => e,
            _ => &[],
        }
    }
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(e) => Some(e),
            _ => None,
        }
    }
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(e) => Some(e),
            _ => None,
        }
    }
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(e) => Some(e),
            _ => None,
        }
    }
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(e) => Some(*e),
            _ => None,
        }
    }
    pub fn pointer(&self, p: &str) -> Option<&Node> {
        let mut n = self;
        for k in p.trim_start_matches('#').split('/').skip(1) {
            let k = k.replace("~1", "/").replace("~0", "~");
            n = match &n.value {
                Value::Sequence(s) => s.get(k.parse::<usize>().ok()?)?,
                _ => n.get(&k)?,
            };
        }
        Some(n)
    }
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => n.clone().into(),
            Value::String(s) => s.clone().into(),
            Value::Sequence(s) => s.iter().map(Node::to_json).collect(),
            Value::Mapping(m) => serde_json::Value::Object(
                m.iter()
                    .map(|e| (e.key.clone(), e.node.to_json()))
                    .collect(),
            ),
        }
    }
}
impl Document {
    pub fn resolve(&self, r: &str) -> Option<&Node> {
        self.root.pointer(r)
    }
}
