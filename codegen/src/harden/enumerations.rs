//! Open enumerations: one variant a member, and one for what this version does not know.

use quote::quote;

use crate::model::{Enumeration, Kind, Schema};

use super::docs::{described, doc};
use super::{Module, Piece, Workshop, ident, table};

impl Workshop<'_> {
    pub(super) fn enumerations(&mut self) -> Module {
        let mut pieces = Vec::new();
        for (type_name, schema) in &self.model.schemas {
            if let Kind::Enumeration(enumeration) = &schema.kind
                && !self.usage.errors.contains(type_name)
            {
                pieces.push(Piece::Items(definition(schema, enumeration)));
                pieces.push(members(type_name, enumeration));
                pieces.extend(guards(type_name, enumeration));
                pieces.extend(synonyms(type_name, enumeration));
            }
        }
        Module {
            name: "enumerations".to_owned(),
            doc: "The enumerations: read in any ASCII case, written in the fragment's spelling, open to members that the service adds.".to_owned(),
            public: true,
            pieces,
        }
    }
}

fn definition(schema: &Schema, enumeration: &Enumeration) -> proc_macro2::TokenStream {
    let type_name = ident(&schema.type_name);
    let docs = doc([described(&schema.description, "schema", &schema.name)]);
    let variants = enumeration.members.iter().map(|member| {
        let variant = ident(&member.variant_name);
        let docs = doc([
            described(&member.description, "member", &member.value),
            match &member.page_only {
                Some(name) => format!("Only the reference page has this name; the service's description says `{name}`."),
                None => String::new(),
            },
            match &member.guarded {
                Some(reason) => format!("Refused in a request unless the caller allows it: {reason}."),
                None => String::new(),
            },
        ]);
        quote!(#docs #variant)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #type_name {
            #(#variants,)*
            /// A member that this version does not know, as the service spelt it.
            Unrecognized(runtime::Unrecognized<#type_name>),
        }
    }
}

fn members(type_name: &str, enumeration: &Enumeration) -> Piece {
    table(
        &format!("open_enum!({type_name}"),
        enumeration
            .members
            .iter()
            .map(|member| format!("{} = {:?}", member.variant_name, member.value)),
    )
}

fn guards(type_name: &str, enumeration: &Enumeration) -> Option<Piece> {
    let mut guarded = enumeration
        .members
        .iter()
        .filter_map(|member| {
            Some(format!(
                "{}: {:?}",
                member.variant_name,
                member.guarded.as_ref()?
            ))
        })
        .peekable();
    guarded.peek()?;
    Some(table(&format!("guarded!({type_name}"), guarded))
}

/// The way from a name that only a page uses to the one of the description.
fn synonyms(type_name: &str, enumeration: &Enumeration) -> Option<Piece> {
    let arms: Vec<_> = enumeration
        .members
        .iter()
        .filter_map(|member| {
            let described = member.page_only.as_ref()?;
            let described = enumeration
                .members
                .iter()
                .find(|other| &other.value == described)?;
            let (from, to) = (ident(&member.variant_name), ident(&described.variant_name));
            Some(quote!(Self::#from => Some(Self::#to),))
        })
        .collect();
    if arms.is_empty() {
        return None;
    }
    let type_name = ident(type_name);
    Some(Piece::Items(quote! {
        impl #type_name {
            /// The name that the service's description has for a member that only the reference page names.
            #[must_use]
            pub fn described_as(&self) -> Option<Self> {
                match self {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }))
}
