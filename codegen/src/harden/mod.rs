//! Makes of progenitor's output the code that we publish, and writes what progenitor has no idea of.
//!
//! progenitor contributes the fields of every struct (names aside) and the building of every request. Here they
//! get our names, documentation, leniency and checks; enumerations, polymorphic types, request bodies, fluent
//! requests and JSON schemas are added. Nothing may get lost on the way: a property without a field, a field
//! without a property, or an operation without a function is an error.

mod bodies;
mod docs;
mod enumerations;
mod objects;
mod operations;
mod polymorphic;
mod requests;
mod rewriter;
mod skeleton;
mod text;
mod tidy;

use proc_macro2::{Ident, Span, TokenStream};

use crate::diagnostic::{Problem, Problems};
use crate::model::{Kind, Model, Origin, Shape, Usage};

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

/// Everything that the stage works on.
pub(super) struct Workshop<'a> {
    model: &'a Model,
    usage: &'a Usage,
    host: &'a Host,
    file: &'a str,
    skeleton: skeleton::Skeleton,
    problems: Problems,
}

/// Turns progenitor's file into modules.
///
/// # Errors
///
/// What came out different from what went in: a property, an operation or a name that was lost or invented.
pub fn harden(
    model: &Model,
    usage: &Usage,
    host: &Host,
    file: &str,
    emitted: syn::File,
) -> Result<Vec<Module>, Problems> {
    let mut workshop = Workshop {
        model,
        usage,
        host,
        file,
        skeleton: skeleton::Skeleton::of(emitted),
        problems: Problems::default(),
    };
    let mut modules = vec![workshop.enumerations(), workshop.objects()];
    modules.extend(workshop.polymorphic());
    modules.push(workshop.bodies());
    let operations = workshop.operations();
    modules.push(workshop.requests(&operations));
    modules.push(operations.module);
    modules.retain(|module| !module.pieces.is_empty());
    workshop.refuse_left_overs();
    if workshop.problems.is_empty() {
        Ok(modules)
    } else {
        Err(workshop.problems)
    }
}

impl Workshop<'_> {
    fn report(&mut self, origin: &Origin, rule: &'static str, message: String) {
        self.problems.push(Problem {
            rule,
            message,
            file: self.file.to_owned(),
            position: Some(origin.position),
            pointer: origin.pointer.clone(),
            help: "this is a defect of the generator: please report it with the fragment"
                .to_owned(),
        });
    }

    /// Objects that are structs of their own: not bodies, not errors, not of a polymorphic family.
    fn plain_objects(&self) -> Vec<String> {
        self.model
            .schemas
            .iter()
            .filter(|(type_name, schema)| {
                let Kind::Object(object) = &schema.kind else {
                    return false;
                };
                !self.usage.errors.contains(*type_name)
                    && !self.usage.bodies.contains(*type_name)
                    && !self.model.is_polymorphic(type_name)
                    && self.model.polymorphic_base(object).is_none()
            })
            .map(|(type_name, _)| type_name.clone())
            .collect()
    }

    fn is_guarded(&self, shape: &Shape) -> bool {
        shape
            .named()
            .and_then(|name| self.model.schema(name))
            .is_some_and(|schema| match &schema.kind {
                Kind::Enumeration(enumeration) => {
                    enumeration.members.iter().any(|m| m.guarded.is_some())
                }
                _ => false,
            })
    }

    /// What progenitor wrote and nobody asked for means that the two sides have a different idea of the fragment.
    fn refuse_left_overs(&mut self) {
        for name in self.skeleton.left_overs() {
            self.problems.push(Problem {
                rule: "count-mismatch",
                message: format!("`{name}` was generated, but no schema or operation asks for it"),
                file: self.file.to_owned(),
                position: None,
                pointer: "#".to_owned(),
                help: "this is a defect of the generator: please report it with the fragment"
                    .to_owned(),
            });
        }
    }
}

/// An identifier; names that are Rust keywords have been made safe by [`crate::names`].
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A type from its text.
fn type_of(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| TokenStream::new())
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
