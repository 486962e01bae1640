//! Rewrites the types that progenitor writes: short paths, and no box where there is nothing to put into it.

use syn::visit_mut::{self, VisitMut};
use syn::{Path, PathArguments};

use super::argument;

/// Shortens every path inside a type, and turns `Box<Option<T>>` into `Option<Box<T>>`.
pub(super) fn tidy(node: &mut syn::Type) {
    Tidy.visit_type_mut(node);
    let boxed = argument(node, "Box")
        .and_then(|inner| argument(inner, "Option"))
        .cloned();
    if let Some(inner) = boxed {
        *node = syn::parse_quote!(Option<Box<#inner>>);
    }
}

struct Tidy;

impl VisitMut for Tidy {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let is_standard = path.segments.first().is_some_and(|segment| {
            ["std", "chrono", "uuid"]
                .iter()
                .any(|name| segment.ident == name)
        });
        let is_json = path
            .segments
            .first()
            .is_some_and(|segment| segment.ident == "serde_json");
        let is_own = path.leading_colon.is_none()
            && path.segments.len() == 2
            && path
                .segments
                .first()
                .is_some_and(|segment| segment.ident == "types");
        let Some(last) = path.segments.last().cloned() else {
            return;
        };
        if is_own || (path.leading_colon.is_some() && is_standard) {
            *path = last.into();
        } else if path.leading_colon.is_some() && is_json {
            *path = match last.arguments {
                PathArguments::None => syn::parse_quote!(runtime::#last),
                _ => syn::parse_quote!(JsonMap),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    #[test]
    fn absolute_paths_become_the_names_in_scope() {
        let mut node: syn::Type = syn::parse_quote!(
            ::std::option::Option<::std::vec::Vec<::chrono::DateTime<::chrono::offset::Utc>>>
        );
        tidy(&mut node);
        assert_eq!(
            node.to_token_stream().to_string(),
            "Option < Vec < DateTime < Utc > > >"
        );
    }

    #[test]
    fn an_absent_value_needs_no_box() {
        let mut node: syn::Type =
            syn::parse_quote!(::std::boxed::Box<::std::option::Option<types::Node>>);
        tidy(&mut node);
        assert_eq!(
            node.to_token_stream().to_string(),
            "Option < Box < Node > >"
        );
    }

    #[test]
    fn a_map_of_any_json_is_one_name() {
        let mut node: syn::Type =
            syn::parse_quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>);
        tidy(&mut node);
        assert_eq!(node.to_token_stream().to_string(), "JsonMap");
    }
}
