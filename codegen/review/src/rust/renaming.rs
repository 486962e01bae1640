//! Types and methods with another name on the other side.

use std::collections::{HashMap, HashSet};

use graph_client_codegen::names;

use super::super::compare::{Difference, Touched};
use super::super::finding::{Finding, FindingKind, Rust};
use super::add_item;
use super::items::{Described, ItemMember, Items, Key, Listed};

/// The types and methods with another name on the other side. The rename is one change; items that only mention the
/// name have not changed.
pub(super) struct Renaming {
    names: HashMap<String, String>,
}

impl Renaming {
    pub(super) fn of(differences: &[Difference<'_>], old: &Listed) -> Self {
        let mut names = HashMap::new();
        let containers: HashSet<&str> = old.iter().map(|(key, _)| key.container.as_str()).collect();
        for difference in differences {
            if !matches!(
                difference.kind,
                FindingKind::SchemaRenamed | FindingKind::OperationRenamed
            ) {
                continue;
            }
            for touch in &difference.touches {
                match (&touch.base, &touch.head) {
                    (Some(Touched::Type(old)), Some(Touched::Type(new)))
                        if old != new && containers.contains(old.as_str()) =>
                    {
                        names.insert(old.clone(), new.clone());
                        names.insert(format!("{old}Base"), format!("{new}Base"));
                    }
                    (Some(Touched::Method(old)), Some(Touched::Method(new))) if old != new => {
                        names.insert(old.clone(), new.clone());
                        names.insert(names::type_name(old), names::type_name(new));
                    }
                    _ => {}
                }
            }
        }
        Self { names }
    }

    /// Reports the renamed types and methods themselves.
    pub(super) fn show(
        &self,
        differences: &[Difference<'_>],
        findings: &mut [Finding],
        old: &Items,
        new: &Items,
    ) {
        let key = |touched: &Touched| match touched {
            Touched::Type(name) => Some(Key {
                container: name.clone(),
                member: ItemMember::Itself,
            }),
            Touched::Method(name) => Some(Key {
                container: "Client".to_owned(),
                member: ItemMember::Function(name.clone()),
            }),
            _ => None,
        };
        for (difference, finding) in differences.iter().zip(findings) {
            if !matches!(
                difference.kind,
                FindingKind::SchemaRenamed | FindingKind::OperationRenamed
            ) {
                continue;
            }
            for touch in &difference.touches {
                if touch.base == touch.head {
                    continue;
                }
                for (sign, touched, items) in [("-", &touch.base, old), ("+", &touch.head, new)] {
                    if let Some(described) = touched
                        .as_ref()
                        .and_then(key)
                        .and_then(|key| items.get(&key))
                    {
                        let name = described.text.split(['(', '<']).next().unwrap_or_default();
                        add_item(finding, format!("{sign} {name}"), Rust::Breaking);
                    }
                }
            }
        }
    }

    /// Whether an item has one of the names, or may have one.
    pub(super) fn concerns(&self, key: &Key, described: &Described) -> bool {
        let has = |name: &String| {
            key.container.contains(name.as_str()) || described.text.contains(name.as_str())
        };
        self.names.iter().any(|(old, new)| has(old) || has(new))
    }

    /// The items under the names of the other side.
    pub(super) fn apply(&self, items: &Items) -> Items {
        if self.names.is_empty() {
            return items.clone();
        }
        items
            .iter()
            .map(|(key, described)| {
                let member = match &key.member {
                    ItemMember::Function(name) if key.container == "Client" => {
                        ItemMember::Function(self.name(name))
                    }
                    member => member.clone(),
                };
                let key = Key {
                    container: self.name(&key.container),
                    member,
                };
                let mut described = described.clone();
                described.text = self.text(&described.text);
                (key, described)
            })
            .collect()
    }

    fn name(&self, name: &str) -> String {
        self.names
            .get(name)
            .cloned()
            .unwrap_or_else(|| name.to_owned())
    }

    /// A text with every renamed word replaced.
    fn text(&self, text: &str) -> String {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            let end = from
                .find(|character| !is_part(character))
                .unwrap_or(from.len());
            out.push_str(before);
            let word = &from[..end];
            // Names of the runtime were not renamed.
            let is_runtime = out.ends_with("runtime::");
            let new = self.names.get(word).filter(|_| !is_runtime);
            out.push_str(new.map_or(word, String::as_str));
            rest = &from[end..];
        }
        out.push_str(rest);
        out
    }

    pub(super) fn touched(&self, touched: &Touched) -> Touched {
        match touched {
            Touched::Type(name) => Touched::Type(self.name(name)),
            Touched::Field(name, property) => Touched::Field(self.name(name), property.clone()),
            Touched::Variant(name, member) => Touched::Variant(self.name(name), member.clone()),
            Touched::Method(name) => Touched::Method(self.name(name)),
            Touched::Option(name, parameter) => Touched::Option(self.name(name), parameter.clone()),
        }
    }
}
