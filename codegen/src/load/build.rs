//! Builds the tree from the events of saphyr-parser; only this file and `build/problems.rs` use it.
//!
//! Nothing recurses here; the depth is limited before any recursive code sees the tree.

mod problems;

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::diagnostic::{Position, Problems};

use super::aliases::{self, Aliases};
use super::{DEEPEST, Entry, Node, Value, scalar};

/// The root of the only document of a text. Anchors are refused unless a store for them is given.
pub(super) fn build(file: &str, text: &str, aliases: Option<Aliases>) -> Result<Node, Problems> {
    let mut builder = Builder {
        file,
        aliases,
        stack: Vec::new(),
        root: None,
        documents: 0,
        problems: Problems::default(),
    };
    for event in Parser::new_from_str(text) {
        let more = match event {
            Ok((event, span)) => builder.event(event, position(span.start)),
            Err(error) => {
                builder.syntax(&error, text);
                false
            }
        };
        if !more {
            break;
        }
    }
    builder.finish()
}

struct Builder<'t> {
    file: &'t str,
    /// The node of each anchor, if anchors are allowed.
    aliases: Option<Aliases>,
    /// The open collections, from the root inwards.
    stack: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    problems: Problems,
}

/// A collection that has not ended.
enum Open {
    Sequence {
        position: Position,
        anchor: usize,
        items: Vec<Node>,
    },
    Mapping {
        position: Position,
        anchor: usize,
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<(String, Position)>,
    },
}

/// The first column of saphyr is 0.
fn position(marker: Marker) -> Position {
    Position {
        line: marker.line(),
        column: marker.col() + 1,
    }
}

