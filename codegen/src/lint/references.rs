//! Rules for `$ref`: each leads to a component of the right kind, and none leads back to itself.

use crate::load::{Place, unescape};
use crate::model;

use super::grammar::NodeKind;
use super::graph::{cycles, references_in};
use super::{Linter, did_you_mean};

/// The maximum number of a schema's bases: all of their properties are repeated in each subtype.
const DEEPEST_INHERITANCE: usize = 16;

impl<'a> Linter<'a> {
    pub(super) fn check_references(&mut self) {
        for (kind, place) in self.nodes.clone() {
            if kind.section().is_some()
                && let Some(reference) = place.get("$ref")
            {
                self.check_reference(kind, &place, &reference);
            }
        }
        self.refuse_alias_cycles();
        self.refuse_inheritance_cycles();
    }

    fn check_reference(&mut self, kind: NodeKind, place: &Place<'a>, reference: &Place<'a>) {
        let Some(target) = reference.node.as_str() else {
            let message = format!("`$ref` must be a string, but is {}", reference.node.kind());
            self.report(reference, "wrong-kind", message, "quote it");
            return;
        };
        let section = kind.section().unwrap_or_default();
        let expected = format!("#/components/{section}/");
        let Some(name) = target.strip_prefix(&expected) else {
            self.refuse_other_target(kind, reference, target, &expected);
            return;
        };
        if name.contains('/') {
            self.report(
                reference,
                "deep-reference",
                format!("`{target}` points into a component"),
                "move its target into a component of its own",
            );
            return;
        }
        if self.document.resolve(target).is_none() {
            let known: Vec<&str> = self
                .components(section)
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            let help = match did_you_mean(&unescape(name), known) {
                Some(known) => format!("did you mean `{expected}{known}`?"),
                None => "define it, or correct the reference".to_owned(),
            };
            let message = format!("`{target}` does not exist");
            self.report(reference, "dangling-reference", message, &help);
            return;
        }
        let is_component =
            place.pointer.starts_with(&expected) && place.pointer.matches('/').count() == 3;
        if is_component && kind != NodeKind::Schema {
            self.report(
                reference,
                "reference-chain",
                format!("{} under `components` is a reference itself", kind.name()),
                "refer to the other one directly",
            );
        }
    }

    fn refuse_other_target(
        &mut self,
        kind: NodeKind,
        reference: &Place<'a>,
        target: &str,
        expected: &str,
    ) {
        let (rule, message, help) = if target.starts_with("#/components/") {
            (
                "reference-kind",
                format!("`{target}` is not {}", kind.name()),
                format!("refer to something under `{expected}`"),
            )
        } else if target.starts_with('#') {
            (
                "deep-reference",
                format!("`{target}` points outside `components`"),
                format!("refer to something under `{expected}`"),
            )
        } else {
            (
                "external-reference",
                format!("`{target}` is in another document"),
                format!("copy what is needed to `{expected}` and refer to that"),
            )
        };
        self.report(reference, rule, message, &help);
    }

    /// A schema that is only an alias or a list is expanded where it is used: the expansion must end.
    fn refuse_alias_cycles(&mut self) {
        let schemas = self.named_schemas();
        let aliases: Vec<_> = schemas
            .iter()
            .filter(|(_, place)| !model::is_named(place.node))
            .collect();
        let edges = aliases.iter().map(|(name, place)| {
            let targets = references_in(place.node);
            (*name, targets)
        });
        let cyclic = cycles(edges.collect());
        for (name, place) in aliases {
            if cyclic.contains(*name) {
                self.report_key(
                    place,
                    "reference-cycle",
                    format!("schema `{name}` refers to itself without a type in between"),
                    "make one of the schemas in between an object with properties",
                );
            }
        }
    }

    fn refuse_inheritance_cycles(&mut self) {
        let schemas = self.named_schemas();
        let edges = schemas.iter().map(|(name, place)| {
            (
                *name,
                model::base_reference(place.node).into_iter().collect(),
            )
        });
        let cyclic = cycles(edges.collect());
        for (name, place) in &schemas {
            if cyclic.contains(*name) && model::is_named(place.node) {
                self.report_key(
                    place,
                    "inheritance-cycle",
                    format!("schema `{name}` extends itself through `allOf`"),
                    "remove one of the `allOf` references",
                );
            } else if self.is_deeper(place, DEEPEST_INHERITANCE) {
                self.report_key(
                    place,
                    "deep-inheritance",
                    format!("schema `{name}` has more than {DEEPEST_INHERITANCE} bases above it"),
                    "copy the properties of some of them into the schema",
                );
            }
        }
    }

    fn is_deeper(&self, place: &Place<'a>, levels: usize) -> bool {
        let mut node = Some(place.node);
        for _ in 0..=levels {
            node = node
                .and_then(model::base_reference)
                .and_then(|base| self.schema(&base));
        }
        node.is_some()
    }
}
