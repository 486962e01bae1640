//! Doc comments of generated items.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Access, Operation, Parameter, Permissions, Property};

use super::text;

/// A doc comment from paragraphs of a fragment; those that are empty are left out.
pub(super) fn doc<I, T>(paragraphs: I) -> TokenStream
where
    I: IntoIterator<Item = T>,
    T: AsRef<str>,
{
    let paragraphs = paragraphs.into_iter();
    comment(paragraphs.map(|paragraph| text::lines(paragraph.as_ref())))
}

/// A doc comment from paragraphs of our own, whose links are meant.
pub(super) fn own_doc<'p>(paragraphs: impl IntoIterator<Item = &'p str>) -> TokenStream {
    let paragraphs = paragraphs.into_iter();
    comment(paragraphs.map(|paragraph| vec![paragraph.to_owned()]))
}

fn comment(paragraphs: impl Iterator<Item = Vec<String>>) -> TokenStream {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs.filter(|paragraph| !paragraph.is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(paragraph);
    }
    let lines = lines.iter().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// A description, or the name of what it should describe: no item of ours is without documentation.
pub(super) fn described(description: &str, kind: &str, name: &str) -> String {
    match description.trim() {
        "" => format!("The {kind} `{name}`."),
        text => text.to_owned(),
    }
}

/// The doc comment of a property's field.
pub(super) fn property(property: &Property) -> TokenStream {
    let documented = property
        .documented_by
        .as_ref()
        .map(|page| format!("Documented by <{page}>."));
    doc([
        described(&property.description, "property", &property.name),
        documented.unwrap_or_default(),
        wire_name(&property.name, &property.field_name),
    ])
}

/// Names the property on the wire where the field does not give it away.
fn wire_name(name: &str, field_name: &str) -> String {
    use heck::ToLowerCamelCase as _;
    match field_name.to_lower_camel_case() == name {
        true => String::new(),
        false => format!("On the wire: `{name}`."),
    }
}

/// The doc comment of an option of a request.
pub(super) fn parameter(parameter: &Parameter) -> TokenStream {
    let bounds = match (parameter.minimum, parameter.maximum) {
        (Some(minimum), Some(maximum)) => {
            format!("From {minimum} to {maximum}; checked before sending.")
        }
        (Some(minimum), None) => format!("At least {minimum}; checked before sending."),
        (None, Some(maximum)) => format!("At most {maximum}; checked before sending."),
        (None, None) => String::new(),
    };
    doc([
        parameter.description.clone(),
        bounds,
        format!("On the wire: `{}`.", parameter.name),
    ])
}

/// The doc comment of an operation's method.
pub(super) fn operation(operation: &Operation) -> TokenStream {
    let reference = operation
        .reference
        .as_ref()
        .map(|url| match operation.access.undocumented {
            true => format!("No reference page describes this operation; the resource: <{url}>."),
            false => format!("Reference: <{url}>."),
        });
    doc([
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