impl Builder<'_> {
    /// Handles an event; returns false if reading on makes no sense.
    fn event(&mut self, event: Event<'_>, position: Position) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.report(
                        "several-documents",
                        position,
                        "the text contains more than one YAML document".to_owned(),
                        "keep one and remove the `---` between them",
                    );
                    return false;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_anchor_and_tag(anchor, tag.as_deref(), position);
                return self.scalar(text, style, position, anchor);
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchor_and_tag(anchor, tag.as_deref(), position);
                return self.open(
                    Open::Sequence {
                        position,
                        anchor,
                        items: Vec::new(),
                    },
                    position,
                );
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchor_and_tag(anchor, tag.as_deref(), position);
                return self.open(
                    Open::Mapping {
                        position,
                        anchor,
                        entries: Vec::new(),
                        key: None,
                    },
                    position,
                );
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => return self.alias(anchor, position),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    /// Inserts a copy of the anchored node in place of an alias.
    fn alias(&mut self, anchor: usize, position: Position) -> bool {
        let depth = self.stack.len();
        let taken = match &mut self.aliases {
            Some(aliases) => aliases.take(anchor, DEEPEST.saturating_sub(depth)),
            None => Err(aliases::REFUSED),
        };
        let node = match taken {
            Ok(node) => node,
            Err((message, help)) => {
                self.report("alias", position, message.to_owned(), help);
                if self.expects_key() {
                    return false;
                }
                Node {
                    position,
                    value: Value::Null,
                }
            }
        };
        if self.expects_key() {
            let help = "write the key out";
            self.report(
                "key-is-no-text",
                position,
                "an alias is used as a key".to_owned(),
                help,
            );
            return false;
        }
        self.place(node);
        true
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if let (Some(aliases), true) = (&mut self.aliases, anchor != 0) {
            aliases.remember(anchor, node);
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        position: Position,
        anchor: usize,
    ) -> bool {
        let is_plain = style == ScalarStyle::Plain;
        if self.expects_key() {
            return self.key(text, is_plain, position);
        }
        let value = match is_plain {
            false => Value::String(text.into_owned()),
            true => scalar::resolve(&text).unwrap_or_else(|scalar::NoNumber| {
                self.report(
                    "number-out-of-range",
                    position,
                    format!("`{text}` is a number that JSON cannot represent"),
                    "write a number in range, or quote it if it is meant as a string",
                );
                Value::Null
            }),
        };
        let node = Node { position, value };
        self.remember(anchor, &node);
        self.place(node);
        true
    }

    fn expects_key(&self) -> bool {
        matches!(self.stack.last(), Some(Open::Mapping { key: None, .. }))
    }

    fn key(&mut self, text: Cow<'_, str>, is_plain: bool, position: Position) -> bool {
        if is_plain && text == "<<" && self.aliases.is_none() {
            self.report(
                "merge-key",
                position,
                "YAML merge keys are not supported".to_owned(),
                "repeat the properties, or compose schemas with `allOf`",
            );
        } else if is_plain && matches!(scalar::resolve(&text), Ok(Value::Null | Value::Bool(_))) {
            let shown = match text.is_empty() {
                true => "an empty key".to_owned(),
                false => format!("the key `{text}`"),
            };
            self.report(
                "key-is-no-text",
                position,
                format!("{shown} is not a string"),
                "quote it if it is meant as one",
            );
        }
        if let Some(Open::Mapping { key, .. }) = self.stack.last_mut() {
            *key = Some((text.into_owned(), position));
        }
        true
    }

    fn open(&mut self, collection: Open, position: Position) -> bool {
        if self.expects_key() {
            self.report(
                "key-is-no-text",
                position,
                "a mapping or list is used as a key".to_owned(),
                "use a string; quote it if it contains braces or brackets",
            );
            return false;
        }
        if self.stack.len() >= DEEPEST {
            self.report(
                "too-deep",
                position,
                format!("mappings and lists are nested more than {DEEPEST} deep"),
                "give inner schemas a name under `components` and refer to them",
            );
            return false;
        }
        self.stack.push(collection);
        true
    }

    fn close(&mut self) {
        let (anchor, node) = match self.stack.pop() {
            Some(Open::Sequence {
                position,
                anchor,
                items,
            }) => {
                let value = Value::Sequence(items);
                (anchor, Node { position, value })
            }
            Some(Open::Mapping {
                position,
                anchor,
                entries,
                ..
            }) => {
                let value = Value::Mapping(self.merged(entries));
                (anchor, Node { position, value })
            }
            None => return,
        };
        self.remember(anchor, &node);
        self.place(node);
    }

    /// Adds a node to the open collection.
    fn place(&mut self, node: Node) {
        match self.stack.last_mut() {
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, .. }) => {
                if let Some((key, key_position)) = key.take() {
                    entries.push(Entry {
                        key,
                        key_position,
                        node,
                    });
                }
            }
            None => self.root = Some(node),
        }
    }

    /// The entries of a mapping with the merged ones, without duplicates.
    fn merged(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        self.refuse_duplicates(&entries);
        if self.aliases.is_none() || !entries.iter().any(|entry| entry.key == aliases::MERGE) {
            return entries;
        }
        match aliases::merged(entries) {
            Ok(entries) => entries,
            Err(position) => {
                let message =
                    "the value of a merge key must be a mapping or a list of mappings".to_owned();
                self.report("merge-key", position, message, "merge what an anchor names");
                Vec::new()
            }
        }
    }

    fn finish(mut self) -> Result<Node, Problems> {
        if self.problems.is_empty() {
            match self.root.take() {
                Some(root) if matches!(root.value, Value::Mapping(_)) => return Ok(root),
                Some(root) if root.value != Value::Null => self.report(
                    "root-is-no-mapping",
                    root.position,
                    format!("the document is {} instead of a mapping", root.kind()),
                    "an OpenAPI description starts with `openapi: 3.0.3`",
                ),
                _ => self.report(
                    "empty",
                    Position { line: 1, column: 1 },
                    "the text is empty".to_owned(),
                    "an OpenAPI description starts with `openapi: 3.0.3`",
                ),
            }
        }
        Err(self.problems)
    }
}
