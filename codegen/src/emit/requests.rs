//! Writes the operations as methods of the client, and the requests that they begin.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Location;
use crate::plan::{Action, FunctionItem, ParameterItem, Plan, RequestItem};

use super::docs::comment;
use super::functions::{converted, plain_function};
use super::{Host, Module, Piece, ident, tokens};

pub(super) fn module(plan: &Plan, host: &Host) -> Module {
    let mut pieces = Vec::new();
    if !plan.requests.is_empty() {
        pieces.extend((*host == Host::Consumer).then(|| Piece::Items(wrapper())));
        let methods = plan.requests.iter().map(method);
        pieces.push(Piece::Items(quote!(impl Client { #(#methods)* })));
    }
    for item in &plan.requests {
        pieces.push(Piece::Items(definition(item)));
        pieces.push(awaitable(item));
        pieces.extend(pageable(item));
    }
    Module {
        name: "requests".to_owned(),
        doc: "The operations as methods of the client; a request takes its options and is sent by `.await`.".to_owned(),
        public: true,
        pieces,
    }
}

/// The client of a consumer's own fragment.
fn wrapper() -> TokenStream {
    quote! {
        /// Calls the operations of this fragment. Cloning it is cheap: clones share connections, token and budget.
        #[derive(Clone, Debug)]
        pub struct Client {
            core: runtime::Core,
        }

        impl runtime::ServiceClient for Client {
            const PRODUCT: runtime::Product = runtime::Product::new(
                concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
                runtime::ApiVersion::Beta,
            );

            fn from_core(core: runtime::Core) -> Self {
                Self { core }
            }

            fn core(&self) -> &runtime::Core {
                &self.core
            }
        }

        impl Client {
            /// Builds a client step by step.
            pub fn builder() -> runtime::ClientBuilder<Self> {
                runtime::ClientBuilder::default()
            }

            /// Uses the connections, token and budget of a core that exists already.
            #[must_use]
            pub fn new(core: runtime::Core) -> Self {
                Self { core }
            }

            /// Returns the core, which calls any path and can be shared with other clients.
            #[must_use]
            pub fn core(&self) -> &runtime::Core {
                &self.core
            }
        }
    }
}

/// The method of the client that begins a request.
fn method(item: &RequestItem) -> TokenStream {
    let request = ident(&item.name);
    let arguments = item.method.arguments.iter().map(|(name, _)| {
        let name = ident(name);
        quote!(#name,)
    });
    let options = item.options.iter().map(|parameter| {
        let name = ident(&parameter.name);
        quote!(#name: None,)
    });
    // The body comes last, as an argument and as a field.
    let (path, body): (Vec<_>, Vec<_>) = arguments
        .zip(0..)
        .partition(|(_, index)| *index < item.path_parameters.len());
    let (path, body) = (path.iter().map(|one| &one.0), body.iter().map(|one| &one.0));
    let begin = quote!(#request { client: self, #(#path)* #(#options)* #(#body)* });
    plain_function(&item.method, &begin)
}

fn definition(item: &RequestItem) -> TokenStream {
    let (name, docs) = (ident(&item.name), comment(&item.docs));
    // Hand-written extensions of a request need its parts.
    let path = item.path_parameters.iter().map(|parameter| {
        let (name, stored) = (ident(&parameter.name), tokens(&parameter.stored));
        quote!(pub(crate) #name: #stored,)
    });
    let options = item.options.iter().map(|parameter| {
        let (name, stored) = (ident(&parameter.name), tokens(&parameter.stored));
        quote!(pub(crate) #name: Option<#stored>,)
    });
    let body = item.body.as_ref().map(|body| {
        let body = tokens(&body.clone().borrowed());
        quote!(pub(crate) body: #body,)
    });
    let functions = item
        .functions
        .iter()
        .map(|one| plain_function(one, &body_of(item, one)));
    let constant = ident(&item.constant);
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[must_use = "a request is sent only when it is awaited"]
        pub struct #name<'a> { pub(crate) client: &'a Client, #(#path)* #(#options)* #body }

        impl<'a> #name<'a> {
            /// What is known of the operation before it is called.
            pub const OPERATION: runtime::Operation = operations::#constant;

            #(#functions)*
        }
    }
}

/// What a function of a request does.
fn body_of(item: &RequestItem, function: &FunctionItem) -> TokenStream {
    match &function.action {
        Action::Set(field, conversion) => {
            let (name, value) = (ident(field), converted(field, *conversion));
            quote!(self.#name = Some(#value); self)
        }
        Action::Send => send(item),
        _ => TokenStream::new(),
    }
}

fn send(item: &RequestItem) -> TokenStream {
    let function = ident(&item.method.name);
    let checks = item.options.iter().filter_map(range_check);
    let required = item.options.iter().filter(|parameter| parameter.required);
    let required = required.map(|parameter| {
        let (name, wire) = (ident(&parameter.name), &parameter.wire);
        quote!(runtime::check::present(#wire, self.#name.is_some())?;)
    });
    let body_check = item
        .checked_body
        .then(|| quote!(runtime::Body::check(self.body)?;));
    let parameters = item.path_parameters.iter().chain(&item.options);
    let arguments = parameters.map(argument);
    let body = item.body.as_ref().map(|_| quote!(self.body,));
    quote! {
        #(#checks)*
        #(#required)*
        #body_check
        operations::#function(self.client.core(), #(#arguments,)* #body).await
    }
}

/// What is handed to the function that builds the request.
fn argument(parameter: &ParameterItem) -> TokenStream {
    let name = ident(&parameter.name);
    if parameter.location == Location::Path {
        return quote!(self.#name);
    }
    let is_text = parameter.passed.borrows();
    match (parameter.required, parameter.joined, is_text) {
        (false, true, _) => quote!(self.#name.map(|names| names.join(",")).as_deref()),
        (false, false, true) => quote!(self.#name.as_deref()),
        (false, false, false) => quote!(self.#name),
        (true, true, _) => quote!(&self.#name.unwrap_or_default().join(",")),
        (true, false, true) => quote!(&self.#name.unwrap_or_default()),
        (true, false, false) => quote!(self.#name.unwrap_or_default()),
    }
}

fn range_check(parameter: &ParameterItem) -> Option<TokenStream> {
    let (minimum, maximum) = parameter.bounds?;
    let bound = |bound: Option<i64>| match bound {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    };
    let (name, wire) = (ident(&parameter.name), &parameter.wire);
    let (minimum, maximum) = (bound(minimum), bound(maximum));
    Some(quote!(runtime::check::within(#wire, self.#name.map(i64::from), #minimum, #maximum)?;))
}

fn awaitable(item: &RequestItem) -> Piece {
    Piece::Table(format!(
        "runtime::awaitable!({} => {});",
        item.name, item.response
    ))
}

/// The listing of all pages, where the response is one of them.
fn pageable(item: &RequestItem) -> Option<Piece> {
    let page_item = item.page_of.as_ref()?;
    Some(Piece::Table(format!(
        "runtime::pageable!({} => {page_item});",
        item.name
    )))
}
