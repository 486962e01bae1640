//! Writes the facts that are known about an operation before it is called.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Promised;
use crate::plan::RequestItem;

/// The value with these facts.
pub(super) fn operation(item: &RequestItem) -> TokenStream {
    let (id, method, path) = (&item.operation_id, &item.http_method, &item.path);
    let permissions = &item.permissions;
    let reading = item.reads.then(|| quote!(.only_reading()));
    let patience = item
        .patience
        .map(|(attempt, total)| quote!(.taking_seconds(#attempt, #total)));
    let repeatable = item.repeatable.then(|| quote!(.repeatable()));
    let expecting = expecting(&item.promised);
    quote! {
        runtime::Operation::new(#id, #method, #path, &[#(#permissions),*]) #repeatable #reading #patience #expecting
    }
}

/// The runtime's checks of a successful response.
fn expecting(promised: &Promised) -> Option<TokenStream> {
    let expected = match promised {
        Promised::Anything => return None,
        Promised::List => quote!(List),
        Promised::Keys(names) => quote!(Keys(&[#(#names),*])),
        Promised::AnyOf(names) => quote!(AnyOf(&[#(#names),*])),
    };
    Some(quote!(.expecting(runtime::Expected::#expected)))
}
