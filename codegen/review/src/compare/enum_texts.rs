//! Compares what `x-ms-enum` says about an enumeration and about each of its members.

use graph_client_codegen::load::{Entry, Node};

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::{inline_text, same};
use super::super::schema::EnumForm;
use super::{Comparison, Difference, Slot, Touched};

impl<'a> Comparison<'a> {
    /// Compares the entries of `x-ms-enum` for each member, and those for the whole enumeration.
    pub(super) fn told_of_members(
        &mut self,
        slot: &Slot<'a>,
        old: &EnumForm<'a>,
        new: &EnumForm<'a>,
        twins: &[(String, String)],
    ) {
        for (from, to) in twins {
            let (before, after) = (told(old, from), told(new, to));
            let inner = Slot {
                subject: format!("{}.{to}", slot.subject),
                touch: slot.touch.member(Some(from), Some(to), Touched::Variant),
                ..slot.clone()
            };
            self.told_of_member(&inner, before, after);
        }
        let rest = |enumeration: &EnumForm<'a>| {
            let entries = enumeration
                .extension
                .map(|spot| spot.entries())
                .unwrap_or_default();
            entries
                .iter()
                .filter(|entry| !matches!(entry.key.as_str(), "values" | "modelAsString"))
                .collect::<Vec<_>>()
        };
        let keys = |key: &str| format!("x-ms-enum.{key}");
        self.entries(slot, &rest(old), &rest(new), keys);
        self.told_of_nobody(slot, old, new);
    }

    /// Compares the entries of `x-ms-enum` for values that are not members.
    fn told_of_nobody(&mut self, slot: &Slot<'a>, old: &EnumForm<'a>, new: &EnumForm<'a>) {
        let strangers = |form: &EnumForm<'a>| {
            let values = form.extension.and_then(|extension| extension.get("values"));
            let is_member = |node: &&Node| {
                let value = node.get("value").map(inline_text);
                form.members
                    .iter()
                    .any(|member| Some(&member.value) == value.as_ref())
            };
            let items = values.map(|values| values.items()).unwrap_or_default();
            // A repeated entry is reported.
            let is_again = |index: usize, node: &Node| {
                let value = node.get("value").map(inline_text);
                items[..index]
                    .iter()
                    .any(|other| other.get("value").map(inline_text) == value)
            };
            items
                .iter()
                .enumerate()
                .filter(|(index, node)| !is_member(node) || is_again(*index, node))
                .map(|(_, node)| Spot::item(node))
                .collect::<Vec<_>>()
        };
        let (mut before, mut after) = (strangers(old), strangers(new));
        before.retain(
            |spot| match after.iter().position(|twin| same(twin.node, spot.node)) {
                Some(index) => {
                    after.remove(index);
                    false
                }
                None => true,
            },
        );
        if before.is_empty() && after.is_empty() {
            return;
        }
        let (from, to) = (before.first().copied(), after.first().copied());
        let text = |spot: Option<Spot<'a>>| spot.map(|spot| inline_text(spot.node));
        self.note(
            Difference::of(FindingKind::ExtensionChanged, slot, from, to)
                .detail("x-ms-enum.values")
                .values(text(from), text(to))
                .specific(),
        );
    }

    fn told_of_member(
        &mut self,
        slot: &Slot<'a>,
        before: Option<Spot<'a>>,
        after: Option<Spot<'a>>,
    ) {
        let text = |spot: Option<Spot<'a>>| {
            spot.and_then(|spot| spot.text("description"))
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        if text(before) != text(after) {
            let said = |spot: Option<Spot<'a>>| spot.and_then(|spot| spot.get("description"));
            self.note(
                Difference::of(FindingKind::DocsChanged, slot, said(before), said(after))
                    .detail("description")
                    .values(
                        text(before).map(str::to_owned),
                        text(after).map(str::to_owned),
                    ),
            );
        }
        let rest = |spot: Option<Spot<'a>>| {
            let entries = spot.map(|spot| spot.entries()).unwrap_or_default();
            entries
                .iter()
                .filter(|entry| !matches!(entry.key.as_str(), "value" | "description"))
                .filter(|entry| entry.node.as_bool() != Some(false))
                // A name that equals the value.
                .filter(|entry| {
                    !(entry.key == "name"
                        && entry.node.as_str() == spot.and_then(|spot| spot.text("value")))
                })
                .collect::<Vec<_>>()
        };
        self.entries(slot, &rest(before), &rest(after), str::to_owned);
    }

    /// Records every entry that differs, as part of an extension.
    pub(super) fn entries(
        &mut self,
        slot: &Slot<'a>,
        old: &[&'a Entry],
        new: &[&'a Entry],
        detail: impl Fn(&str) -> String,
    ) {
        let find = |entries: &[&'a Entry], key: &str| {
            entries.iter().find(|entry| entry.key == key).copied()
        };
        let mut keys: Vec<&str> = old
            .iter()
            .chain(new)
            .map(|entry| entry.key.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (before, after) = (find(old, key), find(new, key));
            if let (Some(before), Some(after)) = (before, after)
                && same(&before.node, &after.node)
            {
                continue;
            }
            let text = |entry: Option<&Entry>| entry.map(|entry| inline_text(&entry.node));
            let (side, entry) = match (before, after) {
                (_, Some(after)) => (Side::Head, after),
                (Some(before), None) => (Side::Base, before),
                (None, None) => continue,
            };
            self.note(
                Difference::at(FindingKind::ExtensionChanged, slot, side, Spot::of(entry))
                    .detail(detail(key))
                    .values(text(before), text(after))
                    .specific(),
            );
        }
    }
}

/// The entry of `x-ms-enum` for a member.
pub(super) fn told<'a>(enumeration: &EnumForm<'a>, member: &str) -> Option<Spot<'a>> {
    let values = enumeration.extension?.get("values")?;
    values
        .items()
        .iter()
        .find(|entry| entry.get("value").and_then(Node::as_str) == Some(member))
        .map(Spot::item)
}
