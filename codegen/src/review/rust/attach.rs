//! Gives every public item that differs to the finding that caused it.

use std::collections::{BTreeSet, HashMap};

use crate::names;

use super::super::compare::{Difference, Touch, Touched};
use super::super::finding::{Finding, Kind, Rust};
use super::add_item;
use super::items::{Items, Key, Member};

/// Items that no finding explains, and how grave the gravest is.
#[derive(Debug, Default)]
pub(in super::super) struct Unexplained {
    pub(in super::super) items: Vec<String>,
    pub(in super::super) rust: Option<Rust>,
}

/// An item that is not the same on both sides.
struct Changed<'i> {
    key: &'i Key,
    before: Option<&'i str>,
    after: Option<&'i str>,
    rust: Rust,
}

/// Attaches what differs to findings, which stand in the order of their differences.
pub(in super::super) fn attach(
    differences: &[Difference<'_>],
    findings: &mut [Finding],
    old: &Items,
    new: &Items,
) -> Unexplained {
    let mut unexplained = Unexplained::default();
    let renaming = Renaming::of(differences, old);
    renaming.show(differences, findings, old, new);
    let old = &renaming.apply(old);
    for changed in changes(old, new) {
        let best = differences
            .iter()
            .zip(findings.iter())
            .enumerate()
            .filter(|(_, (difference, _))| difference.kind != Kind::DocsChanged)
            .map(|(index, (difference, finding))| {
                (score(difference, finding, &changed, &renaming), index)
            })
            .filter(|(score, _)| *score > 0)
            // The first of the best.
            .max_by(|left, right| left.0.cmp(&right.0).then(right.1.cmp(&left.1)));
        let texts = changed.texts();
        match best {
            Some((_, index)) => {
                for text in texts {
                    add_item(&mut findings[index], text, changed.rust);
                }
            }
            None => {
                unexplained.items.extend(texts);
                unexplained.rust = unexplained.rust.max(Some(changed.rust));
            }
        }
    }
    unexplained
}

impl Changed<'_> {
    fn texts(&self) -> Vec<String> {
        let before = self.before.map(|text| format!("- {}", self.shown(text)));
        let after = self.after.map(|text| format!("+ {}", self.shown(text)));
        before.into_iter().chain(after).collect()
    }

    /// The name alone where the item as a whole came or went; its whole text where it is another.
    fn shown<'t>(&self, text: &'t str) -> &'t str {
        let is_whole = self.before.is_none() || self.after.is_none();
        match (&self.key.member, is_whole) {
            (Member::Function(_), true) => text.split(['(', '<']).next().unwrap_or(text),
            _ => text,
        }
    }
}

/// What differs; of a type that came or went only the type itself.
fn changes<'i>(old: &'i Items, new: &'i Items) -> Vec<Changed<'i>> {
    let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    let itself = |items: &'i Items, key: &Key| {
        items.get(&Key {
            container: key.container.clone(),
            member: Member::Itself,
        })
    };
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        if before == after {
            continue;
        }
        let (old_type, new_type) = (itself(old, key), itself(new, key));
        if key.member != Member::Itself && old_type.is_some() != new_type.is_some() {
            continue;
        }
        let rust = match (before, after) {
            (Some(_), None) => Rust::Breaking,
            (None, Some(_)) => {
                let is_part = matches!(key.member, Member::Field(_) | Member::Variant(_));
                match is_part && old_type.is_some_and(|described| described.exhaustive) {
                    true => Rust::Breaking,
                    false => Rust::Additive,
                }
            }
            (Some(before), Some(after)) if before.text != after.text => Rust::Breaking,
            // Users could build or match all of it, and no longer can.
            (Some(before), Some(after)) if before.exhaustive && !after.exhaustive => Rust::Breaking,
            _ => Rust::Additive,
        };
        changes.push(Changed {
            key,
            before: before.map(|described| described.text.as_str()),
            after: after.map(|described| described.text.as_str()),
            rust,
        });
    }
    changes
}

/// The types and methods that have another name on the other side. The rename is one change; what only mentions the
/// name has not changed.
struct Renaming {
    names: HashMap<String, String>,
}

