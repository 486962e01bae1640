//! Writes a plan down as modules of Rust code. Every decision is the plan's.

mod bodies;
mod docs;
mod enumerations;
mod functions;
mod objects;
pub mod progenitor;
mod requests;
mod text;
mod unions;

use proc_macro2::{Ident, Span, TokenStream};

use crate::plan::{Plan, RustType};

/// Where generated code finds the hand-written half, and what it hangs its methods on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// The crate that contains the runtime: methods go to its own `Client`.
    Runtime,
    /// Any other crate: the module defines a `Client` of its own around the one of `graph_incidents`.
    Consumer,
}

impl Host {
    /// The path of the hand-written half.
    #[must_use]
    pub fn runtime_path(&self) -> &'static str {
        "::graph_client_runtime::generated_code"
    }
}

/// A module of generated code.
#[derive(Debug, Clone)]
pub struct Module {
    /// File or module name.
    pub name: String,
    /// One sentence.
    pub doc: String,
    /// Whether it is part of the public API.
    pub public: bool,
    /// Its contents, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a module.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Rust items, to be formatted.
    Items(TokenStream),
    /// An invocation of a runtime macro, laid out as a table.
    Table(String),
}

/// Writes a plan down.
#[must_use]
pub fn emit(plan: &Plan, host: &Host, operations: Module) -> Vec<Module> {
    let mut modules = vec![enumerations::module(plan), objects::module(plan)];
    modules.extend(plan.unions.iter().map(unions::module));
    modules.push(bodies::module(plan, host));
    modules.push(requests::module(plan, host));
    modules.push(operations);
    modules.retain(|module| !module.pieces.is_empty());
    modules
}

/// An identifier; names that are Rust keywords have been made safe by [`crate::names`].
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A type as tokens.
fn tokens(rust_type: &RustType) -> TokenStream {
    // A type of the plan always reads as Rust; were one not to, the module would be refused when it is formatted.
    rust_type.to_string().parse().unwrap_or_default()
}

/// A runtime macro with one entry a line.
fn table(head: &str, entries: impl IntoIterator<Item = String>) -> Piece {
    let mut text = format!("runtime::{head} {{\n");
    for entry in entries {
        text.push_str("    ");
        text.push_str(&entry);
        text.push_str(",\n");
    }
    text.push_str("});");
    Piece::Table(text)
}
