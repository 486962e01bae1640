//! A schema in normal form, one level deep.

mod read;

use std::collections::BTreeMap;

use super::document::{Description, Place};

/// One level of a schema.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) kind: Kind<'a>,
    pub(crate) nullable: bool,
    pub(crate) format: Option<&'a str>,
    /// Keywords that say no more than what they say by default are left out.
    pub(crate) facets: BTreeMap<&'a str, Place<'a>>,
}

/// What kind of value it is.
#[derive(Debug, Clone)]
pub(crate) enum Kind<'a> {
    /// A named schema.
    Reference(&'a str),
    Object(Object<'a>),
    Enumeration(Enumeration<'a>),
    Array(Option<Place<'a>>),
    Text,
    Integer,
    Number,
    Boolean,
    Any,
    /// One of several schemas.
    Choice(Vec<Place<'a>>),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Object<'a> {
    /// The named schemas that it extends.
    pub(crate) bases: Vec<&'a str>,
    pub(crate) properties: Vec<Property<'a>>,
    /// What it demands, of its own properties and of those of its bases.
    pub(crate) required: Vec<&'a str>,
    pub(crate) discriminator: Option<Place<'a>>,
    pub(crate) additional: Additional<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    pub(crate) place: Place<'a>,
    pub(crate) required: bool,
}

/// What an object may hold beside its declared properties.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Additional<'a> {
    /// Anything: also where nothing is said, and where Microsoft says `{type: object}`.
    #[default]
    Open,
    Closed(Place<'a>),
    Typed(Place<'a>),
}

#[derive(Debug, Clone)]
pub(crate) struct Enumeration<'a> {
    pub(crate) members: Vec<Member<'a>>,
    /// Whether readers are told to expect members that are not listed.
    pub(crate) open: bool,
    /// `x-ms-enum`.
    pub(crate) extension: Option<Place<'a>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    pub(crate) value: String,
    pub(crate) place: Place<'a>,
}

impl<'a> Shape<'a> {
    /// The type as a reader writes it: `string?`, `[Alert]`, `int32`.
    pub(crate) fn type_text(&self, description: &Description<'a>) -> String {
        self.type_text_with(description, &|name| description.short_name(name))
    }

    /// The same, with names of the caller's choice.
    pub(crate) fn type_text_with(
        &self,
        description: &Description<'a>,
        name_of: &impl Fn(&str) -> String,
    ) -> String {
        let inner =
            |place: Place<'a>| Shape::read(place, description).type_text_with(description, name_of);
        let text = match &self.kind {
            Kind::Reference(name) => name_of(name),
            Kind::Object(object) if object.properties.is_empty() && object.bases.is_empty() => {
                match object.additional {
                    Additional::Typed(place) => {
                        format!("{{{}}}", inner(place))
                    }
                    _ => "object".to_owned(),
                }
            }
            Kind::Object(object) => {
                let names: Vec<&str> = object.properties.iter().map(|p| p.name).take(4).collect();
                let more = if object.properties.len() > 4 {
                    ", …"
                } else {
                    ""
                };
                format!("{{{}{more}}}", names.join(", "))
            }
            Kind::Enumeration(enumeration) => {
                let values: Vec<&str> = enumeration
                    .members
                    .iter()
                    .map(|m| m.value.as_str())
                    .take(4)
                    .collect();
                let more = if enumeration.members.len() > 4 {
                    "|…"
                } else {
                    ""
                };
                format!("{}{more}", values.join("|"))
            }
            Kind::Array(items) => match items {
                Some(items) => format!("[{}]", inner(*items)),
                None => "[any]".to_owned(),
            },
            Kind::Text => self.format_or("string"),
            Kind::Integer => self.format_or("integer"),
            Kind::Number => self.format_or("number"),
            Kind::Boolean => "boolean".to_owned(),
            Kind::Any => "any".to_owned(),
            Kind::Choice(choices) => choices
                .iter()
                .map(|choice| inner(*choice))
                .collect::<Vec<_>>()
                .join(" or "),
        };
        match self.nullable {
            true => text + "?",
            false => text,
        }
    }

    fn format_or(&self, kind: &str) -> String {
        self.format.unwrap_or(kind).to_owned()
    }
}
