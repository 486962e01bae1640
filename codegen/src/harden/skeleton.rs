//! progenitor's output, taken apart: the function of every operation.

use std::collections::BTreeMap;

use syn::{ImplItem, ImplItemFn, Item};

/// What progenitor wrote, by name; each part can be taken once.
pub(super) struct Skeleton {
    functions: BTreeMap<String, ImplItemFn>,
}

impl Skeleton {
    pub(super) fn of(file: syn::File) -> Self {
        let mut functions = BTreeMap::new();
        for item in file.items {
            let Item::Impl(block) = item else {
                continue;
            };
            for item in block.items {
                if let ImplItem::Fn(function) = item
                    && function.sig.asyncness.is_some()
                {
                    functions.insert(function.sig.ident.to_string(), function);
                }
            }
        }
        Self { functions }
    }

    /// The function of an operation.
    pub(super) fn take_function(&mut self, method_name: &str) -> Option<ImplItemFn> {
        self.functions.remove(method_name)
    }
}
