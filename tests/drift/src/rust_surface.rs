//! The public surface of a crate, read from its source: one item per line, sorted, in the format of the generator's plan.
//!
//! It lists items that are `pub`; the lint `unreachable_pub` ensures that users can reach them. Items that a table macro
//! of the runtime adds are listed by the table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Fields, ImplItem, Item, TraitItem, Visibility};

use crate::written::{signature, text};

/// Reads a crate from its `lib.rs`, without the module of that name.
///
/// # Errors
///
/// Returns a message if a file cannot be read or is not Rust.
pub fn of_crate(library: &Path, without: &str) -> Result<BTreeSet<String>, String> {
    let mut surface = Surface {
        without: without.to_owned(),
        ..Surface::default()
    };
    surface.file(library, library.parent().unwrap_or(Path::new(".")), "")?;
    Ok(surface.lines)
}

/// Reads the modules that a `mod.rs` declares, as if their items were in one module.
///
/// # Errors
///
/// Returns a message if a file cannot be read or is not Rust.
pub fn of_modules(index: &Path) -> Result<BTreeSet<String>, String> {
    let mut surface = Surface {
        hidden: true,
        ..Surface::default()
    };
    surface.file(index, index.parent().unwrap_or(Path::new(".")), "")?;
    Ok(surface.lines)
}

#[derive(Default)]
struct Surface {
    lines: BTreeSet<String>,
    /// The module that is left out.
    without: String,
    /// Whether the module that is being read cannot be named from outside.
    hidden: bool,
}

impl Surface {
    fn file(&mut self, file: &Path, folder: &Path, path: &str) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
        let parsed = syn::parse_file(&text).map_err(|error| failed(&error))?;
        self.items(parsed.items, folder, path)
    }

    fn items(&mut self, items: Vec<Item>, folder: &Path, path: &str) -> Result<(), String> {
        for item in items {
            match item {
                Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    self.module(module, folder, path)?;
                }
                item => self.item(item, path),
            }
        }
        Ok(())
    }

    fn item(&mut self, item: Item, path: &str) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                self.type_itself("struct", &name, &item.generics, &item.attrs);
                self.fields(&name, &item.fields);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                self.type_itself("enum", &name, &item.generics, &item.attrs);
                for mut variant in item.variants {
                    for field in &mut variant.fields {
                        field.attrs.clear();
                    }
                    let fields = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => text(fields),
                    };
                    self.add(format!("{name}::{}{fields}", variant.ident));
                }
            }
            Item::Trait(item) if is_public(&item.vis) => self.trait_itself(item, path),
            Item::Fn(item) if is_public(&item.vis) => {
                self.add(format!("pub {}", signature(&item.sig, path)));
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.add(format!(
                    "pub const {path}{}: {}",
                    item.ident,
                    text(&item.ty)
                ));
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.add(format!(
                    "pub type {path}{} = {}",
                    item.ident,
                    text(&item.ty)
                ));
            }
            Item::Use(item) if is_public(&item.vis) && !self.hidden => {
                let tree = text(&item.tree).replace(' ', "");
                let tree = tree.replace(",}", "}").replace(',', ", ");
                self.add(format!("pub use {path}{tree}"));
            }
            Item::Macro(item) => self.table(&item.mac, path),
            Item::Impl(block) => self.implementation(block, path),
            _ => {}
        }
    }

    fn add(&mut self, line: String) {
        self.lines.insert(line);
    }

    fn trait_itself(&mut self, item: syn::ItemTrait, path: &str) {
        let name = format!("{path}{}", item.ident);
        self.add(format!("pub trait {name}{}", text(&item.generics)));
        for member in item.items {
            if let TraitItem::Fn(function) = member {
                self.add(format!(
                    "trait {}",
                    signature(&function.sig, &format!("{name}::"))
                ));
            }
        }
    }

    fn type_itself(
        &mut self,
        keyword: &str,
        name: &str,
        generics: &syn::Generics,
        attributes: &[Attribute],
    ) {
        // A lifetime is not part of a name.
        let generics = match generics.type_params().next() {
            Some(_) => text(generics),
            None => String::new(),
        };
        self.add(format!("pub {keyword} {name}{generics}"));
        for derived in derives(attributes) {
            self.add(format!("impl {derived} for {name}{generics}"));
        }
    }

    fn module(&mut self, module: syn::ItemMod, folder: &Path, path: &str) -> Result<(), String> {
        let name = module.ident.to_string();
        if name == self.without {
            return Ok(());
        }
        // Items of a private module are reached through a `pub use` of the module around it.
        let is_reachable = is_public(&module.vis) && !self.hidden;
        let inner = match is_reachable {
            true => {
                self.add(format!("pub mod {path}{name}"));
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
        let public = fields.iter().enumerate();
        for (index, field) in public.filter(|(_, field)| is_public(&field.vis)) {
            let name = match &field.ident {
                Some(name) => name.to_string(),
                None => index.to_string(),
            };
            self.add(format!("pub {owner}::{name}: {}", text(&field.ty)));
        }
    }

    fn implementation(&mut self, block: syn::ItemImpl, path: &str) {
        let subject = match &*block.self_ty {
            syn::Type::Path(named) => named
                .path
                .segments
                .last()
                .map(|last| last.ident.to_string())
                .unwrap_or_default(),
            other => text(other),
        };
        if let Some((implemented, _)) = &block.trait_ {
            self.add(format!("impl {} for {path}{subject}", text(implemented)));
            return;
        }
        let owner = match subject.as_str() {
            "Client" => String::new(),
            subject => format!("{path}{subject}::"),
        };
        for member in block.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    self.add(format!("pub {}", signature(&function.sig, &owner)));
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let (name, rust_type) = (&constant.ident, text(&constant.ty));
                    self.add(format!("pub const {owner}{name}: {rust_type}"));
                }
                _ => {}
            }
        }
    }

    /// `runtime::object!(Incident { … })`: the name of the macro and of the type, and what a listing lists.
    fn table(&mut self, invocation: &syn::Macro, path: &str) {
        let name = invocation
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        // The response type of a request is in its own `send`.
        if name == "macro_rules" || name == "awaitable" {
            return;
        }
        let mut tokens = invocation.tokens.clone().into_iter();
        let Some(proc_macro2::TokenTree::Ident(subject)) = tokens.next() else {
            return;
        };
        let listed = match name.as_str() {
            "pageable" => {
                let item: proc_macro2::TokenStream = tokens.skip(2).collect();
                format!(" of {}", text(&item))
            }
            _ => String::new(),
        };
        let is_update = invocation
            .tokens
            .to_string()
            .starts_with(&format!("{subject} : update"));
        let implemented: &[&str] = match name.as_str() {
            "object" | "object_base" => &["Clone", "PartialEq"],
            "open_enum" => &["Eq"],
            "body" if is_update => &["Deserialize", "Serialize"],
            "body" => &["Serialize"],
            "request" | "downloadable" => &["Debug"],
            _ => &[],
        };
        for implemented in implemented {
            self.add(format!("impl {implemented} for {path}{subject}"));
        }
        self.add(format!("runtime::{name}!({path}{subject}){listed}"));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && text(&attribute.meta).contains("test"))
}

fn derives(attributes: &[Attribute]) -> Vec<String> {
    let mut traits = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        // Other forms of the attribute have no list.
        let _ = attribute.parse_nested_meta(|meta| {
            traits.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
            Ok(())
        });
    }
    traits
}
