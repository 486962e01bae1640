//! Doc comments of generated items.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Access, Operation, Parameter, Permissions, Property};

/// How wide a line of documentation may be, without indentation and slashes.
const WIDTH: usize = 100;

/// A doc comment from paragraphs; those that are empty are left out.
pub(super) fn doc<I, T>(paragraphs: I) -> TokenStream
where
    I: IntoIterator<Item = T>,
    T: AsRef<str>,
{
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        let paragraph = paragraph.as_ref().trim();
        if paragraph.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(paragraph.lines().flat_map(wrap));
    }
    let lines = lines.iter().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// Wraps a line; the rest of a list item stays indented below it.
fn wrap(line: &str) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let is_item = line.trim_start().starts_with("- ") || line.trim_start().starts_with("* ");
    let hanging = " ".repeat(if is_item { indent + 2 } else { indent });
    let options = textwrap::Options::new(WIDTH)
        .break_words(false)
        // A link that is cut at a hyphen is no link.
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .subsequent_indent(&hanging);
    textwrap::wrap(&tame(line), options)
        .into_iter()
        .map(|line| line.into_owned())
        .collect()
}

/// Keeps rustdoc from reading links and HTML into text that means neither: outside code spans, `<` and `[` are escaped.
fn tame(line: &str) -> String {
    let mut tamed = String::with_capacity(line.len());
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            tamed.push('`');
        }
        let is_code = index % 2 == 1;
        if is_code || part.contains("](") || part.contains("<http") {
            tamed.push_str(part);
        } else {
            tamed.push_str(&part.replace('<', "\\<").replace('[', "\\["));
        }
    }
    tamed
}

/// The doc comment of a property's field.
pub(super) fn property(property: &Property) -> TokenStream {
    let documented = property
        .documented_by
        .as_ref()
        .map(|page| format!("Documented by <{page}>."));
    doc([
        property.description.clone(),
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
        format!("{}.", operation.summary.trim_end_matches('.')),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> String {
        let item: syn::ItemStruct = {
            let doc = doc([text]);
            syn::parse_quote!(#doc struct Item;)
        };
        prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![syn::Item::Struct(item)],
        })
    }

    #[test]
    fn brackets_and_angles_are_text_and_code_spans_stay() {
        assert_eq!(
            lines("values [0..7] of <id>, see `a[0] <b>`"),
            "/// values \\[0..7] of \\<id>, see `a[0] <b>`\nstruct Item;\n"
        );
    }

    #[test]
    fn a_long_list_item_hangs_below_its_mark() {
        let text = format!("- {}", "word ".repeat(30));
        let printed = lines(&text);
        assert!(
            printed
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("///   word")),
            "{printed}"
        );
    }
}
