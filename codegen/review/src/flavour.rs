//! Whether two descriptions have Microsoft's two different flavours, so that some of their differences have no meaning.
//!
//! The compact flavour (of the PowerShell modules) describes errors as `default`, refers to nullable objects by a bare
//! `$ref`, and has neither discriminators nor a required `@odata.type`. The full flavour has `4XX` and `5XX`, `anyOf:
//! [$ref, {type: object, nullable: true}]`, and both of the others.

use graph_client_codegen::load::{Document, Node, Value};

/// The signs that tell the full flavour from the compact one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signals {
    nullable_references: usize,
    required_tags: usize,
    mappings: usize,
    tag_values: usize,
    error_classes: usize,
}

/// The number of occurrences from which a single sign is a habit rather than an edit.
const HABIT: usize = 3;

impl Signals {
    pub(super) fn of(document: &Document) -> Self {
        let mut signals = Self::default();
        signals.scan(&document.root);
        signals
    }

    fn scan(&mut self, node: &Node) {
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    match entry.key.as_str() {
                        "anyOf" | "oneOf" if is_nullable_reference(&entry.node) => {
                            self.nullable_references += 1;
                        }
                        "required" if names_tag(&entry.node) => self.required_tags += 1,
                        "discriminator" if entry.node.get("mapping").is_some() => {
                            self.mappings += 1
                        }
                        "x-ms-discriminator-value" => self.tag_values += 1,
                        "4XX" | "5XX" => self.error_classes += 1,
                        _ => {}
                    }
                    self.scan(&entry.node);
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.scan(item)),
            _ => {}
        }
    }

    fn counts(self) -> [usize; 5] {
        [
            self.nullable_references,
            self.required_tags,
            self.mappings,
            self.tag_values,
            self.error_classes,
        ]
    }

    fn kinds(self) -> usize {
        self.counts().iter().filter(|count| **count > 0).count()
    }

    /// Whether one of the descriptions is full and the other one compact. An edit that adds one discriminator or one
    /// nullable reference does not change the flavour: a habit shows at several locations or by several signs.
    pub(super) fn differ(self, other: Self) -> bool {
        let is_full = |signals: Self| {
            signals.kinds() >= 2
                || [signals.nullable_references, signals.required_tags]
                    .iter()
                    .any(|count| *count >= HABIT)
        };
        (is_full(self) && other.kinds() == 0) || (is_full(other) && self.kinds() == 0)
    }
}

fn is_nullable_reference(choices: &Node) -> bool {
    choices.as_sequence().is_some_and(|choices| {
        choices.len() == 2
            && choices.iter().any(|choice| choice.get("$ref").is_some())
            && choices
                .iter()
                .any(|choice| choice.get("nullable").and_then(Node::as_bool) == Some(true))
    })
}

fn names_tag(required: &Node) -> bool {
    required.as_sequence().is_some_and(|names| {
        names
            .iter()
            .any(|name| name.as_str() == Some("@odata.type"))
    })
}

/// An operation id without what the flavours change: separators, plurals, the suffix that makes ids unique.
pub(super) fn plain_operation_id(id: &str) -> String {
    let id = match id.rsplit_once('-') {
        Some((rest, suffix))
            if suffix.len() == 4 && suffix.chars().all(|c| c.is_ascii_hexdigit()) =>
        {
            rest
        }
        _ => id,
    };
    let mut plain = String::new();
    for word in heck::ToSnakeCase::to_snake_case(id).split('_') {
        plain.push_str(word.strip_suffix('s').unwrap_or(word));
        plain.push(' ');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_client_codegen::load;

    fn signals(text: &str) -> Signals {
        Signals::of(&load::parse("a.yaml", text).unwrap())
    }

    #[test]
    fn signs_are_counted_wherever_they_stand() {
        let reference = "{$ref: b}, {type: object, nullable: true}";
        for place in [
            "a: {b: #}",
            "a: [b, #]",
            "a: [[{b: [#]}]]",
            "allOf: [{$ref: b}, #]",
        ] {
            for (sign, counts) in [
                (format!("{{anyOf: [{reference}]}}"), [1, 0, 0, 0, 0]),
                (format!("{{oneOf: [{reference}]}}"), [1, 0, 0, 0, 0]),
                (
                    "{required: [id, '@odata.type']}".to_owned(),
                    [0, 1, 0, 0, 0],
                ),
                (
                    "{discriminator: {mapping: {a: b}}}".to_owned(),
                    [0, 0, 1, 0, 0],
                ),
                ("{x-ms-discriminator-value: a}".to_owned(), [0, 0, 0, 1, 0]),
                ("{4XX: a, 5XX: b}".to_owned(), [0, 0, 0, 0, 2]),
                ("{anyOf: [{$ref: b}, {type: string}]}".to_owned(), [0; 5]),
                (format!("{{anyOf: [{reference}, {{$ref: c}}]}}"), [0; 5]),
                (
                    "{anyOf: [{type: string}, {nullable: true}]}".to_owned(),
                    [0; 5],
                ),
                (
                    "{required: [id], discriminator: {propertyName: a}}".to_owned(),
                    [0; 5],
                ),
            ] {
                let text = place.replace('#', &sign);
                assert_eq!(signals(&text).counts(), counts, "{text}");
            }
        }
    }

    #[test]
    fn one_sign_is_an_edit_and_several_are_a_flavour() {
        let signals = |counts: [usize; 5]| {
            let [
                nullable_references,
                required_tags,
                mappings,
                tag_values,
                error_classes,
            ] = counts;
            Signals {
                nullable_references,
                required_tags,
                mappings,
                tag_values,
                error_classes,
            }
        };
        let compact = signals([0; 5]);
        for (counts, is_full) in [
            ([0; 5], false),
            ([HABIT - 1, 0, 0, 0, 0], false),
            ([HABIT, 0, 0, 0, 0], true),
            ([0, HABIT, 0, 0, 0], true),
            ([0, 0, HABIT, 0, 0], false),
            ([0, 0, 0, HABIT, 0], false),
            ([0, 0, 0, 0, HABIT], false),
            ([0, 0, 1, 0, 1], true),
        ] {
            let other = signals(counts);
            assert_eq!(compact.differ(other), is_full, "{counts:?}");
            assert_eq!(other.differ(compact), is_full, "{counts:?}");
            // A description with any sign is not compact.
            assert!(!other.differ(signals([0, 0, 1, 0, 0])), "{counts:?}");
        }
    }

    #[test]
    fn both_flavours_of_an_operation_id_are_equal() {
        for (full, compact) in [
            ("security.ListIncidents", "security_ListIncident"),
            (
                "security.incidents.ListAlerts",
                "security.incident_ListAlert",
            ),
            (
                "security.incidents.GetCount-18e2",
                "security.incident_GetCount",
            ),
        ] {
            assert_eq!(plain_operation_id(full), plain_operation_id(compact));
        }
        assert_ne!(
            plain_operation_id("security_ListIncident"),
            plain_operation_id("security_GetIncident")
        );
    }
}
