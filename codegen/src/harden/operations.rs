//! Functions that build and send requests: progenitor's, with its client, headers and answers replaced by the runtime's.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, FnArg, ImplItemFn, Lit, LitStr, Local, Macro, Pat, Stmt, Token};

use crate::lower::rust_type;
use crate::model::{Content, Location, Model, Operation};

use super::tidy::tidy;
use super::{Module, Piece, Workshop, type_of};

/// The module, and what the fluent requests have to know of it.
pub(super) struct Operations {
    pub(super) module: Module,
    pub(super) calls: Vec<Call>,
}

/// How the function of an operation is called.
pub(super) struct Call {
    /// Which operation of the model.
    pub(super) operation: usize,
    /// The arguments after the transport, in order.
    pub(super) arguments: Vec<String>,
}

impl Workshop<'_> {
    pub(super) fn operations(&mut self) -> Operations {
        let model = self.model;
        let mut pieces = Vec::new();
        let mut calls = Vec::new();
        for (index, operation) in model.operations.iter().enumerate() {
            let Some(function) = self.skeleton.take_function(&operation.method_name) else {
                self.report(
                    &operation.origin,
                    "count-mismatch",
                    format!("no function was generated for operation `{}`", operation.id),
                );
                continue;
            };
            let arguments = argument_names(&function);
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
            calls.push(Call {
                operation: index,
                arguments,
            });
        }
        let module = Module {
            name: "operations".to_owned(),
            doc: "One function for each operation: it builds the request, and the transport sends it.".to_owned(),
            feature: None,
            public: false,
            pieces,
        };
        Operations { module, calls }
    }
}

fn argument_names(function: &ImplItemFn) -> Vec<String> {
    function
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
        .collect()
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
    let mut rewriter = Rewriter {
        operation,
        drop_headers: !sends_headers,
    };
    for statement in &mut kept {
        rewriter.visit_stmt_mut(statement);
    }
    request.attrs.clear();
    rewriter.visit_local_mut(&mut request);
    without_mut(&mut request);

    let name = &function.sig.ident;
    let inputs = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => {
            let mut typed = typed.clone();
            tidy(&mut typed.ty);
            Some(typed.to_token_stream())
        }
        FnArg::Receiver(_) => None,
    });
    let answer = answer_type(model, operation);
    let send = match operation.success.content {
        Content::Nothing => quote!(send_for_nothing),
        Content::Number => quote!(send_for_number),
        Content::Json(_) => quote!(send),
    };
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

        pub(super) async fn #name<'a>(
            transport: &'a runtime::Transport,
            #(#inputs),*
        ) -> Result<#answer, runtime::Error> {
            #(#kept)*
            #request
            transport.#send(request, &#constant).await
        }
    })
}

fn ends_with(expression: &Expr, path: &str) -> bool {
    let written = expression.to_token_stream().to_string().replace(' ', "");
    written.ends_with(path)
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

/// Replaces progenitor's client by the runtime's transport.
struct Rewriter<'a> {
    operation: &'a Operation,
    drop_headers: bool,
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        self.name_as_on_the_wire(expression);
        visit_mut::visit_expr_mut(self, expression);
        let replacement: Option<Expr> = match expression {
            Expr::Field(field) => match field.member.to_token_stream().to_string().as_str() {
                "baseurl" => Some(syn::parse_quote!(transport.base_url())),
                "client" => Some(syn::parse_quote!(transport.http())),
                _ => None,
            },
            // The identifier is checked and encoded as exactly one segment.
            Expr::Call(call) if call.func.to_token_stream().to_string() == "encode_path" => {
                self.path_segment(call.args.first())
            }
            Expr::MethodCall(call) if call.method == "headers" && self.drop_headers => {
                Some((*call.receiver).clone())
            }
            _ => None,
        };
        if let Some(replacement) = replacement {
            *expression = replacement;
        }
    }

    fn visit_macro_mut(&mut self, invocation: &mut Macro) {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut arguments) = invocation.parse_body_with(parser) {
            for argument in &mut arguments {
                self.visit_expr_mut(argument);
            }
            arguments.pop_punct();
            invocation.tokens = arguments.to_token_stream();
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let written = path.to_token_stream().to_string().replace(' ', "");
        if written.ends_with("QueryParam::new") {
            *path = syn::parse_quote!(runtime::query::Parameter::new);
        } else if let Some(rest) = written.strip_prefix("::reqwest::header::") {
            let rest = type_of(rest);
            *path = syn::parse_quote!(header::#rest);
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if self.operation.success.content == Content::Number
            && literal.value() == "application/json"
        {
            *literal = LitStr::new("text/plain", literal.span());
        }
    }
}

impl Rewriter<'_> {
    /// `QueryParam::new("filter", …)` and `header_map.append("if_match", …)` name arguments as we do.
    fn name_as_on_the_wire(&self, expression: &mut Expr) {
        let (name, location) = match expression {
            Expr::Call(call) if ends_with(&call.func, "QueryParam::new") => {
                (call.args.first_mut(), Location::Query)
            }
            Expr::MethodCall(call) if call.method == "append" => {
                (call.args.first_mut(), Location::Header)
            }
            _ => return,
        };
        let Some(Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        })) = name
        else {
            return;
        };
        let parameter = self.operation.parameters.iter().find(|parameter| {
            parameter.location == location && parameter.field_name == literal.value()
        });
        if let Some(parameter) = parameter {
            *literal = LitStr::new(&parameter.name, literal.span());
        }
    }

    fn path_segment(&self, argument: Option<&Expr>) -> Option<Expr> {
        // `&incident_id.to_string()`
        let Expr::Reference(reference) = argument? else {
            return None;
        };
        let Expr::MethodCall(call) = &*reference.expr else {
            return None;
        };
        let receiver = &call.receiver;
        let field_name = receiver.to_token_stream().to_string();
        let name = self
            .operation
            .parameters
            .iter()
            .find(|parameter| parameter.field_name == field_name)
            .map_or(field_name, |parameter| parameter.name.clone());
        Some(syn::parse_quote!(runtime::path::segment(#name, #receiver)?))
    }
}
