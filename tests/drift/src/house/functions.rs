//! The lengths of functions.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// A function with its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where it starts.
    pub line: usize,
    /// From its signature to its closing brace.
    pub lines: usize,
}

/// The functions of a file, including nested ones.
#[must_use]
pub fn functions(file: &syn::File) -> Vec<Function> {
    let mut found = Functions::default();
    found.visit_file(file);
    found.0
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (start, end) = (signature.span().start().line, block.span().end().line);
        self.0.push(Function {
            name: signature.ident.to_string(),
            line: start,
            lines: end + 1 - start,
        });
    }
}

impl<'f> Visit<'f> for Functions {
    fn visit_item_fn(&mut self, item: &'f syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'f syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'f syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn the_length_of_a_function_does_not_depend_on_its_strings() {
        let text = "fn a() {\n    let b = \"\nfn c() {\n}\n\";\n}\n\nimpl D {\n    fn e() {}\n}\n";
        let found = functions(&syn::parse_file(text).unwrap());
        let lines: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.lines))
            .collect();
        assert_eq!(lines, [("a", 6), ("e", 1)]);
    }
}
