//! Rules for `allOf`, `anyOf` and `oneOf`: the supported forms, and parts that contradict each other.

use std::collections::HashSet;

use crate::load::{Node, Place};
use crate::model;

use super::Linter;

/// The maximum number of references between a schema and its type.
const LONGEST_CHAIN: usize = 32;

impl<'a> Linter<'a> {
    pub(super) fn check_compositions(&mut self) {
        for place in self.schemas() {
            if let Some(parts) = place.get("allOf") {
                self.check_all(&place, &parts);
            }
            for keyword in ["anyOf", "oneOf"] {
                if let Some(choices) = place.get(keyword) {
                    self.check_choice(&place, keyword, &choices);
                }
            }
        }
        for (name, place) in self.named_schemas() {
            self.check_overrides(name, &place);
        }
    }

    fn check_all(&mut self, place: &Place<'a>, parts: &Place<'a>) {
        let items = parts.items();
        if items.is_empty() {
            let message = "`allOf` has no parts".to_owned();
            self.report(
                parts,
                "empty-composition",
                message,
                "remove it, or add a part",
            );
        }
        let references: Vec<&Place<'a>> = items
            .iter()
            .filter(|part| part.node.get("$ref").is_some())
            .collect();
        for reference in references.iter().skip(1) {
            let message = "`allOf` refers to more than one schema".to_owned();
            self.report(
                reference,
                "several-bases",
                message,
                "keep one base, and copy the properties of the others",
            );
        }
        for part in &items {
            for keyword in ["allOf", "anyOf", "oneOf"] {
                if part.node.get("$ref").is_none() && part.node.get(keyword).is_some() {
                    let message = format!("`{keyword}` inside `allOf` is not supported");
                    self.report(
                        part,
                        "nested-composition",
                        message,
                        "move the part into a component and refer to it",
                    );
                }
            }
        }
        let mut known = self.type_of(place.node);
        for part in &items {
            let Some(part_type) = self.type_of(part.node) else {
                continue;
            };
            match known {
                Some(known) if known != part_type => {
                    let message =
                        format!("no value is both of type `{known}` and of type `{part_type}`");
                    self.report(part, "uninhabited", message, "give all parts the same type");
                }
                _ => known = Some(part_type),
            }
        }
    }

    /// The type of a schema itself, or of its references.
    ///
    /// Each schema is visited once, however many paths lead to it.
    pub(super) fn type_of(&self, node: &'a Node) -> Option<&'a str> {
        let mut seen: HashSet<*const Node> = HashSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !seen.insert(std::ptr::from_ref(node)) {
                continue;
            }
            if let Some(target) = node.get("$ref").and_then(Node::as_str) {
                open.extend(self.document.resolve(target));
                continue;
            }
            if let Some(own) = node.get("type").and_then(Node::as_str) {
                return Some(own);
            }
            if node.get("properties").is_some() {
                return Some("object");
            }
            if node.get("enum").is_some() {
                return Some("string");
            }
            let parts = node.get("allOf").and_then(Node::as_sequence);
            open.extend(parts.unwrap_or_default().iter().rev());
        }
        None
    }

    /// A nullable reference, a single choice, or one of Microsoft's numbers that may be written as a string.
    fn check_choice(&mut self, place: &Place<'a>, keyword: &str, choices: &Place<'a>) {
        let items = choices.items();
        if items.is_empty() {
            let message = format!("`{keyword}` has no choices");
            self.report(
                choices,
                "uninhabited",
                message,
                "remove it, or add a choice",
            );
            return;
        }
        for beside in ["type", "properties", "allOf", "enum", "items"] {
            if let Some(child) = place.get(beside) {
                let message = format!("`{beside}` beside `{keyword}` is not supported");
                self.report_key(
                    &child,
                    "unsupported-choice",
                    message,
                    "make it part of the choices",
                );
            }
        }
        let (references, others): (Vec<_>, Vec<_>) = items
            .iter()
            .partition(|choice| choice.node.get("$ref").is_some());
        let is_supported = items.len() == 1
            || self.is_number_or_text(&items)
            || (references.len() == 1 && others.iter().all(|other| is_null(other.node)));
        if !is_supported {
            self.report_key(
                choices,
                "unsupported-choice",
                format!("this `{keyword}` is not supported"),
                "for a value that may be null, write one `$ref` and `{type: object, nullable: true}`; for subtypes, \
                 let them extend one base with a `discriminator`",
            );
        }
    }

    /// Whether it is a number, and the other choices are quoted numbers or names such as `INF`.
    fn is_number_or_text(&self, choices: &[Place<'a>]) -> bool {
        let is_number =
            |place: &Place<'a>| matches!(place.text("type").as_str(), "number" | "integer");
        let types = choices.iter().map(|choice| self.type_of(choice.node));
        choices.iter().any(is_number)
            && types
                .flatten()
                .all(|kind| matches!(kind, "number" | "integer" | "string"))
    }

    /// A property that a base also has must have the same type there.
    fn check_overrides(&mut self, name: &str, place: &Place<'a>) {
        let mut base = model::base_reference(place.node);
        let own = own_properties(place);
        let mut depth = LONGEST_CHAIN;
        while let Some(base_name) = base {
            let Some(node) = self.schema(&base_name) else {
                return;
            };
            depth -= 1;
            if depth == 0 {
                return;
            }
            for (property, schema) in own_properties(&Place::new(node, "")) {
                let Some((_, own)) = own.iter().find(|(own, _)| *own == property) else {
                    continue;
                };
                let (theirs, ours) = (self.type_of(schema.node), self.type_of(own.node));
                if let (Some(theirs), Some(ours)) = (theirs, ours)
                    && theirs != ours
                {
                    let message = format!(
                        "`{name}.{property}` is of type `{ours}`, and of type `{theirs}` in `{base_name}`"
                    );
                    self.report_key(
                        own,
                        "uninhabited",
                        message,
                        "give it the same type, or another name",
                    );
                }
            }
            base = model::base_reference(node);
        }
    }

    /// A named schema.
    pub(super) fn schema(&self, name: &str) -> Option<&'a Node> {
        let pointer = format!("#/components/schemas/{}", crate::load::escape(name));
        self.document.resolve(&pointer)
    }
}

/// The properties of a schema and of the inline parts of its `allOf`.
pub(super) fn own_properties<'a>(place: &Place<'a>) -> Vec<(&'a str, Place<'a>)> {
    let mut parts = vec![place.clone()];
    if let Some(all) = place.get("allOf") {
        parts.extend(
            all.items()
                .into_iter()
                .filter(|part| part.node.get("$ref").is_none()),
        );
    }
    parts
        .iter()
        .filter_map(|part| part.get("properties"))
        .flat_map(|properties| properties.entries())
        .collect()
}

fn is_null(node: &Node) -> bool {
    node.get("nullable").and_then(Node::as_bool) == Some(true)
        && node.get("properties").is_none()
        && node
            .get("type")
            .and_then(Node::as_str)
            .is_none_or(|kind| kind == "object")
}
