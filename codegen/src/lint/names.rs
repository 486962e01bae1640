//! Rules for names: each can become a Rust name. The plan makes equal names unique.

use std::collections::BTreeSet;

use crate::load::Place;
use crate::names;

use super::Linter;
use super::compositions::own_properties;

impl<'a> Linter<'a> {
    pub(super) fn check_names(&mut self) {
        for (name, place) in self.named_schemas() {
            if !names::is_usable(name) {
                self.refuse_name(name, &place);
                continue;
            }
            self.check_fields(name, &place);
        }
    }

    fn refuse_name(&mut self, name: &str, place: &Place<'a>) {
        let message = format!("`{name}` cannot be turned into a Rust name");
        self.report_key(
            place,
            "unusable-name",
            message,
            "use ASCII letters and digits",
        );
    }

    fn check_fields(&mut self, schema: &str, place: &Place<'a>) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (name, property) in own_properties(place) {
            if !names::is_usable(name) {
                self.refuse_name(name, &property);
            } else if !seen.insert(name) {
                let message =
                    format!("property `{name}` of `{schema}` is declared in two parts of it");
                self.report_key(
                    &property,
                    "property-collision",
                    message,
                    "keep one of the two",
                );
            }
            self.check_filter(name, &property);
        }
    }

    /// A condition has one value on each side.
    fn check_filter(&mut self, name: &str, property: &Place<'a>) {
        if !property.flag("x-graph-filterable") {
            return;
        }
        let kind = self.type_of(property.node);
        if matches!(kind, Some("object" | "array")) {
            let message = format!("`{name}` is not a single value and cannot be filtered by");
            let help = "remove `x-graph-filterable`, or use it on a property of a simple type";
            self.report_key(property, "unfilterable", message, help);
        }
    }
}
