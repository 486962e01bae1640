//! Walks the document by its grammar: unsupported keywords, and values of the wrong kind.

use crate::load::{Place, Value};

use super::grammar::{BESIDE_REFERENCE, Holds, NodeKind};
use super::{Linter, did_you_mean};

impl<'a> Linter<'a> {
    /// Visits every node, and records it by its kind.
    pub(super) fn walk(&mut self) {
        let root = Place::new(&self.document.root, "#");
        self.visit(NodeKind::Document, root);
    }

    fn visit(&mut self, kind: NodeKind, place: Place<'a>) {
        if !self.expect(
            &place,
            matches!(place.node.value, Value::Mapping(_)),
            "a mapping",
        ) {
            return;
        }
        if kind.section().is_some() && place.node.get("$ref").is_some() {
            self.visit_reference(kind, place);
            return;
        }
        for (name, child) in place.entries() {
            match kind.keywords().iter().find(|(keyword, _)| *keyword == name) {
                Some((_, holds)) => self.visit_value(*holds, child),
                None => self.refuse_keyword(kind, name, &child),
            }
        }
        self.nodes.push((kind, place));
    }

    fn visit_reference(&mut self, kind: NodeKind, place: Place<'a>) {
        for (name, child) in place.entries() {
            if name == "$ref" {
                continue;
            }
            match BESIDE_REFERENCE
                .iter()
                .find(|(keyword, _)| *keyword == name)
            {
                Some((_, holds)) => self.visit_value(*holds, child),
                None if name.starts_with("x-") => {
                    self.refuse_extension(NodeKind::Schema, name, &child)
                }
                None => self.report_key(
                    &child,
                    "beside-reference",
                    format!("`{name}` beside `$ref` has no effect"),
                    match kind {
                        NodeKind::Schema => "write `allOf: [{$ref: …}]` and put it beside that",
                        _ => "put it into the component",
                    },
                ),
            }
        }
        self.nodes.push((kind, place));
    }

    fn visit_value(&mut self, holds: Holds, place: Place<'a>) {
        match holds {
            Holds::Anything => {}
            Holds::Text => {
                let is_text = place.node.as_str().is_some();
                self.expect(&place, is_text, "a string");
            }
            Holds::Flag => {
                let is_flag = place.node.as_bool().is_some();
                self.expect(&place, is_flag, "`true` or `false`");
            }
            Holds::Number => {
                let is_number = matches!(place.node.value, Value::Number(_));
                self.expect(&place, is_number, "a number");
            }
            Holds::Count => {
                let is_count =
                    matches!(&place.node.value, Value::Number(number) if number.as_u64().is_some());
                self.expect(&place, is_count, "a non-negative integer");
            }
            Holds::Texts => self.visit_items(&place, "a string", |value| {
                matches!(value, Value::String(_))
            }),
            Holds::Scalars => self.visit_items(&place, "a scalar", |value| {
                !matches!(value, Value::Mapping(_) | Value::Sequence(_))
            }),
            Holds::TextByName => {
                if self.expect(&place, place.node.as_mapping().is_some(), "a mapping") {
                    for (_, child) in place.entries() {
                        self.visit_value(Holds::Text, child);
                    }
                }
            }
            Holds::TextsByNames => {
                if self.expect(&place, place.node.as_sequence().is_some(), "a list") {
                    for item in place.items() {
                        self.visit_lists_by_name(&item);
                    }
                }
            }
            Holds::One(kind) => self.visit(kind, place),
            Holds::List(kind) => {
                if self.expect(&place, place.node.as_sequence().is_some(), "a list") {
                    for item in place.items() {
                        self.visit(kind, item);
                    }
                }
            }
            Holds::ByName(kind) => {
                if self.expect(&place, place.node.as_mapping().is_some(), "a mapping") {
                    self.visit_by_name(kind, &place);
                }
            }
            Holds::FlagOr(kind) => {
                if place.node.as_bool().is_none() {
                    self.visit(kind, place);
                }
            }
        }
    }

    fn visit_by_name(&mut self, kind: NodeKind, place: &Place<'a>) {
        // Properties and components may have any name; paths and responses may have extensions beside them.
        let has_extensions = matches!(kind, NodeKind::PathItem | NodeKind::Response)
            && !place.pointer.starts_with("#/components/");
        for (name, child) in place.entries() {
            if !(has_extensions && name.starts_with("x-")) {
                self.visit(kind, child);
            }
        }
    }

    fn visit_lists_by_name(&mut self, place: &Place<'a>) {
        if self.expect(place, place.node.as_mapping().is_some(), "a mapping") {
            for (_, child) in place.entries() {
                self.visit_value(Holds::Texts, child);
            }
        }
    }

    fn visit_items(&mut self, place: &Place<'a>, wanted: &str, is_right: impl Fn(&Value) -> bool) {
        if self.expect(place, place.node.as_sequence().is_some(), "a list") {
            for item in place.items() {
                self.expect(&item, is_right(&item.node.value), wanted);
            }
        }
    }

    fn expect(&mut self, place: &Place<'a>, is_right: bool, wanted: &str) -> bool {
        if is_right {
            return true;
        }
        let name = place.pointer.rsplit('/').next().unwrap_or_default();
        let help = match (&place.node.value, name) {
            (Value::Sequence(_), "type") => {
                "OpenAPI 3.0 allows one type; write `nullable: true` for null"
            }
            (Value::Number(_) | Value::Bool(_) | Value::Null, _) if wanted == "a string" => {
                "quote it"
            }
            (Value::String(_), _) if wanted != "a mapping" && wanted != "a list" => {
                "write it without quotes"
            }
            _ => "see the OpenAPI 3.0 specification",
        };
        self.report(
            place,
            "wrong-kind",
            format!("`{name}` must be {wanted}, but is {}", place.node.kind()),
            help,
        );
        false
    }

    fn refuse_keyword(&mut self, kind: NodeKind, name: &str, place: &Place<'a>) {
        if name.starts_with("x-") {
            self.refuse_extension(kind, name, place);
            return;
        }
        if let Some((_, help)) = kind
            .unsupported()
            .iter()
            .find(|(keyword, _)| *keyword == name)
        {
            self.report_key(
                place,
                "unsupported-keyword",
                format!("`{name}` is not supported in {}", kind.name()),
                help,
            );
            return;
        }
        let known = kind.keywords().iter().map(|(keyword, _)| *keyword);
        let help = match did_you_mean(name, known) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "remove it, or prefix it with `x-` if it is an extension".to_owned(),
        };
        self.report_key(
            place,
            "unknown-keyword",
            format!("{} has no keyword `{name}`", kind.name()),
            &help,
        );
    }

    /// Unknown extensions are ignored, but a misspelt one of ours would be, too.
    fn refuse_extension(&mut self, kind: NodeKind, name: &str, place: &Place<'a>) {
        if !name.starts_with("x-graph-") {
            return;
        }
        let known = kind.keywords().iter().map(|(keyword, _)| *keyword);
        let ours: Vec<&str> = known
            .filter(|keyword| keyword.starts_with("x-graph-"))
            .collect();
        let help = match did_you_mean(name, ours.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None if ours.is_empty() => {
                "it belongs elsewhere; see the guide to the fragment".to_owned()
            }
            None => format!("known here: `{}`", ours.join("`, `")),
        };
        self.report_key(
            place,
            "unknown-extension",
            format!("{} has no extension `{name}`", kind.name()),
            &help,
        );
    }
}
