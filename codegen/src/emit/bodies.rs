//! Writes request bodies.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{
    Action, BodyCheck, BodyField, BodyForm, BodyItem, Conversion, FunctionItem, Plan, Presence,
};

use super::docs::comment;
use super::functions::{converted, function};
use super::{Module, Piece, family_updates, ident, table, tokens};

pub(super) fn module(plan: &Plan) -> Module {
    let mut pieces = Vec::new();
    for item in &plan.bodies {
        pieces.push(Piece::Items(definition(item)));
        pieces.push(properties(item));
    }
    let updates = plan.family_updates.iter();
    pieces.extend(updates.flat_map(family_updates::pieces));
    Module {
        name: "bodies".to_owned(),
        doc: "Request bodies, with only the properties that callers can write.".to_owned(),
        public: true,
        pieces,
    }
}

fn definition(item: &BodyItem) -> TokenStream {
    let (name, docs) = (ident(&item.name), comment(&item.docs));
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    // The table adds the others.
    let is_derived = |derive: &&&str| !matches!(**derive, "Serialize" | "Deserialize");
    let derives = item.derives().iter().filter(is_derived);
    let derives = derives.map(|derive| ident(derive));
    let fields = item.fields.iter().map(field);
    let guard = item.guarded.then(|| {
        quote! {
            /// Whether guarded members may be sent; see [`Self::allow_guarded`].
            allow_guarded: bool,
        }
    });
    let functions = item
        .functions
        .iter()
        .map(|one| function(one, &body(item, one)));
    let checks = item.checks.iter().map(|one| check(item, one));
    let check = (!item.checks.is_empty()).then(|| {
        quote! {
            fn check(&self) -> Result<(), runtime::Refusal> {
                #(#checks)*
                Ok(())
            }
        }
    });
    quote! {
        #docs
        #deprecated
        #[derive(#(#derives),*)]
        #[non_exhaustive]
        pub struct #name { #(#fields)* #guard }

        impl #name { #(#functions)* }

        impl runtime::Body for #name { #check }
    }
}

