//! Properties that only one side has: paired if one seems to have become the other, else removed and added.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::same;
use super::super::schema::{Form, ObjectForm, PropertyForm, View};
use super::super::wire::Effect;
use super::super::words::closeness;
use super::flat::Flat;
use super::objects::{is_open, owner_of_property, ways};
use super::{Comparison, Difference, Slot, Touched};

/// Below this similarity, a removed and an added part are not paired.
pub(super) const SURE_ENOUGH: f64 = 0.5;

/// Pairs by similarity, the most certain first; each part is in at most one pair.
pub(super) fn best_pairs(
    removed: usize,
    added: usize,
    likeness: impl Fn(usize, usize) -> f64,
) -> Vec<(usize, usize, f64)> {
    let mut all = Vec::new();
    for old in 0..removed {
        for new in 0..added {
            let certainty = likeness(old, new);
            if certainty >= SURE_ENOUGH {
                all.push((old, new, certainty));
            }
        }
    }
    all.sort_by(|left, right| {
        right
            .2
            .total_cmp(&left.2)
            .then_with(|| (left.0, left.1).cmp(&(right.0, right.1)))
    });
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (old, new, certainty) in all {
        if !pairs.iter().any(|pair| pair.0 == old || pair.1 == new) {
            pairs.push((old, new, certainty));
        }
    }
    pairs
}

impl<'a> Comparison<'a> {
    pub(super) fn properties(
        &mut self,
        slot: &Slot<'a>,
        old: &ObjectForm<'a>,
        new: &ObjectForm<'a>,
        removed: Vec<PropertyForm<'a>>,
        added: Vec<PropertyForm<'a>>,
    ) {
        let is_swap = removed.len() == 1 && added.len() == 1;
        let place_in = |object: &ObjectForm<'a>, name: &str| {
            object
                .properties
                .iter()
                .position(|property| property.name == name)
        };
        let pairs = best_pairs(removed.len(), added.len(), |from, to| {
            let (from, to) = (&removed[from], &added[to]);
            let in_place = is_swap && place_in(old, from.name) == place_in(new, to.name);
            self.property_likeness(from, to, in_place)
        });
        for (from, to, certainty) in &pairs {
            self.renamed(slot, (old, new), &removed[*from], &added[*to], *certainty);
        }
        for (index, property) in removed.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.0 == index) {
                self.removed(slot, new, property);
            }
        }
        for (index, property) in added.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.1 == index) {
                self.added(slot, property);
            }
        }
    }

    fn removed(&mut self, slot: &Slot<'a>, new: &ObjectForm<'a>, property: &PropertyForm<'a>) {
        let Some(spot) = property.spot() else { return };
        let text = self.text(Side::Base, spot);
        let name = property.name;
        // An object that accepts undeclared properties does not refuse one that is no longer declared.
        let effect = match is_open(new) && !property.required {
            true => Effect::Forgets,
            false => Effect::Withdraws,
        };
        let mut difference = Difference::at(FindingKind::PropertyRemoved, slot, Side::Base, spot)
            .subject(format!("{}.{name}", owner_of_property(slot)))
            .from(text)
            .effect(effect)
            .touch(slot.touch.member(Some(name), None, Touched::Field))
            .named(name);
        difference.travels = slot.travels.through(ways(spot));
        self.note(difference);
        property
            .spots
            .iter()
            .for_each(|spot| self.look_at_all(*spot));
    }

    fn added(&mut self, slot: &Slot<'a>, property: &PropertyForm<'a>) {
        let Some(spot) = property.spot() else { return };
        let text = self.text(Side::Head, spot);
        let name = property.name;
        let (detail, effect) = match property.required {
            true => ("required", Effect::Tightens),
            false => ("", Effect::Offers),
        };
        let mut difference = Difference::at(FindingKind::PropertyAdded, slot, Side::Head, spot)
            .subject(format!("{}.{name}", owner_of_property(slot)))
            .to(text)
            .detail(detail)
            .effect(effect)
            .touch(slot.touch.member(None, Some(name), Touched::Field))
            .named(name);
        difference.travels = slot.travels.through(ways(spot));
        self.note(difference);
        property
            .spots
            .iter()
            .for_each(|spot| self.look_at_all(*spot));
    }

    pub(super) fn text(&self, side: Side, spot: Spot<'a>) -> String {
        let description = self.description(side);
        View::of(spot, description).type_text(description)
    }

    fn renamed(
        &mut self,
        slot: &Slot<'a>,
        objects: (&ObjectForm<'a>, &ObjectForm<'a>),
        from: &PropertyForm<'a>,
        to: &PropertyForm<'a>,
        certainty: f64,
    ) {
        let (Some(before), Some(after)) = (from.spot(), to.spot()) else {
            return;
        };
        let inner = self.property_slot(slot, from.name, to.name, before, after);
        self.note(
            Difference::of(
                FindingKind::PropertyRenamed,
                &inner,
                Some(before),
                Some(after),
            )
            .from(from.name)
            .to(to.name)
            .effect(Effect::Withdraws)
            .certainty(certainty),
        );
        let flat = |property: &PropertyForm<'a>| Flat {
            spots: property.spots.clone(),
            required: property.required,
            base: None,
        };
        self.property(slot, objects, (from.name, to.name), &flat(from), &flat(to));
    }

    /// The probability that a property became another one.
    fn property_likeness(
        &self,
        from: &PropertyForm<'a>,
        to: &PropertyForm<'a>,
        in_place: bool,
    ) -> f64 {
        let (Some(before), Some(after)) = (from.spot(), to.spot()) else {
            return 0.0;
        };
        let name = closeness(from.name, to.name);
        if !self.is_of_one_type(&from.spots, &to.spots) {
            // Only for a mere change of case may the type differ as well.
            return if name == 1.0 { 0.9 } else { 0.0 };
        }
        let description = |spot: Spot<'a>| {
            spot.text("description")
                .map(str::trim)
                .filter(|text| text.len() > 3)
        };
        let told_alike = match (description(before), description(after)) {
            (Some(old), Some(new)) => old == new,
            _ => false,
        };
        if name == 1.0 {
            return 0.99;
        }
        if told_alike {
            return 0.85 + 0.1 * name;
        }
        // A name is weak evidence if many properties have the same type, as strings do.
        let plain = matches!(
            View::of(after, self.head).form,
            Form::Text | Form::Boolean | Form::Integer
        );
        let threshold = if plain { 0.55 } else { 0.5 };
        match (name >= threshold, in_place) {
            (true, _) => name,
            (false, true) if same(before.node, after.node) => 0.5 + 0.2 * name,
            _ => 0.0,
        }
    }

    /// The same type, except for null.
    fn is_of_one_type(&self, from: &[Spot<'a>], to: &[Spot<'a>]) -> bool {
        let old = View::read(from, self.base);
        let new = View::read(to, self.head);
        match (&old.form, &new.form) {
            (Form::Reference(from), Form::Reference(to)) => self.pairs.are_paired(from, to),
            (Form::Array(from), Form::Array(to)) if !from.is_empty() && !to.is_empty() => {
                self.is_of_one_type(from, to)
            }
            _ => {
                old.format == new.format
                    && old.type_text(self.base).trim_end_matches('?')
                        == new.type_text(self.head).trim_end_matches('?')
            }
        }
    }
}

impl Difference<'_> {
    /// If the whole object occurs at several locations, the change to this member has one cause.
    fn named(mut self, name: &str) -> Self {
        if let Some(cause) = &mut self.cause {
            cause.push_str(&format!(".{name}"));
        }
        self
    }
}
