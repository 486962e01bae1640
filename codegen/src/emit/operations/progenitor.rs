//! Calls progenitor, which writes the functions that build requests: only this file uses it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use syn::{ImplItem, ImplItemFn, Item};

use super::lowered::Lowered;

/// Functions by name.
pub(super) type Functions = BTreeMap<String, ImplItemFn>;

/// Returns the functions of all operations of a description.
///
/// # Errors
///
/// Returns a sentence that says what progenitor cannot generate. If it panics, the panic becomes an error and is not
/// printed.
pub(super) fn functions(lowered: &Lowered) -> Result<Functions, String> {
    let document: openapiv3::OpenAPI = serde_json::from_value(lowered.document.clone())
        .map_err(|error| format!("the description for progenitor is not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Positional);
    for (name, rust_type) in &lowered.replacements {
        settings.with_replacement(name, rust_type, [TypeImpl::Display].into_iter());
    }
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| error.to_string())?;
    let file: syn::File =
        syn::parse2(tokens).map_err(|error| format!("it is not valid Rust: {error}"))?;
    Ok(methods(file))
}

/// The asynchronous methods of all types of a file.
fn methods(file: syn::File) -> Functions {
    let blocks = file.items.into_iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    let items = blocks.flat_map(|block| block.items);
    let functions = items.filter_map(|item| match item {
        ImplItem::Fn(function) if function.sig.asyncness.is_some() => {
            Some((function.sig.ident.to_string(), function))
        }
        _ => None,
    });
    functions.collect()
}

thread_local! {
    /// Whether panics of this thread are caught, and so must not be printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Calls a function, and turns a panic into an error.
fn quietly<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    QUIET.set(false);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("no reason given").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::quietly;

    #[test]
    fn a_panic_becomes_an_error_with_its_message() {
        assert_eq!(quietly(|| 1), Ok(1));
        assert_eq!(
            quietly(|| panic!("no {}", "way")),
            Err::<(), _>("no way".to_owned())
        );
    }
}
