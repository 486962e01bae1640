//! Writes the functions of types: their signatures and bodies follow from the plan.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Action, Conversion, FunctionItem, PropertyAccess, Receiver};

use super::docs::comment;
use super::{Piece, ident, tokens};

/// An `impl` with functions, if there are any.
pub(super) fn implementation(type_name: &str, functions: &[FunctionItem]) -> Option<Piece> {
    if functions.is_empty() {
        return None;
    }
    let type_name = ident(type_name);
    let functions = functions.iter().map(|item| function(item, &body(item)));
    Some(Piece::Items(quote!(impl #type_name { #(#functions)* })))
}

/// A function with a body.
pub(super) fn function(item: &FunctionItem, body: &TokenStream) -> TokenStream {
    let with_attribute = written(item, body);
    let docs = comment(&item.docs);
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    quote!(#docs #deprecated #[must_use] #with_attribute)
}

/// The same without `must_use`: its type already has it.
pub(super) fn plain_function(item: &FunctionItem, body: &TokenStream) -> TokenStream {
    let function = written(item, body);
    let docs = comment(&item.docs);
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    quote!(#docs #deprecated #function)
}

fn written(item: &FunctionItem, body: &TokenStream) -> TokenStream {
    let name = ident(&item.name);
    let changes = matches!(
        item.action,
        Action::Set(..)
            | Action::SetBody
            | Action::Clear(_)
            | Action::Leave(_)
            | Action::AllowGuarded
    );
    let receiver = match item.receiver {
        Receiver::None => quote!(),
        Receiver::Reference => quote!(&self,),
        Receiver::Borrowed => quote!(&'a self,),
        Receiver::Owned if changes => quote!(mut self,),
        Receiver::Owned => quote!(self,),
    };
    let arguments = item.arguments.iter().map(|(name, rust_type)| {
        let (name, rust_type) = (ident(name), tokens(rust_type));
        quote!(#name: #rust_type)
    });
    let lifetime = (item.receiver == Receiver::Borrowed).then(|| quote!(<'a>));
    let constant = item.is_const().then(|| quote!(const));
    let returns = tokens(&item.returns);
    quote! {
        pub #constant fn #name #lifetime(#receiver #(#arguments),*) -> #returns { #body }
    }
}

/// The code of a function that needs only its own type.
fn body(item: &FunctionItem) -> TokenStream {
    match &item.action {
        Action::ListItems(field) => {
            let field = ident(field);
            quote!(runtime::items(&self.#field))
        }
        Action::LoadedItems(field) => {
            let field = ident(field);
            quote!(self.#field.as_deref())
        }
        Action::Narrow { field, tags } => {
            let field = ident(field);
            quote!(runtime::narrow(self, self.#field.as_deref(), &[#(#tags),*]))
        }
        Action::Shared(field, access) => {
            let field = ident(field);
            match access {
                PropertyAccess::List => quote!(self.base().#field()),
                PropertyAccess::Key => quote!(Some(self.base().#field.as_str())),
                PropertyAccess::Text => quote!(self.base().#field.as_deref()),
                PropertyAccess::Copy => quote!(self.base().#field),
                PropertyAccess::Reference => quote!(self.base().#field.as_ref()),
            }
        }
        _ => TokenStream::new(),
    }
}

/// The value of a field, from an argument of its name.
pub(super) fn converted(name: &str, conversion: Conversion) -> TokenStream {
    let name = ident(name);
    match conversion {
        Conversion::Keep => quote!(#name),
        Conversion::Into => quote!(#name.into()),
        Conversion::EachInto => quote!(#name.into_iter().map(Into::into).collect()),
        Conversion::Collect => quote!(#name.into_iter().collect()),
    }
}