fn field(BodyField { field, presence }: &BodyField) -> TokenStream {
    let name = ident(&field.name);
    let (docs, rust_type) = (comment(&field.docs), tokens(&field.rust_type));
    match presence {
        Presence::Constant(_) => quote!(#docs #name: #rust_type,),
        _ => quote!(#docs pub #name: #rust_type,),
    }
}

/// The code of a body's function.
fn body(item: &BodyItem, function: &FunctionItem) -> TokenStream {
    match &function.action {
        Action::NewBody(arguments) => new_body(item, arguments),
        Action::Set(field, conversion) => set(item, field, *conversion),
        Action::Clear(field) => {
            let field = ident(field);
            quote!(self.#field = Change::Clear; self)
        }
        Action::Leave(field) => {
            let nothing = match presence(item, field) {
                Some(Presence::Changed) => quote!(Change::Leave),
                _ => quote!(None),
            };
            let field = ident(field);
            quote!(self.#field = #nothing; self)
        }
        Action::AllowGuarded => quote!(self.allow_guarded = true; self),
        Action::IsEmpty => {
            let untouched = item.fields.iter().map(|BodyField { field, presence }| {
                let name = ident(&field.name);
                match presence {
                    Presence::Changed => quote!(self.#name.is_leave()),
                    _ => quote!(self.#name.is_none()),
                }
            });
            match item.fields.is_empty() {
                true => quote!(true),
                false => quote!(#(#untouched)&&*),
            }
        }
        _ => TokenStream::new(),
    }
}

fn new_body(item: &BodyItem, arguments: &[(String, Conversion)]) -> TokenStream {
    if item.form == BodyForm::Patch || item.can_be_empty() {
        return quote!(Self::default());
    }
    let initial = item.fields.iter().map(|BodyField { field, presence }| {
        let name = ident(&field.name);
        let value = match presence {
            Presence::Constant(constant) => quote!(#constant),
            Presence::Required => {
                let argument = arguments.iter().find(|(name, _)| *name == field.name);
                let conversion = argument.map_or(Conversion::Keep, |(_, conversion)| *conversion);
                if conversion == Conversion::Keep {
                    return quote!(#name,);
                }
                converted(&field.name, conversion)
            }
            Presence::Changed => quote!(Change::Leave),
            Presence::Optional => quote!(None),
        };
        quote!(#name: #value,)
    });
    let guard = item.guarded.then(|| quote!(allow_guarded: false,));
    quote!(Self { #(#initial)* #guard })
}

fn set(item: &BodyItem, field: &str, conversion: Conversion) -> TokenStream {
    let (name, value) = (ident(field), converted(field, conversion));
    match presence(item, field) {
        Some(Presence::Changed) => quote!(self.#name = Change::Set(#value); self),
        _ => quote!(self.#name = Some(#value); self),
    }
}

/// Whether a field always has a value: it is neither omitted nor null.
fn is_always_there(item: &BodyItem, field: &str) -> bool {
    let mut fields = item.fields.iter();
    fields.any(|one| {
        one.field.name == field && one.presence == Presence::Required && !one.field.nullable
    })
}

fn presence<'i>(item: &'i BodyItem, field: &str) -> Option<&'i Presence> {
    let found = item.fields.iter().find(|one| one.field.name == field);
    found.map(|found| &found.presence)
}

fn check(item: &BodyItem, check: &BodyCheck) -> TokenStream {
    let (field, kind) = match check {
        BodyCheck::ChangesSomething => {
            return quote!(runtime::check::changes_something(!self.is_empty())?;);
        }
        BodyCheck::Guarded(field) => (field, "guarded"),
        BodyCheck::Characters(field, _) => (field, "characters"),
        BodyCheck::Filled(field) => (field, "characters"),
        BodyCheck::Items(field, _) => (field, "items"),
        BodyCheck::Conflict(sides) => return conflict(item, sides),
    };
    let wire = item
        .fields
        .iter()
        .find(|one| one.field.name == *field)
        .map(|one| one.field.wire.as_str())
        .unwrap_or_default();
    let name = ident(field);
    let is_always_there = is_always_there(item, field);
    let value = match presence(item, field) {
        Some(Presence::Changed) => quote!(self.#name.set_value()),
        _ if !is_always_there => quote!(self.#name.as_ref()),
        _ if kind == "characters" => quote!(Some(self.#name.as_str())),
        _ if kind == "items" => quote!(Some(self.#name.len())),
        _ => quote!(Some(&self.#name)),
    };
    let is_mapped = !is_always_there;
    match check {
        BodyCheck::Characters(_, maximum) => {
            let map = is_mapped.then(|| quote!(.map(String::as_str)));
            quote!(runtime::check::at_most_characters(#wire, #value #map, #maximum)?;)
        }
        BodyCheck::Filled(_) => {
            let map = is_mapped.then(|| quote!(.map(String::as_str)));
            quote!(runtime::check::filled(#wire, #value #map)?;)
        }
        BodyCheck::Items(_, minimum) => {
            let map = is_mapped.then(|| quote!(.map(Vec::len)));
            quote!(runtime::check::at_least_items(#wire, #value #map, #minimum)?;)
        }
        _ => quote!(runtime::check::guarded(#wire, #value, self.allow_guarded)?;),
    }
}

/// Values of several fields that contradict each other.
fn conflict(item: &BodyItem, sides: &[(String, Vec<String>)]) -> TokenStream {
    let sides = sides.iter().map(|(field, members)| {
        let found = item.fields.iter().find(|one| one.field.name == *field);
        let wire = found.map(|one| one.field.wire.as_str()).unwrap_or_default();
        let name = ident(field);
        let value = match presence(item, field) {
            Some(Presence::Changed) => quote!(self.#name.set_value()),
            _ if is_always_there(item, field) => quote!(Some(&self.#name)),
            _ => quote!(self.#name.as_ref()),
        };
        quote!((#wire, #value.map(|value| value.as_str()), &[#(#members),*]))
    });
    let allowed = match item.guarded {
        true => quote!(self.allow_guarded),
        false => quote!(false),
    };
    quote!(runtime::check::agree(&[#(#sides),*], #allowed)?;)
}

/// The table that the body's deserialization, serialization and JSON schema are made from.
fn properties(item: &BodyItem) -> Piece {
    let form = match item.form {
        BodyForm::Patch => "update",
        BodyForm::Whole | BodyForm::Replacement => "whole",
    };
    let head = format!("body!({}: {form}, at least {}", item.name, item.minimum);
    let fields = item.fields.iter().enumerate();
    let rows = fields.map(|(index, BodyField { field, presence })| {
        let (kind, value) = match presence {
            Presence::Constant(constant) => ("constant", format!(" = {constant:?}")),
            Presence::Changed => ("changed", String::new()),
            Presence::Optional => ("optional", String::new()),
            Presence::Required if field.nullable => ("nullable", String::new()),
            Presence::Required => ("required", String::new()),
        };
        format!("{index} {}: {kind} {:?}{value}", field.name, field.wire)
    });
    table(&head, rows)
}
