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

/// The names in an item, or in a macro invocation that extends one.
struct Unit {
    /// The type that it defines.
    defined: Option<String>,
    /// The type that a block of functions is for.
    block_of: Option<String>,
    /// Every identifier once, in order.
    names: Vec<String>,
}

impl Unit {
    /// The type that it defines or extends.
    fn owner(&self, known: &BTreeSet<String>) -> Option<String> {
        // The client has a method for every operation, but does not need them.
        if self.block_of.as_deref() == Some("Client") {
            return None;
        }
        let block_of = self.block_of.clone().filter(|name| known.contains(name));
        let first = || {
            self.names
                .iter()
                .find(|name| known.contains(*name))
                .cloned()
        };
        self.defined.clone().or(block_of).or_else(first)
    }
}

impl Gates {
    /// Follows the types from the requests of each resource.
    pub(crate) fn of(plan: &Plan, modules: &[Module]) -> Result<Self, String> {
        let mut units = Vec::new();
        let typed = |module: &&Module| !matches!(module.name.as_str(), "client" | "operations");
        for module in modules.iter().filter(typed) {
            for piece in &module.pieces {
                // Only names are kept: all items of a large client take much memory.
                units.extend(items_of(&module.name, piece)?.iter().map(unit));
            }
        }
        let known: BTreeSet<String> = units
            .iter()
            .filter_map(|unit| unit.defined.clone())
            .collect();
        let mut mentions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mut unit in units {
            unit.names.retain(|name| known.contains(name));
            if let Some(owner) = unit.owner(&known) {
                mentions.entry(owner).or_default().extend(unit.names);
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
                let attribute = self.of_item(item);
                if let Some(attributes) = attributes(item) {
                    insert(attributes, attribute);
                }
            }
        }
    }

    /// The tokens before the invocation of a macro.
    pub(crate) fn before_table(&self, text: &str) -> String {
        match self.of_tokens(text.parse().unwrap_or_default()) {
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

    /// The attribute of an item: that of the type that it defines or extends.
    fn of_item(&self, item: &Item) -> Option<Attribute> {
        let block_of = match item {
            Item::Impl(block) => self_type(block).filter(|name| self.types.contains_key(name)),
            _ => None,
        };
        match defined(item).or(block_of) {
            Some(owner) => self.attribute(self.types.get(&owner)?),
            None => self.of_tokens(item.to_token_stream()),
        }
    }

    /// The attribute of an invocation that extends a type: the first type in its tokens.
    fn of_tokens(&self, tokens: TokenStream) -> Option<Attribute> {
        let mut names = identifiers(tokens).into_iter();
        let owner = names.find(|name| self.types.contains_key(name))?;
        self.attribute(self.types.get(&owner)?)
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

fn unit(item: &Item) -> Unit {
    let mut seen = BTreeSet::new();
    let mut names = identifiers(item.to_token_stream());
    names.retain(|name| seen.insert(name.clone()));
    Unit {
        defined: defined(item),
        block_of: match item {
            Item::Impl(block) => self_type(block),
            _ => None,
        },
        names,
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
mod tests;
