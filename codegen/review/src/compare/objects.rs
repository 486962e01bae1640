//! Compares objects: properties with those of their bases, and undeclared properties.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Description, Spot};
use super::super::finding::{FindingKind, Side};
use super::super::schema::{Additional, ObjectForm, PropertyForm, View};
use super::super::wire::{Direction, Effect};
use super::flat::Flat;
use super::{Comparison, Difference, Owner, Role, Slot, Touched};

/// Properties of every subtype and every page in the full flavour that the compact one lacks.
const FLAVOURED_PROPERTIES: [&str; 2] = ["@odata.type", "@odata.count"];

/// Properties that one side inherits and the other side lacks.
#[derive(Default)]
struct ByBase<'a> {
    lost: Vec<(&'a str, bool)>,
    gained: Vec<(&'a str, bool)>,
}

impl<'a> Comparison<'a> {
    pub(super) fn objects(&mut self, slot: &Slot<'a>, old: &ObjectForm<'a>, new: &ObjectForm<'a>) {
        let (base, head) = (self.base.flattened(old), self.head.flattened(new));
        let (old_bases, new_bases) = (self.base.bases(old), self.head.bases(new));
        let mut by_base = ByBase::default();
        let mut removed = Vec::new();
        let mut added = Vec::new();
        let lone = |name: &'a str, flat: &Flat<'a>| PropertyForm {
            name,
            spots: flat.spots.clone(),
            required: flat.required,
        };
        for (name, from) in &base {
            match head.get(name) {
                Some(to) => self.kept_property(slot, (old, new), name, from, to),
                None if self.is_flavoured(name) => {
                    from.spots.iter().for_each(|spot| self.look_at_all(*spot))
                }
                None => match from.base {
                    None => removed.push(lone(name, from)),
                    // If the base is still the base, the base lost it.
                    Some(owner) if self.still_extends(owner, &new_bases) => {}
                    Some(_) => by_base.lost.push((*name, from.required)),
                },
            }
        }
        for (name, to) in &head {
            if base.contains_key(name) {
                continue;
            }
            if self.is_flavoured(name) {
                to.spots.iter().for_each(|spot| self.look_at_all(*spot));
                continue;
            }
            match to.base {
                None => added.push(lone(name, to)),
                Some(owner) if self.extended_already(owner, &old_bases) => {}
                Some(_) => by_base.gained.push((*name, to.required)),
            }
        }
        self.unnamed_bases(&base, &head, &old_bases, &new_bases);
        self.base_changed(slot, old, new, &by_base);
        self.properties(slot, old, new, removed, added);
        self.required_undeclared(slot, old, new, (&base, &head));
        self.additional(slot, &old.additional, &new.additional);
    }

    pub(super) fn is_flavoured(&self, name: &str) -> bool {
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

    /// A base whose properties the other side has directly is inline there.
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

    /// The keywords of a base that was added or removed, beside the properties that are compared: if the other side
    /// lacks them, they are reported.
    pub(super) fn hidden_in_bases(
        &mut self,
        slot: &Slot<'a>,
        (old, old_form): (&View<'a>, &ObjectForm<'a>),
        (new, new_form): (&View<'a>, &ObjectForm<'a>),
    ) {
        let (from, to) = (old_form, new_form);
        let are_same = from.bases.len() == to.bases.len()
            && from.bases.iter().all(|base| {
                let is_twin = |head: &&str| self.pairs.are_paired(base, head);
                to.bases.iter().any(is_twin)
            });
        if are_same {
            return;
        }
        let trial = self.trial_in_place(slot, &old.spots, &new.spots);
        // The texts of a base with properties are about the base, and not about its subtypes.
        let is_of_texts = |description: &Description<'a>, bases: &[&'a str]| {
            bases.iter().all(|name| description.declares_nothing(name))
        };
        let is_told = trial.is_told
            && is_of_texts(self.base, &from.bases)
            && is_of_texts(self.head, &to.bases);
        if trial.differs || is_told {
            let (from, to) = (base_names(self.base, from), base_names(self.head, to));
            let kind = FindingKind::SchemaBaseChanged;
            let (side, spot) = self.place_of_bases(slot, (&old_form.bases, &new_form.bases));
            self.note(
                Difference::at(kind, slot, side, spot)
                    .from(from)
                    .to(to)
                    .effect(trial.effect)
                    .specific(),
            );
        }
    }

    /// The location of a new base, or of one that was removed.
    fn place_of_bases(
        &self,
        slot: &Slot<'a>,
        (old, new): (&[&'a str], &[&'a str]),
    ) -> (Side, Spot<'a>) {
        let gained = new
            .iter()
            .find(|head| !old.iter().any(|base| self.pairs.are_paired(base, head)));
        let lost = old
            .iter()
            .find(|base| !new.iter().any(|head| self.pairs.are_paired(base, head)));
        let in_head = gained.and_then(|name| reference_to(name, slot.whole.1, self.head));
        let in_base = lost.and_then(|name| reference_to(name, slot.whole.0, self.base));
        match (in_head, in_base) {
            (Some(spot), _) => (Side::Head, spot),
            (None, Some(spot)) => (Side::Base, spot),
            (None, None) => (Side::Head, slot.whole.1),
        }
    }

    fn base_changed(
        &mut self,
        slot: &Slot<'a>,
        old: &ObjectForm<'a>,
        new: &ObjectForm<'a>,
        by_base: &ByBase<'a>,
    ) {
        let ByBase { lost, gained } = by_base;
        if lost.is_empty() && gained.is_empty() {
            return;
        }
        let demands = |names: &[(&str, bool)]| names.iter().any(|(_, required)| *required);
        let effect = match (lost.is_empty(), demands(gained)) {
            (false, _) if demands(lost) || demands(gained) || !is_open(new) => Effect::Withdraws,
            (false, _) => Effect::Forgets,
            (true, true) => Effect::Tightens,
            (true, false) => Effect::Offers,
        };
        let mut detail: Vec<String> = lost.iter().map(|(name, _)| format!("-{name}")).collect();
        detail.extend(gained.iter().map(|(name, _)| format!("+{name}")));
        let (side, spot) = self.place_of_bases(slot, (&old.bases, &new.bases));
        let kind = FindingKind::SchemaBaseChanged;
        let difference = Difference::at(kind, slot, side, spot)
            .from(base_names(self.base, old))
            .to(base_names(self.head, new))
            .detail(detail.join(" "))
            .effect(effect);
        self.note(difference.specific());
    }

    fn kept_property(
        &mut self,
        slot: &Slot<'a>,
        objects: (&ObjectForm<'a>, &ObjectForm<'a>),
        name: &'a str,
        from: &Flat<'a>,
        to: &Flat<'a>,
    ) {
        if let (Some(base), Some(head)) = (from.base, to.base)
            && self.pairs.are_paired(base, head)
        {
            // The bases are compared with each other; here, only the subtype's own keywords of the property are left.
            let told_by_base = self.base.requires(base, name) != self.head.requires(head, name);
            if from.required != to.required && !told_by_base {
                self.required(slot, objects, name, from, to);
            }
            return;
        }
        self.property(slot, objects, (name, name), from, to);
    }

    /// Compares one property of both sides, with the same name or a new one.
    pub(super) fn property(
        &mut self,
        slot: &Slot<'a>,
        objects: (&ObjectForm<'a>, &ObjectForm<'a>),
        (old_name, new_name): (&'a str, &'a str),
        from: &Flat<'a>,
        to: &Flat<'a>,
    ) {
        let (Some(before), Some(after)) = (from.spot(), to.spot()) else {
            return;
        };
        let inner = self.property_slot(slot, old_name, new_name, before, after);
        if from.required != to.required && !self.is_flavoured(new_name) {
            self.required(slot, objects, new_name, from, to);
        }
        self.parts(&inner, &from.spots, &to.spots);
    }

    pub(super) fn property_slot(
        &self,
        slot: &Slot<'a>,
        old_name: &str,
        new_name: &str,
        from: Spot<'a>,
        to: Spot<'a>,
    ) -> Slot<'a> {
        Slot {
            role: Role::Property,
            subject: format!("{}.{new_name}", owner_of_property(slot)),
            touch: slot
                .touch
                .member(Some(old_name), Some(new_name), Touched::Field),
            whole: (from, to),
            travels: slot.travels.through(ways(from).and(ways(to))),
            ignores_null: false,
            cause: slot
                .cause
                .as_ref()
                .map(|cause| format!("{cause}.{new_name}")),
            shared_subject: None,
            ..slot.clone()
        }
    }

    fn additional(&mut self, slot: &Slot<'a>, old: &Additional<'a>, new: &Additional<'a>) {
        let spot_of = |additional: &Additional<'a>| match additional {
            Additional::Open => None,
            Additional::Closed(spot) => Some(*spot),
            Additional::Typed(spots) => spots.first().copied(),
        };
        let text = |description: &Description<'a>, additional: &Additional<'a>| match additional {
            Additional::Open => "accepted".to_owned(),
            Additional::Closed(_) => "refused".to_owned(),
            Additional::Typed(spots) => View::read(spots, description).type_text(description),
        };
        let anything = slot.part(".*");
        let effect = match (old, new) {
            (Additional::Typed(spots), Additional::Open)
                if self.anything_came_or_went(&anything, Side::Base, spots) =>
            {
                return;
            }
            (Additional::Open, Additional::Typed(spots))
                if self.anything_came_or_went(&anything, Side::Head, spots) =>
            {
                return;
            }
            (Additional::Open, Additional::Open)
            | (Additional::Closed(_), Additional::Closed(_)) => return,
            (Additional::Typed(from), Additional::Typed(to)) => {
                if let (Some(before), Some(after)) = (spot_of(old), spot_of(new)) {
                    let inner = Slot {
                        ignores_null: false,
                        ..slot.part(".*").between(before, after)
                    };
                    self.parts(&inner, from, to);
                }
                return;
            }
            (Additional::Open, _) | (Additional::Typed(_), Additional::Closed(_)) => {
                Effect::Tightens
            }
            (_, Additional::Open) | (Additional::Closed(_), Additional::Typed(_)) => {
                Effect::Loosens
            }
        };
        // If anything is valid, an explicit declaration changes nothing.
        let said = |spot: Spot<'a>| spot.get("additionalProperties");
        let before = spot_of(old).or_else(|| said(slot.whole.0));
        let after = spot_of(new).or_else(|| said(slot.whole.1));
        self.note(
            Difference::of(
                FindingKind::AdditionalPropertiesChanged,
                slot,
                before,
                after,
            )
            .from(text(self.base, old))
            .to(text(self.head, new))
            .effect(effect)
            .specific(),
        );
    }
}

