//! Compares the discriminators of an object's subtypes, or of a choice's alternatives.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::schema::View;
use super::super::wire::Effect;
use super::{Comparison, Difference, Slot, Touched};

/// A tag with its type, and the location of both.
#[derive(Debug, Clone, Copy)]
struct Tag<'a> {
    target: &'a str,
    spot: Spot<'a>,
    /// Whether the schema's name is the tag, because the discriminator has no mapping.
    is_implied: bool,
}

type Tags<'a> = BTreeMap<&'a str, Tag<'a>>;

/// Named schemas that are an alternative on one side only.
pub(super) type Lone<'a> = BTreeSet<(Side, &'a str)>;

impl<'a> Comparison<'a> {
    /// Compares the discriminators; the tag of an alternative that only one side has is added or removed with it.
    pub(super) fn discriminators(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        lone: &Lone<'a>,
    ) {
        let property = |spot: Spot<'a>| spot.text("propertyName").unwrap_or_default().to_owned();
        for spot in [old.discriminator, new.discriminator].into_iter().flatten() {
            for key in ["propertyName", "mapping"] {
                if let Some(inner) = spot.get(key) {
                    self.look(inner);
                }
            }
        }
        match (old.discriminator, new.discriminator) {
            (None, None) => {}
            (Some(spot), None) | (None, Some(spot)) if self.flavours_differ => {
                self.look_at_all(spot)
            }
            (Some(before), None) => self.note(
                Difference::at(FindingKind::DiscriminatorRemoved, slot, Side::Base, before)
                    .from(property(before))
                    .effect(Effect::Loosens)
                    .specific(),
            ),
            (None, Some(after)) => self.note(
                Difference::at(FindingKind::DiscriminatorAdded, slot, Side::Head, after)
                    .to(property(after))
                    .effect(Effect::Tightens)
                    .specific(),
            ),
            (Some(before), Some(after)) => {
                if property(before) != property(after) {
                    let spots = (before.get("propertyName"), after.get("propertyName"));
                    self.note(
                        Difference::of(FindingKind::DiscriminatorChanged, slot, spots.0, spots.1)
                            .from(property(before))
                            .to(property(after))
                            .effect(Effect::Swaps)
                            .specific(),
                    );
                }
                let (from, to) = (self.tags(Side::Base, old), self.tags(Side::Head, new));
                self.mappings(slot, from, to, lone);
                let rest = super::keywords::changed_keywords(before, after, |key, _| {
                    matches!(key, "propertyName" | "mapping")
                });
                self.keywords(slot, rest);
            }
        }
    }

    /// The type of each tag: from the mapping, or from the names of the alternatives.
    fn tags(&self, side: Side, view: &View<'a>) -> Tags<'a> {
        let description = self.description(side);
        let mut tags = Tags::new();
        let mapping = view.discriminator.and_then(|spot| spot.get("mapping"));
        for entry in mapping.map(|spot| spot.entries()).unwrap_or_default() {
            let Some(target) = entry.node.as_str() else {
                continue;
            };
            let tag = Tag {
                // A bare name is also the name of a schema.
                target: description.schema_name(target).unwrap_or(target),
                spot: Spot::of(entry),
                is_implied: false,
            };
            tags.insert(&entry.key, tag);
        }
        for spot in view.choices.iter().flat_map(|choice| &choice.alternatives) {
            let name = spot
                .text("$ref")
                .and_then(|reference| description.schema_name(reference));
            if let Some(name) = name
                && !tags.values().any(|tag| tag.target == name)
            {
                let tag = Tag {
                    target: name,
                    spot: *spot,
                    is_implied: true,
                };
                tags.entry(name).or_insert(tag);
            }
        }
        tags
    }

    fn mappings(&mut self, slot: &Slot<'a>, from: Tags<'a>, to: Tags<'a>, lone: &Lone<'a>) {
        for tag in from.values().chain(to.values()) {
            self.look(tag.spot);
        }
        let mut lost: Vec<_> = from
            .iter()
            .filter(|(tag, _)| !to.contains_key(*tag))
            .collect();
        for (tag, new) in &to {
            let twin = match from.get(tag) {
                Some(old) if self.is_same_target(old.target, new.target) => continue,
                Some(old) => Some((*tag, *old)),
                // The same type with another tag.
                None => {
                    let index = lost
                        .iter()
                        .position(|(_, old)| self.is_same_target(old.target, new.target));
                    index.map(|index| {
                        let (tag, old) = lost.remove(index);
                        (*tag, *old)
                    })
                }
            };
            let new_type = self.target_text(Side::Head, new.target);
            let difference = match twin {
                Some((old_tag, old)) => {
                    let old_type = self.target_text(Side::Base, old.target);
                    Difference::of(
                        FindingKind::DiscriminatorMappingChanged,
                        slot,
                        Some(old.spot),
                        Some(new.spot),
                    )
                    .from(format!("{old_tag} → {old_type}"))
                    .to(format!("{tag} → {new_type}"))
                    .effect(Effect::Swaps)
                }
                None if new.is_implied || lone.contains(&(Side::Head, new.target)) => continue,
                None => Difference::at(
                    FindingKind::DiscriminatorMappingAdded,
                    slot,
                    Side::Head,
                    new.spot,
                )
                .to(new_type)
                .effect(Effect::Grows)
                .touch(slot.touch.member(None, Some(tag), Touched::Variant)),
            };
            self.note(
                difference
                    .subject(format!("{}.{tag}", slot.subject))
                    .specific(),
            );
        }
        for (tag, old) in lost {
            if old.is_implied || lone.contains(&(Side::Base, old.target)) {
                continue;
            }
            let old_type = self.target_text(Side::Base, old.target);
            self.note(
                Difference::at(
                    FindingKind::DiscriminatorMappingRemoved,
                    slot,
                    Side::Base,
                    old.spot,
                )
                .subject(format!("{}.{tag}", slot.subject))
                .from(old_type)
                .effect(Effect::Tightens)
                .touch(slot.touch.member(Some(tag), None, Touched::Variant))
                .specific(),
            );
        }
    }

    fn is_same_target(&self, from: &str, to: &str) -> bool {
        let is_nowhere =
            !self.base.schemas.contains_key(from) && !self.head.schemas.contains_key(to);
        self.pairs.are_paired(from, to) || (from == to && is_nowhere)
    }

    /// The type of a tag, which may not exist.
    fn target_text(&self, side: Side, target: &str) -> String {
        let description = self.description(side);
        match description.schemas.contains_key(target) {
            true => description.short_name(target),
            false => format!("{target}, which is not there"),
        }
    }
}
