//! Properties that are only on one side: paired where one seems to have become the other, else removed and added.

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::same::same;
use super::super::schema::{Kind, Object, Property, Shape};
use super::super::wire::Effect;
use super::super::words::closeness;
use super::flat::Flat;
use super::{Comparison, Difference, Slot, Touched};

/// Below this a removed and an added part are two different ones.
pub(super) const SURE_ENOUGH: f64 = 0.5;

/// Pairs by likeness, the surest first; each side of a pair stands in no other one.
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
        old: &Object<'a>,
        new: &Object<'a>,
        removed: Vec<Property<'a>>,
        added: Vec<Property<'a>>,
    ) {
        let is_swap = removed.len() == 1 && added.len() == 1;
        let place_in = |object: &Object<'a>, name: &str| {
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
            self.renamed(slot, &removed[*from], &added[*to], *certainty);
        }
        for (index, property) in removed.iter().enumerate() {
            if pairs.iter().any(|pair| pair.0 == index) {
                continue;
            }
            let text = self.text(Side::Base, property.place);
            let name = property.name;
            self.note(
                Difference::at(Finding::PropertyRemoved, slot, Side::Base, property.place)
                    .subject(format!("{}.{name}", slot.subject.trim_end_matches("[]")))
                    .from(text)
                    .effect(Effect::Withdraws)
                    .touch(slot.touch.member(Some(name), None, Touched::Field))
                    .named(name),
            );
        }
        for (index, property) in added.iter().enumerate() {
            if pairs.iter().any(|pair| pair.1 == index) {
                continue;
            }
            let text = self.text(Side::Head, property.place);
            let name = property.name;
            let effect = match property.required {
                true => Effect::Tightens,
                false => Effect::Offers,
            };
            let detail = if property.required { "required" } else { "" };
            self.note(
                Difference::at(Finding::PropertyAdded, slot, Side::Head, property.place)
                    .subject(format!("{}.{name}", slot.subject.trim_end_matches("[]")))
                    .to(text)
                    .detail(detail)
                    .effect(effect)
                    .touch(slot.touch.member(None, Some(name), Touched::Field))
                    .named(name),
            );
        }
    }

    pub(super) fn text(&self, side: Side, place: Place<'a>) -> String {
        let description = self.description(side);
        Shape::read(place, description).type_text(description)
    }

    fn renamed(&mut self, slot: &Slot<'a>, from: &Property<'a>, to: &Property<'a>, certainty: f64) {
        let inner = self.property_slot(slot, from.name, to.name, from.place, to.place);
        self.note(
            Difference::at(Finding::PropertyRenamed, &inner, Side::Head, to.place)
                .from(from.name)
                .to(to.name)
                .effect(Effect::Withdraws)
                .certainty(certainty),
        );
        let flat = |property: &Property<'a>| Flat {
            place: property.place,
            required: property.required,
            base: None,
        };
        self.property(slot, from.name, to.name, &flat(from), &flat(to));
    }

    /// How likely it is that a property became another one.
    fn property_likeness(&self, from: &Property<'a>, to: &Property<'a>, in_place: bool) -> f64 {
        let name = closeness(from.name, to.name);
        if !self.is_of_one_type(from.place, to.place) {
            // Only a change of case is so sure that the type may be another as well.
            return if name == 1.0 { 0.9 } else { 0.0 };
        }
        let description = |place: Place<'a>| {
            place
                .text("description")
                .map(str::trim)
                .filter(|text| text.len() > 3)
        };
        let told_alike = match (description(from.place), description(to.place)) {
            (Some(old), Some(new)) => old == new,
            _ => false,
        };
        if name == 1.0 {
            return 0.99;
        }
        if told_alike {
            return 0.85 + 0.1 * name;
        }
        // A name says little where many properties have the same type, as texts have.
        let plain = matches!(
            Shape::read(to.place, self.head).kind,
            Kind::Text | Kind::Boolean | Kind::Integer
        );
        let threshold = if plain { 0.55 } else { 0.5 };
        match (name >= threshold, in_place) {
            (true, _) => name,
            (false, true) if same(from.place.node, to.place.node) => 0.5 + 0.2 * name,
            _ => 0.0,
        }
    }

    /// The same type but for null.
    fn is_of_one_type(&self, from: Place<'a>, to: Place<'a>) -> bool {
        let old = Shape::read(from, self.base);
        let new = Shape::read(to, self.head);
        match (&old.kind, &new.kind) {
            (Kind::Reference(from), Kind::Reference(to)) => self.pairs.are_paired(from, to),
            (Kind::Array(Some(from)), Kind::Array(Some(to))) => self.is_of_one_type(*from, *to),
            _ => {
                old.format == new.format
                    && old.type_text(self.base).trim_end_matches('?')
                        == new.type_text(self.head).trim_end_matches('?')
            }
        }
    }
}

impl Difference<'_> {
    /// Where the whole object stands at several places, this member of it has one cause.
    fn named(mut self, name: &str) -> Self {
        if let Some(cause) = &mut self.cause {
            cause.push_str(&format!(".{name}"));
        }
        self
    }
}