impl Renaming {
    fn of(differences: &[Difference<'_>], old: &Items) -> Self {
        let mut names = HashMap::new();
        let containers: BTreeSet<&str> = old.keys().map(|key| key.container.as_str()).collect();
        for difference in differences {
            if !matches!(
                difference.kind,
                Kind::SchemaRenamed | Kind::OperationRenamed
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

    /// Shows the renamed types and methods themselves.
    fn show(
        &self,
        differences: &[Difference<'_>],
        findings: &mut [Finding],
        old: &Items,
        new: &Items,
    ) {
        let key = |touched: &Touched| match touched {
            Touched::Type(name) => Some(Key {
                container: name.clone(),
                member: Member::Itself,
            }),
            Touched::Method(name) => Some(Key {
                container: "Client".to_owned(),
                member: Member::Function(name.clone()),
            }),
            _ => None,
        };
        for (difference, finding) in differences.iter().zip(findings) {
            if !matches!(
                difference.kind,
                Kind::SchemaRenamed | Kind::OperationRenamed
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

    /// The items under the names of the other side.
    fn apply(&self, items: &Items) -> Items {
        if self.names.is_empty() {
            return items.clone();
        }
        items
            .iter()
            .map(|(key, described)| {
                let member = match &key.member {
                    Member::Function(name) if key.container == "Client" => {
                        Member::Function(self.name(name))
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

    /// A text with every word that is such a name replaced.
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
            // What the runtime has is not what was renamed.
            let is_runtime = out.ends_with("runtime::");
            let new = self.names.get(word).filter(|_| !is_runtime);
            out.push_str(new.map_or(word, String::as_str));
            rest = &from[end..];
        }
        out.push_str(rest);
        out
    }

    fn touched(&self, touched: &Touched) -> Touched {
        match touched {
            Touched::Type(name) => Touched::Type(self.name(name)),
            Touched::Field(name, property) => Touched::Field(self.name(name), property.clone()),
            Touched::Variant(name, member) => Touched::Variant(self.name(name), member.clone()),
            Touched::Method(name) => Touched::Method(self.name(name)),
            Touched::Option(name, parameter) => Touched::Option(self.name(name), parameter.clone()),
        }
    }
}

/// How well a difference explains an item: 0 where it does not.
fn score(
    difference: &Difference<'_>,
    finding: &Finding,
    changed: &Changed<'_>,
    renaming: &Renaming,
) -> u32 {
    let of_touch = |touch: &Touch| {
        let base = match (&touch.base, changed.before) {
            (Some(touched), Some(text)) => {
                renaming.touched(touched).score(changed.key, text, finding)
            }
            _ => 0,
        };
        let head = match (&touch.head, changed.after) {
            (Some(touched), Some(text)) => touched.score(changed.key, text, finding),
            _ => 0,
        };
        base.max(head)
    };
    let best = difference.touches.iter().map(of_touch).max().unwrap_or(0);
    // What steers the generator explains an item only where nothing else does.
    match (best, difference.kind) {
        (0, _) => 0,
        (
            best,
            Kind::ExtensionChanged
            | Kind::BoundsChanged
            | Kind::ScopesChanged
            | Kind::SchemaRenamed
            | Kind::OperationRenamed,
        ) => best,
        (
            best,
            Kind::OperationAdded | Kind::OperationRemoved | Kind::SchemaAdded | Kind::SchemaRemoved,
        ) => best + 2,
        (best, _) => best + 1,
    }
}

impl Touched {
    /// How well the part that is touched explains an item.
    fn score(&self, key: &Key, text: &str, finding: &Finding) -> u32 {
        const EXACT: u32 = 40;
        const INHERITED: u32 = 30;
        const WHOLE: u32 = 20;
        const MENTIONED: u32 = 10;
        let is_of = |name: &str| {
            key.container == name
                || key
                    .container
                    .strip_suffix("Base")
                    .is_some_and(|rest| rest == name)
        };
        match self {
            Self::Field(type_name, property) => {
                let field = names::field_name(property);
                let is_field = match &key.member {
                    Member::Field(name) => *name == field,
                    Member::Function(name) => {
                        is_about(name, &field) || (name == "new" && text.contains(&field))
                    }
                    _ => false,
                };
                match (is_field, is_of(type_name)) {
                    (true, true) => EXACT,
                    (true, false) if finding.used_by.contains(&key.container) => INHERITED,
                    // An inline type is named after the property that has it.
                    (false, _)
                        if key.container
                            == names::type_name(&format!("{type_name} {property}")) =>
                    {
                        WHOLE
                    }
                    _ => 0,
                }
            }
            Self::Variant(type_name, member) => match &key.member {
                Member::Variant(name) if is_of(type_name) => {
                    let last = member.rsplit('.').next().unwrap_or(member);
                    let is_variant = *name == names::variant_name(member)
                        || names::type_name(last).starts_with(name);
                    if is_variant { EXACT } else { 0 }
                }
                Member::Function(name)
                    if is_of(type_name) && is_about(name, &names::field_name(member)) =>
                {
                    EXACT
                }
                _ => 0,
            },
            Self::Type(name) => match is_of(name) {
                true => WHOLE,
                false if mentions(text, name) => MENTIONED,
                false => 0,
            },
            Self::Method(name) => {
                let request = names::type_name(name);
                let is_method = key.member == Member::Function(name.clone());
                if is_method && key.container == "Client" || key.container == request {
                    WHOLE + u32::from(is_method)
                } else if key.container.starts_with(&request) {
                    MENTIONED
                } else {
                    0
                }
            }
            Self::Option(method, parameter) => {
                let name = names::parameter_name(parameter);
                let request = names::type_name(method);
                match &key.member {
                    Member::Function(own)
                        if *own == name && (key.container == request || method.is_empty()) =>
                    {
                        EXACT
                    }
                    Member::Function(own) if own == method && mentions(text, &name) => EXACT,
                    _ => 0,
                }
            }
        }
    }
}

/// `alerts`, `clear_alerts`, `with_alerts`.
fn is_about(function: &str, field: &str) -> bool {
    function == field
        || function
            .strip_suffix(field)
            .is_some_and(|rest| rest.ends_with('_'))
}

/// Whether a text has a name as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .any(|word| word == name)
}
