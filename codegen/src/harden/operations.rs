//! Functions that build and send requests: progenitor's, with its client, headers and answers replaced by the runtime's.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::visit_mut::VisitMut as _;
use syn::{FnArg, ImplItemFn, Local, Pat, Stmt};

use crate::lower::rust_type;
use crate::model::{Content, Location, Model, Operation};

use super::rewriter::Rewriter;
use super::tidy::tidy;
use super::{Workshop, type_of};
use crate::emit::{Module, Piece};

/// How many arguments a function may have before it is remarkable.
const MOST_ARGUMENTS: usize = 7;

impl Workshop<'_> {
    pub(super) fn operations(&mut self) -> Module {
        let model = self.model;
        let mut pieces = Vec::new();
        for operation in &model.operations {
            let Some(function) = self.skeleton.take_function(&operation.method_name) else {
                self.report(
                    &operation.origin,
                    "count-mismatch",
                    format!("no function was generated for operation `{}`", operation.id),
                );
                continue;
            };
            match rewrite(model, operation, function) {
                Ok(items) => pieces.push(Piece::Items(items)),
                Err(missing) => self.report(
                    &operation.origin,
                    "unexpected-output",
                    format!(
                        "progenitor's function for `{}` has no {missing}",
                        operation.id
                    ),
                ),
            }
        }
        Module {
            name: "operations".to_owned(),
            doc: "One function for each operation: it builds the request, and the core sends it."
                .to_owned(),
            public: false,
            pieces,
        }
    }
}

/// The type of what an operation answers with.
pub(super) fn answer_type(model: &Model, operation: &Operation) -> TokenStream {
    match &operation.success.content {
        Content::Nothing => quote!(()),
        Content::Number => quote!(i64),
        Content::Json(shape) => type_of(&rust_type(model, shape)),
    }
}

fn rewrite(
    model: &Model,
    operation: &Operation,
    function: ImplItemFn,
) -> Result<TokenStream, &'static str> {
    let constant = format_ident!("{}", operation.method_name.to_uppercase());
    let mut statements = function.block.stmts.into_iter();
    let mut kept = Vec::new();
    let mut request = None;
    for statement in statements.by_ref() {
        let name = bound_name(&statement);
        match name.as_deref() {
            Some("request") => {
                request = Some(statement);
                break;
            }
            _ => kept.push(statement),
        }
    }
    let Some(Stmt::Local(mut request)) = request else {
        return Err("statement that builds the request");
    };
    let sends_headers = operation
        .parameters
        .iter()
        .any(|p| p.location == Location::Header);
    if sends_headers {
        // Only the header that names progenitor's idea of a version goes.
        kept.retain(|statement| !mentions(statement, "api_version"));
    } else {
        kept.retain(|statement| !mentions(statement, "header_map"));
    }
    let mut rewriter = Rewriter::new(operation, !sends_headers);
    for statement in &mut kept {
        rewriter.visit_stmt_mut(statement);
    }
    request.attrs.clear();
    rewriter.visit_local_mut(&mut request);
    without_mut(&mut request);
    let segments = &rewriter.segments;

    let name = &function.sig.ident;
    let inputs: Vec<TokenStream> = function
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => {
                let mut typed = typed.clone();
                tidy(&mut typed.ty);
                Some(typed.to_token_stream())
            }
            FnArg::Receiver(_) => None,
        })
        .collect();
    let borrows = inputs.iter().any(|input| input.to_string().contains("'a"));
    let (generics, core) = match borrows {
        true => (quote!(<'a>), quote!(&'a runtime::Core)),
        false => (quote!(), quote!(&runtime::Core)),
    };
    let answer = answer_type(model, operation);
    let send = match operation.success.content {
        Content::Nothing => quote!(send_for_nothing),
        Content::Number => quote!(send_for_number),
        Content::Json(_) => quote!(send),
    };
    // The core is an argument, too.
    let many = (function.sig.inputs.len() > MOST_ARGUMENTS).then(|| {
        quote!(#[allow(clippy::too_many_arguments, reason = "one for each option of the request")])
    });
    let (id, method, path) = (&operation.id, &operation.method, &operation.path);
    let permissions = operation
        .access
        .application
        .least
        .iter()
        .chain(&operation.access.application.higher);
    Ok(quote! {
        pub(super) const #constant: runtime::Operation =
            runtime::Operation::new(#id, #method, #path, &[#(#permissions),*]);

        #many
        pub(super) async fn #name #generics(
            core: #core,
            #(#inputs),*
        ) -> Result<#answer, runtime::Error> {
            #(#segments)*
            #(#kept)*
            #request
            core.#send(request, &#constant).await
        }
    })
}

fn bound_name(statement: &Stmt) -> Option<String> {
    match statement {
        Stmt::Local(Local {
            pat: Pat::Ident(name),
            ..
        }) => Some(name.ident.to_string()),
        _ => None,
    }
}

fn mentions(statement: &Stmt, word: &str) -> bool {
    statement.to_token_stream().to_string().contains(word)
}

fn without_mut(local: &mut Local) {
    if let Pat::Ident(name) = &mut local.pat {
        name.mutability = None;
    }
}
