//! Compares two types in normal form, named or inline.

use std::cmp::Ordering;

use super::super::document::{Spot, has_pointers};
use super::super::finding::{FindingKind, Side};
use super::super::same::same;
use super::super::schema::{Form, ObjectForm, View};
use super::super::wire::Effect;
use super::kinds::{are_of_other_kinds, is_plain, is_within, names, relation, type_kind, wider};
use super::{Comparison, Difference, Pair, Role, Slot};

impl<'a> Comparison<'a> {
    /// Compares two types as written.
    pub(super) fn types(&mut self, slot: &Slot<'a>, base: Spot<'a>, head: Spot<'a>) {
        self.parts(slot, &[base], &[head]);
    }

    /// Compares the combination of several schemas with that of several others.
    pub(super) fn parts(&mut self, slot: &Slot<'a>, base: &[Spot<'a>], head: &[Spot<'a>]) {
        if base.is_empty() || head.is_empty() {
            return;
        }
        for (from, to) in base.iter().zip(head) {
            self.twin(*from, *to);
        }
        let is_same = base.len() == head.len()
            && base
                .iter()
                .zip(head)
                .all(|(from, to)| self.means_the_same(*from, *to));
        let pair = pair_of(base, head);
        // A pair that is already being compared ends a cycle.
        if is_same || !self.open.insert(pair.clone()) {
            return;
        }
        for spot in base.iter().chain(head) {
            self.look(*spot);
        }
        let old = View::read(base, self.base);
        let new = View::read(head, self.head);
        self.views(slot, &old, &new);
        self.open.remove(&pair);
    }

    /// Equal text means the same, because a name on both sides is one schema; but the target of a pointer may still
    /// differ.
    fn means_the_same(&self, from: Spot<'a>, to: Spot<'a>) -> bool {
        same(from.node, to.node)
            && !((self.base.has_pointers || self.head.has_pointers) && has_pointers(from.node))
    }

    pub(super) fn views(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        // If both sides contradict themselves, no part is compared: the leftovers report the differences.
        if !(matches!(old.form, Form::Never) && matches!(new.form, Form::Never)) {
            self.read(old);
            self.read(new);
        }
        if (old.is_choice() || new.is_choice()) && self.choice_or_one(slot, old, new) {
            return;
        }
        match (&old.form, &new.form) {
            (Form::Reference(from), Form::Reference(to)) => {
                if self.pairs.are_paired(from, to) {
                    self.nullable(slot, old, new);
                } else {
                    self.references(slot, old, new, from, to);
                }
                self.format(slot, old, new);
                self.facets(slot, old, new);
            }
            (Form::Reference(name), _) => {
                self.named_against_inline(slot, old, new, name, Side::Base)
            }
            (_, Form::Reference(name)) => {
                self.named_against_inline(slot, old, new, name, Side::Head)
            }
            (Form::Pointer(_), _) | (_, Form::Pointer(_)) => self.in_place(slot, old, new),
            _ => self.inline(slot, old, new),
        }
    }

    /// Everything that was read for a view is marked as read.
    pub(super) fn read(&mut self, view: &View<'a>) {
        if !self.is_trial {
            self.seen.extend(view.read.iter().copied());
        }
    }

    fn inline(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        let (from, to) = (object_beside(old, new), object_beside(new, old));
        match (
            from.as_ref().unwrap_or(&old.form),
            to.as_ref().unwrap_or(&new.form),
        ) {
            (Form::Object(from), Form::Object(to)) => {
                self.typed(slot, old, new);
                let noted = self.differences.len();
                self.objects(slot, from, to);
                if self.differences.len() == noted {
                    self.hidden_in_bases(slot, (old, from), (new, to));
                }
            }
            (Form::Enumeration(from), Form::Enumeration(to)) if !are_of_other_kinds(from, to) => {
                self.enumerations(slot, from, to);
            }
            (Form::Array(from), Form::Array(to)) => {
                self.typed(slot, old, new);
                self.items(slot, from, to);
            }
            (Form::Several(from), Form::Several(to)) => self.several(slot, from, to),
            (from, to)
                if is_plain(from) && std::mem::discriminant(from) == std::mem::discriminant(to) => {
            }
            _ => {
                let effect = relation(slot.role, old, new);
                return self.other_kind(slot, old, new, effect);
            }
        }
        self.nullable(slot, old, new);
        self.format(slot, old, new);
        let lone = self.choices_beside(slot, old, new);
        self.discriminators(slot, old, new, &lone);
        self.facets(slot, old, new);
    }

