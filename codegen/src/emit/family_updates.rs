//! Writes updates of polymorphic values.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::FamilyUpdateItem;

use super::docs::comment;
use super::{Piece, ident, table};

/// The enum over the updates of all types, and its table.
pub(super) fn pieces(item: &FamilyUpdateItem) -> [Piece; 2] {
    let head = format!(
        "family_update!({}: discriminator {:?}",
        item.name, item.discriminator
    );
    let rows = item.variants.iter().map(|variant| {
        format!(
            "{}({}) = {:?}",
            variant.name, variant.type_name, variant.tag
        )
    });
    [Piece::Items(definition(item)), table(&head, rows)]
}

fn definition(item: &FamilyUpdateItem) -> TokenStream {
    let (name, docs) = (ident(&item.name), comment(&item.docs));
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    let variants = item.variants.iter().map(|variant| {
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
            /// An update of a type that this version does not know: sent as it is, and refused without the tag of
            /// its type.
            Other(JsonMap),
        }
    }
}
