//! The public items of the code that is generated from a description.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Signature, Type, Visibility};

use graph_client_codegen::harden::{Module, Piece};

/// A public item by what identifies it.
pub(in super::super) type Items = BTreeMap<Key, Described>;

/// What identifies an item: the type that it belongs to, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Key {
    /// The type, or the client.
    pub(in super::super) container: String,
    pub(in super::super) member: Member,
}

/// An item of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Member {
    /// The type itself.
    Itself,
    Field(String),
    Variant(String),
    Function(String),
    /// A trait that the type implements.
    Trait(String),
}

/// How an item looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Described {
    /// What users see of it.
    pub(in super::super) text: String,
    pub(in super::super) deprecated: bool,
    /// For a type: whether users can build it whole, or match all of it, so that more of it breaks them.
    pub(in super::super) exhaustive: bool,
}

/// The public items of some modules.
pub(super) fn of(modules: &[Module]) -> Result<Items, String> {
    let mut collector = Collector::default();
    for module in modules.iter().filter(|module| module.public) {
        for piece in &module.pieces {
            match piece {
                Piece::Items(tokens) => {
                    let file: syn::File =
                        syn::parse2(tokens.clone()).map_err(|error| error.to_string())?;
                    file.items.iter().for_each(|item| collector.item(item));
                }
                Piece::Table(text) => collector.table(text),
            }
        }
    }
    Ok(collector.items)
}

#[derive(Default)]
struct Collector {
    items: Items,
}

