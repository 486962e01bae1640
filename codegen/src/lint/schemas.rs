//! Rules for single schemas: type, bounds, and that a valid value can exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::{Node, Place, Value};

use super::Linter;
use super::did_you_mean;
use super::grammar::NodeKind;
use super::graph::{cycles, schema_name};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords that constrain values of one type only.
const ONLY_FOR: [(&str, &str); 5] = [
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("discriminator", "object"),
    ("items", "array"),
];

/// Formats with a type of their own in Rust.
const FORMATS: [&str; 4] = ["date-time", "int32", "int64", "uuid"];

impl<'a> Linter<'a> {
    /// The inline schemas, at any location.
    pub(super) fn schemas(&self) -> Vec<Place<'a>> {
        let mut schemas = self.of_kind(NodeKind::Schema);
        schemas.retain(|place| place.node.get("$ref").is_none());
        schemas
    }

    pub(super) fn check_schemas(&mut self) {
        for place in self.schemas() {
            self.check_type(&place);
            self.check_format(&place);
            self.check_bounds(&place);
            self.check_required(&place);
        }
        self.refuse_endless_values();
    }

    fn check_type(&mut self, place: &Place<'a>) {
        let Some(kind) = place.get("type") else {
            if place.node.get("items").is_some() {
                let message = "`items` without a type has no effect".to_owned();
                self.report(place, "missing-type", message, "add `type: array`");
            }
            return;
        };
        let Some(text) = kind.node.as_str() else {
            return;
        };
        if !TYPES.contains(&text) {
            let help = match (text, did_you_mean(text, TYPES)) {
                ("null", _) => {
                    "write `nullable: true` beside the type of the other values".to_owned()
                }
                (_, Some(known)) => format!("did you mean `{known}`?"),
                (_, None) => format!("use one of `{}`", TYPES.join("`, `")),
            };
            self.report(
                &kind,
                "unknown-type",
                format!("`{text}` is not a type"),
                &help,
            );
            return;
        }
        if text == "array" && place.node.get("items").is_none() {
            let message = "an array has no `items`".to_owned();
            self.report(place, "missing-items", message, "add `items`");
        }
        for (keyword, wanted) in ONLY_FOR {
            if wanted != text
                && let Some(child) = place.get(keyword)
            {
                let message = format!("`{keyword}` does not apply to values of type `{text}`");
                self.report_key(
                    &child,
                    "contradiction",
                    message,
                    &format!("remove it, or write `type: {wanted}`"),
                );
            }
        }
    }

    /// Any format is allowed, but a misspelt one of those that change the type has no effect.
    fn check_format(&mut self, place: &Place<'a>) {
        let letters = |text: &str| {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            letters.collect::<String>().to_ascii_lowercase()
        };
        let Some(format) = place.get("format") else {
            return;
        };
        let Some(text) = format.node.as_str() else {
            return;
        };
        let known = FORMATS.iter().find(|known| letters(known) == letters(text));
        if let Some(known) = known.filter(|known| **known != text) {
            self.report(
                &format,
                "misspelt-format",
                format!("the format `{text}` is not known"),
                &format!("did you mean `{known}`?"),
            );
        }
    }

    fn check_bounds(&mut self, place: &Place<'a>) {
        for (least, most) in [
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
            ("minimum", "maximum"),
        ] {
            let number = |keyword: &str| match &place.node.get(keyword)?.value {
                Value::Number(number) => number.as_f64(),
                _ => None,
            };
            if let (Some(lower), Some(upper)) = (number(least), number(most))
                && lower > upper
            {
                let message = format!("no value can have `{least}` {lower} and `{most}` {upper}");
                self.report(place, "contradiction", message, "correct one of the two");
            }
        }
        let closed = place
            .node
            .get("additionalProperties")
            .and_then(Node::as_bool)
            == Some(false);
        let declared = place
            .node
            .get("properties")
            .map_or(0, |properties| properties.entries().len());
        if closed
            && place.node.get("allOf").is_none()
            && place
                .count("minProperties")
                .is_some_and(|least| least > declared as u64)
        {
            let message = format!("no value can have more than the {declared} declared properties");
            self.report(
                place,
                "contradiction",
                message,
                "lower `minProperties`, or declare more",
            );
        }
    }

    /// A required name must be a property: of the schema, of another part of it, or of a base.
    fn check_required(&mut self, place: &Place<'a>) {
        let Some(required) = place.get("required") else {
            return;
        };
        let owner = place
            .pointer
            .rsplit_once("/allOf/")
            .and_then(|(owner, _)| self.document.root.pointer(owner))
            .unwrap_or(place.node);
        let known = self.property_names(owner);
        let mut seen = BTreeSet::new();
        for item in required.items() {
            let Some(name) = item.node.as_str() else {
                continue;
            };
            if !seen.insert(name) {
                let message = format!("`{name}` is required twice");
                self.report(&item, "required-twice", message, "remove one of the two");
            }
            if !known.contains(name) {
                let help = match did_you_mean(name, known.iter().copied()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "declare it under `properties`, or remove it".to_owned(),
                };
                let message = format!("`{name}` is required, but not a property");
                self.report(&item, "required-without-property", message, &help);
            }
        }
    }

    /// The properties of a schema, of the parts of its `allOf`, and of all their references.
    fn property_names(&self, node: &'a Node) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if let Some(target) = node.get("$ref").and_then(Node::as_str) {
                if seen.insert(target) {
                    open.extend(self.document.resolve(target));
                }
                continue;
            }
            let properties = node
                .get("properties")
                .map(Node::entries)
                .unwrap_or_default();
            names.extend(properties.iter().map(|entry| entry.key.as_str()));
            open.extend(
                node.get("allOf")
                    .and_then(Node::as_sequence)
                    .unwrap_or_default(),
            );
        }
        names
    }

    /// An object that requires itself has no finite value.
    fn refuse_endless_values(&mut self) {
        let schemas = self.named_schemas();
        let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, place) in &schemas {
            let required = place.texts("required");
            let properties = place
                .get("properties")
                .map(|properties| properties.entries())
                .unwrap_or_default();
            let targets = properties
                .iter()
                .filter(|(property, schema)| {
                    required.iter().any(|name| name == property) && !schema.flag("nullable")
                })
                .filter_map(|(_, schema)| schema_name(schema.node.get("$ref")?.as_str()?))
                .collect();
            edges.insert(name, targets);
        }
        let endless = cycles(edges);
        for (name, place) in &schemas {
            if endless.contains(*name) {
                let message =
                    format!("schema `{name}` requires itself, so its values would never end");
                self.report_key(
                    place,
                    "uninhabited",
                    message,
                    "make the property optional or nullable",
                );
            }
        }
    }
}
