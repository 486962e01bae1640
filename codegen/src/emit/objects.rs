//! Writes structs for the objects that the service sends.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{FieldItem, Plan, Sharing, StructItem};

use super::docs::comment;
use super::{Module, Piece, functions, ident, table, tokens};

pub(super) fn module(plan: &Plan) -> Module {
    Module {
        name: "objects".to_owned(),
        doc: "The objects that the service sends.".to_owned(),
        public: true,
        pieces: plan.objects.iter().flat_map(structure).collect(),
    }
}

/// A struct, its table of properties, and its functions.
pub(super) fn structure(item: &StructItem) -> Vec<Piece> {
    let name = &item.name;
    let head = match &item.sharing {
        Sharing::Alone => format!("object!({name}"),
        Sharing::Base => format!("object_base!({name}"),
        Sharing::Extends(base) => format!("object!({name}: base {base}"),
    };
    let mut pieces = vec![
        Piece::Items(definition(item)),
        table(&head, item.fields.iter().enumerate().map(row)),
    ];
    pieces.extend(functions::implementation(name, &item.functions));
    pieces
}

fn definition(item: &StructItem) -> TokenStream {
    let (name, docs) = (ident(&item.name), comment(&item.docs));
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    let words = item.fields.len().div_ceil(64);
    let fields = item.fields.iter().map(|field| {
        let (name, docs) = (ident(&field.name), comment(&field.docs));
        let rust_type = tokens(&field.rust_type);
        quote!(#docs pub #name: #rust_type,)
    });
    let base = match &item.sharing {
        Sharing::Extends(base) => {
            let base = ident(base);
            quote! {
                /// The properties that it shares with the other types of its union.
                pub base: #base,
            }
        }
        _ => TokenStream::new(),
    };
    let rest = match item.sharing {
        Sharing::Base => TokenStream::new(),
        _ => quote! {
            /// Unknown properties, and values that do not fit the type of their property. They are kept as
            /// received and serialized again.
            pub additional_properties: JsonMap,
        },
    };
    quote! {
        #docs
        #deprecated
        #[derive(Default)]
        #[non_exhaustive]
        pub struct #name { #base #(#fields)* #rest nulls: runtime::Nulls<#words>, }
    }
}

/// A line of a struct's table. The Rust type takes null everywhere; the document may know better.
fn row((index, field): (usize, &FieldItem)) -> String {
    let nullable = if field.nullable { " nullable" } else { "" };
    format!("{index} {}: {:?}{nullable}", field.name, field.wire)
}
