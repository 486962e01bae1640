//! Writes the client: a thin type around the runtime's core.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::Plan;

use super::docs::comment;
use super::{Module, Piece, table};

pub(super) fn module(plan: &Plan) -> Module {
    let item = &plan.client;
    let head = format!(
        "client!(Client: version {}, refuses",
        item.version.variant()
    );
    let refused = item.refused.iter();
    let rows = refused.map(|(cloud, reason)| format!("{cloud}: {reason:?}"));
    Module {
        name: "client".to_owned(),
        doc: "The client: a thin type around the runtime's core.".to_owned(),
        public: false,
        pieces: vec![Piece::Items(definition(plan)), table(&head, rows)],
    }
}

fn definition(plan: &Plan) -> TokenStream {
    let docs = comment(&plan.client.docs);
    quote! {
        #docs
        #[derive(Clone)]
        pub struct Client {
            core: runtime::Core,
        }
    }
}
