//! Every reference leads to an existing part, and not back to itself.

use std::collections::HashSet;

use graph_client_codegen::load::{Node, Value, escape};

use super::super::document::Description;
use super::super::walk::Keys;
use super::Check;

/// The maximum length of a chain of references.
const LONGEST_CHAIN: usize = 32;

struct References<'c, 'a> {
    check: &'c mut Check<'a>,
    description: Description<'a>,
    /// References that were found to be valid.
    known: HashSet<&'a str>,
}

impl Check<'_> {
    pub(super) fn references(&mut self) {
        let document = self.document;
        let mut references = References {
            check: self,
            description: Description::read(document),
            known: HashSet::new(),
        };
        references.walk(&document.root, Keys::Keywords, "", &mut String::from("#"));
    }
}

impl<'a> References<'_, 'a> {
    fn walk(&mut self, node: &'a Node, keys: Keys, key: &str, pointer: &mut String) {
        if keys == Keys::Data {
            return;
        }
        let length = pointer.len();
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    pointer.push('/');
                    pointer.push_str(&escape(&entry.key));
                    if keys == Keys::Keywords && entry.key == "$ref" {
                        self.reference(&entry.node, pointer);
                    } else {
                        self.walk(&entry.node, keys.below(&entry.key), &entry.key, pointer);
                    }
                    pointer.truncate(length);
                }
            }
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    self.walk(item, keys.of_items(key), "", pointer);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, node: &'a Node, pointer: &str) {
        let Some(reference) = node.as_str() else {
            let message = format!("`$ref` must be a string, but is {}", node.kind());
            self.check.report(
                "unexpected-type",
                node,
                pointer,
                message,
                "write the reference as a string",
            );
            return;
        };
        if self.known.contains(reference) {
            return;
        }
        if !reference.starts_with('#') {
            let message = format!("`{reference}` is outside this file");
            let help = "copy its target into `components`";
            self.check
                .report("external-reference", node, pointer, message, help);
            return;
        }
        let mut on_the_way: HashSet<&'a str> = HashSet::new();
        let mut target = reference;
        let leads_back = loop {
            if !on_the_way.insert(target) {
                break true;
            }
            let Some(found) = self.description.resolve(target) else {
                let message = format!("`{reference}` does not exist");
                let help = "define it, or correct the reference";
                self.check
                    .report("dangling-reference", node, pointer, message, help);
                return;
            };
            match found.text("$ref") {
                Some(next) if !self.known.contains(next) => target = next,
                _ => break false,
            }
        };
        let count = on_the_way.len();
        // Each reference on the way was already reported here.
        self.known.extend(on_the_way);
        if leads_back {
            let message = format!("`{reference}` refers to itself");
            let help = "define one of the components in between";
            self.check
                .report("reference-cycle", node, pointer, message, help);
        } else if count > LONGEST_CHAIN {
            let message = format!(
                "`{reference}` is a chain of {count} references; the limit is {LONGEST_CHAIN}"
            );
            let help = "refer to the target directly";
            self.check.report("too-deep", node, pointer, message, help);
        }
    }
}
