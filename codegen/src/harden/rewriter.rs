//! Replaces, in a function of progenitor's, its client, its headers and its paths by the runtime's.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, Lit, LitStr, Macro, Stmt, Token};

use crate::model::{Content, Location, Operation};

use super::type_of;

/// Replaces progenitor's client by the runtime's core.
pub(super) struct Rewriter<'a> {
    operation: &'a Operation,
    drop_headers: bool,
    /// Statements that check identifiers and make each of them one segment of a path.
    pub(super) segments: Vec<Stmt>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(operation: &'a Operation, drop_headers: bool) -> Self {
        Self {
            operation,
            drop_headers,
            segments: Vec::new(),
        }
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        self.name_as_on_the_wire(expression);
        visit_mut::visit_expr_mut(self, expression);
        let replacement: Option<Expr> = match expression {
            Expr::Field(field) => match field.member.to_token_stream().to_string().as_str() {
                "baseurl" => Some(syn::parse_quote!(core.base_url())),
                "client" => Some(syn::parse_quote!(core.http())),
                _ => None,
            },
            // The identifier is checked and encoded as exactly one segment.
            Expr::Call(call) if call.func.to_token_stream().to_string() == "encode_path" => {
                self.path_segment(call.args.first())
            }
            Expr::MethodCall(call) if call.method == "append" => header(call),
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
            invocation.tokens = inlined(&arguments).unwrap_or_else(|| arguments.to_token_stream());
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

    /// Where progenitor has `encode_path(&incident_id.to_string())`, the name of what was checked before.
    fn path_segment(&mut self, argument: Option<&Expr>) -> Option<Expr> {
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
        self.segments
            .push(syn::parse_quote!(let #receiver = runtime::path::segment(#name, #receiver)?;));
        Some((**receiver).clone())
    }
}

/// `map.append("If-Match", value.to_string().try_into()?)`, with a refusal that names the header.
fn header(call: &syn::ExprMethodCall) -> Option<Expr> {
    let (map, name, value) = (&call.receiver, call.args.first()?, call.args.last()?);
    let Expr::Try(converted) = value else {
        return None;
    };
    let Expr::MethodCall(try_into) = &*converted.expr else {
        return None;
    };
    let Expr::MethodCall(to_string) = &*try_into.receiver else {
        return None;
    };
    let text = &to_string.receiver;
    Some(syn::parse_quote!(#map.append(#name, runtime::check::header_value(#name, #text)?)))
}

fn ends_with(expression: &Expr, path: &str) -> bool {
    let written = expression.to_token_stream().to_string().replace(' ', "");
    written.ends_with(path)
}

/// `format!("{}/incidents/{}", base, id)` as `format!("{}/incidents/{id}", base)`.
fn inlined(arguments: &Punctuated<Expr, Token![,]>) -> Option<TokenStream> {
    let mut arguments = arguments.iter();
    let Some(Expr::Lit(ExprLit {
        lit: Lit::Str(template),
        ..
    })) = arguments.next()
    else {
        return None;
    };
    let template = template.value();
    let mut parts = template.split("{}");
    let mut text = parts.next()?.to_owned();
    let mut rest = Vec::new();
    for part in parts {
        let argument = arguments.next()?;
        match argument {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                text.push_str(&format!("{{{}}}", path.to_token_stream()));
            }
            other => {
                text.push_str("{}");
                rest.push(other);
            }
        }
        text.push_str(part);
    }
    Some(quote!(#text #(, #rest)*))
}
