//! The meaning of keywords beside a type, and of their changes.

use std::cmp::Ordering;

use super::super::document::Spot;
use super::super::finding::FindingKind;
use super::super::same::{inline_text, same};
use super::super::schema::{bound, takes_all, tighter};
use super::super::wire::Effect;

/// One keyword on both sides; at least one of them has it.
pub(super) type KeywordChange<'a> = (&'a str, Option<Spot<'a>>, Option<Spot<'a>>);

/// Keywords that only inform readers.
pub(super) fn is_text(key: &str) -> bool {
    matches!(
        key,
        "description"
            | "title"
            | "summary"
            | "example"
            | "examples"
            | "externalDocs"
            | "tags"
            | "$comment"
    )
}

/// Keywords that constrain one kind of value only: the length of a string, the range of a number.
pub(super) fn depends_on_kind(key: &str) -> bool {
    matches!(about(key), About::Bound | About::Pattern)
        || matches!(
            key,
            "x-ms-enum"
                | "x-ms-enum-flags"
                | "properties"
                | "required"
                | "additionalProperties"
                | "items"
                | "enum"
                | "const"
        )
}

/// The meaning of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Text,
    Deprecation,
    Bound,
    Pattern,
    Default,
    ReadOnly,
    WriteOnly,
    /// A flag that accepts more: `allowEmptyValue`.
    Permission,
    Extension,
    /// No rule covers it.
    Unknown,
}

pub(super) fn about(key: &str) -> About {
    match key {
        _ if is_text(key) => About::Text,
        "deprecated" | "x-ms-deprecation" | "x-deprecated" => About::Deprecation,
        _ if bound(key).is_some() => About::Bound,
        "pattern" => About::Pattern,
        "default" => About::Default,
        "readOnly" => About::ReadOnly,
        "writeOnly" => About::WriteOnly,
        "allowEmptyValue" | "allowReserved" => About::Permission,
        _ if key.starts_with("x-") => About::Extension,
        _ => About::Unknown,
    }
}

/// The kind of the finding, and the effect of the change.
pub(super) fn judged(
    key: &str,
    before: Option<Spot<'_>>,
    after: Option<Spot<'_>>,
) -> (FindingKind, Effect) {
    match about(key) {
        About::Text => (FindingKind::DocsChanged, Effect::Nothing),
        About::Deprecation => (FindingKind::DeprecationChanged, Effect::Nothing),
        About::Bound => (FindingKind::BoundsChanged, bounded(key, before, after)),
        About::Pattern => (FindingKind::PatternChanged, patterned(before, after)),
        About::Default => (FindingKind::DefaultChanged, Effect::Offers),
        // A read-only property was refused in requests, or is from now on; responses do not change.
        About::ReadOnly if after.is_some() => {
            (FindingKind::PropertyReadOnlyChanged, Effect::Tightens)
        }
        // A write-only property was missing in responses, or is from now on; requests do not change.
        About::WriteOnly if after.is_some() => {
            (FindingKind::PropertyReadOnlyChanged, Effect::Loosens)
        }
        About::ReadOnly | About::WriteOnly => {
            (FindingKind::PropertyReadOnlyChanged, Effect::Offers)
        }
        About::Permission => (FindingKind::ParameterStyleChanged, permitted(after)),
        About::Extension => (
            FindingKind::ExtensionChanged,
            match key {
                // Several members in one string, or one; and the tag that is sent.
                "x-ms-enum-flags" | "x-ms-discriminator-value" => Effect::Swaps,
                _ => Effect::Nothing,
            },
        ),
        About::Unknown => (FindingKind::NotUnderstood, Effect::Swaps),
    }
}

fn permitted(after: Option<Spot<'_>>) -> Effect {
    match after.and_then(|spot| spot.node.as_bool()) {
        Some(true) => Effect::Loosens,
        _ => Effect::Tightens,
    }
}

fn bounded(key: &str, before: Option<Spot<'_>>, after: Option<Spot<'_>>) -> Effect {
    match (before, after) {
        (None, _) => Effect::Tightens,
        (_, None) => Effect::Loosens,
        (Some(before), Some(after)) => match tighter(key, before.node, after.node) {
            Some(Ordering::Greater) => Effect::Tightens,
            Some(Ordering::Less) => Effect::Loosens,
            Some(Ordering::Equal) => Effect::Nothing,
            None => Effect::Swaps,
        },
    }
}

/// A pattern that matches every string accepts what was accepted before.
fn patterned(before: Option<Spot<'_>>, after: Option<Spot<'_>>) -> Effect {
    let narrows = |spot: Option<Spot<'_>>| spot.is_some_and(|spot| !takes_all(spot.node));
    match (narrows(before), narrows(after)) {
        (false, false) => Effect::Offers,
        (false, true) => Effect::Tightens,
        (true, false) => Effect::Loosens,
        (true, true) => Effect::Swaps,
    }
}

/// The texts of two values, so that their difference shows: the string `1` is not a number.
pub(super) fn value_texts(
    before: Option<Spot<'_>>,
    after: Option<Spot<'_>>,
) -> (Option<String>, Option<String>) {
    let plain = |spot: Option<Spot<'_>>| spot.map(|spot| inline_text(spot.node));
    let (from, to) = (plain(before), plain(after));
    if from.is_some() && from == to {
        let exact = |spot: Option<Spot<'_>>| spot.map(|spot| spot.node.to_json().to_string());
        return (exact(before), exact(after));
    }
    (from, to)
}

/// The keywords of two mappings, except those with rules of their own.
pub(super) fn changed_keywords<'a>(
    before: Spot<'a>,
    after: Spot<'a>,
    is_known: impl Fn(&str, Spot<'a>) -> bool,
) -> Vec<KeywordChange<'a>> {
    let of = |spot: Spot<'a>, key: &str| spot.get(key).filter(|spot| !is_known(key, *spot));
    let mut keys: Vec<&'a str> = before
        .entries()
        .iter()
        .chain(after.entries())
        .map(|entry| entry.key.as_str())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
        .map(|key| (key, of(before, key), of(after, key)))
        .filter(|(_, before, after)| match (before, after) {
            (Some(before), Some(after)) => !same(before.node, after.node),
            (before, after) => before.is_some() || after.is_some(),
        })
        .collect()
}
