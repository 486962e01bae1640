//! Compares choices as sets of values: what removing or adding an alternative does to the set.

use super::super::document::Spot;
use super::super::finding::Side;
use super::super::schema::{Choice, Form, View};
use super::super::wire::Effect;
use super::kinds::type_kind;
use super::subtypes::Lone;
use super::{Comparison, Difference, Slot};

/// One alternative: a value must satisfy all of these schemas.
type Alternative<'a> = Vec<Spot<'a>>;

impl<'a> Comparison<'a> {
    /// A choice on at least one side, with nothing beside it: a type without a choice is a choice of one. False if the
    /// two are better compared in another way.
    pub(super) fn choice_or_one(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
    ) -> bool {
        let has_form = |view: &View<'a>| !view.is_choice() && !view.choices.is_empty();
        if has_form(old) || has_form(new) {
            return false;
        }
        if let (Some(from), Some(to)) = (old.choices.first(), new.choices.first()) {
            self.nullable(slot, old, new);
            let lone = self.alternatives(slot, &each(from), &each(to), true);
            self.keyword(slot, from, to);
            self.discriminators(slot, old, new, &lone);
            self.facets(slot, old, new);
            return true;
        }
        let (named, choice, side) = match old.choices.is_empty() {
            true => (old, new, Side::Base),
            false => (new, old, Side::Head),
        };
        // A choice that was named, or lost its name, is still one choice.
        if matches!(named.form, Form::Reference(_) | Form::Pointer(_)) {
            let resolved = View::expanded(&named.spots, self.description(side));
            if resolved.is_choice() && !self.is_among(named, choice, side) {
                return false;
            }
        }
        self.nullable(slot, old, new);
        let alternatives = |view: &View<'a>| match view.choices.first() {
            Some(choice) => each(choice),
            None => vec![view.spots.clone()],
        };
        let lone = self.alternatives(slot, &alternatives(old), &alternatives(new), false);
        self.discriminators(slot, old, new, &lone);
        self.beside_one(slot, old, new);
        true
    }

    /// Whether a named schema itself is one of the alternatives.
    fn is_among(&self, named: &View<'a>, choice: &View<'a>, side: Side) -> bool {
        let Form::Reference(name) = named.form else {
            return false;
        };
        let other = self.description(side.other());
        let alternatives = choice
            .choices
            .iter()
            .flat_map(|choice| &choice.alternatives);
        alternatives
            .filter_map(|spot| other.schema_name(spot.text("$ref")?))
            .any(|twin| match side {
                Side::Base => self.pairs.are_paired(name, twin),
                Side::Head => self.pairs.are_paired(twin, name),
            })
    }

    /// The keywords beside the alternatives, if only one side has a choice: bounds belong to one of the alternatives.
    fn beside_one(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        let (mut old, mut new) = (old.clone(), new.clone());
        for view in [&mut old, &mut new] {
            if view.choices.is_empty() {
                view.facets
                    .retain(|key, _| !super::keywords::depends_on_kind(key));
            }
        }
        self.facets(slot, &old, &new);
    }

    /// Choices beside a type of their own: all of them apply, so the first is compared with the first. Returns the named
    /// schemas that are an alternative on one side only.
    pub(super) fn choices_beside(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
    ) -> Lone<'a> {
        let mut lone = Lone::new();
        let mut before: Vec<&Choice<'a>> = old.choices.iter().collect();
        let mut after: Vec<&Choice<'a>> = new.choices.iter().collect();
        // Choices with the same keyword are paired; of the rest, the first is paired with the first.
        for same_keyword in [true, false] {
            before.retain(|from| {
                let is_twin = |to: &&Choice<'a>| !same_keyword || to.keyword == from.keyword;
                let Some(index) = after.iter().position(is_twin) else {
                    return true;
                };
                let to = after.remove(index);
                lone.extend(self.alternatives(slot, &each(from), &each(to), true));
                self.keyword(slot, from, to);
                false
            });
        }
        for from in before {
            self.type_changed_at(slot, Side::Base, from.spot, Effect::Loosens);
        }
        for to in after {
            self.type_changed_at(slot, Side::Head, to.spot, Effect::Tightens);
        }
        lone
    }

    /// `oneOf` accepts exactly one alternative, `anyOf` at least one.
    fn keyword(&mut self, slot: &Slot<'a>, from: &Choice<'a>, to: &Choice<'a>) {
        if from.keyword == to.keyword {
            return;
        }
        let effect = match to.keyword {
            "oneOf" => Effect::Tightens,
            _ => Effect::Loosens,
        };
        let difference = Difference::at(type_kind(slot.role), slot, Side::Head, to.spot)
            .detail("how many alternatives have to fit")
            .from(from.keyword)
            .to(to.keyword)
            .effect(effect);
        self.note(difference.specific());
    }

    /// Compares two sets of alternatives; returns the named schemas that are an alternative on one side only.
    fn alternatives(
        &mut self,
        slot: &Slot<'a>,
        old: &[Alternative<'a>],
        new: &[Alternative<'a>],
        both_choose: bool,
    ) -> Lone<'a> {
        let slot = &Slot {
            ignores_null: true,
            ..slot.clone()
        };
        let (kept, mut lost, mut gained) = self.matched(slot, old, new);
        for (from, to) in kept {
            // A single type carries the keywords that the other side has beside the choice.
            if both_choose {
                self.parts(slot, &old[from], &new[to]);
            }
        }
        self.pair_changed(slot, (old, &mut lost), (new, &mut gained));
        self.lost_and_gained(slot, (old, &lost), (new, &gained));
        let name = |spots: &[Spot<'a>], side: Side| match spots {
            [only] => self.description(side).schema_name(only.text("$ref")?),
            _ => None,
        };
        let of_base = lost
            .iter()
            .filter_map(|index| Some((Side::Base, name(&old[*index], Side::Base)?)));
        let of_head = gained
            .iter()
            .filter_map(|index| Some((Side::Head, name(&new[*index], Side::Head)?)));
        of_base.chain(of_head).collect()
    }

    /// The alternatives that both sides have, and those of one side only.
    fn matched(
        &mut self,
        slot: &Slot<'a>,
        old: &[Alternative<'a>],
        new: &[Alternative<'a>],
    ) -> (Vec<(usize, usize)>, Vec<usize>, Vec<usize>) {
        let mut kept = Vec::new();
        let mut lost: Vec<usize> = (0..old.len()).collect();
        let mut gained: Vec<usize> = (0..new.len()).collect();
        // Names are cheap to compare, and decide first.
        for on_trial in [false, true] {
            lost.retain(|from| {
                let twin = gained.iter().position(|to| match on_trial {
                    false => self.is_same_name(&old[*from], &new[*to]),
                    true => self.trial(slot, &old[*from], &new[*to]).effect == Effect::Nothing,
                });
                match twin {
                    Some(index) => {
                        kept.push((*from, gained.remove(index)));
                        false
                    }
                    None => true,
                }
            });
        }
        (kept, lost, gained)
    }

    fn is_same_name(&self, old: &[Spot<'a>], new: &[Spot<'a>]) -> bool {
        let name = |spots: &[Spot<'a>], side: Side| match spots {
            [only] if only.entries().len() == 1 => {
                self.description(side).schema_name(only.text("$ref")?)
            }
            _ => None,
        };
        match (name(old, Side::Base), name(new, Side::Head)) {
            (Some(from), Some(to)) => self.pairs.are_paired(from, to),
            _ => false,
        }
    }

    /// Alternatives of one kind if one of them changed inside.
    fn pair_changed(
        &mut self,
        slot: &Slot<'a>,
        (old, lost): (&[Alternative<'a>], &mut Vec<usize>),
        (new, gained): (&[Alternative<'a>], &mut Vec<usize>),
    ) {
        let are_alone = lost.len() == 1 && gained.len() == 1 && old.len() == new.len();
        lost.retain(|from| {
            let twin = gained.iter().position(|to| {
                (are_alone || from == to) && self.are_of_a_kind(&old[*from], &new[*to])
            });
            let Some(index) = twin else {
                return true;
            };
            let to = gained.remove(index);
            if let (Some(before), Some(after)) = (old[*from].first(), new[to].first()) {
                self.parts(&slot.between(*before, *after), &old[*from], &new[to]);
            }
            false
        });
    }

    /// Whether two alternatives are one that changed inside, and not one that was removed and one that was added.
    fn are_of_a_kind(&self, old: &[Spot<'a>], new: &[Spot<'a>]) -> bool {
        let (from, to) = (View::read(old, self.base), View::read(new, self.head));
        match (&from.form, &to.form) {
            (Form::Reference(_), _) | (_, Form::Reference(_)) => false,
            (Form::Object(from), Form::Object(to)) => {
                let is_shared =
                    |name: &str| to.properties.iter().any(|property| property.name == name);
                let shared = from
                    .properties
                    .iter()
                    .filter(|property| is_shared(property.name))
                    .count();
                shared * 2 >= from.properties.len().max(to.properties.len())
            }
            (Form::Enumeration(from), Form::Enumeration(to)) => from
                .members
                .iter()
                .any(|member| to.members.iter().any(|twin| twin.is(member))),
            (from, to) => std::mem::discriminant(from) == std::mem::discriminant(to),
        }
    }

    fn lost_and_gained(
        &mut self,
        slot: &Slot<'a>,
        (old, lost): (&[Alternative<'a>], &[usize]),
        (new, gained): (&[Alternative<'a>], &[usize]),
    ) {
        if lost.is_empty() && gained.is_empty() {
            return;
        }
        // Values that another alternative also accepts are not lost.
        let mut fewer = false;
        for from in lost {
            fewer |= !(0..new.len()).any(|to| self.trial(slot, &old[*from], &new[to]).only_loosens);
        }
        let mut more = false;
        for to in gained {
            more |=
                !(0..old.len()).any(|from| self.trial(slot, &old[from], &new[*to]).only_tightens);
        }
        let effect = match Effect::of_values(fewer, more) {
            // The same values, described differently.
            Effect::Nothing => Effect::Offers,
            effect => effect,
        };
        let (side, spot) = match (gained.first(), lost.first()) {
            (Some(to), _) => (Side::Head, new[*to].first()),
            (None, Some(from)) => (Side::Base, old[*from].first()),
            (None, None) => return,
        };
        let mut words: Vec<String> = Vec::new();
        for from in lost {
            words.push(format!(
                "no longer {}",
                View::read(&old[*from], self.base).type_text(self.base)
            ));
        }
        for to in gained {
            words.push(format!(
                "also {}",
                View::read(&new[*to], self.head).type_text(self.head)
            ));
        }
        let (from, to) = self.whole_texts(slot);
        let difference = Difference::at(
            type_kind(slot.role),
            slot,
            side,
            spot.copied().unwrap_or(slot.whole.1),
        )
        .detail(words.join(", "))
        .from(from)
        .to(to)
        .effect(effect);
        self.note(difference.specific());
    }
}

fn each<'a>(choice: &Choice<'a>) -> Vec<Alternative<'a>> {
    choice.alternatives.iter().map(|spot| vec![*spot]).collect()
}