/// The location of the reference from a schema, or a part of its `allOf`, to another one.
fn reference_to<'a>(
    name: &str,
    schema: Spot<'a>,
    description: &Description<'a>,
) -> Option<Spot<'a>> {
    let own = schema.get("$ref").filter(|spot| {
        let reference = spot.node.as_str().unwrap_or_default();
        description.schema_name(reference) == Some(name)
    });
    let parts = schema
        .get("allOf")
        .map(|spot| spot.items())
        .unwrap_or_default();
    own.or_else(|| {
        parts
            .iter()
            .find_map(|part| reference_to(name, Spot::item(part), description))
    })
}

/// The bases of an object, as shown to a reader.
fn base_names(description: &Description<'_>, object: &ObjectForm<'_>) -> String {
    let names: Vec<String> = object
        .bases
        .iter()
        .map(|name| description.short_name(name))
        .collect();
    match names.is_empty() {
        true => "nothing".to_owned(),
        false => names.join(", "),
    }
}

/// The prefix of a property's subject: a body and a response of one operation are distinguished.
pub(super) fn owner_of_property(slot: &Slot<'_>) -> String {
    let subject = slot.subject.trim_end_matches("[]");
    // A shared part has a name of its own.
    let is_shared = matches!(slot.owner, Owner::Component(..));
    match slot.role {
        _ if is_shared => subject.to_owned(),
        Role::RequestBody => format!("{subject} request"),
        Role::Response => format!("{subject} response"),
        _ => subject.to_owned(),
    }
}

/// The directions in which a property can travel: no request contains a read-only one, no response a write-only one.
pub(crate) fn ways(spot: Spot<'_>) -> Direction {
    match (spot.flag("readOnly"), spot.flag("writeOnly")) {
        (true, false) => Direction::RESPONSE,
        (false, true) => Direction::REQUEST,
        _ => Direction::BOTH,
    }
}

/// Whether an object accepts undeclared properties.
pub(super) fn is_open(object: &ObjectForm<'_>) -> bool {
    matches!(object.additional, Additional::Open)
}
