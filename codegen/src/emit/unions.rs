//! Writes polymorphic types: an enum over all types, their shared properties, and each type.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Docs, UnionItem, VariantItem};

use super::docs::comment;
use super::{Module, Piece, functions, ident, objects, table};

pub(super) fn module(item: &UnionItem) -> Module {
    let (name, base) = (&item.name, &item.base.name);
    let head = format!(
        "polymorphic!({name}: base {base}, discriminator {:?}",
        item.discriminator
    );
    let rows = rows(&item.variants);
    let mut pieces = vec![Piece::Items(definition(item)), table(&head, rows)];
    if !item.is_inner {
        pieces.extend(objects::structure(&item.base));
    }
    pieces.extend(functions::implementation(name, &item.functions));
    pieces.extend(item.subtypes.iter().flat_map(objects::structure));
    Module {
        name: item.module.clone(),
        doc: format!(
            "`{name}`: one enum over all its types, distinguished by `{}`.",
            item.discriminator
        ),
        public: true,
        pieces,
    }
}

fn definition(item: &UnionItem) -> TokenStream {
    let base = ident(&item.base.name);
    let other = quote! {
        /// A value of an unknown type, or one that could not be decoded as its type; kept as received.
        Other(Box<runtime::Other<#base>>),
    };
    family(
        &item.name,
        &item.docs,
        item.deprecated,
        &item.variants,
        &other,
    )
}

/// An enum with a variant for each type, and another one for types that this version does not know.
pub(super) fn family(
    name: &str,
    docs: &Docs,
    is_deprecated: bool,
    variants: &[VariantItem],
    other: &TokenStream,
) -> TokenStream {
    let (name, docs) = (ident(name), comment(docs));
    let deprecated = is_deprecated.then(|| quote!(#[deprecated]));
    let variants = variants.iter().map(|variant| {
        let (name, content) = (ident(&variant.name), ident(&variant.type_name));
        let docs = comment(&variant.docs);
        quote!(#docs #name(Box<#content>),)
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other
        }
    }
}

/// The rows of a table: a variant, its type and its tag.
pub(super) fn rows(variants: &[VariantItem]) -> impl Iterator<Item = String> {
    variants.iter().map(|variant| {
        format!(
            "{}({}) = {:?}",
            variant.name, variant.type_name, variant.tag
        )
    })
}
