//! Writes enumerations: a variant for each member, and one for unknown members.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{EnumItem, Plan};

use super::docs::comment;
use super::{Module, Piece, ident, table};

pub(super) fn module(plan: &Plan) -> Module {
    let mut pieces = Vec::new();
    for item in &plan.enumerations {
        pieces.push(Piece::Items(definition(item)));
        pieces.push(members(item));
        pieces.push(order(item));
        pieces.extend(guards(item));
        pieces.extend(synonyms(item));
    }
    Module {
        name: "enumerations".to_owned(),
        doc: "The enumerations: parsed in any ASCII case, serialized in the fragment's spelling, open to new members.".to_owned(),
        public: true,
        pieces,
    }
}

fn definition(item: &EnumItem) -> TokenStream {
    let (name, docs) = (ident(&item.name), comment(&item.docs));
    let deprecated = item.deprecated.then(|| quote!(#[deprecated]));
    let variants = item.members.iter().map(|member| {
        let (variant, docs) = (ident(&member.name), comment(&member.docs));
        quote!(#docs #variant)
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A member that this version does not know, in the service's spelling.
            Unrecognized(runtime::Unrecognized<#name>),
        }
    }
}

fn members(item: &EnumItem) -> Piece {
    let members = item.members.iter();
    table(
        &format!("open_enum!({}", item.name),
        members.map(|member| format!("{} = {:?}", member.name, member.wire)),
    )
}

/// Members are compared by rank if they have one, and by text if none has.
fn order(item: &EnumItem) -> Piece {
    let ranks = item.members.iter().filter_map(|member| {
        let rank = member.rank?;
        Some(format!("{} = {rank}", member.name))
    });
    let mut ranks = ranks.peekable();
    match ranks.peek() {
        Some(_) => table(&format!("ranked!({}", item.name), ranks),
        None => Piece::Table(format!("runtime::sorted_by_text!({});", item.name)),
    }
}

fn guards(item: &EnumItem) -> Option<Piece> {
    let guarded = item.members.iter().filter_map(|member| {
        let reason = member.guarded.as_ref()?;
        Some(format!("{}: {reason:?}", member.name))
    });
    let mut guarded = guarded.peekable();
    guarded.peek()?;
    Some(table(&format!("guarded!({}", item.name), guarded))
}

/// The mapping from a reference page's name to that of the description.
fn synonyms(item: &EnumItem) -> Option<Piece> {
    let function = item.functions.first()?;
    let (name, docs) = (ident(&function.name), comment(&function.docs));
    let arms = item.synonyms.iter().map(|(from, to)| {
        let (from, to) = (ident(from), ident(to));
        quote!(Self::#from => Some(Self::#to),)
    });
    let type_name = ident(&item.name);
    Some(Piece::Items(quote! {
        impl #type_name {
            #docs
            #[must_use]
            pub fn #name(&self) -> Option<Self> {
                match self {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }))
}
