//! Compares objects: properties with those of their bases, and what is not declared.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Description, Place};
use super::super::finding::{Kind as Finding, Side};
use super::super::schema::{Additional, Kind, Object, Property, Shape};
use super::super::wire::Effect;
use super::flat::Flat;
use super::{Comparison, Difference, Role, Slot, Touched};

/// What the full flavour says of every subtype and of every page, and the compact one does not.
const FLAVOURED_PROPERTIES: [&str; 2] = ["@odata.type", "@odata.count"];

impl<'a> Comparison<'a> {
    pub(super) fn objects(&mut self, slot: &Slot<'a>, old: &Object<'a>, new: &Object<'a>) {
        let (base, head) = (self.base.flattened(old), self.head.flattened(new));
        let (old_bases, new_bases) = (self.base.bases(old), self.head.bases(new));
        let mut lost = Vec::new();
        let mut gained = Vec::new();
        let mut removed = Vec::new();
        let mut added = Vec::new();
        for (name, from) in &base {
            match head.get(name) {
                Some(to) => self.kept_property(slot, name, from, to),
                None if self.is_flavoured(name) => {}
                None => match from.base {
                    None => removed.push(Property {
                        name,
                        place: from.place,
                        required: from.required,
                    }),
                    // Where the base is still the base, it is the base that lost it.
                    Some(owner) if self.still_extends(owner, &new_bases) => {}
                    Some(_) => lost.push(*name),
                },
            }
        }
        for (name, to) in &head {
            if base.contains_key(name) || self.is_flavoured(name) {
                continue;
            }
            match to.base {
                None => added.push(Property {
                    name,
                    place: to.place,
                    required: to.required,
                }),
                Some(owner) if self.extended_already(owner, &old_bases) => {}
                Some(_) => gained.push((*name, to.required)),
            }
        }
        self.unnamed_bases(&base, &head, &old_bases, &new_bases);
        if !lost.is_empty() || !gained.is_empty() {
            self.base_changed(slot, old, new, &lost, &gained);
        }
        self.properties(slot, old, new, removed, added);
        self.discriminators(slot, old.discriminator, new.discriminator);
        self.additional(slot, old.additional, new.additional);
    }

    fn is_flavoured(&self, name: &str) -> bool {
        self.flavours_differ && FLAVOURED_PROPERTIES.contains(&name)
    }

    fn still_extends(&self, base: &str, head_bases: &BTreeSet<&str>) -> bool {
        self.pairs
            .to_head
            .get(base)
            .is_some_and(|twin| head_bases.contains(twin))
    }

    fn extended_already(&self, head: &str, base_bases: &BTreeSet<&str>) -> bool {
        self.pairs
            .to_base
            .get(head)
            .is_some_and(|twin| base_bases.contains(twin))
    }

    /// A base whose properties the other side has without it stands there without a name.
    fn unnamed_bases(
        &mut self,
        base: &BTreeMap<&'a str, Flat<'a>>,
        head: &BTreeMap<&'a str, Flat<'a>>,
        old_bases: &BTreeSet<&'a str>,
        new_bases: &BTreeSet<&'a str>,
    ) {
        for (side, bases, own, other) in [
            (Side::Base, old_bases, base, head),
            (Side::Head, new_bases, head, base),
        ] {
            for name in bases {
                let is_there = own
                    .iter()
                    .filter(|(_, property)| property.base == Some(*name))
                    .all(|(property, _)| {
                        other.contains_key(property) || self.is_flavoured(property)
                    });
                if is_there {
                    self.mark_inlined(side, name);
                }
            }
        }
    }

