//! Fluent requests: a method for each operation, and a type that takes its options and can be awaited.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Content, Kind, Location, Operation, Parameter, ParameterKind, Shape};
use crate::names;

use super::docs;
use super::operations::{Call, Operations, answer_type};
use super::{Host, Module, Piece, Workshop, ident, type_of};

impl Workshop<'_> {
    pub(super) fn requests(&mut self, operations: &Operations) -> Module {
        let model = self.model;
        let mut pieces = Vec::new();
        if *self.host == Host::Consumer {
            pieces.push(Piece::Items(wrapper()));
        }
        let requests: Vec<Request<'_>> = operations
            .calls
            .iter()
            .map(|call| Request {
                workshop: self,
                operation: &model.operations[call.operation],
                call,
            })
            .collect();
        let methods = requests.iter().map(Request::method);
        pieces.push(Piece::Items(quote!(impl Client { #(#methods)* })));
        for request in &requests {
            pieces.push(Piece::Items(request.definition()));
            pieces.push(request.awaitable());
            pieces.extend(request.pageable());
        }
        if requests.is_empty() {
            pieces.clear();
        }
        Module {
            name: "requests".to_owned(),
            doc: "The operations as methods of the client; a request takes its options and is sent by `.await`.".to_owned(),
            public: true,
            pieces,
        }
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

struct Request<'a> {
    workshop: &'a Workshop<'a>,
    operation: &'a Operation,
    call: &'a Call,
}

impl Request<'_> {
    fn type_name(&self) -> String {
        names::type_name(&self.operation.method_name)
    }

    fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path)
    }

    fn options(&self) -> impl Iterator<Item = &Parameter> {
        self.operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location != Location::Path)
    }

    /// The type of a body argument, without its reference.
    fn body_type(&self) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        Some(match &body.shape {
            Shape::List(item) => {
                let item = type_of(&crate::lower::rust_type(self.workshop.model, item));
                quote!(Vec<#item>)
            }
            shape => type_of(&crate::lower::rust_type(self.workshop.model, shape)),
        })
    }

    fn method(&self) -> TokenStream {
        let name = ident(&self.operation.method_name);
        let request = ident(&self.type_name());
        let docs = docs::operation(self.operation);
        let path: Vec<_> = self
            .path_parameters()
            .map(|parameter| ident(&parameter.field_name))
            .collect();
        let options = self.options().map(|parameter| {
            let name = ident(&parameter.field_name);
            quote!(#name: None,)
        });
        let body = self.body_type();
        let body_argument = body.as_ref().map(|body| quote!(body: &'a #body,));
        let body_value = body.as_ref().map(|_| quote!(body,));
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #docs
            #deprecated
            pub fn #name<'a>(&'a self, #(#path: &'a str,)* #body_argument) -> #request<'a> {
                #request { client: self, #(#path,)* #(#options)* #body_value }
            }
        }
    }

    fn definition(&self) -> TokenStream {
        let request = ident(&self.type_name());
        let subject = format!("The request of [`Client::{}`].", self.operation.method_name);
        let docs = docs::own_doc([&subject, "It is sent when it is awaited."]);
        // Hand-written extensions of a request need its parts.
        let path = self.path_parameters().map(|parameter| {
            let name = ident(&parameter.field_name);
            quote!(pub(crate) #name: &'a str,)
        });
        let options = self.options().map(|parameter| {
            let (name, stored) = (ident(&parameter.field_name), stored_type(parameter));
            quote!(pub(crate) #name: Option<#stored>,)
        });
        let body = self
            .body_type()
            .map(|body| quote!(pub(crate) body: &'a #body,));
        let setters = self.options().map(setter);
        let constant = ident(&self.operation.method_name.to_uppercase());
        let send = self.send();
        quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "a request is sent only when it is awaited"]
            pub struct #request<'a> { pub(crate) client: &'a Client, #(#path)* #(#options)* #body }

            impl<'a> #request<'a> {
                /// What is known of the operation before it is called.
                pub const OPERATION: runtime::Operation = operations::#constant;

                #(#setters)*

                #send
            }
        }
    }

    fn send(&self) -> TokenStream {
        let function = ident(&self.operation.method_name);
        let answer = answer_type(self.workshop.model, self.operation);
        let checks = self.options().filter_map(range_check);
        let required = self
            .options()
            .filter(|parameter| parameter.required)
            .map(|parameter| {
                let (name, wire) = (ident(&parameter.field_name), &parameter.name);
                quote!(runtime::check::present(#wire, self.#name.is_some())?;)
            });
        let body_check = self
            .has_checked_body()
            .then(|| quote!(runtime::Body::check(self.body)?;));
        let arguments = self
            .call
            .arguments
            .iter()
            .map(|argument| self.argument(argument));
        quote! {
            /// Sends the request.
            ///
            /// # Errors
            ///
            /// What was refused before sending, what the service answered with an error, and what could not be
            /// sent or read.
            pub async fn send(self) -> Result<#answer, runtime::Error> {
                #(#checks)*
                #(#required)*
                #body_check
                operations::#function(self.client.core(), #(#arguments),*).await
            }
        }
    }

    fn has_checked_body(&self) -> bool {
        let body = self
            .operation
            .body
            .as_ref()
            .and_then(|body| body.shape.named());
        body.is_some_and(|name| self.workshop.usage.bodies.contains(name))
    }

    /// What is handed to the function under an argument's name.
    fn argument(&self, argument: &str) -> TokenStream {
        let name = format_ident!("{argument}");
        let Some(option) = self
            .options()
            .find(|parameter| parameter.field_name == argument)
        else {
            return quote!(self.#name);
        };
        match (option.kind, option.required) {
            (ParameterKind::Text, false) => quote!(self.#name.as_deref()),
            (ParameterKind::List, false) => {
                quote!(self.#name.map(|names| names.join(",")).as_deref())
            }
            (ParameterKind::Text, true) => quote!(&self.#name.unwrap_or_default()),
            (ParameterKind::List, true) => quote!(&self.#name.unwrap_or_default().join(",")),
            (_, false) => quote!(self.#name),
            (_, true) => quote!(self.#name.unwrap_or_default()),
        }
    }

    /// The listing of all pages, where the answer is one of them.
    fn pageable(&self) -> Option<Piece> {
        let Content::Json(Shape::Named(answer)) = &self.operation.success.content else {
            return None;
        };
        let schema = self.workshop.model.schema(answer)?;
        let Kind::Page(item) = &schema.kind else {
            return None;
        };
        // What is not read by GET cannot be continued by following a link.
        if self.operation.method != "GET" {
            return None;
        }
        let item = crate::lower::rust_type(self.workshop.model, item);
        Some(Piece::Table(format!(
            "runtime::pageable!({} => {item});",
            self.type_name()
        )))
    }

    fn awaitable(&self) -> Piece {
        let answer = crate::render::type_text(&answer_type(self.workshop.model, self.operation));
        Piece::Table(format!(
            "runtime::awaitable!({} => {answer});",
            self.type_name()
        ))
    }
}

/// How an option is kept until the request is sent.
fn stored_type(parameter: &Parameter) -> TokenStream {
    match parameter.kind {
        ParameterKind::Text => quote!(String),
        ParameterKind::Integer if parameter.minimum.is_some_and(|minimum| minimum >= 0) => {
            quote!(u32)
        }
        ParameterKind::Integer => quote!(i32),
        ParameterKind::Boolean => quote!(bool),
        ParameterKind::List => quote!(Vec<String>),
    }
}

fn setter(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.field_name);
    let docs = docs::parameter(parameter);
    let (argument, value) = match parameter.kind {
        ParameterKind::Text => (quote!(impl Into<String>), quote!(#name.into())),
        ParameterKind::List => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            quote!(#name.into_iter().map(Into::into).collect()),
        ),
        _ => (stored_type(parameter), quote!(#name)),
    };
    quote! {
        #docs
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn range_check(parameter: &Parameter) -> Option<TokenStream> {
    if parameter.kind != ParameterKind::Integer {
        return None;
    }
    // A minimum of zero is in the type.
    let minimum = parameter.minimum.filter(|minimum| *minimum != 0);
    if minimum.is_none() && parameter.maximum.is_none() {
        return None;
    }
    let bound = |bound: Option<i64>| match bound {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    };
    let (name, wire) = (ident(&parameter.field_name), &parameter.name);
    let (minimum, maximum) = (bound(minimum), bound(parameter.maximum));
    Some(quote!(runtime::check::within(#wire, self.#name.map(i64::from), #minimum, #maximum)?;))
}
