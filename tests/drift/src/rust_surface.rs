//! The public surface of a crate, read from its source: one fact a line, sorted, for a snapshot that a person judges.
//!
//! It lists what is written `pub`; the lint `unreachable_pub` sees to it that this is what a user can reach. Items
//! that a table macro of the runtime adds are listed by the table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, Signature, TraitItem, Visibility};

/// Reads a crate from its `lib.rs`.
///
/// # Errors
///
/// A sentence, where a file cannot be read or is not Rust.
pub fn of_crate(library: &Path) -> Result<String, String> {
    let mut surface = Surface::default();
    let folder = library.parent().unwrap_or(Path::new(".")).to_owned();
    surface.file(library, &folder, "")?;
    Ok(surface.facts.into_iter().map(|fact| fact + "\n").collect())
}

#[derive(Default)]
struct Surface {
    facts: BTreeSet<String>,
    /// Whether the module that is being read cannot be named from outside.
    hidden: bool,
}

impl Surface {
    fn file(&mut self, file: &Path, folder: &Path, path: &str) -> Result<(), String> {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let parsed =
            syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        self.items(parsed.items, folder, path)
    }

    fn items(&mut self, items: Vec<Item>, folder: &Path, path: &str) -> Result<(), String> {
        for item in items {
            self.item(item, folder, path)?;
        }
        Ok(())
    }

    fn item(&mut self, item: Item, folder: &Path, path: &str) -> Result<(), String> {
        match item {
            Item::Mod(module) if !is_for_tests(&module.attrs) => {
                return self.module(module, folder, path);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                self.add(format!(
                    "struct {name}{}{}",
                    text(&item.generics),
                    derives(&item.attrs)
                ));
                self.fields(&name, &item.fields);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                self.add(format!(
                    "enum {name}{}{}",
                    text(&item.generics),
                    derives(&item.attrs)
                ));
                for mut variant in item.variants {
                    for field in &mut variant.fields {
                        field.attrs.clear();
                    }
                    self.add(format!(
                        "variant {name}::{}{}",
                        variant.ident,
                        text(&variant.fields)
                    ));
                }
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                self.add(format!("trait {name}{}", text(&item.generics)));
                for member in item.items {
                    if let TraitItem::Fn(function) = member {
                        self.add(format!("trait fn {name}::{}", signature(&function.sig)));
                    }
                }
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.add(format!("fn {path}{}", signature(&item.sig)))
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.add(format!("const {path}{}: {}", item.ident, text(&item.ty)));
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.add(format!("type {path}{} = {}", item.ident, text(&item.ty)));
            }
            Item::Use(item) if is_public(&item.vis) => {
                let tree = text(&item.tree).replace(' ', "");
                self.add(format!(
                    "use {path}{}",
                    tree.replace(",}", "}").replace(',', ", ")
                ));
            }
            Item::Macro(item) => self.table(&item.mac, path),
            Item::Impl(block) => self.implementation(block, path),
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, fact: String) {
        self.facts.insert(fact);
    }

    fn module(&mut self, module: syn::ItemMod, folder: &Path, path: &str) -> Result<(), String> {
        let name = module.ident.to_string();
        // What lies in a private module is reached through a `pub use` of the module around it.
        let is_reachable = is_public(&module.vis) && !self.hidden;
        let inner = match is_reachable {
            true => {
                self.add(format!("mod {path}{name}"));
                format!("{path}{name}::")
            }
            false => path.to_owned(),
        };
        let was_hidden = std::mem::replace(&mut self.hidden, !is_reachable);
        let result = self.module_items(module, folder, &name, &inner);
        self.hidden = was_hidden;
        result
    }

    fn module_items(
        &mut self,
        module: syn::ItemMod,
        folder: &Path,
        name: &str,
        inner: &str,
    ) -> Result<(), String> {
        let inner_folder = folder.join(name);
        match module.content {
            Some((_, items)) => self.items(items, &inner_folder, inner),
            None => {
                let candidates: [PathBuf; 2] = [
                    folder.join(format!("{name}.rs")),
                    inner_folder.join("mod.rs"),
                ];
                match candidates.iter().find(|candidate| candidate.is_file()) {
                    Some(file) => self.file(file, &inner_folder, inner),
                    None => Err(format!(
                        "module `{name}` has no file in {}",
                        folder.display()
                    )),
                }
            }
        }
    }

    fn fields(&mut self, owner: &str, fields: &Fields) {
        for (index, field) in fields
            .iter()
            .enumerate()
            .filter(|(_, field)| is_public(&field.vis))
        {
            let name = field
                .ident
                .as_ref()
                .map_or_else(|| index.to_string(), ToString::to_string);
            self.add(format!("field {owner}.{name}: {}", text(&field.ty)));
        }
    }

    fn implementation(&mut self, block: syn::ItemImpl, path: &str) {
        let subject = text(&block.self_ty);
        match &block.trait_ {
            Some((implemented, _)) => {
                self.add(format!("impl {} for {path}{subject}", text(implemented)))
            }
            None => {
                for member in block.items {
                    match member {
                        ImplItem::Fn(function) if is_public(&function.vis) => {
                            self.add(format!("fn {path}{subject}::{}", signature(&function.sig)));
                        }
                        ImplItem::Const(constant) if is_public(&constant.vis) => {
                            self.add(format!(
                                "const {path}{subject}::{}: {}",
                                constant.ident,
                                text(&constant.ty)
                            ));
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// `runtime::object!(Incident { … })`: the name of the macro and of the type.
    fn table(&mut self, invocation: &syn::Macro, path: &str) {
        let macro_name = invocation
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        if macro_name == "macro_rules" {
            return;
        }
        if let Some(proc_macro2::TokenTree::Ident(subject)) =
            invocation.tokens.clone().into_iter().next()
        {
            self.add(format!("table {macro_name}! for {path}{subject}"));
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && text(&attribute.meta).contains("test"))
}

fn derives(attributes: &[syn::Attribute]) -> String {
    let mut traits = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        // Another form of the attribute has no list to read.
        let _ = attribute.parse_nested_meta(|meta| {
            traits.push(
                meta.path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string())
                    .unwrap_or_default(),
            );
            Ok(())
        });
    }
    match traits.is_empty() {
        true => String::new(),
        false => format!(": {}", traits.join(" + ")),
    }
}

fn signature(signature: &Signature) -> String {
    let printed = text(signature);
    let prefix = format!("fn {}", signature.ident);
    match printed.split_once(&prefix) {
        Some((qualifiers, rest)) if !qualifiers.trim().is_empty() => {
            format!("{}{rest} [{}]", signature.ident, qualifiers.trim())
        }
        Some((_, rest)) => format!("{}{rest}", signature.ident),
        None => printed,
    }
}

/// Tokens as a person would write them, on one line.
fn text(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let mut printed = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" <", "<"),
        ("& ", "&"),
        (" ,", ","),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        (" : ", ": "),
        (" ;", ";"),
        ("[ ", "["),
        (" ]", "]"),
        (" '", " '"),
        (" !", "!"),
        (",)", ")"),
        (", }", " }"),
    ] {
        printed = printed.replace(from, to);
    }
    printed.replace("->", " -> ").replace("  ", " ")
}
