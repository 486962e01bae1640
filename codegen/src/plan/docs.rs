//! The documentation of generated items.

use crate::model::{Access, Operation, Parameter, Permissions, Property};

/// The documentation of an item, in paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// The paragraphs; none is empty.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph of documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paragraph {
    /// A text of the document: it contains no links, even if something looks like one.
    Text(String),
    /// A text of the generator, with links.
    Own(String),
}

impl Docs {
    /// Creates documentation from non-empty texts of the document.
    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(Into::into);
        Self {
            paragraphs: texts
                .filter(|text| !text.trim().is_empty())
                .map(Paragraph::Text)
                .collect(),
        }
    }

    /// Creates documentation from texts of the generator.
    pub(super) fn own<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(Into::into);
        Self {
            paragraphs: texts.map(Paragraph::Own).collect(),
        }
    }
}

/// The description, or the name of the described part: every item has documentation.
pub(super) fn described(description: &str, kind: &str, name: &str) -> String {
    match description.trim() {
        "" => format!("The {kind} `{name}`."),
        text => text.to_owned(),
    }
}

/// The documentation of a property's field.
pub(super) fn property(property: &Property) -> Docs {
    let documented = property
        .documented_by
        .as_ref()
        .map(|page| format!("Documented by <{page}>."));
    Docs::texts([
        described(&property.description, "property", &property.name),
        documented.unwrap_or_default(),
        wire_name(&property.name, &property.field_name),
    ])
}

/// Adds the property's name on the wire if the field's name does not show it.
fn wire_name(name: &str, field_name: &str) -> String {
    use heck::ToLowerCamelCase as _;
    match field_name.to_lower_camel_case() == name {
        true => String::new(),
        false => format!("JSON name: `{name}`."),
    }
}

/// The documentation of an option of a request.
pub(super) fn parameter(parameter: &Parameter) -> Docs {
    let bounds = match (parameter.minimum, parameter.maximum) {
        (Some(minimum), Some(maximum)) => {
            format!("From {minimum} to {maximum}; checked before sending.")
        }
        (Some(minimum), None) => format!("At least {minimum}; checked before sending."),
        (None, Some(maximum)) => format!("At most {maximum}; checked before sending."),
        (None, None) => String::new(),
    };
    Docs::texts([
        parameter.description.clone(),
        bounds,
        format!("Sent as `{}`.", parameter.name),
    ])
}

/// The documentation of an operation's method.
pub(super) fn operation(operation: &Operation) -> Docs {
    let reference = operation
        .reference
        .as_ref()
        .map(|url| match operation.access.undocumented {
            true => {
                format!("No reference page describes this operation, only its resource: <{url}>.")
            }
            false => format!("Reference: <{url}>."),
        });
    Docs::texts([
        format!(
            "{}.",
            described(&operation.summary, "operation", &operation.id).trim_end_matches('.')
        ),
        operation.description.clone(),
        format!("Sends `{} {}`.", operation.method, operation.path),
        access(&operation.access),
        reference.unwrap_or_default(),
    ])
}

fn access(access: &Access) -> String {
    let mut sentences = Vec::new();
    if access.delegated == access.application {
        sentences.extend(permissions("Permission", &access.delegated));
    } else {
        sentences.extend(permissions(
            "Permission of a signed-in user",
            &access.delegated,
        ));
        sentences.extend(permissions(
            "Permission of an application",
            &access.application,
        ));
    }
    if !access.roles.is_empty() {
        sentences.push(format!(
            "A signed-in user also needs one of the roles {}.",
            access.roles.join(", ")
        ));
    }
    if !access.clouds.is_empty() {
        sentences.push(format!("Clouds: {}.", access.clouds.join(", ")));
    }
    sentences.join(" ")
}

fn permissions(subject: &str, permissions: &Permissions) -> Option<String> {
    let all: Vec<String> = permissions
        .least
        .iter()
        .chain(&permissions.higher)
        .map(|name| format!("`{name}`"))
        .collect();
    (!all.is_empty()).then(|| format!("{subject}: {}.", all.join(", or the wider ")))
}
