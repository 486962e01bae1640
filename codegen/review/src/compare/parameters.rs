//! Compares the parameters of two operations, and shared parameters with each other.

use std::collections::BTreeSet;

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::operation::{Operation, path_parameters};
use super::super::same::inline_text;
use super::super::schema::{Kind, Shape};
use super::super::wire::{Direction, Effect};
use super::super::words::closeness;
use super::facets::Change;
use super::renames::best_pairs;
use super::{Comparison, Difference, Owner, Parameter, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    pub(super) fn parameters(&mut self, slot: &Slot<'a>, old: &Operation<'a>, new: &Operation<'a>) {
        let before = old.parameters(self.base);
        let after = new.parameters(self.head);
        let is_twin = |left: &Parameter<'a>, right: &Parameter<'a>| {
            left.location == right.location
                && match left.location {
                    "path" => {
                        place_in_path(old.path, left.name) == place_in_path(new.path, right.name)
                    }
                    // Headers are named in any case.
                    "header" => left.name.eq_ignore_ascii_case(right.name),
                    _ => left.name == right.name,
                }
        };
        let mut removed = Vec::new();
        for parameter in &before {
            match after.iter().find(|twin| is_twin(parameter, twin)) {
                Some(twin) => self.parameter(slot, parameter, twin),
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
            let mut inner = self.parameter_slot(slot, to.name, (from.place, to.place));
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
            let text = self.parameter_text(Side::Base, parameter.place);
            let inner = self.parameter_slot(slot, parameter.name, slot.whole);
            self.note(
                Difference::at(
                    Finding::ParameterRemoved,
                    &inner,
                    Side::Base,
                    parameter.place,
                )
                .from(text)
                .effect(Effect::Withdraws)
                .specific(),
            );
        }
        for (index, parameter) in added.iter().enumerate() {
            if pairs.iter().any(|pair| pair.1 == index) {
                continue;
            }
            let text = self.parameter_text(Side::Head, parameter.place);
            let inner = self.parameter_slot(slot, parameter.name, slot.whole);
            let (detail, effect) = match is_required(parameter.place) {
                true => ("required", Effect::Tightens),
                false => ("", Effect::Offers),
            };
            self.note(
                Difference::at(Finding::ParameterAdded, &inner, Side::Head, parameter.place)
                    .to(text)
                    .detail(detail)
                    .effect(effect)
                    .specific(),
            );
        }
    }

    fn parameter_likeness(&self, from: &Parameter<'a>, to: &Parameter<'a>) -> f64 {
        if from.location != to.location || from.location == "path" {
            return 0.0;
        }
        let name = closeness(from.name, to.name);
        let told_alike = match (from.place.text("description"), to.place.text("description")) {
            (Some(before), Some(after)) => before.trim() == after.trim(),
            _ => false,
        };
        let is_of_one_type = self.parameter_text(Side::Base, from.place)
            == self.parameter_text(Side::Head, to.place);
        match (is_of_one_type, told_alike) {
            (true, true) => 0.8 + 0.15 * name,
            (true, false) if name >= 0.6 => name,
            _ => 0.0,
        }
    }

    fn parameter_text(&self, side: Side, place: Place<'a>) -> String {
        let description = self.description(side);
        let schema = schema_of(place).unwrap_or(place);
        let text = Shape::read(schema, description).type_text(description);
        format!("{} {text}", place.text("in").unwrap_or_default())
    }

    /// A parameter of one operation that is on both sides.
    fn parameter(&mut self, slot: &Slot<'a>, old: &Parameter<'a>, new: &Parameter<'a>) {
        let mut inner = self.parameter_slot(slot, new.name, (old.place, new.place));
        inner.touch = slot
            .touch
            .member(Some(old.name), Some(new.name), Touched::Option);
        if old.name != new.name && old.location == "path" {
            // A placeholder in a template does not travel.
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
        self.note(
            Difference::at(Finding::ParameterRenamed, slot, Side::Head, new.place)
                .from(old.name)
                .to(new.name)
                .effect(effect)
                .certainty(certainty)
                .specific(),
        );
    }

    fn parameter_slot(
        &self,
        slot: &Slot<'a>,
        name: &str,
        whole: (Place<'a>, Place<'a>),
    ) -> Slot<'a> {
        Slot {
            role: Role::Parameter,
            subject: format!("{} {name}", slot.subject),
            owner: match &slot.owner {
                Owner::Operations(labels, _) => {
                    Owner::Operations(labels.clone(), Direction::REQUEST)
                }
                other => other.clone(),
            },
            whole,
            touch: slot.touch.member(Some(name), Some(name), Touched::Option),
            // The parameters of one name that changed in the same way did so for one reason.
            cause: Some(format!("parameter {name}")),
            shared_subject: Some(name.to_owned()),
        }
    }

    /// Compares two shared parameters.
    pub(super) fn shared_parameter(&mut self, name: &'a str, old: Place<'a>, new: Place<'a>) {
        let parameter = |place: Place<'a>| Parameter {
            name: place.text("name").unwrap_or_default(),
            location: place.text("in").unwrap_or_default(),
            place,
            component: None,
        };
        let (old, new) = (parameter(old), parameter(new));
        let slot = Slot {
            role: Role::Parameter,
            subject: new.name.to_owned(),
            owner: Owner::Component("parameters", name),
            touch: Touch {
                base: Some(Touched::Option(String::new(), old.name.to_owned())),
                head: Some(Touched::Option(String::new(), new.name.to_owned())),
            },
            whole: (old.place, new.place),
            cause: Some(format!("parameter {}", new.name)),
            shared_subject: Some(new.name.to_owned()),
        };
        if old.name != new.name {
            let effect = if new.location == "path" {
                Effect::Nothing
            } else {
                Effect::Withdraws
            };
            self.renamed_parameter(&slot, &old, &new, 1.0, effect);
        }
        if old.location != new.location {
            self.note(
                Difference::at(Finding::ParameterTypeChanged, &slot, Side::Head, new.place)
                    .from(self.parameter_text(Side::Base, old.place))
                    .to(self.parameter_text(Side::Head, new.place))
                    .effect(Effect::Withdraws)
                    .specific(),
            );
        }
        self.same_parameter(&slot, &old, &new);
    }

    fn same_parameter(&mut self, slot: &Slot<'a>, old: &Parameter<'a>, new: &Parameter<'a>) {
        let (before, after) = (old.place, new.place);
        if is_required(before) != is_required(after) {
            let word = |required: bool| if required { "required" } else { "optional" };
            let effect = match is_required(after) {
                true => Effect::Tightens,
                false => Effect::Loosens,
            };
            let place = after.get("required").unwrap_or(after);
            self.note(
                Difference::at(Finding::ParameterRequiredChanged, slot, Side::Head, place)
                    .from(word(is_required(before)))
                    .to(word(is_required(after)))
                    .effect(effect)
                    .specific(),
            );
        }
        self.style(slot, old, new);
        if let (Some(from), Some(to)) = (schema_of(before), schema_of(after)) {
            let inner = Slot {
                whole: (from, to),
                ..slot.clone()
            };
            self.types(&inner, from, to);
        }
        let changes = changed_keywords(before, after, |key, node| {
            matches!(
                key,
                "name" | "in" | "required" | "schema" | "content" | "style" | "explode" | "$ref"
            ) || matches!(key, "allowReserved" | "allowEmptyValue" | "deprecated")
                && inline_text(node) == "false"
        });
        self.keywords(slot, changes);
    }

    /// How the value is written into the request, where that makes a difference.
    fn style(&mut self, slot: &Slot<'a>, old: &Parameter<'a>, new: &Parameter<'a>) {
        let from = self.style_text(Side::Base, old);
        let to = self.style_text(Side::Head, new);
        if from == to {
            return;
        }
        let place = new
            .place
            .get("explode")
            .or_else(|| new.place.get("style"))
            .unwrap_or(new.place);
        self.note(
            Difference::at(Finding::ParameterStyleChanged, slot, Side::Head, place)
                .from(from)
                .to(to)
                .effect(Effect::Swaps)
                .specific(),
        );
    }

    fn style_text(&self, side: Side, parameter: &Parameter<'a>) -> String {
        let place = parameter.place;
        let style = place.text("style").unwrap_or(match parameter.location {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        // A single value is written in one way, whatever `explode` says.
        let description = self.description(side);
        let is_compound = schema_of(place).is_some_and(|schema| {
            let shape = Shape::read(schema, description);
            let kind = match shape.kind {
                Kind::Reference(name) => match description.schemas.get(name) {
                    Some(place) => Shape::read(*place, description).kind,
                    None => Kind::Any,
                },
                kind => kind,
            };
            matches!(
                kind,
                Kind::Array(_) | Kind::Object(_) | Kind::Choice(_) | Kind::Any
            )
        });
        let explode = match place.node.get("explode").and_then(|node| node.as_bool()) {
            Some(explode) => explode,
            None => style == "form",
        };
        match (is_compound, explode) {
            (false, _) => style.to_owned(),
            (true, true) => format!("{style}, exploded"),
            (true, false) => format!("{style}, in one value"),
        }
    }
}

fn is_required(place: Place<'_>) -> bool {
    place.flag("required") || place.text("in") == Some("path")
}

/// The schema of a parameter: under `schema`, or under its only media type.
fn schema_of(place: Place<'_>) -> Option<Place<'_>> {
    place.get("schema").or_else(|| {
        let content = place.get("content")?;
        let first = content.entries().first()?;
        Place::of(first).get("schema")
    })
}

fn place_in_path(path: &str, name: &str) -> Option<usize> {
    path_parameters(path)
        .iter()
        .position(|other| *other == name)
}

/// The keywords of two mappings, but for those that are compared by rules of their own.
pub(super) fn changed_keywords<'a>(
    before: Place<'a>,
    after: Place<'a>,
    is_known: impl Fn(&str, &graph_client_codegen::load::Node) -> bool,
) -> Vec<Change<'a>> {
    let left_over = |place: Place<'a>| {
        place
            .entries()
            .iter()
            .filter(|entry| !is_known(&entry.key, &entry.node))
            .map(|entry| entry.key.as_str())
            .collect::<BTreeSet<_>>()
    };
    let (old, new) = (left_over(before), left_over(after));
    old.union(&new)
        .map(|key| {
            let of = |keys: &BTreeSet<&str>, place: Place<'a>| {
                keys.contains(key).then(|| place.get(key)).flatten()
            };
            (*key, of(&old, before), of(&new, after))
        })
        .collect()
}
