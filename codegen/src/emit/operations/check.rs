//! Compares a function of progenitor's with the plan: path, method, options, headers, body, and their order.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprMethodCall, FnArg, ImplItemFn, Lit, Macro, Pat, Token};

use crate::model::Location;
use crate::plan::RequestItem;

/// The kind of a function's argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Argument {
    /// A parameter in the path.
    Path(usize),
    /// Another parameter.
    Option(usize),
    /// The body.
    Body,
}

/// The arguments of a function, in order.
///
/// # Errors
///
/// Returns a sentence that describes the difference from the plan.
pub(super) fn arguments(
    function: &ImplItemFn,
    item: &RequestItem,
) -> Result<Vec<Argument>, String> {
    let mut seen = Seen::default();
    seen.visit_block(&function.block);
    let names = item.path_parameters.iter().map(|one| one.wire.as_str());
    let template = names.fold(format!("{{}}{}", item.path), |path, name| {
        path.replacen(&format!("{{{name}}}"), "{}", 1)
    });
    same("path", &seen.template, &template)?;
    same("method", &seen.method, &item.http_method.to_lowercase())?;
    same("body", &seen.has_body, &item.body.is_some())?;
    let wires = |location: Location| -> Vec<&str> {
        let of_location = item.options.iter().filter(|one| one.location == location);
        of_location.map(|one| one.wire.as_str()).collect()
    };
    same(
        "options",
        &sorted(&seen.queries),
        &sorted_wires(wires(Location::Query)),
    )?;
    same(
        "headers",
        &sorted(&seen.headers),
        &sorted_wires(wires(Location::Header)),
    )?;
    let arguments = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    let mut names = BTreeSet::new();
    let found = arguments.map(|typed| match &*typed.pat {
        Pat::Ident(name) if !names.insert(name.ident.to_string()) => {
            Err(format!("two of its arguments are called `{}`", name.ident))
        }
        Pat::Ident(name) => seen.argument(&name.ident.to_string(), item),
        other => Err(format!("an argument `{}`", other.to_token_stream())),
    });
    let found: Vec<Argument> = found.collect::<Result<_, _>>()?;
    let expected = item.path_parameters.len() + item.options.len() + usize::from(seen.has_body);
    same("number of arguments", &found.len(), &expected)?;
    Ok(found)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, planned: &T) -> Result<(), String> {
    match found == planned {
        true => Ok(()),
        false => Err(format!("its {what} is {found:?} instead of {planned:?}")),
    }
}

fn sorted(pairs: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = pairs.iter().map(|(wire, _)| wire.clone()).collect();
    names.sort();
    names
}

fn sorted_wires(mut names: Vec<&str>) -> Vec<String> {
    names.sort_unstable();
    names.into_iter().map(str::to_owned).collect()
}

/// The content of a function, in order.
#[derive(Default)]
struct Seen {
    template: String,
    method: String,
    has_body: bool,
    /// Arguments in the path.
    segments: Vec<String>,
    /// Names on the wire, and arguments.
    queries: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// The argument of `if let Some(value) = …`.
    optional: Option<String>,
}

impl Seen {
    fn argument(&self, name: &str, item: &RequestItem) -> Result<Argument, String> {
        // The function uses variables or functions with these names.
        if matches!(name, "encode_path" | "header_map" | "value") {
            return Err(format!(
                "its argument `{name}` is hidden by another one of that name"
            ));
        }
        if let Some(index) = self.segments.iter().position(|segment| segment == name) {
            return Ok(Argument::Path(index));
        }
        let find = |pairs: &[(String, String)], location: Location| {
            let (wire, _) = pairs.iter().find(|(_, argument)| argument == name)?;
            let mut options = item.options.iter();
            let position = options.position(|one| one.location == location && one.wire == *wire);
            position.map(Argument::Option)
        };
        find(&self.queries, Location::Query)
            .or_else(|| find(&self.headers, Location::Header))
            .or_else(|| (name == "body" && self.has_body).then_some(Argument::Body))
            .ok_or_else(|| format!("its argument `{name}` is not used"))
    }

    fn header(&mut self, call: &ExprMethodCall) {
        let mut arguments = call.args.iter();
        let (
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(wire),
                ..
            })),
            Some(value),
        ) = (arguments.next(), arguments.next())
        else {
            return;
        };
        let written = value.to_token_stream().to_string();
        let name = written.split(' ').next().unwrap_or_default();
        let argument = match (name, &self.optional) {
            ("value", Some(optional)) => optional.clone(),
            (name, _) => name.to_owned(),
        };
        self.headers.push((wire.value(), argument));
    }

    fn query(&mut self, call: &ExprMethodCall) {
        let Some(Expr::Reference(reference)) = call.args.first() else {
            return;
        };
        let Expr::Call(new) = &*reference.expr else {
            return;
        };
        let mut arguments = new.args.iter();
        if let (
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(wire),
                ..
            })),
            Some(Expr::Reference(value)),
        ) = (arguments.next(), arguments.next())
        {
            let argument = value.expr.to_token_stream().to_string();
            self.queries.push((wire.value(), argument));
        }
    }
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        match call.method.to_string().as_str() {
            "append" => self.header(call),
            "query" => self.query(call),
            "json" => self.has_body = true,
            method if ends_with_client(&call.receiver) => self.method = method.to_owned(),
            _ => {}
        }
    }

    fn visit_expr_if(&mut self, condition: &'ast syn::ExprIf) {
        if let Expr::Let(binding) = &*condition.cond {
            self.optional = Some(binding.expr.to_token_stream().to_string());
        }
        visit::visit_expr_if(self, condition);
        self.optional = None;
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = invocation.parse_body_with(parser) else {
            return;
        };
        for (index, argument) in arguments.iter().enumerate() {
            match argument {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(template),
                    ..
                }) if index == 0 => {
                    self.template = template.value();
                }
                // `encode_path(&id.to_string())`
                Expr::Call(call) => {
                    let written = call.args.to_token_stream().to_string();
                    let name = written.trim_start_matches('&').trim_start();
                    let name = name.split([' ', '.']).next().unwrap_or_default();
                    self.segments.push(name.to_owned());
                }
                _ => {}
            }
        }
    }
}

/// `self.client`
fn ends_with_client(receiver: &Expr) -> bool {
    matches!(receiver, Expr::Field(field) if field.member.to_token_stream().to_string() == "client")
}
