//! Compares the parameters of two operations, and shared parameters with each other.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::{Endpoint, path_parameters};
use super::super::same::inline_text;
use super::super::schema::{Form, View};
use super::super::wire::{Direction, Effect};
use super::super::words::closeness;
use super::keywords::changed_keywords;
use super::renames::best_pairs;
use super::{Comparison, Difference, Owner, Parameter, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    pub(super) fn parameters(&mut self, slot: &Slot<'a>, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let before = self.parameters_of(Side::Base, old);
        let after = self.parameters_of(Side::Head, new);
        let is_twin = |left: &Parameter<'a>, right: &Parameter<'a>| {
            left.location == right.location
                && match left.location {
                    "path" => {
                        place_in_path(old.path, left.name) == place_in_path(new.path, right.name)
                    }
                    // Header names are case-insensitive.
                    "header" => left.name.eq_ignore_ascii_case(right.name),
                    _ => left.name == right.name,
                }
        };
        let mut removed = Vec::new();
        for parameter in &before {
            match after.iter().find(|twin| is_twin(parameter, twin)) {
                Some(twin) => {
                    self.twin(parameter.key, twin.key);
                    self.parameter(slot, parameter, twin);
                }
                None => removed.push(*parameter),
            }
        }
        let added: Vec<_> = after
            .iter()
            .filter(|parameter| !before.iter().any(|twin| is_twin(twin, parameter)))
            .copied()
            .collect();
        self.lone_parameters(slot, &removed, &added);
    }

    /// The parameters of an operation, all marked as read.
    fn parameters_of(&mut self, side: Side, operation: &Endpoint<'a>) -> Vec<Parameter<'a>> {
        for owner in [operation.spot, operation.item] {
            if let Some(list) = owner.get("parameters") {
                self.look(list);
                for node in list.items() {
                    let spot = Spot::item(node);
                    self.look(spot);
                    self.follow(side, spot);
                }
            }
        }
        operation.parameters(self.description(side))
    }

    fn lone_parameters(
        &mut self,
        slot: &Slot<'a>,
        removed: &[Parameter<'a>],
        added: &[Parameter<'a>],
    ) {
        let pairs = best_pairs(removed.len(), added.len(), |from, to| {
            self.parameter_likeness(&removed[from], &added[to])
        });
        for (from, to, certainty) in &pairs {
            let (from, to) = (&removed[*from], &added[*to]);
            let mut inner = self.parameter_slot(slot, to.name, (from.spot, to.spot));
            inner.touch = slot
                .touch
                .member(Some(from.name), Some(to.name), Touched::Option);
            self.renamed_parameter(&inner, from, to, *certainty, Effect::Withdraws);
            self.same_parameter(&inner, from, to);
        }
        for (index, parameter) in removed.iter().enumerate() {
            if pairs.iter().any(|pair| pair.0 == index) {
                continue;
            }
            let text = self.parameter_text(Side::Base, parameter.spot);
            let inner = self.parameter_slot(slot, parameter.name, slot.whole);
            self.note(
                Difference::at(
                    FindingKind::ParameterRemoved,
                    &inner,
                    Side::Base,
                    parameter.key,
                )
                .from(text)
                .effect(Effect::Withdraws)
                .specific(),
            );
            self.look_at_all(parameter.spot);
        }
        for (index, parameter) in added.iter().enumerate() {
            if pairs.iter().any(|pair| pair.1 == index) {
                continue;
            }
            let text = self.parameter_text(Side::Head, parameter.spot);
            let inner = self.parameter_slot(slot, parameter.name, slot.whole);
            let (detail, effect) = match is_required(parameter.spot) {
                true => ("required", Effect::Tightens),
                false => ("", Effect::Offers),
            };
            self.note(
                Difference::at(
                    FindingKind::ParameterAdded,
                    &inner,
                    Side::Head,
                    parameter.key,
                )
                .to(text)
                .detail(detail)
                .effect(effect)
                .specific(),
            );
            self.look_at_all(parameter.spot);
        }
    }

    fn parameter_likeness(&self, from: &Parameter<'a>, to: &Parameter<'a>) -> f64 {
        if from.location != to.location || from.location == "path" {
            return 0.0;
        }
        let name = closeness(from.name, to.name);
        let told_alike = match (from.spot.text("description"), to.spot.text("description")) {
            (Some(before), Some(after)) => before.trim() == after.trim(),
            _ => false,
        };
        let is_of_one_type =
            self.parameter_text(Side::Base, from.spot) == self.parameter_text(Side::Head, to.spot);
        match (is_of_one_type, told_alike) {
            (true, true) => 0.8 + 0.15 * name,
            (true, false) if name >= 0.6 => name,
            _ => 0.0,
        }
    }

    fn parameter_text(&self, side: Side, spot: Spot<'a>) -> String {
        let description = self.description(side);
        let schema = schema_of(spot).unwrap_or(spot);
        let text = View::of(schema, description).type_text(description);
        format!("{} {text}", spot.text("in").unwrap_or_default())
    }

    /// Compares a parameter of one operation that both sides have.
    fn parameter(&mut self, slot: &Slot<'a>, old: &Parameter<'a>, new: &Parameter<'a>) {
        let mut inner = self.parameter_slot(slot, new.name, (old.spot, new.spot));
        inner.touch = slot
            .touch
            .member(Some(old.name), Some(new.name), Touched::Option);
        if old.name != new.name && old.location == "path" {
            // The name of a placeholder in a template is not sent.
            self.renamed_parameter(&inner, old, new, 1.0, Effect::Nothing);
        }
        // Shared parameters are compared with each other, once.
        if old.component.is_some() && old.component == new.component {
            return;
        }
        self.same_parameter(&inner, old, new);
    }

    fn renamed_parameter(
        &mut self,
        slot: &Slot<'a>,
        old: &Parameter<'a>,
        new: &Parameter<'a>,
        certainty: f64,
        effect: Effect,
    ) {
        let names = (old.spot.get("name"), new.spot.get("name"));
        self.note(
            Difference::of(FindingKind::ParameterRenamed, slot, names.0, names.1)
                .from(old.name)
                .to(new.name)
                .effect(effect)
                .certainty(certainty)
                .specific(),
        );
    }

    fn parameter_slot(&self, slot: &Slot<'a>, name: &str, whole: (Spot<'a>, Spot<'a>)) -> Slot<'a> {
        Slot {
            role: Role::Parameter,
            subject: format!("{} {name}", slot.subject),
            owner: Self::towards(&slot.owner, slot.sent()),
            whole,
            touch: slot.touch.member(Some(name), Some(name), Touched::Option),
            // Parameters with one name that changed in the same way have one cause.
            cause: Some(format!("parameter {name}")),
            shared_subject: Some(name.to_owned()),
            ..slot.clone()
        }
    }

    /// Compares two shared parameters.
    pub(super) fn shared_parameter(&mut self, name: &'a str, old: Spot<'a>, new: Spot<'a>) {
        let parameter = |spot: Spot<'a>| Parameter {
            name: spot.text("name").unwrap_or_default(),
            location: spot.text("in").unwrap_or_default(),
            spot,
            key: spot,
            component: None,
        };
        let (old, new) = (parameter(old), parameter(new));
        let slot = Slot {
            role: Role::Parameter,
            subject: new.name.to_owned(),
            owner: Owner::Component("parameters", name),
            travels: Direction::BOTH,
            is_reversed: false,
            ignores_null: false,
            parameter: None,
            touch: Touch {
                base: Some(Touched::Option(String::new(), old.name.to_owned())),
                head: Some(Touched::Option(String::new(), new.name.to_owned())),
            },
            whole: (old.spot, new.spot),
            cause: Some(format!("parameter {}", new.name)),
            shared_subject: Some(new.name.to_owned()),
        };
        if old.name != new.name {
            let effect = match new.location {
                "path" => Effect::Nothing,
                _ => Effect::Withdraws,
            };
            self.renamed_parameter(&slot, &old, &new, 1.0, effect);
        }
        if old.location != new.location {
            let spots = (old.spot.get("in"), new.spot.get("in"));
            self.note(
                Difference::of(FindingKind::ParameterTypeChanged, &slot, spots.0, spots.1)
                    .from(self.parameter_text(Side::Base, old.spot))
                    .to(self.parameter_text(Side::Head, new.spot))
                    .effect(Effect::Withdraws)
                    .specific(),
            );
        }
        self.same_parameter(&slot, &old, &new);
    }

    fn same_parameter(&mut self, slot: &Slot<'a>, old: &Parameter<'a>, new: &Parameter<'a>) {
        let (before, after) = (old.spot, new.spot);
        self.twin(before, after);
        for spot in [before, after] {
            self.look_at_keys(spot, &["name", "in"]);
            self.look_at_keys(spot, &FLAGS);
        }
        self.demands(
            slot,
            (before, after),
            (is_required(before), is_required(after)),
            FindingKind::ParameterRequiredChanged,
        );
        self.style(slot, old.location, before, new.location, after);
        self.schema_of_both(slot, before, after);
        let changes = changed_keywords(before, after, |key, spot| {
            matches!(
                key,
                "name" | "in" | "required" | "schema" | "content" | "style" | "explode" | "$ref"
            ) || is_flag_off(key, spot)
        });
        self.keywords(slot, changes);
    }

    /// Compares whether a part is required.
    pub(super) fn demands(
        &mut self,
        slot: &Slot<'a>,
        (before, after): (Spot<'a>, Spot<'a>),
        (was, is): (bool, bool),
        kind: FindingKind,
    ) {
        let spots = (before.get("required"), after.get("required"));
        for spot in [spots.0, spots.1].into_iter().flatten() {
            self.look(spot);
        }
        if was == is {
            return;
        }
        let word = |required: bool| if required { "required" } else { "optional" };
        let effect = match is {
            true => Effect::Tightens,
            false => Effect::Loosens,
        };
        self.note(
            Difference::of(kind, slot, spots.0, spots.1)
                .from(word(was))
                .to(word(is))
                .effect(effect)
                .specific(),
        );
    }

    /// Compares the schemas of two parameters or headers, wherever they are.
    pub(super) fn schema_of_both(&mut self, slot: &Slot<'a>, before: Spot<'a>, after: Spot<'a>) {
        for spot in [before, after] {
            if let Some(content) = spot.get("content") {
                self.look(content);
                content
                    .entries()
                    .iter()
                    .for_each(|entry| self.look(Spot::of(entry)));
            }
        }
        match (schema_of(before), schema_of(after)) {
            (Some(from), Some(to)) => {
                let inner = Slot {
                    parameter: Some((before, after)),
                    ..slot.between(from, to)
                };
                self.types(&inner, from, to);
            }
            (Some(from), None) => self.type_came_or_went(slot, Side::Base, from),
            (None, Some(to)) => self.type_came_or_went(slot, Side::Head, to),
            (None, None) => {}
        }
        if let (Some(from), Some(to)) = (before.get("content"), after.get("content"))
            && let (Some(from), Some(to)) = (from.entries().first(), to.entries().first())
        {
            let changes = changed_keywords(Spot::of(from), Spot::of(to), |key, _| key == "schema");
            self.keywords(slot, changes);
        }
    }

    /// A parameter whose set of values changed: adding or removing a closed set has a kind of its own.
    pub(super) fn parameter_type(
        &mut self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
        effect: Effect,
    ) {
        let count = |view: &View<'a>| match &view.form {
            Form::Enumeration(enumeration) => Some(enumeration.members.len()),
            _ => None,
        };
        let effect = self.list_of_one(slot, old, new).unwrap_or(effect);
        let spots = (old.type_spot, new.type_spot);
        let difference = match (count(old), count(new)) {
            (Some(count), None) => {
                Difference::of(FindingKind::ParameterEnumDropped, slot, spots.0, spots.1)
                    .from(format!("one of {count} values"))
                    .to(new.type_text(self.head))
            }
            (None, Some(count)) => {
                let list = match &new.form {
                    Form::Enumeration(enumeration) => Some(enumeration.list),
                    _ => spots.1,
                };
                Difference::of(FindingKind::ParameterEnumIntroduced, slot, spots.0, list)
                    .from(old.type_text(self.base))
                    .to(format!("one of {count} values"))
            }
            _ => return self.type_changed(slot, old, new, effect),
        };
        // One decision removes the sets of all parameters with that name, whatever their members.
        self.note(difference.effect(effect));
    }
}

/// Flags that are off by default.
pub(super) const FLAGS: [&str; 3] = ["allowReserved", "allowEmptyValue", "deprecated"];

pub(super) fn is_required(spot: Spot<'_>) -> bool {
    spot.flag("required") || spot.text("in") == Some("path")
}

/// A flag with its default value.
pub(super) fn is_flag_off(key: &str, spot: Spot<'_>) -> bool {
    FLAGS.contains(&key) && inline_text(spot.node) == "false"
}

/// The schema of a parameter: at `schema`, or in its only media type.
pub(super) fn schema_of(spot: Spot<'_>) -> Option<Spot<'_>> {
    spot.get("schema").or_else(|| {
        let first = spot.get("content")?.entries().first()?;
        Spot::of(first).get("schema")
    })
}

fn place_in_path(path: &str, name: &str) -> Option<usize> {
    path_parameters(path)
        .iter()
        .position(|other| *other == name)
}
