//! A type in one line for readers: `string?`, `[Alert]`, `int32`, `Cash or Card`.

use super::super::document::{Description, Spot};
use super::{Additional, EnumForm, EnumMember, Form, ObjectForm, View};

/// The maximum number of written names or members.
const SHOWN: usize = 4;

impl<'a> View<'a> {
    pub(crate) fn type_text(&self, description: &Description<'a>) -> String {
        self.type_text_with(description, &|name| description.short_name(name))
    }

    /// The same, with names of the caller's choice.
    pub(crate) fn type_text_with(
        &self,
        description: &Description<'a>,
        name_of: &impl Fn(&str) -> String,
    ) -> String {
        let inner = |spots: &[Spot<'a>]| {
            View::read(spots, description).type_text_with(description, name_of)
        };
        let form = match &self.form {
            Form::Reference(name) => name_of(name),
            Form::Pointer(reference) => {
                reference.rsplit('/').next().unwrap_or(reference).to_owned()
            }
            Form::Object(object) => object_text(object, &inner),
            Form::Enumeration(enumeration) => members_text(enumeration),
            Form::Array(items) if items.is_empty() => "[any]".to_owned(),
            Form::Array(items) => format!("[{}]", inner(items)),
            Form::Text => self.format_or("string"),
            Form::Integer => self.format_or("integer"),
            Form::Number => self.format_or("number"),
            Form::Boolean => "boolean".to_owned(),
            Form::Null => "null".to_owned(),
            Form::Any => "any".to_owned(),
            Form::Never => "nothing".to_owned(),
            Form::Several(types) => types
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(" or "),
        };
        let mut parts: Vec<String> = self
            .choices
            .iter()
            .map(|choice| {
                let alternatives = choice.alternatives.iter();
                let texts: Vec<String> = alternatives.map(|one| inner(&[*one])).collect();
                match texts.is_empty() {
                    true => "null".to_owned(),
                    false => texts.join(" or "),
                }
            })
            .collect();
        if parts.is_empty() || !matches!(self.form, Form::Any) {
            parts.insert(0, form);
        }
        let text = parts.join(", and ");
        match self.nullable {
            Some(_) => text + "?",
            None => text,
        }
    }

    fn format_or(&self, kind: &str) -> String {
        self.format.unwrap_or(kind).to_owned()
    }
}

fn object_text<'a>(object: &ObjectForm<'a>, inner: &impl Fn(&[Spot<'a>]) -> String) -> String {
    if object.properties.is_empty() && object.bases.is_empty() {
        return match &object.additional {
            Additional::Typed(spots) => format!("{{{}}}", inner(spots)),
            _ => "object".to_owned(),
        };
    }
    let names: Vec<&str> = object
        .properties
        .iter()
        .map(|property| property.name)
        .collect();
    format!("{{{}}}", shown(&names, ", "))
}

fn members_text(enumeration: &EnumForm<'_>) -> String {
    let text = |member: &EnumMember<'_>| match member.spot.node.as_str() {
        // A string that looks like a number, or like another value, is shown with quotes.
        Some(text) if text.parse::<f64>().is_ok() || matches!(text, "true" | "false" | "null") => {
            format!("\"{text}\"")
        }
        _ => member.value.clone(),
    };
    let values: Vec<String> = enumeration.members.iter().map(text).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    shown(&values, "|")
}

fn shown(names: &[&str], between: &str) -> String {
    let text = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(between);
    match names.len() > SHOWN {
        true => format!("{text}{between}…"),
        false => text,
    }
}