    /// Properties do not constrain a value that is not an object, nor items one that is not a list: unless the type is
    /// given, such values are valid too.
    fn typed(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        let is_typed = |view: &View<'a>, side: Side| {
            view.is_typed || self.extends_typed(view, side) || self.chooses_objects(view, side)
        };
        if is_typed(old, Side::Base) == is_typed(new, Side::Head) {
            return;
        }
        let effect = match new.is_typed {
            true => Effect::Tightens,
            false => Effect::Loosens,
        };
        let word = |view: &View<'a>, text: String| match view.is_typed {
            true => text,
            false => format!("{text}, or no such thing at all"),
        };
        let (from, to) = self.whole_texts(slot);
        let (from, to) = (word(old, from), word(new, to));
        self.note(
            Difference::of(type_kind(slot.role), slot, old.type_spot, new.type_spot)
                .from(from)
                .to(to)
                .effect(effect)
                .specific(),
        );
    }

    /// Whether a base has the type object.
    fn extends_typed(&self, view: &View<'a>, side: Side) -> bool {
        let Form::Object(object) = &view.form else {
            return false;
        };
        let description = self.description(side);
        description.bases(object).into_iter().any(|base| {
            let spot = description.schemas.get(base);
            spot.is_some_and(|spot| View::of(*spot, description).is_typed)
        })
    }

    /// Whether every alternative of a choice is an object, so that the choice is one.
    fn chooses_objects(&self, view: &View<'a>, side: Side) -> bool {
        let is_object = |spot: &Spot<'a>| {
            let alternative = View::expanded(&[*spot], self.description(side));
            alternative.is_typed && matches!(alternative.form, Form::Object(_))
        };
        // Nothing follows from a choice of null only.
        let mut choices = view
            .choices
            .iter()
            .filter(|choice| !choice.alternatives.is_empty());
        choices.any(|choice| choice.alternatives.iter().all(is_object))
    }

    /// A value of another kind; the keywords for that kind change with it.
    pub(super) fn other_kind(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        effect: Effect,
    ) {
        match slot.role {
            Role::Parameter => self.parameter_type(slot, old, new, effect),
            _ => self.type_changed(slot, old, new, effect),
        }
        let (mut old, mut new) = (old.clone(), new.clone());
        for view in [&mut old, &mut new] {
            view.facets
                .retain(|key, _| !super::keywords::depends_on_kind(key));
        }
        self.facets(slot, &old, &new);
    }

    fn items(&mut self, slot: &Slot<'a>, from: &[Spot<'a>], to: &[Spot<'a>]) {
        match (from.first(), to.first()) {
            (Some(_), Some(_)) => {
                let inner = match slot.role {
                    Role::Parameter | Role::Header => slot.clone(),
                    _ => slot.part("[]"),
                };
                let inner = Slot {
                    ignores_null: false,
                    ..inner
                };
                self.parts(&inner, from, to);
            }
            (None, None) => {}
            (Some(start), None) => {
                if !self.anything_came_or_went(&slot.part("[]"), Side::Base, from) {
                    self.type_changed_at(slot, Side::Base, *start, Effect::Loosens);
                }
            }
            (None, Some(start)) => {
                if !self.anything_came_or_went(&slot.part("[]"), Side::Head, to) {
                    self.type_changed_at(slot, Side::Head, *start, Effect::Tightens);
                }
            }
        }
    }

    /// Several types, each of which is valid.
    fn several(
        &mut self,
        slot: &Slot<'a>,
        from: &[(&'a str, Spot<'a>)],
        to: &[(&'a str, Spot<'a>)],
    ) {
        let lone = |these: &[(&'a str, Spot<'a>)], others: &[(&'a str, Spot<'a>)]| {
            let is_lone = |kind: &str| !others.iter().any(|(other, _)| is_within(kind, other));
            these
                .iter()
                .find(|(kind, _)| is_lone(kind))
                .map(|(_, spot)| *spot)
        };
        let (lost, gained) = (lone(from, to), lone(to, from));
        let effect = Effect::of_values(lost.is_some(), gained.is_some());
        match (lost, gained) {
            (_, Some(gained)) => self.type_changed_at(slot, Side::Head, gained, effect),
            (Some(lost), None) => self.type_changed_at(slot, Side::Base, lost, effect),
            (None, None) => {}
        }
    }

    /// The whole type changed.
    pub(super) fn type_changed(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        effect: Effect,
    ) {
        let gained = match (&old.form, &new.form) {
            // The new one of several types.
            (from, Form::Several(types)) => types
                .iter()
                .find(|(kind, _)| !names(from).iter().any(|known| is_within(kind, known)))
                .map(|(_, spot)| *spot),
            _ => None,
        };
        let there = gained.or(new.type_spot);
        let (side, spot) = match (there, old.type_spot) {
            (Some(spot), _) => (Side::Head, spot),
            (None, Some(spot)) => (Side::Base, spot),
            (None, None) => (Side::Head, new.type_or_start().unwrap_or(slot.whole.1)),
        };
        let other = match side {
            Side::Base => new.type_or_start(),
            Side::Head => old.type_or_start(),
        };
        let difference = self.type_difference(slot, side, spot, effect);
        self.note(difference.opposite(other));
    }

    pub(super) fn type_changed_at(
        &mut self,
        slot: &Slot<'a>,
        side: Side,
        spot: Spot<'a>,
        effect: Effect,
    ) {
        let difference = self.type_difference(slot, side, spot, effect);
        self.note(difference);
    }

    fn type_difference(
        &self,
        slot: &Slot<'a>,
        side: Side,
        spot: Spot<'a>,
        effect: Effect,
    ) -> Difference<'a> {
        let (from, to) = self.whole_texts(slot);
        let mut difference = Difference::at(type_kind(slot.role), slot, side, spot)
            .from(from)
            .to(to)
            .effect(effect);
        if let Some(subject) = difference.subject.strip_suffix("[]") {
            difference.subject = subject.trim_end_matches("[]").to_owned();
        }
        difference.specific()
    }

    /// A type that only one side has; on the other one, anything is valid.
    pub(super) fn type_came_or_went(&mut self, slot: &Slot<'a>, side: Side, spot: Spot<'a>) {
        self.look(spot);
        let effect = match side {
            Side::Base => Effect::Loosens,
            Side::Head => Effect::Tightens,
        };
        if !self.anything_came_or_went(slot, side, &[spot]) {
            self.type_changed_at(slot, side, spot, effect);
        }
    }

    /// The whole types of a slot as texts.
    pub(super) fn whole_texts(&self, slot: &Slot<'a>) -> (String, String) {
        let (base, head) = slot.whole;
        (
            View::of(base, self.base).type_text(self.base),
            View::of(head, self.head).type_text(self.head),
        )
    }

    pub(super) fn nullable(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        if slot.ignores_null || old.nullable.is_some() == new.nullable.is_some() {
            return;
        }
        let refers = matches!(
            (&old.form, &new.form),
            (Form::Reference(_), Form::Reference(_))
        );
        // The compact flavour refers to nullable and other objects in the same way.
        if self.flavours_differ && refers {
            return;
        }
        let kind = match slot.role {
            Role::Property => FindingKind::PropertyNullableChanged,
            role => type_kind(role),
        };
        let effect = match new.nullable {
            Some(_) => Effect::Loosens,
            None => Effect::Tightens,
        };
        let (from, to) = (old.type_text(self.base), new.type_text(self.head));
        let difference = Difference::of(kind, slot, old.nullable, new.nullable)
            .from(from)
            .to(to)
            .effect(effect);
        self.note(difference.specific());
    }

    fn format(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        if old.format == new.format {
            return;
        }
        let kind = match slot.role {
            Role::Property => FindingKind::PropertyFormatChanged,
            role => type_kind(role),
        };
        let effect = match (old.format, new.format) {
            (None, _) => Effect::Tightens,
            (_, None) => Effect::Loosens,
            (Some(from), Some(to)) => match wider(from, to) {
                Some(Ordering::Less) => Effect::Loosens,
                Some(Ordering::Greater) => Effect::Tightens,
                _ => Effect::Swaps,
            },
        };
        let at = |view: &View<'a>| view.spots.iter().find_map(|spot| spot.get("format"));
        let (before, after) = (at(old), at(new));
        let difference = Difference::of(kind, slot, before, after)
            .from(old.format.unwrap_or("none"))
            .to(new.format.unwrap_or("none"))
            .effect(effect);
        self.note(difference.specific());
    }
}

/// The identity of two types: every schema that either is read from.
pub(super) fn pair_of(base: &[Spot<'_>], head: &[Spot<'_>]) -> Pair {
    let addresses = |spots: &[Spot<'_>]| spots.iter().map(Spot::address).collect();
    (addresses(base), addresses(head))
}

/// If both sides have a choice of objects, properties beside one of them are properties that are added or removed.
fn object_beside<'a>(this: &View<'a>, other: &View<'a>) -> Option<Form<'a>> {
    let both_choose = !this.choices.is_empty() && !other.choices.is_empty();
    let is_beside = matches!((&this.form, &other.form), (Form::Any, Form::Object(_)));
    (both_choose && is_beside).then(|| Form::Object(ObjectForm::default()))
}
