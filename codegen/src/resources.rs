//! Cargo features for resources: which items of a client each resource needs.
//!
//! A resource is named after the first two segments of its paths, so that its name does not depend on the rest of the
//! selection. An item that several resources need is available with any of their features; an item that no operation
//! needs, or that all of them need, is always available.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToKebabCase as _;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Attribute, Item, parse_quote};

use crate::emit::{Module, Piece};
use crate::plan::Plan;

/// Features that a crate has for other reasons, and the one that enables every resource.
const RESERVED: [&str; 9] = [
    "all",
    "certificate",
    "default",
    "gzip",
    "http2",
    "oauth",
    "rustls",
    "rustls-ring",
    "schemars",
];

/// The number of path segments in the name of a resource.
const SEGMENTS: usize = 2;

/// The feature of a path's operations: `/users/{user-id}/messages` belongs to `users-messages`.
#[must_use]
pub fn feature(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let literal = segments.enumerate().filter_map(|(index, segment)| {
        let is_function = index > 0 && segment.contains(['(', '.']);
        let name = segment.split('(').next().unwrap_or_default();
        let name = name.to_kebab_case();
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        (is_name && !is_function && !segment.starts_with(['{', '$'])).then_some(name)
    });
    let name = literal.take(SEGMENTS).collect::<Vec<_>>().join("-");
    match name.as_str() {
        "" => "root".to_owned(),
        name if RESERVED.contains(&name) => format!("{name}-resource"),
        name => name.to_owned(),
    }
}

/// The features of a client, and the items of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gates {
    features: BTreeSet<String>,
    /// The features that a type belongs to, by its name.
    types: BTreeMap<String, BTreeSet<String>>,
    /// The feature of an operation, by its method's name.
    operations: BTreeMap<String, String>,
}

/// An item, or a macro invocation that extends one.
struct Unit {
    /// The type that it defines or extends.
    owner: Option<String>,
    mentions: BTreeSet<String>,
}

impl Gates {
    /// Follows the types from the requests of each resource.
    pub(crate) fn of(plan: &Plan, modules: &[Module]) -> Result<Self, String> {
        let mut items = Vec::new();
        let typed = |module: &&Module| !matches!(module.name.as_str(), "client" | "operations");
        for module in modules.iter().filter(typed) {
            for piece in &module.pieces {
                items.extend(items_of(&module.name, piece)?);
            }
        }
        let known: BTreeSet<String> = items.iter().filter_map(defined).collect();
        let mut mentions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for unit in items.iter().map(|item| unit(item, &known)) {
            if let Some(owner) = unit.owner {
                mentions.entry(owner).or_default().extend(unit.mentions);
            }
        }
        let mut gates = Self::default();
        for request in &plan.requests {
            let feature = feature(&request.path);
            gates.reach(&request.name, &feature, &mentions);
            let method = request.method.name.clone();
            gates.operations.insert(method, feature.clone());
            gates.features.insert(feature);
        }
        Ok(gates)
    }