    fn base_changed(
        &mut self,
        slot: &Slot<'a>,
        old: &Object<'a>,
        new: &Object<'a>,
        lost: &[&str],
        gained: &[(&str, bool)],
    ) {
        let names =
            |description: &Description<'a>, object: &Object<'a>| match object.bases.is_empty() {
                true => "nothing".to_owned(),
                false => object
                    .bases
                    .iter()
                    .map(|name| description.short_name(name))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
        let effect = match (
            lost.is_empty(),
            gained.iter().any(|(_, required)| *required),
        ) {
            (false, _) => Effect::Withdraws,
            (true, true) => Effect::Tightens,
            (true, false) => Effect::Offers,
        };
        let mut detail: Vec<String> = lost.iter().map(|name| format!("-{name}")).collect();
        detail.extend(gained.iter().map(|(name, _)| format!("+{name}")));
        let difference = Difference::at(Finding::SchemaBaseChanged, slot, Side::Head, slot.whole.1)
            .from(names(self.base, old))
            .to(names(self.head, new))
            .detail(detail.join(" "))
            .effect(effect);
        self.note(difference.specific());
    }

    fn kept_property(&mut self, slot: &Slot<'a>, name: &'a str, from: &Flat<'a>, to: &Flat<'a>) {
        if let (Some(base), Some(head)) = (from.base, to.base)
            && self.pairs.are_paired(base, head)
        {
            // The bases are compared with each other; only what is said of the property here is left.
            let told_by_base =
                self.requires(self.base, base, name) != self.requires(self.head, head, name);
            if from.required != to.required && !told_by_base {
                self.required(slot, name, from, to);
            }
            return;
        }
        self.property(slot, name, name, from, to);
    }

    fn requires(&self, description: &Description<'a>, schema: &str, property: &str) -> bool {
        description.schemas.get(schema).is_some_and(|place| {
            match Shape::read(*place, description).kind {
                Kind::Object(object) => description
                    .flattened(&object)
                    .get(property)
                    .is_some_and(|flat| flat.required),
                _ => false,
            }
        })
    }

    /// Compares one property that is on both sides, under one name or two.
    pub(super) fn property(
        &mut self,
        slot: &Slot<'a>,
        old_name: &'a str,
        new_name: &'a str,
        from: &Flat<'a>,
        to: &Flat<'a>,
    ) {
        let inner = self.property_slot(slot, old_name, new_name, from.place, to.place);
        if from.required != to.required && !self.is_flavoured(new_name) {
            self.required(slot, new_name, from, to);
        }
        self.types(&inner, from.place, to.place);
    }

    pub(super) fn property_slot(
        &self,
        slot: &Slot<'a>,
        old_name: &str,
        new_name: &str,
        from: Place<'a>,
        to: Place<'a>,
    ) -> Slot<'a> {
        Slot {
            role: Role::Property,
            subject: format!("{}.{new_name}", slot.subject.trim_end_matches("[]")),
            owner: slot.owner.clone(),
            touch: slot
                .touch
                .member(Some(old_name), Some(new_name), Touched::Field),
            whole: (from, to),
            cause: slot
                .cause
                .as_ref()
                .map(|cause| format!("{cause}.{new_name}")),
            shared_subject: None,
        }
    }

    fn required(&mut self, slot: &Slot<'a>, name: &'a str, from: &Flat<'a>, to: &Flat<'a>) {
        let inner = self.property_slot(slot, name, name, from.place, to.place);
        let word = |required: bool| if required { "required" } else { "optional" };
        let effect = match to.required {
            true => Effect::Tightens,
            false => Effect::Loosens,
        };
        self.note(
            Difference::at(
                Finding::PropertyRequiredChanged,
                &inner,
                Side::Head,
                to.place,
            )
            .from(word(from.required))
            .to(word(to.required))
            .effect(effect)
            .specific(),
        );
    }

    fn additional(&mut self, slot: &Slot<'a>, old: Additional<'a>, new: Additional<'a>) {
        let place_of = |additional: Additional<'a>| match additional {
            Additional::Open => None,
            Additional::Closed(place) | Additional::Typed(place) => Some(place),
        };
        let text = |description: &Description<'a>, additional: Additional<'a>| match additional {
            Additional::Open => "accepted".to_owned(),
            Additional::Closed(_) => "refused".to_owned(),
            Additional::Typed(place) => Shape::read(place, description).type_text(description),
        };
        let effect = match (old, new) {
            (Additional::Open, Additional::Open)
            | (Additional::Closed(_), Additional::Closed(_)) => return,
            (Additional::Typed(from), Additional::Typed(to)) => {
                let inner = Slot {
                    whole: (from, to),
                    ..slot.part(".*")
                };
                return self.types(&inner, from, to);
            }
            (Additional::Open, _) | (Additional::Typed(_), Additional::Closed(_)) => {
                Effect::Tightens
            }
            (_, Additional::Open) | (Additional::Closed(_), Additional::Typed(_)) => {
                Effect::Loosens
            }
        };
        let place = place_of(new).unwrap_or(slot.whole.1);
        self.note(
            Difference::at(
                Finding::AdditionalPropertiesChanged,
                slot,
                Side::Head,
                place,
            )
            .from(text(self.base, old))
            .to(text(self.head, new))
            .effect(effect)
            .specific(),
        );
    }
}
