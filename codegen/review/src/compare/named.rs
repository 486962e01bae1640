//! Compares a named schema with another one, and with an inline type.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side, Wire};
use super::super::schema::{Form, View};
use super::super::wire::{Direction, Effect};
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    /// Two names that are not a pair: the difference of their content is the change.
    pub(super) fn references(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        from: &'a str,
        to: &'a str,
    ) {
        let (Some(before), Some(after)) = (self.base.schemas.get(from), self.head.schemas.get(to))
        else {
            return;
        };
        let effect = self.trial(slot, &[*before], &[*after]).effect;
        self.type_changed(slot, old, new, effect);
    }

    /// A named schema on one side, and an inline type on the other.
    pub(super) fn named_against_inline(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        name: &'a str,
        side: Side,
    ) {
        let (named, inline) = match side {
            Side::Base => (old, new),
            Side::Head => (new, old),
        };
        let mut resolved = View::expanded(&named.spots, self.description(side));
        let mut inline = match inline.form {
            Form::Pointer(_) => View::expanded(&inline.spots, self.description(side.other())),
            _ => inline.clone(),
        };
        let is_of_a_kind =
            std::mem::discriminant(&resolved.form) == std::mem::discriminant(&inline.form);
        if !is_of_a_kind {
            resolved.type_spot = named.type_spot;
            let effect = match side {
                Side::Base => super::kinds::relation(slot.role, &resolved, &inline),
                Side::Head => super::kinds::relation(slot.role, &inline, &resolved),
            };
            return match side {
                Side::Base => self.other_kind(slot, &resolved, &inline, effect),
                Side::Head => self.other_kind(slot, &inline, &resolved, effect),
            };
        }
        self.mark_inlined(side, name);
        // A title belongs to the name.
        for view in [&mut resolved, &mut inline] {
            view.facets.remove("title");
        }
        let has_twin = match side {
            Side::Base => self.pairs.to_head.contains_key(name),
            Side::Head => self.pairs.to_base.contains_key(name),
        };
        let slot = match has_twin {
            true => slot.clone(),
            // Wherever it is inlined, this one schema changed.
            false => self.slot_of_inlined(slot, name, side),
        };
        match side {
            Side::Base => self.views(&slot, &resolved, &inline),
            Side::Head => self.views(&slot, &inline, &resolved),
        }
    }

    fn slot_of_inlined(&self, slot: &Slot<'a>, name: &'a str, side: Side) -> Slot<'a> {
        let short = self.description(side).short_name(name);
        let touched = Touched::Type(short.clone());
        Slot {
            role: Role::Schema,
            cause: Some(format!("inlined {name}")),
            owner: match side {
                Side::Base => Owner::Schema(Some(name), None),
                Side::Head => Owner::Schema(None, Some(name)),
            },
            touch: Touch::both(touched),
            subject: short,
            ..slot.clone()
        }
    }

    /// A reference to something other than a component stands for its target.
    pub(super) fn in_place(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        if let (Form::Pointer(from), Form::Pointer(to)) = (&old.form, &new.form)
            && let (Some(before), Some(after)) = (self.base.resolve(from), self.head.resolve(to))
        {
            self.nullable(slot, old, new);
            self.facets(slot, old, new);
            return self.types(slot, before, after);
        }
        let expanded = |view: &View<'a>, side: Side| match view.form {
            Form::Pointer(_) => View::expanded(&view.spots, self.description(side)),
            _ => view.clone(),
        };
        let (old, new) = (expanded(old, Side::Base), expanded(new, Side::Head));
        // A pure cycle has no content and leads nowhere.
        self.views(slot, &old, &new);
    }

    /// The differences in values that a comparison of two types would find, without recording them.
    pub(super) fn trial(&mut self, slot: &Slot<'a>, base: &[Spot<'a>], head: &[Spot<'a>]) -> Trial {
        let (Some(first), Some(second)) = (base.first(), head.first()) else {
            return Trial::EQUAL;
        };
        let pair = (super::types::pair_of(base, head), slot.ignores_null);
        if let Some(known) = self.trials.get(&pair) {
            return *known;
        }
        let trial = self.on_trial(slot, (*first, *second), |this, slot| {
            this.parts(slot, base, head)
        });
        self.trials.insert(pair, trial);
        trial
    }

    /// The same for two types with their references resolved.
    pub(super) fn trial_in_place(
        &mut self,
        slot: &Slot<'a>,
        base: &[Spot<'a>],
        head: &[Spot<'a>],
    ) -> Trial {
        let old = View::expanded(base, self.base);
        let new = View::expanded(head, self.head);
        self.on_trial(slot, slot.whole, |this, slot| this.views(slot, &old, &new))
    }

    fn on_trial(
        &mut self,
        slot: &Slot<'a>,
        whole: (Spot<'a>, Spot<'a>),
        compare: impl FnOnce(&mut Self, &Slot<'a>),
    ) -> Trial {
        let trial = Slot {
            role: match slot.role {
                Role::Parameter => Role::Parameter,
                _ => Role::Schema,
            },
            subject: String::new(),
            owner: Owner::Nobody,
            travels: Direction::BOTH,
            touch: Touch::default(),
            whole,
            cause: None,
            shared_subject: None,
            ..slot.clone()
        };
        let noted = std::mem::take(&mut self.differences);
        let was_trial = std::mem::replace(&mut self.is_trial, true);
        compare(self, &trial);
        self.is_trial = was_trial;
        let found = std::mem::replace(&mut self.differences, noted);
        Trial::of(&found)
    }
}

/// The result of a trial comparison of two types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trial {
    pub(super) effect: Effect,
    /// Whether anything differs except information for readers.
    pub(super) differs: bool,
    /// Whether the information for readers differs.
    pub(super) is_told: bool,
    /// Whether every value of the old type is valid for the new type.
    pub(super) only_loosens: bool,
    /// Whether every value of the new type is valid for the old type.
    pub(super) only_tightens: bool,
}

impl Trial {
    const EQUAL: Self = Self {
        effect: Effect::Nothing,
        differs: false,
        is_told: false,
        only_loosens: true,
        only_tightens: true,
    };

    fn of(found: &[Difference<'_>]) -> Self {
        let (mut request, mut response) = (Wire::None, Wire::None);
        let mut trial = Self {
            differs: found
                .iter()
                .any(|difference| difference.kind != FindingKind::DocsChanged),
            is_told: found
                .iter()
                .any(|difference| difference.kind == FindingKind::DocsChanged),
            ..Self::EQUAL
        };
        for difference in found
            .iter()
            .filter(|difference| is_about_values(difference.kind))
        {
            let (sent, read) = difference.effect.sides();
            if difference.travels.request {
                request = request.max(sent);
            }
            if difference.travels.response {
                response = response.max(read);
            }
            trial.only_loosens &= matches!(
                difference.effect,
                Effect::Nothing | Effect::Loosens | Effect::Grows
            );
            trial.only_tightens &= matches!(difference.effect, Effect::Nothing | Effect::Tightens);
        }
        if (request, response) != (Wire::None, Wire::None) {
            trial.effect = Effect::Worst { request, response };
        }
        trial
    }
}

/// Whether a finding is about the set of valid values, and not about information for readers or the direction.
fn is_about_values(kind: FindingKind) -> bool {
    !matches!(
        kind,
        FindingKind::DocsChanged
            | FindingKind::DefaultChanged
            | FindingKind::DeprecationChanged
            | FindingKind::SchemaRenamed
            | FindingKind::PropertyReadOnlyChanged
    )
}