    fn reach(&mut self, name: &str, feature: &str, mentions: &BTreeMap<String, BTreeSet<String>>) {
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            let features = self.types.entry(name.to_owned()).or_default();
            if features.insert(feature.to_owned()) {
                open.extend(mentions.get(name).into_iter().flatten().map(String::as_str));
            }
        }
    }

    /// Returns the features, by name.
    pub(crate) fn features(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(String::as_str)
    }

    /// Adds the features' attributes to the items of a module.
    pub(crate) fn close(&self, module: &str, item: &mut Item) {
        match (module, item) {
            ("client", _) => {}
            ("operations", Item::Impl(block)) => self.close_methods(block),
            ("requests", Item::Impl(block)) if self_type(block).as_deref() == Some("Client") => {
                self.close_methods(block);
            }
            ("operations", _) => {}
            (_, item) => {
                let attribute = self.of_tokens(item.to_token_stream(), defined(item));
                if let Some(attributes) = attributes(item) {
                    insert(attributes, attribute);
                }
            }
        }
    }

    /// The tokens before the invocation of a macro.
    pub(crate) fn before_table(&self, text: &str) -> String {
        let tokens = text.parse().unwrap_or_default();
        match self.of_tokens(tokens, None) {
            Some(attribute) => format!("{}\n", printed(&attribute)),
            None => String::new(),
        }
    }

    fn close_methods(&self, block: &mut syn::ItemImpl) {
        for item in &mut block.items {
            if let syn::ImplItem::Fn(function) = item {
                let attribute = self.of_operation(&function.sig.ident.to_string());
                insert(&mut function.attrs, attribute);
            }
        }
    }

    fn of_operation(&self, name: &str) -> Option<Attribute> {
        let feature = self.operations.get(name)?;
        self.attribute(&BTreeSet::from([feature.clone()]))
    }

    /// The attribute of an invocation that extends a type: the first type in its tokens.
    fn of_tokens(&self, tokens: TokenStream, defined: Option<String>) -> Option<Attribute> {
        let owner = match defined {
            Some(owner) => Some(owner),
            None => {
                let parsed: Option<Item> = syn::parse2(tokens.clone()).ok();
                let of_impl = parsed.as_ref().and_then(|item| match item {
                    Item::Impl(block) => self_type(block),
                    _ => None,
                });
                let is_known = |name: &String| self.types.contains_key(name);
                of_impl
                    .filter(is_known)
                    .or_else(|| identifiers(tokens).into_iter().find(is_known))
            }
        };
        self.attribute(self.types.get(&owner?)?)
    }

    fn attribute(&self, features: &BTreeSet<String>) -> Option<Attribute> {
        let tests = features.iter().map(|name| quote!(feature = #name));
        match features.len() {
            0 => None,
            1 => Some(parse_quote!(#[cfg(#(#tests)*)])),
            // Every resource needs it.
            count if count == self.features.len() => None,
            _ => Some(parse_quote!(#[cfg(any(#(#tests),*))])),
        }
    }
}

/// Inserts an attribute after the documentation.
fn insert(attributes: &mut Vec<Attribute>, attribute: Option<Attribute>) {
    let is_doc = |attribute: &&Attribute| attribute.path().is_ident("doc");
    let end = attributes.iter().take_while(is_doc).count();
    attributes.splice(end..end, attribute);
}

fn printed(attribute: &Attribute) -> String {
    // `feature = "x"`, with rustfmt's spacing.
    let text = attribute.to_token_stream().to_string();
    text.replace("# [cfg (", "#[cfg(")
        .replace("any (", "any(")
        .replace(" ,", ",")
        .replace(") ]", ")]")
        .replace(") )]", "))]")
}

fn items_of(module: &str, piece: &Piece) -> Result<Vec<Item>, String> {
    let fail = |error: syn::Error| {
        format!("what was written for module `{module}` is not valid Rust: {error}")
    };
    match piece {
        Piece::Items(tokens) => {
            let file: syn::File = syn::parse2(tokens.clone()).map_err(fail)?;
            Ok(file.items)
        }
        Piece::Table(text) => Ok(syn::parse_file(text).map_err(fail)?.items),
    }
}

/// The type that an item defines.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// The type that a block of implementations is for.
fn self_type(block: &syn::ItemImpl) -> Option<String> {
    match &*block.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

fn unit(item: &Item, known: &BTreeSet<String>) -> Unit {
    let names = identifiers(item.to_token_stream());
    let is_known = |name: &String| known.contains(name);
    let of_impl = match item {
        Item::Impl(block) => self_type(block).filter(|name| known.contains(name)),
        _ => None,
    };
    let owner = match item {
        // The client has a method for every operation, but does not need them.
        Item::Impl(block) if self_type(block).as_deref() == Some("Client") => None,
        _ => defined(item)
            .or(of_impl)
            .or_else(|| names.iter().find(|name| is_known(name)).cloned()),
    };
    Unit {
        owner,
        mentions: names.into_iter().filter(is_known).collect(),
    }
}

/// Every identifier, in order.
fn identifiers(tokens: TokenStream) -> Vec<String> {
    let mut names = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => names.push(ident.to_string()),
            TokenTree::Group(group) => names.extend(identifiers(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    names
}

fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Const(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Macro(item) => &mut item.attrs,
        Item::Static(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Trait(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_named_by_the_first_two_segments_of_its_paths() {
        for (path, expected) in [
            ("/tags", "tags"),
            ("/tags/{tagId}", "tags"),
            (
                "/users/{user-id}/messages/{message-id}/$value",
                "users-messages",
            ),
            (
                "/security/alerts_v2/microsoft.graph.security.moveAlerts",
                "security-alerts-v2",
            ),
            ("/users/delta()", "users"),
            ("/users(userPrincipalName='{upn}')/manager", "users-manager"),
            ("/drives/{id}/root:/{path}:/content", "drives-root"),
            ("/users/$count", "users"),
            ("/{id}", "root"),
            ("/all", "all-resource"),
            ("/default", "default-resource"),
        ] {
            assert_eq!(feature(path), expected, "{path}");
        }
    }

    #[test]
    fn an_attribute_is_printed_as_a_person_would_write_it() {
        let gates = Gates {
            features: ["a", "b", "c"].map(str::to_owned).into(),
            ..Gates::default()
        };
        let attribute = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            gates.attribute(&names).map(|attribute| printed(&attribute))
        };
        assert_eq!(
            attribute(&["a"]).as_deref(),
            Some("#[cfg(feature = \"a\")]")
        );
        assert_eq!(
            attribute(&["a", "b"]).as_deref(),
            Some("#[cfg(any(feature = \"a\", feature = \"b\"))]")
        );
        assert_eq!(attribute(&["a", "b", "c"]), None);
    }
}
