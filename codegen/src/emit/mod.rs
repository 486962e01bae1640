//! Writes a plan as modules of Rust code. The plan makes every decision.

mod bodies;
mod client;
mod docs;
mod enumerations;
mod family_updates;
mod functions;
mod known;
mod objects;
mod operations;
mod queries;
mod requests;
mod text;
mod unions;

use proc_macro2::{Ident, Span, TokenStream};

use crate::diagnostic::Problems;
use crate::plan::{Plan, RustType};

pub use operations::{Origins, Share};

/// The path of everything that generated code uses and does not define.
pub(crate) const RUNTIME: &str = "::graph_client_runtime::generated_code";

/// A module of generated code.
#[derive(Debug, Clone)]
pub struct Module {
    /// The name of the file or module.
    pub name: String,
    /// Its documentation in one sentence.
    pub doc: String,
    /// Whether it is part of the public API.
    pub public: bool,
    /// Its content, in order.
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

/// Modules of Rust code.
#[derive(Debug, Clone)]
pub struct Emitted {
    /// The modules, in the order in which they are declared.
    pub modules: Vec<Module>,
    /// How the functions that build requests were made.
    pub origins: Origins,
}

/// Writes a plan as code. `file` is the document's name in messages.
///
/// # Errors
///
/// Returns an error for each function that builds a request and has an unknown form.
pub fn emit(plan: &Plan, file: &str) -> Result<Emitted, Problems> {
    let operations = operations::operations(plan, file)?;
    let mut modules = vec![
        client::module(plan),
        enumerations::module(plan),
        objects::module(plan),
    ];
    modules.extend(plan.unions.iter().map(unions::module));
    modules.push(bodies::module(plan));
    modules.push(queries::module(plan));
    modules.push(requests::module(plan, &operations.arguments));
    modules.push(operations.module);
    modules.retain(|module| !module.pieces.is_empty());
    Ok(Emitted {
        modules,
        origins: operations.origins,
    })
}

/// An identifier; [`crate::names`] has already escaped Rust keywords.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A type as tokens.
fn tokens(rust_type: &RustType) -> TokenStream {
    // Every type of the plan is valid Rust; otherwise formatting the module would fail.
    rust_type.to_string().parse().unwrap_or_default()
}

/// An invocation of a runtime macro with one entry per line.
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
