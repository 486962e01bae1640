//! Compares how the parts of a form are encoded: their media types, headers and style.

use std::collections::BTreeSet;

use super::super::document::Spot;
use super::super::finding::FindingKind;
use super::super::wire::Effect;
use super::keywords::changed_keywords;
use super::media_types::{covers, normal};
use super::{Comparison, Difference, Slot};

impl<'a> Comparison<'a> {
    pub(super) fn encodings(
        &mut self,
        slot: &Slot<'a>,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) {
        for name in self.names_of_either(old, new) {
            let of = |spot: Option<Spot<'a>>| spot.and_then(|spot| spot.get(name));
            if name.starts_with("x-") {
                self.keywords(slot, vec![(name, of(old), of(new))]);
                continue;
            }
            self.encoding(&slot.part(&format!(" part {name}")), of(old), of(new));
        }
    }

    fn encoding(&mut self, slot: &Slot<'a>, old: Option<Spot<'a>>, new: Option<Spot<'a>>) {
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let of = |spot: Option<Spot<'a>>, key: &str| spot.and_then(|spot| spot.get(key));
        self.part_types(slot, of(old, "contentType"), of(new, "contentType"));
        self.headers(slot, of(old, "headers"), of(new, "headers"));
        for key in ["style", "explode", "allowReserved"] {
            let (before, after) = (of(old, key), of(new, key));
            let text = |spot: Option<Spot<'a>>| match (spot, key) {
                (Some(spot), _) => super::super::same::inline_text(spot.node),
                (None, "style") => "form".to_owned(),
                (None, _) => "false".to_owned(),
            };
            [before, after]
                .into_iter()
                .flatten()
                .for_each(|spot| self.look(spot));
            if text(before) != text(after) {
                self.note(
                    Difference::of(FindingKind::EncodingChanged, slot, before, after)
                        .detail(key)
                        .from(text(before))
                        .to(text(after))
                        .effect(Effect::Swaps)
                        .specific(),
                );
            }
        }
        let is_known = |key: &str| {
            matches!(
                key,
                "contentType" | "headers" | "style" | "explode" | "allowReserved"
            )
        };
        let rest = match (old, new) {
            (Some(before), Some(after)) => changed_keywords(before, after, |key, _| is_known(key)),
            (Some(lone), None) => unknown(lone, is_known)
                .map(|(key, spot)| (key, Some(spot), None))
                .collect(),
            (None, Some(lone)) => unknown(lone, is_known)
                .map(|(key, spot)| (key, None, Some(spot)))
                .collect(),
            (None, None) => Vec::new(),
        };
        self.keywords(slot, rest);
    }

    /// The media types that a part may have.
    fn part_types(&mut self, slot: &Slot<'a>, before: Option<Spot<'a>>, after: Option<Spot<'a>>) {
        [before, after]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let names = |spot: Option<Spot<'a>>| -> BTreeSet<String> {
            let text = spot.and_then(|spot| spot.node.as_str()).unwrap_or_default();
            text.split(',')
                .map(normal)
                .filter(|name| !name.is_empty())
                .collect()
        };
        let (from, to) = (names(before), names(after));
        if from == to {
            return;
        }
        let all_among = |these: &BTreeSet<String>, others: &BTreeSet<String>| {
            others.is_empty()
                || these.iter().all(|name| {
                    others
                        .iter()
                        .any(|other| other == name || covers(other, name))
                })
        };
        let fewer = from.is_empty() || !all_among(&from, &to);
        let more = to.is_empty() || !all_among(&to, &from);
        let text = |names: &BTreeSet<String>| {
            let text = names.iter().cloned().collect::<Vec<_>>().join(", ");
            (!text.is_empty()).then_some(text)
        };
        self.note(
            Difference::of(FindingKind::EncodingChanged, slot, before, after)
                .detail("contentType")
                .values(text(&from), text(&to))
                .effect(Effect::of_values(fewer, more))
                .specific(),
        );
    }
}

fn unknown<'a>(
    spot: Spot<'a>,
    is_known: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&'a str, Spot<'a>)> {
    let entries = spot
        .entries()
        .iter()
        .filter(move |entry| !is_known(&entry.key));
    entries.map(|entry| (entry.key.as_str(), Spot::of(entry)))
}
