//! Rules for the fragment's own extensions: one that names something unknown would have no effect.

use crate::load::Place;

use super::grammar::NodeKind;
use super::{Linter, did_you_mean};

/// The requests in which a property can have a value, by `x-ms-mutability`.
const MUTABILITIES: [&str; 3] = ["create", "read", "update"];

impl<'a> Linter<'a> {
    pub(super) fn check_extensions(&mut self) {
        for place in self.of_kind(NodeKind::Operation) {
            self.check_clouds(&place);
            self.check_patience(&place);
        }
        for place in self.of_kind(NodeKind::Schema) {
            self.check_mutability(&place);
            self.check_conflicts(&place);
        }
    }

    fn check_clouds(&mut self, operation: &Place<'a>) {
        let clouds = operation.get("x-graph-clouds");
        for cloud in clouds.map(|clouds| clouds.items()).unwrap_or_default() {
            if let Some(name) = cloud.node.as_str()
                && crate::plan::cloud_variant(name).is_none()
            {
                self.report(
                    &cloud,
                    "unknown-cloud",
                    format!("there is no cloud `{name}`"),
                    "write `global`, `usGovernmentL4`, `usGovernmentL5` or `china`",
                );
            }
        }
    }

    /// The times of an attempt and of the whole call apply only together.
    fn check_patience(&mut self, operation: &Place<'a>) {
        let names = ["x-graph-attempt-seconds", "x-graph-total-seconds"];
        let [attempt, total] = names.map(|name| operation.get(name));
        match (&attempt, &total) {
            (Some(place), None) | (None, Some(place)) => self.report_key(
                place,
                "half-a-time-limit",
                format!("`{}` and `{}` apply only together", names[0], names[1]),
                "write both",
            ),
            (Some(attempt), Some(_)) => {
                if let (Some(one), Some(all)) =
                    (operation.count(names[0]), operation.count(names[1]))
                    && (one == 0 || all < one)
                {
                    self.report(
                        attempt,
                        "contradiction",
                        format!("an attempt may take {one} seconds, and the whole call {all}"),
                        "write at least 1 for an attempt, and at least as much for the call",
                    );
                }
            }
            (None, None) => {}
        }
    }

    fn check_mutability(&mut self, schema: &Place<'a>) {
        let modes = schema.get("x-ms-mutability");
        for mode in modes.map(|modes| modes.items()).unwrap_or_default() {
            if let Some(name) = mode.node.as_str()
                && !MUTABILITIES.contains(&name)
            {
                self.report(
                    &mode,
                    "unknown-mutability",
                    format!("`{name}` is not a mode of `x-ms-mutability`"),
                    "write `create`, `read` or `update`",
                );
            }
        }
    }

    /// Each side of a contradiction is a property of the schema, with members of its enumeration.
    fn check_conflicts(&mut self, schema: &Place<'a>) {
        let conflicts = schema.get("x-graph-conflicts");
        for conflict in conflicts.map(|list| list.items()).unwrap_or_default() {
            let sides = conflict.entries();
            if sides.len() < 2 && conflict.node.as_mapping().is_some() {
                self.report(
                    &conflict,
                    "conflict",
                    "a contradiction has at least two properties".to_owned(),
                    "name the properties, each with the members that contradict those of the others",
                );
            }
            for (name, members) in sides {
                self.check_side(schema, name, &members);
            }
        }
    }

    /// The members of a property's enumeration, also of a nullable one.
    fn members_of(&self, property: &Place<'a>) -> Vec<String> {
        let schema = self.follow(property);
        let inner = ["allOf", "anyOf", "oneOf"].into_iter();
        let inner = inner.filter_map(|keyword| schema.get(keyword));
        let parts: Vec<Place<'a>> = inner.flat_map(|parts| parts.items()).collect();
        let parts = parts.iter().map(|part| self.follow(part));
        std::iter::once(schema.clone())
            .chain(parts)
            .flat_map(|part| part.texts("enum"))
            .collect()
    }

    fn check_side(&mut self, schema: &Place<'a>, name: &str, members: &Place<'a>) {
        let properties = schema.get("properties");
        let Some(property) = properties.and_then(|properties| properties.get(name)) else {
            self.report_key(
                members,
                "conflict",
                format!("`{name}` is not a property of this schema"),
                "name a property that is described beside `x-graph-conflicts`",
            );
            return;
        };
        let known = self.members_of(&property);
        for member in members.items() {
            let Some(text) = member.node.as_str() else {
                continue;
            };
            if !known.iter().any(|known| known == text) {
                let help = match did_you_mean(text, known.iter().map(String::as_str)) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "name members of the property's enumeration".to_owned(),
                };
                let message = format!("`{name}` has no member `{text}`");
                self.report(&member, "conflict", message, &help);
            }
        }
    }
}
