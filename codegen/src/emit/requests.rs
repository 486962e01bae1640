//! Writes the operations as methods of the client, and their requests.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Location;
use crate::plan::{
    Action, FunctionItem, ParameterItem, ParameterText, Plan, RequestItem, ResponseKind,
};

use super::docs::comment;
use super::functions::{converted, plain_function};
use super::operations::Argument;
use super::{Module, Piece, ident, known, tokens};

/// The arguments of the functions that build requests, by the names of methods.
type Arguments = BTreeMap<String, Vec<Argument>>;

pub(super) fn module(plan: &Plan, arguments: &Arguments) -> Module {
    let mut pieces = Vec::new();
    if !plan.requests.is_empty() {
        let methods = plan.requests.iter().map(method);
        pieces.push(Piece::Items(quote!(impl Client { #(#methods)* })));
    }
    for item in &plan.requests {
        pieces.push(Piece::Items(definition(item)));
        let arguments = arguments.get(&item.method.name);
        pieces.push(Piece::Items(call(
            item,
            arguments.map_or(&[], Vec::as_slice),
        )));
        pieces.push(awaitable(item));
        pieces.extend(pageable(item));
    }
    Module {
        name: "requests".to_owned(),
        doc: "The operations as methods of the client, and their requests, which are sent when they are awaited.".to_owned(),
        public: true,
        pieces,
    }
}

/// The method of the client that creates a request.
fn method(item: &RequestItem) -> TokenStream {
    let request = ident(&item.name);
    let path = item.path_parameters.iter().map(|parameter| {
        let name = ident(&parameter.name);
        quote!(#name,)
    });
    let options = item.options.iter().map(|parameter| {
        let name = ident(&parameter.name);
        quote!(#name: None,)
    });
    let range = is_open(item).then(|| quote!(range: None,));
    // The body comes last, as an argument and as a field.
    let body = item
        .body
        .as_ref()
        .map(|body| match (body.required, &body.bytes) {
            (false, _) => quote!(body: None,),
            (true, Some(_)) => quote!(body: body.into(),),
            (true, None) => quote!(body,),
        });
    let begin = quote!(#request { client: self, #(#path)* #(#options)* #range #body });
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
    let range = is_open(item).then(|| quote!(pub(crate) range: Option<runtime::ByteRange>,));
    let body = item.body.as_ref().map(|body| {
        let stored = tokens(&body.stored());
        match body.required {
            true => quote!(pub(crate) body: #stored,),
            false => quote!(pub(crate) body: Option<#stored>,),
        }
    });
    let functions = item
        .functions
        .iter()
        .map(|one| plain_function(one, &body_of(item, one)));
    let operation = known::operation(item);
    quote! {
        #docs
        #[derive(Clone)]
        #[must_use = "a request is sent only when it is awaited"]
        pub struct #name<'a> { pub(crate) client: &'a Client, #(#path)* #(#options)* #range #body }

        impl<'a> #name<'a> {
            /// The operation: its id, path, permissions and retry rules.
            pub const OPERATION: runtime::Operation = #operation;

            #(#functions)*
        }
    }
}

/// The code of a request's function.
fn body_of(item: &RequestItem, function: &FunctionItem) -> TokenStream {
    match &function.action {
        Action::Set(field, conversion) => {
            let (name, value) = (ident(field), converted(field, *conversion));
            quote!(self.#name = Some(#value); self)
        }
        Action::SetBody => match item.body.as_ref().and_then(|body| body.bytes.as_ref()) {
            Some(_) => quote!(self.body = Some(body.into()); self),
            None => quote!(self.body = Some(body); self),
        },
        Action::Send if is_open(item) => quote!(runtime::open(self)),
        Action::Send => quote!(runtime::send(self)),
        _ => TokenStream::new(),
    }
}

/// The code that builds a request and reads its response, whoever sends it.
fn call(item: &RequestItem, arguments: &[Argument]) -> TokenStream {
    let (name, response) = (ident(&item.name), tokens(&item.response));
    let texts = item
        .path_parameters
        .iter()
        .filter(|one| one.passed.borrows());
    let checks = texts.map(|one| {
        let (name, wire) = (ident(&one.name), &one.wire);
        match one.quoted {
            true => quote!(runtime::path::check_quoted(#wire, self.#name)?;),
            false => quote!(runtime::path::check(#wire, self.#name)?;),
        }
    });
    let checks = checks
        .chain(item.options.iter().filter_map(range_check))
        .chain(item.options.iter().filter_map(header_check))
        .chain(item.options.iter().filter_map(presence_check));
    let required = item.body.as_ref().is_some_and(|body| body.required);
    let body_check = item.checked_body.then(|| match required {
        true => quote!(runtime::Body::check(self.body)?;),
        false => quote!(if let Some(body) = self.body {
            runtime::Body::check(body)?;
        }),
    });
    let function = ident(&item.method.name);
    let arguments = arguments.iter().map(|one| argument(item, *one));
    let read = match item.response_kind {
        ResponseKind::Nothing => Some(quote!(runtime::responses::nothing)),
        ResponseKind::Number => Some(quote!(runtime::responses::number)),
        ResponseKind::Json => Some(quote!(runtime::responses::json)),
        ResponseKind::Bytes => None,
    };
    let (which, how) = match read {
        Some(read) => (
            quote!(Call),
            quote! {
                type Response = #response;

                const READ: runtime::Read<Self::Response> = #read;
            },
        ),
        None => (
            quote!(Open),
            quote! {
                fn range(&self) -> Option<runtime::ByteRange> {
                    self.range
                }
            },
        ),
    };
    quote! {
        impl runtime::#which for #name<'_> {
            #how

            fn parts(&self) -> (&runtime::Core, &'static runtime::Operation) {
                (self.client.core(), &Self::OPERATION)
            }

            fn request(&self) -> Result<runtime::Request, runtime::Error> {
                #(#checks)*
                #body_check
                operations::Builder::of(self.client.core()).#function(#(#arguments),*)
            }
        }
    }
}

/// The arguments of the function that builds the request.
fn argument(item: &RequestItem, argument: Argument) -> TokenStream {
    let parameter = match argument {
        Argument::Path(index) => item.path_parameters.get(index),
        Argument::Option(index) => item.options.get(index),
        Argument::Body => return body_argument(item),
    };
    let Some(parameter) = parameter else {
        return TokenStream::new();
    };
    let name = ident(&parameter.name);
    if parameter.location == Location::Path {
        return match parameter.quoted && parameter.passed.borrows() {
            true => quote!(&runtime::path::quoted(self.#name)),
            false => quote!(self.#name),
        };
    }
    let value = match parameter.text {
        ParameterText::Joined => {
            quote!(runtime::joined(&self.#name).as_deref())
        }
        ParameterText::Member => quote!(self.#name.as_ref().map(|member| member.as_str())),
        ParameterText::DateTime => quote!(self.#name.map(runtime::date_time).as_deref()),
        ParameterText::Date => quote!(self.#name.map(runtime::date).as_deref()),
        ParameterText::Itself if parameter.passed.borrows() => quote!(self.#name.as_deref()),
        ParameterText::Itself => quote!(self.#name),
    };
    match parameter.required {
        true => quote!(#value.unwrap_or_default()),
        false => value,
    }
}

fn body_argument(item: &RequestItem) -> TokenStream {
    match item.body.as_ref().map(|body| (&body.bytes, body.required)) {
        Some((Some(_), true)) => quote!(&self.body),
        Some((Some(_), false)) => quote!(self.body.as_ref()),
        _ => quote!(self.body),
    }
}

/// Whether the caller reads the response.
fn is_open(item: &RequestItem) -> bool {
    item.response_kind == ResponseKind::Bytes
}

fn presence_check(parameter: &ParameterItem) -> Option<TokenStream> {
    let (name, wire) = (ident(&parameter.name), &parameter.wire);
    let is_required = parameter.required && parameter.location != Location::Path;
    is_required.then(|| quote!(runtime::check::present(#wire, self.#name.is_some())?;))
}

/// A string that a header cannot contain is refused with the header's name.
fn header_check(parameter: &ParameterItem) -> Option<TokenStream> {
    let is_text = parameter.passed.borrows() && parameter.text == ParameterText::Itself;
    if parameter.location != Location::Header || !is_text {
        return None;
    }
    let (name, wire) = (ident(&parameter.name), &parameter.wire);
    Some(quote! {
        if let Some(text) = &self.#name {
            runtime::check::header_value(#wire, text)?;
        }
    })
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
    if is_open(item) {
        return Piece::Table(format!("runtime::downloadable!({});", item.name));
    }
    Piece::Table(format!(
        "runtime::request!({} => {});",
        item.name, item.response
    ))
}

/// The listing of all pages, if the response is a page.
fn pageable(item: &RequestItem) -> Option<Piece> {
    let page_item = item.page_of.as_ref()?;
    Some(Piece::Table(format!(
        "runtime::pageable!({} => {page_item});",
        item.name
    )))
}
