//! Runs progenitor on a lowered description: the only file that knows it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};

use crate::lower::Lowered;

/// Structs and request-building functions, as progenitor writes them.
///
/// # Errors
///
/// A sentence that says what progenitor could not do. After [`crate::lint`] and [`crate::lower`] this is a defect
/// of this crate, or of progenitor: it panics where it has no better answer, and the panic is reported as an error.
pub fn emit(lowered: &Lowered) -> Result<syn::File, String> {
    let document: openapiv3::OpenAPI = serde_json::from_value(lowered.document.clone())
        .map_err(|error| format!("the lowered description is not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Positional);
    for (name, rust_type) in &lowered.replacements {
        settings.with_replacement(name, rust_type, [TypeImpl::Display].into_iter());
    }
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&document)
    }))
    .map_err(|panic| format!("progenitor gave up: {}", panic_text(panic.as_ref())))?
    .map_err(|error| format!("progenitor refused the lowered description: {error}"))?;
    syn::parse2(tokens).map_err(|error| format!("progenitor wrote what is not Rust: {error}"))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "no reason given".to_owned())
}
