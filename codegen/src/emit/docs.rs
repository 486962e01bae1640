//! Writes doc comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Docs, Paragraph};

use super::text;

/// Writes a doc comment.
pub(super) fn comment(docs: &Docs) -> TokenStream {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in &docs.paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        match paragraph {
            Paragraph::Text(text) => lines.extend(text::lines(text)),
            Paragraph::Own(text) => lines.extend(text.lines().map(str::to_owned)),
        }
    }
    let lines = lines.iter().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}
