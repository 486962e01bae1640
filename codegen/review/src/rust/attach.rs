//! Attaches every changed public item to the finding that caused it.

use std::collections::BTreeSet;

use graph_client_codegen::names;

use super::super::compare::{Difference, Touch, Touched};
use super::super::finding::{Finding, FindingKind, Rust};
use super::add_item;
use super::items::{self, ItemMember, Items, Key, Listed};
use super::renaming::Renaming;

/// Items that no finding explains, and the severity of the most severe.
#[derive(Debug, Default)]
pub(in super::super) struct Unexplained {
    pub(in super::super) items: Vec<String>,
    pub(in super::super) rust: Option<Rust>,
}

/// An item that differs between the sides.
struct Changed<'i> {
    key: &'i Key,
    before: Option<&'i str>,
    after: Option<&'i str>,
    /// Whether the newer one is deprecated.
    is_deprecated: bool,
    rust: Rust,
}

/// Attaches the changed items to findings, which have the order of their differences.
pub(in super::super) fn attach(
    differences: &[Difference<'_>],
    findings: &mut [Finding],
    old: &Listed,
    new: &Listed,
) -> Unexplained {
    let mut unexplained = Unexplained::default();
    let renaming = Renaming::of(differences, old);
    let (old, new) =
        &items::that_differ(old, new, |key, described| renaming.concerns(key, described));
    renaming.show(differences, findings, old, new);
    let old = &renaming.apply(old);
    for changed in changes(old, new) {
        let best = differences
            .iter()
            .zip(findings.iter())
            .enumerate()
            .filter(|(_, (difference, _))| difference.kind != FindingKind::DocsChanged)
            .map(|(index, (difference, finding))| {
                (score(difference, finding, &changed, &renaming), index)
            })
            .filter(|(score, _)| *score > 0)
            // The first of the best matches.
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
        if let (Some(before), Some(after)) = (self.before, self.after)
            && before == after
        {
            // Only the deprecation differs.
            let sign = if self.is_deprecated { '+' } else { '-' };
            return vec![format!("{sign} #[deprecated] {}", name_alone(before))];
        }
        let before = self.before.map(|text| format!("- {}", self.shown(text)));
        let after = self.after.map(|text| format!("+ {}", self.shown(text)));
        before.into_iter().chain(after).collect()
    }

    /// The name only if the whole item was added or removed; its whole text if it changed.
    fn shown<'t>(&self, text: &'t str) -> &'t str {
        let is_whole = self.before.is_none() || self.after.is_none();
        match (&self.key.member, is_whole) {
            (ItemMember::Function(_), true) => name_alone(text),
            _ => text,
        }
    }
}

/// A function without its arguments.
fn name_alone(text: &str) -> &str {
    text.split(['(', '<']).next().unwrap_or(text)
}

/// The changed items; if a type was added or removed, only the type itself.
fn changes<'i>(old: &'i Items, new: &'i Items) -> Vec<Changed<'i>> {
    let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    let itself = |items: &'i Items, key: &Key| {
        items.get(&Key {
            container: key.container.clone(),
            member: ItemMember::Itself,
        })
    };
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        if before == after {
            continue;
        }
        let (old_type, new_type) = (itself(old, key), itself(new, key));
        if key.member != ItemMember::Itself && old_type.is_some() != new_type.is_some() {
            continue;
        }
        let rust = match (before, after) {
            (Some(_), None) => Rust::Breaking,
            (Some(before), Some(after)) if before.text != after.text => Rust::Breaking,
            // Users can neither construct nor match all of a type, so that new parts break nobody.
            _ => Rust::Additive,
        };
        changes.push(Changed {
            key,
            before: before.map(|described| described.text.as_str()),
            after: after.map(|described| described.text.as_str()),
            is_deprecated: after.is_some_and(|described| described.deprecated),
            rust,
        });
    }
    changes
}

/// How well a difference explains an item: 0 if it does not.
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
    // Changes that only affect the generator explain an item only if nothing else does.
    match (best, difference.kind) {
        (0, _) => 0,
        (
            best,
            FindingKind::ExtensionChanged
            | FindingKind::BoundsChanged
            | FindingKind::ScopesChanged
            | FindingKind::SchemaRenamed
            | FindingKind::OperationRenamed,
        ) => best,
        (
            best,
            FindingKind::OperationAdded
            | FindingKind::OperationRemoved
            | FindingKind::SchemaAdded
            | FindingKind::SchemaRemoved,
        ) => best + 2,
        (best, _) => best + 1,
    }
}

/// The item is the changed part.
const EXACT: u32 = 40;
/// The item is a subtype's version of it.
const INHERITED: u32 = 30;
/// The item is the whole type.
const WHOLE: u32 = 20;
/// The item mentions it.
const MENTIONED: u32 = 10;

impl Touched {
    /// How well the changed part explains an item.
    fn score(&self, key: &Key, text: &str, finding: &Finding) -> u32 {
        let is_of = |name: &str| is_of(key, name);
        match self {
            Self::Field(type_name, property) => {
                score_of_field(type_name, property, key, text, finding)
            }
            Self::Variant(type_name, member) => match &key.member {
                ItemMember::Variant(name) if is_of(type_name) => {
                    let last = member.rsplit('.').next().unwrap_or(member);
                    let is_variant = *name == names::variant_name(member)
                        || names::type_name(last).starts_with(name);
                    if is_variant { EXACT } else { 0 }
                }
                ItemMember::Function(name)
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
                let is_method = key.member == ItemMember::Function(name.clone());
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
                    ItemMember::Function(own)
                        if *own == name && (key.container == request || method.is_empty()) =>
                    {
                        EXACT
                    }
                    ItemMember::Function(own) if own == method && mentions(text, &name) => EXACT,
                    _ => 0,
                }
            }
        }
    }
}

/// How well the field of a property explains an item.
fn score_of_field(
    type_name: &str,
    property: &str,
    key: &Key,
    text: &str,
    finding: &Finding,
) -> u32 {
    let field = names::field_name(property);
    // The filters and orders of a listing are named after the type.
    let is_asked_of = |suffix: &str| {
        let rest = key.container.strip_suffix(suffix);
        rest.is_some_and(|rest| rest == type_name)
    };
    let is_of_type = is_of(key, type_name) || is_asked_of("Property") || is_asked_of("Filter");
    let is_field = match &key.member {
        ItemMember::Field(name) => *name == field,
        ItemMember::Variant(name) if is_asked_of("Property") => {
            *name == names::variant_name(property)
        }
        ItemMember::Function(name) => {
            is_about(name, &field) || (name == "new" && text.contains(&field))
        }
        _ => false,
    };
    match (is_field, is_of_type) {
        (true, true) => EXACT,
        (true, false) if finding.used_by.contains(&key.container) => INHERITED,
        // An inline type is named after its property.
        (false, _) if key.container == names::type_name(&format!("{type_name} {property}")) => {
            WHOLE
        }
        _ => 0,
    }
}

/// Whether an item belongs to a type, or to the shared part of its subtypes.
fn is_of(key: &Key, type_name: &str) -> bool {
    let shared = key.container.strip_suffix("Base");
    key.container == type_name || shared == Some(type_name)
}

/// `alerts`, `clear_alerts`, `with_alerts`.
fn is_about(function: &str, field: &str) -> bool {
    function == field
        || function
            .strip_suffix(field)
            .is_some_and(|rest| rest.ends_with('_'))
}

/// Whether a text contains a name as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .any(|word| word == name)
}
