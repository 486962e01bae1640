//! Writes the function of an operation that progenitor refuses or gets wrong, in the form of the others.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ImplItemFn;

use crate::model::Location;
use crate::plan::{ParameterItem, RequestBody, RequestItem, ResponseKind};

use super::super::{ident, tokens};
use super::check::Argument;

/// The function, and its arguments in order.
pub(super) fn function(item: &RequestItem) -> Option<(ImplItemFn, Vec<Argument>)> {
    let arguments = (0..item.path_parameters.len())
        .map(Argument::Path)
        .chain((0..item.options.len()).map(Argument::Option))
        .chain(item.body.as_ref().map(|_| Argument::Body));
    let name = ident(&item.method.name);
    let inputs = inputs(item);
    let url = url(item);
    let headers = of(item, Location::Header);
    let appended = headers.clone().map(header);
    let size = headers.count();
    let header_map = (size > 0).then(|| {
        quote! {
            let mut header_map = reqwest::header::HeaderMap::with_capacity(#size);
            #(#appended)*
        }
    });
    let send_headers = (size > 0).then(|| quote!(.headers(header_map)));
    let method = ident(&item.http_method.to_lowercase());
    let accept = match item.response_kind {
        ResponseKind::Nothing | ResponseKind::Bytes => None,
        ResponseKind::Number => Some("text/plain"),
        ResponseKind::Json => Some("application/json"),
    };
    let accept = accept.map(|media_type| {
        quote!(.header(reqwest::header::ACCEPT, reqwest::header::HeaderValue::from_static(#media_type)))
    });
    let body = item.body.as_ref().map(body);
    let queries = of(item, Location::Query).map(|one| {
        let (name, wire) = (ident(&one.name), &one.wire);
        quote!(.query(&runtime::QueryParam::new(#wire, &#name)))
    });
    let function = syn::parse2(quote! {
        pub(super) fn #name<'a>(&'a self, #(#inputs),*) -> Result<runtime::Request, runtime::Error> {
            #url
            #header_map
            let request = self.client.#method(url) #accept #(#queries)* #send_headers;
            #body
            request.build()
        }
    });
    Some((function.ok()?, arguments.collect()))
}

fn of(item: &RequestItem, location: Location) -> impl Iterator<Item = &ParameterItem> + Clone {
    let options = item.options.iter();
    options.filter(move |one| one.location == location)
}

fn inputs(item: &RequestItem) -> Vec<TokenStream> {
    let path = item.path_parameters.iter().map(|one| {
        let (name, passed) = (ident(&one.name), tokens(&one.passed));
        quote!(#name: #passed)
    });
    let options = item.options.iter().map(|one| {
        let (name, passed) = (ident(&one.name), tokens(&one.passed));
        match one.required {
            true => quote!(#name: #passed),
            false => quote!(#name: Option<#passed>),
        }
    });
    let body = item.body.as_ref().map(|body| {
        let rust_type = tokens(&body.rust_type.clone().borrowed());
        match body.required {
            true => quote!(body: #rust_type),
            false => quote!(body: Option<#rust_type>),
        }
    });
    path.chain(options).chain(body).collect()
}

fn body(body: &RequestBody) -> TokenStream {
    let set = match &body.bytes {
        Some(media_type) => quote!(request.upload(body, #media_type)),
        None => quote!(request.json(body)),
    };
    match body.required {
        true => quote!(let request = #set;),
        false => quote! {
            let request = match body {
                Some(body) => #set,
                None => request,
            };
        },
    }
}

fn url(item: &RequestItem) -> TokenStream {
    let path = item.path_parameters.iter();
    let template = path
        .clone()
        .fold(format!("{{}}{}", item.path), |path, one| {
            path.replacen(&format!("{{{}}}", one.wire), "{}", 1)
        });
    let segments = path.map(|one| {
        let name = ident(&one.name);
        quote!(encode_path(&#name.to_string()))
    });
    quote!(let url = format!(#template, self.baseurl, #(#segments),*);)
}

fn header(one: &ParameterItem) -> TokenStream {
    let (name, wire) = (ident(&one.name), &one.wire);
    match one.required {
        true => quote!(header_map.append(#wire, #name.to_string().try_into()?);),
        false => quote! {
            if let Some(value) = #name {
                header_map.append(#wire, value.to_string().try_into()?);
            }
        },
    }
}