impl Collector {
    fn add(&mut self, container: &str, member: Member, text: String, attributes: &[Attribute]) {
        let key = Key {
            container: container.to_owned(),
            member,
        };
        self.items.insert(
            key,
            Described {
                text,
                deprecated: has(attributes, "deprecated"),
                exhaustive: false,
            },
        );
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                self.type_itself(&name, "struct", &item.attrs);
                let mut all_public = true;
                for (index, field) in item.fields.iter().enumerate() {
                    if !is_public(&field.vis) {
                        all_public = false;
                        continue;
                    }
                    let field_name = field
                        .ident
                        .as_ref()
                        .map_or_else(|| index.to_string(), ToString::to_string);
                    let text = format!("pub {name}::{field_name}: {}", text_of(&field.ty));
                    self.add(&name, Member::Field(field_name), text, &field.attrs);
                }
                self.exhaustive(&name, all_public && !has(&item.attrs, "non_exhaustive"));
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                self.type_itself(&name, "enum", &item.attrs);
                for variant in &item.variants {
                    let fields = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => text_of(fields),
                    };
                    let text = format!("{name}::{}{fields}", variant.ident);
                    let member = Member::Variant(variant.ident.to_string());
                    self.add(&name, member, text, &variant.attrs);
                }
                self.exhaustive(&name, !has(&item.attrs, "non_exhaustive"));
            }
            Item::Impl(item) => self.implementation(item),
            Item::Fn(item) if is_public(&item.vis) => {
                let member = Member::Function(item.sig.ident.to_string());
                self.add(
                    "",
                    member,
                    format!("pub {}", signature(&item.sig)),
                    &item.attrs,
                );
            }
            Item::Const(item) if is_public(&item.vis) => {
                let text = format!("pub const {}: {}", item.ident, text_of(&item.ty));
                self.add(
                    "",
                    Member::Function(item.ident.to_string()),
                    text,
                    &item.attrs,
                );
            }
            Item::Type(item) if is_public(&item.vis) => {
                let text = format!("pub type {} = {}", item.ident, text_of(&item.ty));
                self.add(&item.ident.to_string(), Member::Itself, text, &item.attrs);
            }
            _ => {}
        }
    }

    fn type_itself(&mut self, name: &str, keyword: &str, attributes: &[Attribute]) {
        self.add(
            name,
            Member::Itself,
            format!("pub {keyword} {name}"),
            attributes,
        );
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            let _ = attribute.parse_nested_meta(|meta| {
                if let Some(last) = meta.path.segments.last() {
                    let text = format!("impl {} for {name}", last.ident);
                    self.add(name, Member::Trait(last.ident.to_string()), text, &[]);
                }
                Ok(())
            });
        }
    }

    fn exhaustive(&mut self, name: &str, exhaustive: bool) {
        let key = Key {
            container: name.to_owned(),
            member: Member::Itself,
        };
        if let Some(described) = self.items.get_mut(&key) {
            described.exhaustive = exhaustive;
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        let name = name_of(&item.self_ty);
        if let Some((path, _)) = &item.trait_ {
            let path = text_of(path);
            let text = format!("impl {path} for {name}");
            self.add(&name, Member::Trait(path), text, &[]);
            return;
        }
        for member in &item.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let short = function.sig.ident.to_string();
                    let text = format!("pub {}", signature(&function.sig));
                    let text = match name.as_str() {
                        "Client" => text,
                        _ => {
                            text.replacen(&format!("fn {short}"), &format!("fn {name}::{short}"), 1)
                        }
                    };
                    self.add(&name, Member::Function(short), text, &function.attrs);
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let short = constant.ident.to_string();
                    let text = format!("pub const {name}::{short}: {}", text_of(&constant.ty));
                    self.add(&name, Member::Function(short), text, &constant.attrs);
                }
                _ => {}
            }
        }
    }

    /// A runtime macro: what it makes of its type is the same for all types, but for the answer of a request.
    fn table(&mut self, text: &str) {
        let Some((head, rest)) = text.trim_start_matches("runtime::").split_once("!(") else {
            return;
        };
        let first = rest
            .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .next()
            .unwrap_or_default();
        // What a request answers with stands in its own `send`.
        if head == "awaitable" {
            return;
        }
        let answer = match rest.split_once("=>") {
            Some((_, answer)) if head == "pageable" => {
                let answer = answer.trim();
                let answer = answer.strip_suffix(");").unwrap_or(answer);
                let answer = answer
                    .rsplit_once(", operations::")
                    .map_or(answer, |(answer, _)| answer);
                format!(
                    " of {}",
                    answer.split_whitespace().collect::<Vec<_>>().join(" ")
                )
            }
            _ => String::new(),
        };
        let text = format!("runtime::{head}!({first}){answer}");
        self.add(first, Member::Trait(format!("runtime::{head}")), text, &[]);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

fn name_of(self_type: &Type) -> String {
    match self_type {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        other => text_of(other),
    }
}

fn signature(signature: &Signature) -> String {
    let mut signature = signature.clone();
    for input in &mut signature.inputs {
        if let syn::FnArg::Typed(typed) = input
            && let syn::Pat::Ident(name) = &mut *typed.pat
        {
            name.mutability = None;
        }
    }
    // Whether a request changes itself is its own affair.
    text_of(&signature).replace("(mut self", "(self")
}

/// Rust as it is usually written, from tokens.
fn text_of(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != ' ' {
            out.push(character);
            continue;
        }
        let before = out.chars().next_back().unwrap_or(' ');
        let after = characters.peek().copied().unwrap_or(' ');
        let is_type_colon = before == ':' && !out.ends_with("::");
        let is_tight = matches!(before, '<' | '(' | '[' | '&' | ':' | '!') && !is_type_colon
            || matches!(
                after,
                '<' | '>' | ')' | '(' | '[' | ']' | ',' | ':' | ';' | '!'
            );
        if !is_tight {
            out.push(' ');
        }
    }
    out.replace(",)", ")")
        .replace("->", " -> ")
        .replace("  ", " ")
        .replace("=>", " => ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn texts(tokens: proc_macro2::TokenStream) -> Vec<String> {
        let module = Module {
            name: "m".to_owned(),
            doc: String::new(),
            public: true,
            pieces: vec![
                Piece::Items(tokens),
                Piece::Table(
                    "runtime::pageable!(ListTags => Tag, operations::LIST_TAGS);".to_owned(),
                ),
            ],
        };
        of(&[module])
            .unwrap()
            .values()
            .map(|item| item.text.clone())
            .collect()
    }

    #[test]
    fn public_items_read_as_they_are_written() {
        let texts = texts(quote! {
            #[derive(Clone)]
            pub struct Tag { pub name: Option<Vec<String>>, hidden: u8 }
            impl Tag { pub fn names(&self) -> &[String] { &[] } fn own(&self) {} }
            pub enum Kind { Known(Box<Tag>), Other }
            impl Client { pub fn get_tag<'a>(&'a self, id: &'a str) -> GetTag<'a> { todo!() } }
        });
        assert_eq!(
            texts,
            [
                "pub fn get_tag<'a>(&'a self, id: &'a str) -> GetTag<'a>",
                "pub enum Kind",
                "Kind::Known(Box<Tag>)",
                "Kind::Other",
                "runtime::pageable!(ListTags) of Tag",
                "pub struct Tag",
                "pub Tag::name: Option<Vec<String>>",
                "pub fn Tag::names(&self) -> &[String]",
                "impl Clone for Tag",
            ]
        );
    }
}
