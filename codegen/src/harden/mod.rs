//! Makes of progenitor's functions the ones that we publish: they build requests, and the transport sends them.

mod operations;
mod rewriter;
mod skeleton;
mod tidy;

use proc_macro2::TokenStream;

use crate::diagnostic::{Problem, Problems};
use crate::emit::Module;
use crate::model::{Model, Origin};

/// Everything that the stage works on.
pub(super) struct Workshop<'a> {
    model: &'a Model,
    file: &'a str,
    skeleton: skeleton::Skeleton,
    problems: Problems,
}

/// The functions of all operations.
///
/// # Errors
///
/// An operation that was lost on the way.
pub fn operations(model: &Model, file: &str, emitted: syn::File) -> Result<Module, Problems> {
    let mut workshop = Workshop {
        model,
        file,
        skeleton: skeleton::Skeleton::of(emitted),
        problems: Problems::default(),
    };
    let module = workshop.operations();
    workshop.problems.into_result().map(|()| module)
}

impl Workshop<'_> {
    fn report(&mut self, origin: &Origin, rule: &'static str, message: String) {
        self.problems.push(Problem {
            rule,
            message,
            file: self.file.to_owned(),
            position: Some(origin.position),
            pointer: origin.pointer.clone(),
            help: "this is a defect of the generator: please report it with the fragment"
                .to_owned(),
        });
    }
}

/// A type from its text.
fn type_of(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| TokenStream::new())
}

/// `T` of `name<T>`.
pub(super) fn argument<'t>(outer: &'t syn::Type, name: &str) -> Option<&'t syn::Type> {
    let syn::Type::Path(path) = outer else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
