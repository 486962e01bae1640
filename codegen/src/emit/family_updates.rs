//! Writes updates of polymorphic values.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::FamilyUpdateItem;

use super::unions::{family, rows};
use super::{Piece, table};

/// The enum over the updates of all types, and its table.
pub(super) fn pieces(item: &FamilyUpdateItem) -> [Piece; 2] {
    let head = format!(
        "family_update!({}: discriminator {:?}",
        item.name, item.discriminator
    );
    let rows = rows(&item.variants);
    [Piece::Items(definition(item)), table(&head, rows)]
}

fn definition(item: &FamilyUpdateItem) -> TokenStream {
    let other = quote! {
        /// An update of an unknown type, which is sent as it is. Without the tag of its type it is refused.
        Other(JsonMap),
    };
    family(
        &item.name,
        &item.docs,
        item.deprecated,
        &item.variants,
        &other,
    )
}
