//! Types that other modules can name, and names that several modules use.

use std::collections::BTreeMap;

use syn::{Item, Visibility};

use super::{Package, is_for_tests};

/// The type names that more than one module of a crate defines for others, with the modules.
#[must_use]
pub fn shared_names(package: &Package) -> BTreeMap<String, Vec<String>> {
    let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (module, file) in &package.modules {
        for name in names(&file.items) {
            modules.entry(name).or_default().push(module.join("::"));
        }
    }
    modules.retain(|_, modules| {
        modules.dedup();
        modules.len() > 1
    });
    modules
}

fn names(items: &[Item]) -> Vec<String> {
    let mut found = Vec::new();
    for item in items {
        let (visibility, name, attributes) = match item {
            Item::Struct(item) => (&item.vis, &item.ident, &item.attrs),
            Item::Enum(item) => (&item.vis, &item.ident, &item.attrs),
            Item::Trait(item) => (&item.vis, &item.ident, &item.attrs),
            Item::Type(item) => (&item.vis, &item.ident, &item.attrs),
            _ => continue,
        };
        if !matches!(visibility, Visibility::Inherited) && !is_for_tests(attributes) {
            found.push(name.to_string());
        }
    }
    // A file may define a type twice, once for each feature.
    found.sort();
    found.dedup();
    found
}
