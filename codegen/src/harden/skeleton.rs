//! progenitor's output, taken apart: the fields of every struct and the function of every operation.

use std::collections::BTreeMap;

use syn::{Attribute, Fields, ImplItem, ImplItemFn, Item, Type};

use super::tidy::tidy;

/// What progenitor wrote, by name; each part can be taken once.
pub(super) struct Skeleton {
    structs: BTreeMap<String, BTreeMap<String, Type>>,
    functions: BTreeMap<String, ImplItemFn>,
}

impl Skeleton {
    pub(super) fn of(file: syn::File) -> Self {
        let mut skeleton = Self {
            structs: BTreeMap::new(),
            functions: BTreeMap::new(),
        };
        for item in file.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    let items = module.content.map(|(_, items)| items).unwrap_or_default();
                    for item in items {
                        skeleton.take_type(item);
                    }
                }
                Item::Impl(block) if block.trait_.is_none() => {
                    for item in block.items {
                        if let ImplItem::Fn(function) = item
                            && function.sig.asyncness.is_some()
                        {
                            skeleton
                                .functions
                                .insert(function.sig.ident.to_string(), function);
                        }
                    }
                }
                _ => {}
            }
        }
        skeleton
    }

    fn take_type(&mut self, item: Item) {
        let Item::Struct(item) = item else {
            return;
        };
        let Fields::Named(fields) = item.fields else {
            return;
        };
        let fields = fields
            .named
            .into_iter()
            .map(|mut field| {
                let written = field
                    .ident
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                tidy(&mut field.ty);
                (renamed(&field.attrs).unwrap_or(written), field.ty)
            })
            .collect();
        self.structs.insert(item.ident.to_string(), fields);
    }

    /// The types of a struct's fields by name on the wire.
    pub(super) fn take_struct(&mut self, type_name: &str) -> Option<BTreeMap<String, Type>> {
        self.structs.remove(type_name)
    }

    /// The function of an operation.
    pub(super) fn take_function(&mut self, method_name: &str) -> Option<ImplItemFn> {
        self.functions.remove(method_name)
    }

    /// What nobody has taken.
    pub(super) fn left_overs(&self) -> Vec<String> {
        self.structs
            .keys()
            .chain(self.functions.keys())
            .cloned()
            .collect()
    }
}

/// The name in `#[serde(rename = "…")]`.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // An attribute of another form than `name = "value", name` has no rename to find.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: syn::LitStr = meta.value()?.parse()?;
                if meta.path.is_ident("rename") {
                    name = Some(value.value());
                }
            }
            Ok(())
        });
    }
    name
}
