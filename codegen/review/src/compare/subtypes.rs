//! Compares how the subtypes of an object are told apart.

use std::collections::BTreeMap;

use graph_client_codegen::load::Node;

use super::super::document::{Place, schema_name};
use super::super::finding::{Kind as Finding, Side};
use super::super::wire::Effect;
use super::{Comparison, Difference, Slot, Touched};

impl<'a> Comparison<'a> {
    pub(super) fn discriminators(
        &mut self,
        slot: &Slot<'a>,
        old: Option<Place<'a>>,
        new: Option<Place<'a>>,
    ) {
        let text = |place: Place<'a>| place.text("propertyName").unwrap_or_default().to_owned();
        match (old, new) {
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) if self.flavours_differ => {}
            (Some(old), None) => self.note(
                Difference::at(Finding::DiscriminatorRemoved, slot, Side::Base, old)
                    .from(text(old))
                    .effect(Effect::Loosens),
            ),
            (None, Some(new)) => self.note(
                Difference::at(Finding::DiscriminatorAdded, slot, Side::Head, new)
                    .to(text(new))
                    .effect(Effect::Tightens),
            ),
            (Some(old), Some(new)) => {
                if text(old) != text(new) {
                    self.note(
                        Difference::at(Finding::DiscriminatorChanged, slot, Side::Head, new)
                            .from(text(old))
                            .to(text(new))
                            .effect(Effect::Swaps),
                    );
                }
                self.mappings(slot, old, new);
            }
        }
    }

    fn mappings(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        let entries = |place: Place<'a>| {
            let mapping = place
                .node
                .get("mapping")
                .map(Node::entries)
                .unwrap_or_default();
            mapping
                .iter()
                .filter_map(|entry| {
                    Some((entry.key.as_str(), (entry.node.as_str()?, Place::of(entry))))
                })
                .collect::<BTreeMap<_, _>>()
        };
        let name = |target: &'a str| schema_name(target).unwrap_or(target);
        let (from, to) = (entries(old), entries(new));
        let mut lost: Vec<_> = from
            .iter()
            .filter(|(tag, _)| !to.contains_key(*tag))
            .collect();
        for (tag, (target, place)) in &to {
            let new_type = self.head.short_name(name(target));
            let twin = match from.get(tag) {
                Some((before, _)) if self.pairs.are_paired(name(before), name(target)) => continue,
                Some((before, _)) => Some((*tag, *before)),
                // The same type under another tag.
                None => {
                    let index = lost.iter().position(|(_, (before, _))| {
                        self.pairs.are_paired(name(before), name(target))
                    });
                    index.map(|index| {
                        let (tag, (before, _)) = lost.remove(index);
                        (*tag, *before)
                    })
                }
            };
            let place = *place;
            let difference = match twin {
                Some((old_tag, before)) => {
                    let old_type = self.base.short_name(name(before));
                    Difference::at(
                        Finding::DiscriminatorMappingChanged,
                        slot,
                        Side::Head,
                        place,
                    )
                    .from(format!("{old_tag} → {old_type}"))
                    .to(format!("{tag} → {new_type}"))
                    .effect(Effect::Swaps)
                }
                None => Difference::at(Finding::DiscriminatorMappingAdded, slot, Side::Head, place)
                    .to(new_type)
                    .effect(Effect::Grows)
                    .touch(slot.touch.member(None, Some(tag), Touched::Variant)),
            };
            self.note(difference.subject(format!("{}.{tag}", slot.subject)));
        }
        for (tag, (target, place)) in lost {
            let old_type = self.base.short_name(name(target));
            self.note(
                Difference::at(
                    Finding::DiscriminatorMappingRemoved,
                    slot,
                    Side::Base,
                    *place,
                )
                .subject(format!("{}.{tag}", slot.subject))
                .from(old_type)
                .effect(Effect::Tightens)
                .touch(slot.touch.member(Some(tag), None, Touched::Variant)),
            );
        }
    }
}
