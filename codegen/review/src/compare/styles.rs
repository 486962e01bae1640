//! Compares how the value of a parameter or a header is serialized, if that makes a difference.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::inline_text;
use super::super::schema::{Form, View};
use super::super::wire::Effect;
use super::keywords::value_texts;
use super::parameters::schema_of;
use super::{Comparison, Difference, Role, Slot};

/// The serialization of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Style {
    /// The style, or the media type of the value.
    name: String,
    is_exploded: bool,
    /// Whether there can be several values; a single value is serialized the same with any `explode`.
    is_compound: bool,
}

impl<'a> Comparison<'a> {
    pub(super) fn style(
        &mut self,
        slot: &Slot<'a>,
        from: &str,
        before: Spot<'a>,
        to: &str,
        after: Spot<'a>,
    ) {
        let (old, new) = (
            self.style_of(Side::Base, from, before),
            self.style_of(Side::Head, to, after),
        );
        for spot in [before, after] {
            for key in ["style", "explode"] {
                if let Some(spot) = spot.get(key) {
                    self.look(spot);
                }
            }
        }
        // The difference between a single value and several follows from the type.
        let is_same = old.name == new.name
            && (old.is_exploded == new.is_exploded || !old.is_compound || !new.is_compound);
        if is_same {
            return self.style_beside_content(slot, (from, before), (to, after));
        }
        let key = match (
            old.name == new.name,
            new.name.contains('/') || old.name.contains('/'),
        ) {
            (_, true) => "content",
            (false, false) => "style",
            (true, false) => "explode",
        };
        let said = |spot: Spot<'a>| spot.get(key).or_else(|| spot.get("schema"));
        self.note(
            Difference::of(style_kind(slot.role), slot, said(before), said(after))
                .from(text(&old))
                .to(text(&new))
                .effect(Effect::Swaps)
                .specific(),
        );
    }

    /// Beside `content`, neither `style` nor `explode` has an effect; a change is reported nevertheless.
    fn style_beside_content(
        &mut self,
        slot: &Slot<'a>,
        (from, before): (&str, Spot<'a>),
        (to, after): (&str, Spot<'a>),
    ) {
        if before.get("content").is_none() || after.get("content").is_none() {
            return;
        }
        for key in ["style", "explode"] {
            let (old, new) = (before.get(key), after.get(key));
            // Writing out a default changes nothing.
            let usual = |spot: Option<Spot<'a>>, location: &str| match (key, spot) {
                (_, Some(spot)) => inline_text(spot.node),
                ("style", None) => usual_style(location).to_owned(),
                (_, None) => (usual_style(location) == "form").to_string(),
            };
            if usual(old, from) == usual(new, to) {
                continue;
            }
            let (old_text, new_text) = value_texts(old, new);
            self.note(
                Difference::of(style_kind(slot.role), slot, old, new)
                    .detail(key)
                    .values(old_text, new_text)
                    .specific(),
            );
        }
    }

    fn style_of(&self, side: Side, location: &str, spot: Spot<'a>) -> Style {
        let media_type = spot
            .get("content")
            .and_then(|content| content.entries().first());
        let name = match (media_type, spot.text("style")) {
            (Some(entry), _) => entry.key.clone(),
            (None, Some(style)) => style.to_owned(),
            (None, None) => usual_style(location).to_owned(),
        };
        let explode = spot.node.get("explode").and_then(|node| node.as_bool());
        Style {
            is_exploded: explode.unwrap_or(name == "form"),
            is_compound: media_type.is_none() && self.is_compound(side, spot),
            name,
        }
    }

    fn is_compound(&self, side: Side, spot: Spot<'a>) -> bool {
        schema_of(spot).is_some_and(|schema| {
            let view = View::expanded(&[schema], self.description(side));
            let is_compound = matches!(
                view.form,
                Form::Array(_) | Form::Object(_) | Form::Any | Form::Several(_)
            );
            is_compound || !view.choices.is_empty()
        })
    }

    /// The effect if a single value became a list and is serialized like a list of one; `None` if it is serialized
    /// differently.
    pub(super) fn list_of_one(
        &self,
        slot: &Slot<'a>,
        old: &View<'a>,
        new: &View<'a>,
    ) -> Option<Effect> {
        let (one, items, list, is_more) = match (&old.form, &new.form) {
            (_, Form::Array(items)) => (old, items, new, true),
            (Form::Array(items), _) => (new, items, old, false),
            _ => return None,
        };
        let side = if is_more { Side::Head } else { Side::Base };
        let item = View::read(items, self.description(side));
        let fits = match (&one.form, &item.form) {
            (one, item) if std::mem::discriminant(one) == std::mem::discriminant(item) => true,
            (Form::Integer | Form::Number | Form::Boolean, Form::Text)
            | (Form::Integer, Form::Number) => is_more,
            (_, Form::Any) => is_more,
            _ => false,
        };
        let is_simple = matches!(
            one.form,
            Form::Text | Form::Integer | Form::Number | Form::Boolean | Form::Enumeration(_)
        );
        if !fits || !is_simple {
            return None;
        }
        let least = list.facets.get("minItems").and_then(|spots| spots.first());
        let wants_more = least
            .and_then(|spot| spot.node.to_json().as_f64())
            .is_some_and(|least| least > 1.0);
        // A single string may contain the separator of a list's values.
        let may_be_cut = matches!(one.form, Form::Text) && !self.is_exploded_list(slot, side);
        match (is_more, wants_more || may_be_cut) {
            (true, false) => Some(Effect::Loosens),
            (false, false) => Some(Effect::Tightens),
            (_, true) => None,
        }
    }

    fn is_exploded_list(&self, slot: &Slot<'a>, side: Side) -> bool {
        let parameter = match side {
            Side::Base => slot.parameter.map(|(base, _)| base),
            Side::Head => slot.parameter.map(|(_, head)| head),
        };
        parameter.is_some_and(|spot| {
            let style = self.style_of(side, spot.text("in").unwrap_or_default(), spot);
            style.name == "form" && style.is_exploded
        })
    }
}

/// The default style of a value.
fn usual_style(location: &str) -> &'static str {
    match location {
        "query" | "cookie" => "form",
        _ => "simple",
    }
}

fn text(style: &Style) -> String {
    let Style {
        name,
        is_exploded,
        is_compound,
    } = style;
    match (name.contains('/'), is_compound, is_exploded) {
        (true, ..) => format!("as {name}"),
        (_, false, _) => name.clone(),
        (_, true, true) => format!("{name}, exploded"),
        (_, true, false) => format!("{name}, in one value"),
    }
}

fn style_kind(role: Role) -> FindingKind {
    match role {
        Role::Header => FindingKind::ResponseHeaderChanged,
        _ => FindingKind::ParameterStyleChanged,
    }
}
