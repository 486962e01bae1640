//! Prints tokens in the usual style of Rust.

use quote::ToTokens;
use syn::Signature;

/// A signature, with the type or module of the function before its name.
pub(crate) fn signature(signature: &Signature, owner: &str) -> String {
    let mut signature = signature.clone();
    for input in &mut signature.inputs {
        if let syn::FnArg::Typed(typed) = input
            && let syn::Pat::Ident(name) = &mut *typed.pat
        {
            name.mutability = None;
        }
    }
    let name = format!("fn {}", signature.ident);
    // Callers do not see whether an owned argument is mutable.
    let written = text(&signature).replace("(mut self", "(self");
    written.replacen(&name, &format!("fn {owner}{}", signature.ident), 1)
}

/// Tokens on one line.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != ' ' {
            out.push(character);
            continue;
        }
        let before = out.chars().next_back().unwrap_or(' ');
        let after = characters.peek().copied().unwrap_or(' ');
        let is_type_colon = before == ':' && !out.ends_with("::");
        let is_tight = matches!(before, '<' | '(' | '[' | '&' | ':' | '!') && !is_type_colon
            || matches!(
                after,
                '<' | '>' | ')' | '(' | '[' | ']' | ',' | ':' | ';' | '!'
            );
        if !is_tight {
            out.push(' ');
        }
    }
    out.replace(",)", ")")
        .replace("'static[", "'static [")
        .replace("->", " -> ")
        .replace("  ", " ")
        .replace("=>", " => ")
}

#[cfg(test)]
mod tests {
    use super::{signature, text};

    #[test]
    fn tokens_are_printed_as_they_are_written() {
        let field: syn::Type = syn::parse_quote!(Option<Vec<runtime::Page<Tag>>>);
        assert_eq!(text(&field), "Option<Vec<runtime::Page<Tag>>>");
        let function: Signature =
            syn::parse_quote!(fn get_tag<'a>(&'a self, mut id: &'a str) -> GetTag<'a>);
        assert_eq!(
            signature(&function, "Client::"),
            "fn Client::get_tag<'a>(&'a self, id: &'a str) -> GetTag<'a>"
        );
    }

    use syn::Signature;
}
