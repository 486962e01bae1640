//! The kinds of values that a type has, and the meaning of their changes.

use std::cmp::Ordering;

use super::super::finding::FindingKind;
use super::super::schema::{EnumForm, Form, View};
use super::super::wire::Effect;
use super::Role;

/// Whether the members are values of other kinds: strings on one side, numbers on the other.
pub(super) fn are_of_other_kinds(from: &EnumForm<'_>, to: &EnumForm<'_>) -> bool {
    let kinds = |form: &EnumForm<'_>| {
        let mut kinds: Vec<&str> = form
            .members
            .iter()
            .map(|member| member.spot.node.kind())
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let (old, new) = (kinds(from), kinds(to));
    let share_none =
        !old.is_empty() && !new.is_empty() && !old.iter().any(|kind| new.contains(kind));
    let say_others = matches!((from.kind, to.kind), (Some(old), Some(new)) if !is_within(old, new) && !is_within(new, old));
    share_none || say_others
}

pub(super) fn is_plain(form: &Form<'_>) -> bool {
    matches!(
        form,
        Form::Text
            | Form::Integer
            | Form::Number
            | Form::Boolean
            | Form::Null
            | Form::Any
            | Form::Never
    )
}

pub(super) fn type_kind(role: Role) -> FindingKind {
    match role {
        Role::Schema => FindingKind::SchemaTypeChanged,
        Role::Property => FindingKind::PropertyTypeChanged,
        Role::Parameter => FindingKind::ParameterTypeChanged,
        Role::Header => FindingKind::ResponseHeaderChanged,
        Role::RequestBody => FindingKind::RequestBodyTypeChanged,
        Role::Response => FindingKind::ResponseTypeChanged,
    }
}

/// Which of two number formats has more values; `None` if neither has all values of the other.
pub(super) fn wider(from: &str, to: &str) -> Option<Ordering> {
    let ((family, from), (other, to)) = (width(from)?, width(to)?);
    (family == other).then(|| from.cmp(&to))
}

/// The family of a number format, and its number of bits.
fn width(format: &str) -> Option<(&'static str, u32)> {
    let of = |family| Some((family, format.strip_prefix(family)?.parse().ok()?));
    match format {
        "float" => Some(("float", 32)),
        "double" => Some(("float", 64)),
        _ => of("int").or_else(|| of("uint")),
    }
}

/// The names of the types that a form allows.
pub(super) fn names<'a>(form: &Form<'a>) -> Vec<&'a str> {
    match form {
        Form::Text => vec!["string"],
        Form::Enumeration(members) => vec![members.kind.unwrap_or("string")],
        Form::Integer => vec!["integer"],
        Form::Number => vec!["number"],
        Form::Boolean => vec!["boolean"],
        Form::Null => vec!["null"],
        Form::Array(_) => vec!["array"],
        Form::Object(_) => vec!["object"],
        Form::Several(types) => types.iter().map(|(name, _)| *name).collect(),
        Form::Any | Form::Never | Form::Reference(_) | Form::Pointer(_) => Vec::new(),
    }
}

/// Whether every value of one type is a value of another.
pub(super) fn is_within(kind: &str, other: &str) -> bool {
    kind == other || (kind, other) == ("integer", "number")
}

/// The effect if a value of one kind becomes one of another.
pub(super) fn relation(role: Role, old: &View<'_>, new: &View<'_>) -> Effect {
    use Form::{Any, Boolean, Enumeration, Integer, Number, Several, Text};
    let is_free = |view: &View<'_>| matches!(view.form, Any) && view.choices.is_empty();
    match (&old.form, &new.form) {
        _ if is_free(old) => Effect::Tightens,
        _ if is_free(new) => Effect::Loosens,
        (Form::Never, _) => Effect::Loosens,
        (_, Form::Never) => Effect::Tightens,
        (Integer, Number) => Effect::Loosens,
        (Number, Integer) => Effect::Tightens,
        (Enumeration(members), Text) if members.open => Effect::Grows,
        (Enumeration(members), Text) if members.kind.is_none_or(|kind| kind == "string") => {
            Effect::Loosens
        }
        (Text, Enumeration(members)) if members.kind.is_none_or(|kind| kind == "string") => {
            Effect::Tightens
        }
        (Several(_), form) | (form, Several(_)) if !names(form).is_empty() => {
            let (from, to) = (names(&old.form), names(&new.form));
            let all_within = |these: &[&str], others: &[&str]| {
                these
                    .iter()
                    .all(|kind| others.iter().any(|other| is_within(kind, other)))
            };
            Effect::of_values(!all_within(&from, &to), !all_within(&to, &from))
        }
        // In a path, a query or a header, everything is a string.
        (Integer | Number | Boolean, Text) if role == Role::Parameter => Effect::Loosens,
        (Text, Integer | Number | Boolean) if role == Role::Parameter => Effect::Tightens,
        _ => Effect::Swaps,
    }
}
