//! Compares the required names of an object: its properties, and undeclared names.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::schema::ObjectForm;
use super::super::wire::Effect;
use super::flat::Flat;
use super::objects::owner_of_property;
use super::{Comparison, Difference, Slot, Touched};

impl<'a> Comparison<'a> {
    /// A property of both sides that became required, or optional.
    pub(super) fn required(
        &mut self,
        slot: &Slot<'a>,
        objects: (&ObjectForm<'a>, &ObjectForm<'a>),
        name: &'a str,
        from: &Flat<'a>,
        to: &Flat<'a>,
    ) {
        let (Some(before), Some(after)) = (from.spot(), to.spot()) else {
            return;
        };
        let inner = self.property_slot(slot, name, name, before, after);
        self.demanded(&inner, objects, name, (from.required, to.required), after);
    }

    /// Required names that neither side declares.
    pub(super) fn required_undeclared(
        &mut self,
        slot: &Slot<'a>,
        old: &ObjectForm<'a>,
        new: &ObjectForm<'a>,
        (base, head): (&BTreeMap<&'a str, Flat<'a>>, &BTreeMap<&'a str, Flat<'a>>),
    ) {
        let demands = |object: &ObjectForm<'a>, name: &str| {
            object.required.iter().any(|(known, _)| *known == name)
        };
        let names: BTreeSet<&'a str> = old
            .required
            .iter()
            .chain(&new.required)
            .map(|(name, _)| *name)
            .collect();
        for name in names {
            let (was, is) = (demands(old, name), demands(new, name));
            if was == is
                || base.contains_key(name)
                || head.contains_key(name)
                || self.is_flavoured(name)
            {
                continue;
            }
            let inner = Slot {
                subject: format!("{}.{name}", owner_of_property(slot)),
                touch: slot.touch.member(Some(name), Some(name), Touched::Field),
                ..slot.clone()
            };
            self.demanded(&inner, (old, new), name, (was, is), slot.whole.1);
        }
    }

    fn demanded(
        &mut self,
        slot: &Slot<'a>,
        (old, new): (&ObjectForm<'a>, &ObjectForm<'a>),
        name: &str,
        (was, is): (bool, bool),
        fallback: Spot<'a>,
    ) {
        let word = |required: bool| if required { "required" } else { "optional" };
        let effect = match is {
            true => Effect::Tightens,
            false => Effect::Loosens,
        };
        let entry = |object: &ObjectForm<'a>| {
            let known = object.required.iter().find(|(known, _)| *known == name);
            known.map(|(_, spot)| *spot)
        };
        // The location: the entry; if it was removed, the list; if the list was removed, its former location.
        let (side, spot) = match (entry(new), new.required_lists.first(), entry(old)) {
            (Some(spot), ..) => (Side::Head, spot),
            (None, Some(list), _) => (Side::Head, *list),
            (None, None, Some(spot)) => (Side::Base, spot),
            (None, None, None) => (Side::Head, fallback),
        };
        self.note(
            Difference::at(FindingKind::PropertyRequiredChanged, slot, side, spot)
                .from(word(was))
                .to(word(is))
                .effect(effect)
                .specific(),
        );
    }
}
