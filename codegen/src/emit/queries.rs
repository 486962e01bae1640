//! Writes the queries of listings: properties by name, and conditions on them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Action, FunctionItem, Plan, PropertyName, QueryItem};

use super::docs::comment;
use super::functions::function;
use super::{Module, Piece, ident, table};

pub(super) fn module(plan: &Plan) -> Module {
    let mut pieces = Vec::new();
    for item in &plan.queries {
        pieces.push(Piece::Items(properties(item)));
        let rows = item.names.iter();
        let rows = rows.map(|one| format!("{} = {:?}", one.variant, one.wire));
        pieces.push(table(&format!("properties_of!({}", item.properties), rows));
        pieces.extend((!item.functions.is_empty()).then(|| Piece::Items(filters(item))));
    }
    Module {
        name: "queries".to_owned(),
        doc: "Properties to sort by and select, and conditions to filter by.".to_owned(),
        public: true,
        pieces,
    }
}

fn properties(item: &QueryItem) -> TokenStream {
    let name = ident(&item.properties);
    let docs = format!(" A property of [`{}`] by its name.", item.entity);
    let variants = item.names.iter().map(|one| {
        let (variant, docs) = (ident(&one.variant), comment(&one.docs));
        quote!(#docs #variant,)
    });
    let list = |constant: &str, docs: &str, members: Vec<&PropertyName>| {
        let constant = ident(constant);
        let members: Vec<_> = members.iter().map(|one| ident(&one.variant)).collect();
        // An empty list would mean that the service refuses what the document does not mention.
        (!members.is_empty()).then(|| {
            quote! {
                #[doc = #docs]
                pub const #constant: &'static [Self] = &[#(Self::#members),*];
            }
        })
    };
    let docs_of = |verb: &str| format!(" The properties that the service {verb} by.");
    let filterable = list("FILTERABLE", &docs_of("can filter"), item.filterable());
    let orderable = list("ORDERABLE", &docs_of("can sort"), item.orderable());
    quote! {
        #[doc = #docs]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }

        impl #name {
            #filterable
            #orderable
        }
    }
}

fn filters(item: &QueryItem) -> TokenStream {
    let name = ident(&item.filter);
    let docs = format!(
        " Conditions on the properties of [`{}`] that the service can filter by.",
        item.entity
    );
    let functions = item.functions.iter().map(|one| function(one, &field(one)));
    quote! {
        #[doc = #docs]
        #[derive(Clone, Copy, Debug)]
        pub struct #name(());

        impl #name { #(#functions)* }
    }
}

fn field(function: &FunctionItem) -> TokenStream {
    let Action::FilterBy(wire) = &function.action else {
        return TokenStream::new();
    };
    let returns = function.returns.to_string();
    let constructor: TokenStream = match returns.split_once('<') {
        Some((name, arguments)) => format!("{name}::<{arguments}::new"),
        None => format!("{returns}::new"),
    }
    .parse()
    .unwrap_or_default();
    quote!(#constructor(#wire))
}
