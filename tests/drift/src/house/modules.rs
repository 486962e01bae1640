//! Which module of a crate uses which, and cycles among them.
//!
//! A module and its submodules belong together, so a use between them does not count. Modules that use each other,
//! directly or through others, form a cycle.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{UsePath, UseTree};

use super::{Package, is_for_tests};

/// A module by its path; the root is empty.
type Module = Vec<String>;

/// The cycles of a crate, each as its modules in their order.
#[must_use]
pub fn cycles(package: &Package) -> Vec<Vec<String>> {
    let known: BTreeSet<&Module> = package.modules.iter().map(|(module, _)| module).collect();
    let mut uses: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for (module, file) in &package.modules {
        let mut paths = Paths::default();
        paths.visit_file(file);
        let used = paths.found.iter();
        let used = used.filter_map(|path| resolve(&known, module, path));
        let apart = used.filter(|other| !module.starts_with(other) && !other.starts_with(module));
        uses.entry(module).or_default().extend(apart);
    }
    // Modules that reach each other.
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for module in uses.keys() {
        let own = reached(&uses, module);
        let cycle = own
            .iter()
            .filter(|other| reached(&uses, other).contains(*module));
        let names: Vec<String> = cycle.map(|module| module.join("::")).collect();
        if !names.is_empty() {
            found.insert(names);
        }
    }
    found.into_iter().collect()
}

fn reached<'m>(
    uses: &BTreeMap<&'m Module, BTreeSet<&'m Module>>,
    from: &Module,
) -> BTreeSet<&'m Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = vec![from];
    while let Some(module) = open.pop() {
        for next in uses.get(module).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

/// The module of a path: the longest prefix that is one.
fn resolve<'m>(known: &BTreeSet<&'m Module>, from: &Module, path: &[String]) -> Option<&'m Module> {
    let mut parts = path.iter().map(String::as_str).peekable();
    let mut module = match parts.next()? {
        "crate" => Module::new(),
        "self" => from.clone(),
        "super" => from.split_last()?.1.to_vec(),
        _ => return None,
    };
    while parts.next_if_eq(&"super").is_some() {
        module.pop()?;
    }
    module.extend(parts.map(str::to_owned));
    while !known.contains(&module) {
        module.pop()?;
    }
    known.get(&module).copied()
}

/// The paths in a file, each from its first segment.
#[derive(Default)]
struct Paths {
    found: Vec<Vec<String>>,
}

impl Paths {
    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| -> Vec<String> {
            let mut path = before.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            UseTree::Path(UsePath { ident, tree, .. }) => self.tree(&with(ident), tree),
            UseTree::Name(name) => self.found.push(with(&name.ident)),
            UseTree::Rename(name) => self.found.push(with(&name.ident)),
            UseTree::Glob(_) => self.found.push(before.to_vec()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(before, tree);
                }
            }
        }
    }
}

impl<'f> Visit<'f> for Paths {
    fn visit_item_use(&mut self, item: &'f syn::ItemUse) {
        if !is_for_tests(&item.attrs) {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_item_mod(&mut self, item: &'f syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_path(&mut self, path: &'f syn::Path) {
        let segments = path.segments.iter();
        let names = segments.map(|segment| segment.ident.to_string());
        self.found.push(names.collect());
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::Package;
    use super::cycles;

    fn package(modules: &[(&str, &str)]) -> Package {
        let modules = modules.iter().map(|(path, text)| {
            let parts = path.split("::").filter(|part| !part.is_empty());
            let module = parts.map(str::to_owned).collect();
            (module, syn::parse_file(text).unwrap())
        });
        Package {
            folder: PathBuf::new(),
            modules: modules.collect(),
        }
    }

    #[test]
    fn modules_that_use_each_other_are_a_cycle_however_it_is_written() {
        let found = cycles(&package(&[
            ("", "mod a; mod b; mod c;"),
            ("a", "use crate::{b::B, c};"),
            ("b", "fn f() { super::c::g(); }"),
            ("c", "fn g() -> crate::a::A { todo!() }"),
        ]));
        assert_eq!(found, [["a", "b", "c"]]);
    }

    #[test]
    fn a_module_and_its_submodules_are_no_cycle() {
        let found = cycles(&package(&[
            ("", "pub use a::A;"),
            ("a", "use self::b::B; mod b; struct A;"),
            ("a::b", "use super::A; use crate::C;"),
            ("d", "#[cfg(test)] mod tests { use crate::e; }"),
            ("e", "use crate::d::D;"),
        ]));
        assert!(found.is_empty(), "{found:?}");
    }
}
